// SPDX-License-Identifier: Apache-2.0
// The bytes of a file that an answer named, or of a part of the file that goes with a transfer: asked for by its hash,
// given a page at a time.
//
// Failure: decode_* give `bad-payload`, naming the field and never its value.
#pragma once

#include <compare>
#include <cstdint>
#include <vector>

#include "federation/base/bytes.h"
#include "federation/base/error.h"
#include "federation/base/id.h"

namespace ginnel {

// Which file: of the record that stands in the answer to this ask; or, with neither, of this transfer.
struct FileName {
  AskId ask;
  RecordId record;
  Hash sha256{};
  TransferId transfer{};  // empty exactly when ask and record are not
  auto operator<=>(const FileName&) const = default;
};

// The manifest of a transfer, or what it names (wire/transfer_manifest.h).
FileName transfer_part_name(const TransferId& transfer, const Hash& sha256);

struct FileRequest {
  FileName file;
  std::uint32_t page = 0;  // the first is 0
  bool operator==(const FileRequest&) const = default;
};

struct FilePage {
  FileName file;
  std::uint32_t page = 0, pages = 1;
  Bytes content;  // limits::file_page_bytes; the last page's: what is left
  bool operator==(const FilePage&) const = default;
};

Bytes encode_file_request(const FileRequest& request);
Expected<FileRequest> decode_file_request(ByteView payload);
Bytes encode_file_page(const FilePage& page);  // of split_file()
Expected<FilePage> decode_file_page(ByteView payload);

// The pages of a file; none if it is empty or over limits::file_bytes_max.
std::vector<FilePage> split_file(const FileName& file, ByteView content);

// How many pages a file of this size has; 0 if it is empty or over limits::file_bytes_max.
std::uint32_t file_pages(std::uint64_t size_bytes);

}  // namespace ginnel
