// SPDX-License-Identifier: Apache-2.0
#include "federation/base/crypto/secret.h"

#include <sodium.h>

#include <algorithm>
#include <cstdlib>

namespace ginnel {

SecretKey::~SecretKey() { wipe(bytes_.data(), bytes_.size()); }

std::optional<SecretKey> SecretKey::from(ByteView bytes) {
  if (bytes.size() != size) return std::nullopt;
  SecretKey key;
  std::copy(bytes.begin(), bytes.end(), key.bytes_.begin());
  return key;
}

void wipe(void* memory, std::size_t bytes) { sodium_memzero(memory, bytes); }

namespace {

class SodiumRandom : public Random {
 public:
  SodiumRandom() {
    if (sodium_init() < 0) std::abort();  // no entropy: nothing of ours can be safe
  }
  void fill(std::span<std::uint8_t> bytes) override { randombytes_buf(bytes.data(), bytes.size()); }
};

}  // namespace

std::unique_ptr<Random> system_random() { return std::make_unique<SodiumRandom>(); }

}  // namespace ginnel
