// SPDX-License-Identifier: Apache-2.0
// SHA-256, HMAC-SHA-256 (RFC 2104) and HKDF-SHA-256 (RFC 5869).
#pragma once

#include <initializer_list>
#include <string_view>

#include "federation/base/bytes.h"
#include "federation/base/crypto/secret.h"

namespace ginnel {

Hash sha256(ByteView data);
Hash sha256(std::initializer_list<ByteView> parts);  // over the parts one after another

Hash hmac_sha256(ByteView key, ByteView data);
Hash hmac_sha256(ByteView key, std::initializer_list<ByteView> parts);

// Expands `key` (already uniformly random) to 32 bytes for one use; `label` names the use and must differ between uses.
SecretKey derive_key(const SecretKey& key, std::string_view label);

}  // namespace ginnel
