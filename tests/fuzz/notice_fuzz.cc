// SPDX-License-Identifier: Apache-2.0
// Notices and receipts from anybody: what reads can be written, and reads again as the same.
#include "federation/base/check.h"
#include "federation/wire/notice.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace ginnel;
  if (auto notices = decode_notices({data, size})) {
    auto again = encode_notices(*notices);
    CHECK(!again || decode_notices(*again).value() == *notices);
  }
  if (auto receipt = decode_receipt({data, size}))
    CHECK(decode_receipt(encode_receipt(*receipt).value()).value() == *receipt);
  return 0;
}
