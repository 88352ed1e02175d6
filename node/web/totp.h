// SPDX-License-Identifier: Apache-2.0
// Time-based one-time passwords (RFC 6238 over RFC 4226): HMAC-SHA-1, 30 seconds, 6 digits, as authenticator apps do.
//
// Thread: any; pure. SHA-1 is what the apps speak; HMAC does not rest on its collision resistance.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "federation/base/bytes.h"
#include "federation/base/time.h"

namespace ginnel {

inline constexpr std::int64_t totp_step_ms = 30'000;
inline constexpr int totp_digits = 6;
inline constexpr std::uint64_t totp_steps_either_side = 1;  // RFC 6238 section 5.2: clocks differ, people type slowly

// The counter of a moment: steps since 1970.
std::uint64_t totp_step_at(Instant now);

// The code of one step, with leading zeros. 6 to 8 digits.
std::string totp_code(ByteView secret, std::uint64_t step, int digits = totp_digits);

// The step whose code was typed (spaces ignored), if it is near now and after `last_used`: a code is good once. Takes
// as long whether or not it matches.
std::optional<std::uint64_t> match_totp(ByteView secret, std::string_view typed, Instant now, std::uint64_t last_used);

}  // namespace ginnel
