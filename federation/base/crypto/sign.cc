// SPDX-License-Identifier: Apache-2.0
#include "federation/base/crypto/sign.h"

#include <sodium.h>

#include "federation/base/check.h"

namespace ginnel {
namespace {

Bytes with_domain(std::string_view domain, ByteView bytes) {
  Bytes out;
  out.reserve(domain.size() + 1 + bytes.size());
  append(out, view_of(domain));
  out.push_back(0);
  append(out, bytes);
  return out;
}

}  // namespace

SigningKey SigningKey::from_seed(const SecretKey& seed) {
  SigningKey key;
  key.seed = seed;
  std::uint8_t expanded[crypto_sign_SECRETKEYBYTES];
  CHECK(crypto_sign_seed_keypair(key.public_key.data(), expanded, seed.bytes().data()) == 0);
  wipe(expanded, sizeof expanded);
  return key;
}

SigningKey SigningKey::make(Random& random) { return from_seed(SecretKey::make(random)); }

Signature sign(const SigningKey& key, std::string_view domain, ByteView bytes) {
  CHECK(domain.find('\0') == std::string_view::npos);
  std::uint8_t expanded[crypto_sign_SECRETKEYBYTES];  // libsodium's form: seed || public key
  std::copy(key.seed.bytes().begin(), key.seed.bytes().end(), expanded);
  std::copy(key.public_key.begin(), key.public_key.end(), expanded + 32);
  const Bytes message = with_domain(domain, bytes);
  Signature out;
  CHECK(crypto_sign_detached(out.data(), nullptr, message.data(), message.size(), expanded) == 0);
  wipe(expanded, sizeof expanded);
  return out;
}

bool verify(const PublicKey& key, std::string_view domain, ByteView bytes, ByteView signature) {
  if (signature.size() != std::tuple_size_v<Signature>) return false;
  const Bytes message = with_domain(domain, bytes);
  return crypto_sign_verify_detached(signature.data(), message.data(), message.size(), key.data()) == 0;
}

CurveKey CurveKey::from_secret(const SecretKey& secret) {
  CurveKey key;
  key.secret = secret;
  CHECK(crypto_scalarmult_curve25519_base(key.public_key.data(), secret.bytes().data()) == 0);
  return key;
}

CurveKey CurveKey::make(Random& random) { return from_secret(SecretKey::make(random)); }

}  // namespace ginnel
