// SPDX-License-Identifier: Apache-2.0
// Which passwords and user names a node takes. Length and a ban on the obvious, no rules of composition: they make
// passwords worse and people angry (NIST SP 800-63B section 5.1.1.2; the NCSC's three random words).
//
// Thread: any; pure.
#pragma once

#include <string>
#include <string_view>

#include "federation/base/error.h"

namespace ginnel {

inline constexpr std::size_t password_characters_min = 12;
inline constexpr std::size_t password_bytes_max = 256;
inline constexpr std::size_t username_characters_max = 64;

// The password itself if it may be used. Error: `bad-password`, whose texts never quote it.
Expected<std::string> check_password(std::string_view password, std::string_view username);

// The lower-case form: letters, digits, `.`, `-` and `_`, a letter first. Error: `bad-username`.
Expected<std::string> normal_username(std::string_view text);

}  // namespace ginnel
