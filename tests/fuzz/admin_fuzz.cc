// SPDX-License-Identifier: Apache-2.0
// Lines of the admin socket, from both ends: what reads can be written, and reads again.
#include "federation/base/check.h"
#include "node/admin/admin_message.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace ginnel;
  const std::string_view line(reinterpret_cast<const char*>(data), size);
  if (auto request = decode_request(line)) {
    const std::string written = encode_request(*request);
    CHECK(encode_request(decode_request(written).value()) == written);
  }
  if (auto reply = decode_reply(line)) {
    const std::string written = encode_reply(*reply);
    CHECK(encode_reply(decode_reply(written).value()) == written);
  }
  return 0;
}
