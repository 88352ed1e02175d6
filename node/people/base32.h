// SPDX-License-Identifier: Apache-2.0
// Base32 (RFC 4648 section 6): the form in which authenticator apps take a second factor's secret.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "federation/base/bytes.h"
#include "federation/base/clock.h"

namespace ginnel {

std::string to_base32(ByteView bytes);  // upper case, no padding

// Either case; spaces, hyphens and final padding ignored, as people type them. Nothing for other characters, an
// impossible length or bits left over that are not zero.
std::optional<Bytes> from_base32(std::string_view text);

inline constexpr std::size_t totp_secret_bytes = 20;  // RFC 4226 section 4: at least 128 bits, 160 recommended
std::string make_totp_secret(Random& random);

}  // namespace ginnel
