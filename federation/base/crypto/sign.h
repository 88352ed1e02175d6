// SPDX-License-Identifier: Apache-2.0
// Ed25519 (RFC 8032) with a domain string for every use: a signature made for one use proves nothing in another.
#pragma once

#include <array>
#include <string_view>

#include "federation/base/bytes.h"
#include "federation/base/clock.h"
#include "federation/base/crypto/secret.h"

namespace ginnel {

using PublicKey = std::array<std::uint8_t, 32>;
using Signature = std::array<std::uint8_t, 64>;

struct SigningKey {
  SecretKey seed;  // RFC 8032's 32-byte private key
  PublicKey public_key{};

  static SigningKey make(Random& random);
  static SigningKey from_seed(const SecretKey& seed);
};

// Signs domain || 0x00 || bytes. Domains hold no zero byte, e.g. "ginnel message v1".
Signature sign(const SigningKey& key, std::string_view domain, ByteView bytes);
bool verify(const PublicKey& key, std::string_view domain, ByteView bytes, ByteView signature);

// Curve25519 keys of CURVE (the transport's authentication).
struct CurveKey {
  SecretKey secret;
  PublicKey public_key{};

  static CurveKey make(Random& random);
  static CurveKey from_secret(const SecretKey& secret);
};

}  // namespace ginnel
