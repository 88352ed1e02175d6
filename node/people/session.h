// SPDX-License-Identifier: Apache-2.0
// The rules of sessions: how they start, how long they last.
//
// Thread: any; pure. A session never slides: it ends when it said it would, and signing in makes a new token each time,
// so that a token known to somebody else before the sign-in is worth nothing after it.
#pragma once

#include "federation/base/clock.h"
#include "federation/base/error.h"
#include "node/people/account.h"

namespace ginnel {

inline constexpr std::int64_t session_ms_max = 8 * hour_ms;     // a shift
inline constexpr std::int64_t api_token_ms_max = 366 * day_ms;  // programs; asked for by an administrator

// Who acts, without a token and without an end: for what the node does in their name.
Session in_name_of(const Account& account);

// With fresh token and CSRF token.
Session make_session(const Account& account, Random& random, Instant now);

// Error: `bad-lifetime` outside (0, api_token_ms_max].
Expected<Session> make_api_token(const Account& account, Random& random, Instant now, std::int64_t lifetime_ms);

// False once it has expired, or when the account was disabled or its role changed since.
bool is_live(const Session& session, const Account& account, Instant now);
bool is_live(const Session& session, Instant now);

}  // namespace ginnel
