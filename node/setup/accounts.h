// SPDX-License-Identifier: Apache-2.0
// The accounts, sessions and API tokens of a node, as they stand in the store's side tables.
//
// Users are found by name, sessions and tokens by the hash of the token: the token itself is known to its holder only.
// A session counts only while its account does: disabling an account or changing its role ends it at once.
//
// Thread: that of the reader or turn given. Hashing a password takes tens of milliseconds and happens before.
// Failure: `bad-username`, `user-exists`, and the store's own.
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

// Side table `users`, by user name.
Expected<void> put_account(Turn& turn, const Account& account);
Expected<std::optional<Account>> load_account(const StoreReader& reader, std::string_view username);
Expected<std::vector<Account>> load_accounts(const StoreReader& reader);  // by user name
// As people are shown it; also of somebody who has no account any more. Empty for nobody.
std::string display_name_of(const std::vector<Account>& accounts, const UserId& user);

// `session.token` is set. Side table `sessions`, dropped when it expires; programs' tokens in `tokens`.
Expected<void> put_session(Turn& turn, const Session& session);
Expected<void> put_api_token(Turn& turn, const Session& session);
Expected<void> erase_session(Turn& turn, std::string_view token);

// The session or API token; nothing if there is none, it has expired, or its account ended it. `token` is empty in it.
Expected<std::optional<Session>> load_session(const StoreReader& reader, std::string_view token, Instant now);

struct NewUser {
  std::string username, display_name, role, team;
  std::string password_hash;  // of hash_password
};
struct AddedUser {
  Account account;
  Session api_token;  // its token cannot be read again
};
// With an API token of a year, and an entry in the ledger. `user-exists` and `bad-username` leave the turn as it was.
Expected<AddedUser> add_user(Turn& turn, const NewUser& user, Random& random);

// Shuts the account, or opens it again, with an entry in the ledger. Its sessions and tokens count no longer from the
// commit on; opened again, a session that has not ended counts again. `no-such-user`, `bad-username`.
Expected<void> set_disabled(Turn& turn, const std::string& username, bool disabled, const std::string& reason);

}  // namespace ginnel
