// SPDX-License-Identifier: Apache-2.0
// Argon2id (RFC 9106): passwords kept as hashes, and keys from passphrases. Both take tens of milliseconds: worker
// threads only.
#pragma once

#include <string>
#include <string_view>

#include "federation/base/bytes.h"
#include "federation/base/crypto/secret.h"
#include "federation/base/error.h"

namespace ginnel {

struct PasswordCost {
  unsigned long long passes = 2;
  std::size_t memory_bytes = std::size_t{64} << 20;  // 64 MiB
};

// The encoded hash, salt and cost within ("$argon2id$v=19$m=...").
std::string hash_password(std::string_view password, PasswordCost cost = {});
bool password_matches(std::string_view password, const std::string& encoded);

inline constexpr std::size_t passphrase_salt_bytes = 16;
Expected<SecretKey> key_from_passphrase(std::string_view passphrase, ByteView salt, PasswordCost cost = {});

}  // namespace ginnel
