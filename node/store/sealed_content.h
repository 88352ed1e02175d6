// SPDX-License-Identifier: Apache-2.0
// A file's content, sealed under a key of its own before the loop sees it: 4 MiB to hash and to seal take milliseconds
// in which a node would answer nobody.
//
// Thread: any; `random` must be one that may be used there. The key goes into the entry that tells of the file, which
// is sealed under its record's key: who erases the record erases the file.
#pragma once

#include <cstdint>

#include "federation/base/bytes.h"
#include "federation/base/crypto/secret.h"

namespace ginnel {

struct SealedContent {
  std::uint64_t size_bytes = 0;
  Hash sha256{};  // of the plaintext
  SecretKey key;
  Bytes sealed;
};

SealedContent seal_content(ByteView content, Random& random);

}  // namespace ginnel
