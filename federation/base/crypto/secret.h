// SPDX-License-Identifier: Apache-2.0
// A secret of 32 bytes: overwritten when it goes, compared in constant time, never printed.
#pragma once

#include <array>
#include <cstdint>

#include "federation/base/bytes.h"
#include "federation/base/clock.h"

namespace ginnel {

class SecretKey {
 public:
  static constexpr std::size_t size = 32;

  SecretKey() = default;
  SecretKey(const SecretKey&) = default;
  SecretKey& operator=(const SecretKey&) = default;
  ~SecretKey();

  static SecretKey make(Random& random) {
    SecretKey key;
    random.fill(key.bytes_);
    return key;
  }
  static std::optional<SecretKey> from(ByteView bytes);

  ByteView bytes() const { return bytes_; }
  std::array<std::uint8_t, size>& storage() { return bytes_; }
  bool operator==(const SecretKey& other) const { return equal_in_constant_time(bytes_, other.bytes_); }

 private:
  std::array<std::uint8_t, size> bytes_{};
};

// Overwrites memory in a way that the compiler does not remove.
void wipe(void* memory, std::size_t bytes);

}  // namespace ginnel
