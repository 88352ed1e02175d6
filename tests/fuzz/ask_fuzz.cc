// SPDX-License-Identifier: Apache-2.0
// Asks, page requests and problems from anybody: what reads can be written, and reads again as the same.
#include "federation/base/check.h"
#include "federation/wire/ask.h"
#include "federation/wire/contact.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace ginnel;
  if (auto ask = decode_ask({data, size})) {
    auto again = encode_ask(*ask);
    CHECK(again && decode_ask(*again).value() == *ask);
  }
  if (auto request = decode_page_request({data, size}))
    CHECK(decode_page_request(encode_page_request(*request)).value() == *request);
  if (auto problem = decode_problem({data, size})) CHECK(decode_problem(encode_problem(*problem)).value() == *problem);
  return 0;
}
