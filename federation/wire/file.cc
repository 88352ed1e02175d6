// SPDX-License-Identifier: Apache-2.0
#include "federation/wire/file.h"

#include <algorithm>

#include "federation/wire/codec.h"
#include "federation/wire/file.capnp.h"

namespace ginnel {
namespace {

constexpr codec::Failure bad_request{"bad-payload", "cannot read a request for a file"};
constexpr codec::Failure bad_page{"bad-payload", "cannot read a page of a file"};
constexpr std::uint32_t pages_max =
    std::uint32_t((limits::file_bytes_max + limits::file_page_bytes - 1) / limits::file_page_bytes);

template <class Builder>
void write_name(const FileName& file, Builder& to) {
  to.setAsk(codec::data_of(file.ask));
  to.setRecord(codec::data_of(file.record));
  to.setSha256(codec::data_of(file.sha256));
}

template <class Reader>
FileName read_name(const Reader& from, codec::Checker& check) {
  return {check.id<AskId>(from.getAsk(), "ask"), check.id<RecordId>(from.getRecord(), "record"),
          check.fixed<32>(from.getSha256(), "sha256")};
}

}  // namespace

Bytes encode_file_request(const FileRequest& request) {
  return codec::encode_as<wire::FileRequest>(128, [&](wire::FileRequest::Builder to) {
    write_name(request.file, to);
    to.setPage(request.page);
  });
}

Expected<FileRequest> decode_file_request(ByteView payload) {
  return codec::decode_as<wire::FileRequest, FileRequest>(
      payload, limits::payload_bytes_max, bad_request, [](wire::FileRequest::Reader from, codec::Checker& check) {
        FileRequest request{read_name(from, check), from.getPage()};
        check.require(request.page < pages_max, "page", "is past the last there can be");
        return request;
      });
}

Bytes encode_file_page(const FilePage& page) {
  return codec::encode_as<wire::FilePage>(page.content.size() + 256, [&](wire::FilePage::Builder to) {
    write_name(page.file, to);
    to.setPage(page.page);
    to.setPages(page.pages);
    to.setContent(codec::data_of(page.content));
  });
}

Expected<FilePage> decode_file_page(ByteView payload) {
  return codec::decode_as<wire::FilePage, FilePage>(
      payload, limits::payload_bytes_max, bad_page, [](wire::FilePage::Reader from, codec::Checker& check) {
        FilePage page{read_name(from, check), from.getPage(), from.getPages(), codec::bytes_of(from.getContent())};
        check.require(page.pages >= 1 && page.pages <= pages_max, "pages", "is none or too many");
        check.require(page.page < page.pages, "page", "is past the last");
        const std::size_t size = page.content.size();
        const bool is_last = page.page + 1 == page.pages;
        check.require(is_last ? size >= 1 && size <= limits::file_page_bytes : size == limits::file_page_bytes,
                      "content", "has not the right length");
        return page;
      });
}

std::uint32_t file_pages(std::uint64_t size_bytes) {
  if (size_bytes > limits::file_bytes_max) return 0;
  return std::uint32_t((size_bytes + limits::file_page_bytes - 1) / limits::file_page_bytes);
}

std::vector<FilePage> split_file(const FileName& file, ByteView content) {
  std::vector<FilePage> out(file_pages(content.size()));
  for (std::uint32_t page = 0; page < out.size(); ++page) {
    const std::size_t from = page * limits::file_page_bytes;
    const ByteView part = content.subspan(from, std::min(limits::file_page_bytes, content.size() - from));
    out[page] = {file, page, std::uint32_t(out.size()), copy_of(part)};
  }
  return out;
}

}  // namespace ginnel
