// SPDX-License-Identifier: Apache-2.0
// A root key as three shares of which any two give it back (Shamir's secret sharing over GF(256), byte by byte), for
// three people who are not operators (DESIGN 13). One share says nothing of the key: it could belong to every key.
//
// As text a share is one line, to be kept on paper or typed:
//   ginnel-share-1:NUMBER:SET:VALUE:CHECK
// number 1 to 3, the set of shares that it belongs to (16 hexadecimal digits), the share (64), and the beginning of the
// SHA-256 of all before it (8), which finds what was typed wrong. A share is as secret as a password.
//
// Thread: any; pure. No branch and no table index depends on the key or a share. Failure: `bad-share`, which never
// quotes what was typed.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "federation/base/clock.h"
#include "federation/base/crypto/secret.h"
#include "federation/base/error.h"

namespace ginnel {

inline constexpr std::size_t key_shares = 3;
inline constexpr std::size_t key_shares_needed = 2;

struct KeyShare {
  std::uint8_t number = 0;            // 1 to key_shares
  std::array<std::uint8_t, 8> set{};  // says nothing of the key
  std::array<std::uint8_t, SecretKey::size> value{};

  bool operator==(const KeyShare&) const = default;
};

std::array<KeyShare, key_shares> split_key(const SecretKey& key, Random& random);

// `bad-share` unless they are two different shares of one set.
Expected<SecretKey> join_shares(const KeyShare& one, const KeyShare& other);

std::string share_text(const KeyShare& share);

// Spaces around it are ignored, hexadecimal digits may be of either case.
Expected<KeyShare> parse_share(std::string_view text);

}  // namespace ginnel
