// SPDX-License-Identifier: Apache-2.0
// Somebody who signs in at this node, and their sessions.
#pragma once

#include <cstdint>
#include <string>

#include "federation/base/id.h"
#include "federation/base/time.h"

namespace ginnel {

struct Account {
  UserId id;
  std::string username;
  std::string display_name;  // "A. Practitioner"
  std::string role;          // closed list of DESIGN 19
  std::string team;
  std::string password_hash;  // Argon2id, encoded
  std::string totp_secret;    // base32; empty: no second factor
  bool disabled = false;
};

// A session is found by the SHA-256 of its token: the token itself is known to its holder only.
struct Session {
  std::string token;  // set only in the answer to open_session
  std::string csrf;   // for forms
  UserId user;
  std::string username, display_name, role, team;
  Instant expires;            // absolute; an API token has a distant one
  std::uint64_t waiting = 0;  // notices that nobody took up, limits::inbox_counted_max at most; set for pages
};

// As the ledger names who acted.
inline ActorId actor_of(const Session& who) { return *ActorId::from(who.user.bytes()); }

}  // namespace ginnel
