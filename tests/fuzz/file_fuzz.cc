// SPDX-License-Identifier: Apache-2.0
// Requests for files and pages of files from anybody: what reads can be written, and reads again as the same.
#include "federation/base/check.h"
#include "federation/wire/file.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace ginnel;
  const auto is_of_one_form = [](const FileName& file) {
    return file.transfer.empty() ? !file.ask.empty() && !file.record.empty() : file.ask.empty() && file.record.empty();
  };
  if (auto request = decode_file_request({data, size})) {
    CHECK(is_of_one_form(request->file));
    CHECK(decode_file_request(encode_file_request(*request)).value() == *request);
  }
  if (auto page = decode_file_page({data, size})) {
    CHECK(is_of_one_form(page->file));
    CHECK(decode_file_page(encode_file_page(*page)).value() == *page);
  }
  return 0;
}
