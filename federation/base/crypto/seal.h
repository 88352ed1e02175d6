// SPDX-License-Identifier: Apache-2.0
// AES-256-GCM (NIST SP 800-38D): sealing with a random 96-bit nonce.
#pragma once

#include <optional>

#include "federation/base/bytes.h"
#include "federation/base/clock.h"
#include "federation/base/crypto/secret.h"

namespace ginnel {

inline constexpr std::size_t seal_nonce_bytes = 12;
inline constexpr std::size_t seal_tag_bytes = 16;
inline constexpr std::size_t seal_overhead_bytes = seal_nonce_bytes + seal_tag_bytes;

// nonce (12) || ciphertext (as long as the plaintext) || tag (16). `also` is authenticated, not contained.
// One key seals fewer than 2^32 messages: the bound for random nonces.
Bytes seal(const SecretKey& key, ByteView plaintext, ByteView also, Random& random);

// Nothing if the key, the bytes or `also` are not those of seal().
std::optional<Bytes> open_sealed(const SecretKey& key, ByteView sealed, ByteView also);

}  // namespace ginnel
