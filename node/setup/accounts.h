// SPDX-License-Identifier: Apache-2.0
// The accounts and long-lived API tokens of a node, as they stand in the store's side tables.
//
// Users are found by name, tokens by the SHA-256 of the token: the token itself is known to its holder only. A token
// says whose it is and until when; role and team are read from the account at each use, so disabling an account or
// changing its role holds at once.
//
// Thread: that of the reader or turn given. Hashing a password takes tens of milliseconds and happens before.
// Failure: `bad-username`, `user-exists`, `no-user`, and the store's own.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "federation/base/clock.h"
#include "federation/base/error.h"
#include "node/people/account.h"
#include "node/store/store.h"

namespace ginnel {

namespace limits {
inline constexpr std::size_t username_bytes_max = 64;
inline constexpr std::int64_t api_token_life_ms = 365 * day_ms;
}  // namespace limits

// Lower-case letters, digits, `.`, `-` and `_`, a letter first.
bool is_username(std::string_view text);

// Side table `users`, by user name.
Expected<void> put_account(Turn& turn, const Account& account);
Expected<std::optional<Account>> load_account(const StoreReader& reader, std::string_view username);
Expected<std::vector<Account>> load_accounts(const StoreReader& reader);  // by user name

// Side table `tokens`. Returns the token, 64 hexadecimal digits; it cannot be read again.
Expected<std::string> issue_token(Turn& turn, const Account& account, Instant expires, Random& random);
// Nothing: no such token, past its time, or its account is disabled or gone.
Expected<std::optional<Session>> load_token(const StoreReader& reader, std::string_view token, Instant now);

struct NewUser {
  std::string username, display_name, role, team;
  std::string password_hash;  // of hash_password
};
struct AddedUser {
  Account account;
  std::string token;
};
// `user-exists` leaves the turn as it was.
Expected<AddedUser> add_user(Turn& turn, const NewUser& user, Random& random);

}  // namespace ginnel
