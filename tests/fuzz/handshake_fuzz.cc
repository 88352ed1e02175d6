// SPDX-License-Identifier: Apache-2.0
// What comes back from whatever listens at a peer's address, cut in two anywhere.
#include "federation/base/crypto/curve_handshake.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace ginnel;
  SeededRandom random(1);
  CurveHandshake handshake(CurveKey::make(random), PublicKey{7}, random);
  const ByteView bytes(data, size);
  const std::size_t cut = size == 0 ? 0 : data[0] % size;
  handshake.receive(bytes.first(cut));
  handshake.receive(bytes.subspan(cut));
  return 0;
}
