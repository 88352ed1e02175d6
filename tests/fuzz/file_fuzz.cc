// SPDX-License-Identifier: Apache-2.0
// Requests for files and pages of files from anybody: what reads can be written, and reads again as the same.
#include "federation/base/check.h"
#include "federation/wire/file.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace ginnel;
  if (auto request = decode_file_request({data, size}))
    CHECK(decode_file_request(encode_file_request(*request)).value() == *request);
  if (auto page = decode_file_page({data, size})) CHECK(decode_file_page(encode_file_page(*page)).value() == *page);
  return 0;
}
