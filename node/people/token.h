// SPDX-License-Identifier: Apache-2.0
// Tokens: what a signed-in person or program shows with each request.
//
// Thread: any; pure. A node keeps a token's hash only, so that its store opens no door. 32 random bytes need no salt
// and no slow hash.
#pragma once

#include <string>
#include <string_view>

#include "federation/base/bytes.h"
#include "federation/base/clock.h"

namespace ginnel {

inline constexpr std::size_t token_bytes = 32;
inline constexpr std::size_t token_characters = 43;  // base64url (RFC 4648 section 5) without padding

std::string make_token(Random& random);

// Has the form of a token; says nothing about whether one was given out.
bool looks_like_token(std::string_view text);

// The key under which a session is kept.
Hash token_hash(std::string_view token);

}  // namespace ginnel
