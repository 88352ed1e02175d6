// SPDX-License-Identifier: Apache-2.0
#include "tests/fuzz/statutory_fuzz.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  ginnel::read_fuzzed_rows("ssda903", data, size);
  return 0;
}
