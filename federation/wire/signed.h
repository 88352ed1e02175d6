// SPDX-License-Identifier: Apache-2.0
// Signed: bytes, the number of the key that signed them, and the signature. Everything signed travels in one.
//
// The signature covers the bytes as they came, never a re-encoding. What Ed25519 signs is
// domain || 0x00 || root, where root is the RFC 9162 Merkle tree hash of the batch of byte strings that were signed
// together: for a batch of one, SHA-256(0x00 || bytes). One signature can so serve all messages of a turn, and long
// frames are hashed once, by SHA-256 (docs/protocol/envelope.md gives the measurements).
//
// Thread: any; plain values. Failure: decode_signed gives `bad-frame`; verify_signed says no.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "federation/base/bytes.h"
#include "federation/base/crypto/sign.h"
#include "federation/base/error.h"

namespace ginnel {

// One domain for each use: a signature made for one proves nothing in another.
namespace domain {
inline constexpr std::string_view message = "ginnel message v1";
inline constexpr std::string_view directory = "ginnel directory v1";
inline constexpr std::string_view key_statement = "ginnel key statement v1";
inline constexpr std::string_view process_head = "ginnel process head v1";
inline constexpr std::string_view policy_bundle = "ginnel policy bundle v1";
inline constexpr std::string_view member_request = "ginnel member request v1";
}  // namespace domain

// Where the bytes stand in the batch that one signature covers.
struct BatchPlace {
  std::uint32_t index = 0;
  std::uint32_t size = 1;
  std::vector<Hash> path;  // RFC 9162 2.1.3 inclusion path, leaf upwards; empty in a batch of one
  bool operator==(const BatchPlace&) const = default;
};

struct Signed {
  Bytes bytes;
  std::uint32_t key_number = 0;  // of the signer's key statement; 0: its identity key
  Signature signature{};
  BatchPlace place;
  bool operator==(const Signed&) const = default;
};

Signed sign_bytes(Bytes bytes, std::string_view domain, const SigningKey& key, std::uint32_t key_number);

// All under one signature, in order. At most limits::signed_batch_messages_max.
std::vector<Signed> sign_batch(std::vector<Bytes> batch, std::string_view domain, const SigningKey& key,
                               std::uint32_t key_number);

bool verify_signed(const Signed& value, std::string_view domain, const PublicKey& key);

// What Ed25519 signs, after the domain, for a batch of one.
Hash signed_digest(ByteView bytes);

// How many hashes the path has at that place: known before anything is signed.
std::size_t batch_path_hashes(std::size_t index, std::size_t size);

Bytes encode_signed(const Signed& value);
Expected<Signed> decode_signed(ByteView frame);

}  // namespace ginnel
