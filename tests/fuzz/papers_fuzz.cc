// SPDX-License-Identifier: Apache-2.0
// Requests for membership and trustees' papers, as they come by e-mail from anybody.
#include "federation/base/check.h"
#include "federation/wire/papers_codec.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace ginnel;
  const ByteView bytes(data, size);
  (void)read_member_request(bytes);
  if (auto value = decode_member_request(bytes))
    CHECK(decode_member_request(encode_member_request(*value)).value() == *value);
  if (auto papers = decode_papers(bytes)) {
    CHECK(decode_papers(encode_papers(*papers).value()).value() == *papers);
    CHECK(!review(*papers, nullptr, {}, Instant{1}));  // nobody trusts it under no trustees
  }
  return 0;
}
