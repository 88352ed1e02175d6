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

// Where both structs ended before transfers. What names a file of an answer is written as it was then, byte for byte.
constexpr codec::StructSize request_before_transfers{1, 3}, page_before_transfers{1, 4};

template <class Root, class Fill>
Bytes encode_naming(const FileName& file, std::size_t bytes_expected, codec::StructSize before_transfers, Fill fill) {
  const auto write = [&](typename Root::Builder to) {
    to.setAsk(codec::data_of(file.ask));
    to.setRecord(codec::data_of(file.record));
    to.setSha256(codec::data_of(file.sha256));
    if (!file.transfer.empty()) to.setTransfer(codec::data_of(file.transfer));
    fill(to);
  };
  if (file.transfer.empty()) return codec::encode_earlier<Root>(bytes_expected, before_transfers, write);
  return codec::encode_as<Root>(bytes_expected, write);
}

template <class Reader>
FileName read_name(const Reader& from, codec::Checker& check) {
  if (from.getTransfer().size() == 0)
    return {check.id<AskId>(from.getAsk(), "ask"), check.id<RecordId>(from.getRecord(), "record"),
            check.fixed<32>(from.getSha256(), "sha256")};
  check.require(from.getAsk().size() == 0, "ask", "stands beside a transfer");
  check.require(from.getRecord().size() == 0, "record", "stands beside a transfer");
  const auto transfer = check.id<TransferId>(from.getTransfer(), "transfer");
  return transfer_part_name(transfer, check.fixed<32>(from.getSha256(), "sha256"));
}

}  // namespace

FileName transfer_part_name(const TransferId& transfer, const Hash& sha256) {
  FileName name;
  name.transfer = transfer;
  name.sha256 = sha256;
  return name;
}

Bytes encode_file_request(const FileRequest& request) {
  return encode_naming<wire::FileRequest>(request.file, 128, request_before_transfers,
                                          [&](wire::FileRequest::Builder to) { to.setPage(request.page); });
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
  return encode_naming<wire::FilePage>(page.file, page.content.size() + 256, page_before_transfers,
                                       [&](wire::FilePage::Builder to) {
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
