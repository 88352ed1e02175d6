// SPDX-License-Identifier: Apache-2.0
// Frames from an authenticated member that means ill: nothing that it did not sign opens.
#include "federation/base/check.h"
#include "federation/wire/signed.h"
#include "tests/federation/members.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace ginnel;
  struct Forgetful : ReplayWindow {
    bool seen(const MemberId&, const MessageId&) override { return false; }
    void remember(const Header&) override {}
  } replays;
  static samples::Members members;
  static DirectoryBook book = members.book();
  Opener opener(samples::member("wy-police"), 2, book, replays);
  Bytes frame(data, data + size);
  frame.resize(size <= 1024 ? 1024 : size <= 4096 ? 4096 : size);  // else most inputs end at the length
  CHECK(!opener.open(samples::member("bradford-csc"), frame, samples::noon));
  if (auto outer = decode_signed({data, size})) CHECK(decode_signed(encode_signed(*outer)).value() == *outer);
  return 0;
}
