// SPDX-License-Identifier: Apache-2.0
#include "federation/base/crypto/password.h"

#include <sodium.h>

#include "federation/base/check.h"

namespace ginnel {

std::string hash_password(std::string_view password, PasswordCost cost) {
  char out[crypto_pwhash_STRBYTES];
  CHECK(sodium_init() >= 0);
  CHECK(crypto_pwhash_argon2id_str(out, password.data(), password.size(), cost.passes, cost.memory_bytes) == 0);
  return out;
}

bool password_matches(std::string_view password, const std::string& encoded) {
  return crypto_pwhash_argon2id_str_verify(encoded.c_str(), password.data(), password.size()) == 0;
}

Expected<SecretKey> key_from_passphrase(std::string_view passphrase, ByteView salt, PasswordCost cost) {
  if (salt.size() != passphrase_salt_bytes)
    return fail("bad-salt", "cannot derive a key from the passphrase", "the salt must have 16 bytes");
  SecretKey key;
  if (crypto_pwhash(key.storage().data(), SecretKey::size, passphrase.data(), passphrase.size(), salt.data(),
                    cost.passes, cost.memory_bytes, crypto_pwhash_ALG_ARGON2ID13) != 0)
    return fail("out-of-memory", "cannot derive a key from the passphrase", "there is not enough memory for Argon2id",
                "free " + std::to_string(cost.memory_bytes >> 20) + " MiB");
  return key;
}

}  // namespace ginnel
