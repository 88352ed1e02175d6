// SPDX-License-Identifier: Apache-2.0
// Asks and page requests from anybody: what reads can be written, and reads again as the same.
#include "federation/base/check.h"
#include "federation/wire/ask.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace ginnel;
  if (auto ask = decode_ask({data, size})) {
    auto again = encode_ask(*ask);
    CHECK(again && decode_ask(*again).value() == *ask);
  }
  if (auto request = decode_page_request({data, size}))
    CHECK(decode_page_request(encode_page_request(*request)).value() == *request);
  return 0;
}
