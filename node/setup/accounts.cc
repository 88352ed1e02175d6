// SPDX-License-Identifier: Apache-2.0
#include "node/setup/accounts.h"

#include <algorithm>

#include "node/people/password_rules.h"
#include "node/people/people_codec.h"
#include "node/people/session.h"
#include "node/people/token.h"
#include "node/store/codec.h"

namespace ginnel {
namespace {

constexpr std::int64_t added_token_ms = 365 * day_ms;

Expected<std::optional<Session>> session_in(const StoreReader& reader, SideTable table, const Hash& key) {
  auto row = reader.side(table, key);
  if (!row) return tl::unexpected(row.error());
  if (!*row) return std::optional<Session>();
  auto session = decode_session(**row);
  if (!session) return tl::unexpected(session.error());
  return std::optional<Session>(*session);
}

}  // namespace

Expected<void> put_account(Turn& turn, const Account& account) {
  return turn.put_side(SideTable::users, view_of(account.username), encode(account));
}

Expected<std::optional<Account>> load_account(const StoreReader& reader, std::string_view username) {
  auto row = reader.side(SideTable::users, view_of(username));
  if (!row) return tl::unexpected(row.error());
  if (!*row) return std::optional<Account>();
  auto account = decode_account(**row);
  if (!account) return tl::unexpected(account.error());
  return std::optional<Account>(*account);
}

Expected<std::vector<Account>> load_accounts(const StoreReader& reader) {
  auto rows = reader.side_all(SideTable::users);
  if (!rows) return tl::unexpected(rows.error());
  std::vector<Account> accounts;
  for (const Bytes& row : *rows) {
    auto account = decode_account(row);
    if (!account) return tl::unexpected(account.error());
    accounts.push_back(*account);
  }
  std::sort(accounts.begin(), accounts.end(), [](const auto& a, const auto& b) { return a.username < b.username; });
  return accounts;
}

std::string display_name_of(const std::vector<Account>& accounts, const UserId& user) {
  if (user.empty()) return {};
  for (const auto& one : accounts)
    if (one.id == user) return one.display_name;
  return "somebody who has left";
}

Expected<void> put_session(Turn& turn, const Session& session) {
  return turn.put_side(SideTable::sessions, token_hash(session.token), encode(session), session.expires);
}

Expected<void> put_api_token(Turn& turn, const Session& session) {
  return turn.put_side(SideTable::tokens, token_hash(session.token), encode(session), session.expires);
}

Expected<void> erase_session(Turn& turn, std::string_view token) {
  Hash key = token_hash(token);
  if (auto erased = turn.erase_side(SideTable::sessions, key); !erased) return erased;
  return turn.erase_side(SideTable::tokens, key);
}

Expected<std::optional<Session>> load_session(const StoreReader& reader, std::string_view token, Instant now) {
  if (!looks_like_token(token)) return std::optional<Session>();
  Hash key = token_hash(token);
  auto session = session_in(reader, SideTable::sessions, key);
  if (session && !*session) session = session_in(reader, SideTable::tokens, key);
  if (!session || !*session) return session;
  auto account = load_account(reader, (*session)->username);
  if (!account) return tl::unexpected(account.error());
  if (!*account || (*account)->id != (*session)->user || !is_live(**session, **account, now))
    return std::optional<Session>();
  return session;
}

Expected<AddedUser> add_user(Turn& turn, const NewUser& user, Random& random) {
  auto username = normal_username(user.username);
  if (!username) return tl::unexpected(username.error());
  auto existing = load_account(turn, *username);
  if (!existing) return tl::unexpected(existing.error());
  if (*existing)
    return fail("user-exists", "cannot add `" + *username + "`", "there is a user of that name", "choose another name");

  AddedUser added;
  added.account = {UserId::make(random), *username, user.display_name, user.role, user.team, user.password_hash, {}};
  auto token = make_api_token(added.account, random, turn.now(), added_token_ms);
  if (!token) return tl::unexpected(token.error());
  added.api_token = *token;
  if (auto put = put_account(turn, added.account); !put) return tl::unexpected(put.error());
  if (auto put = put_api_token(turn, added.api_token); !put) return tl::unexpected(put.error());
  OperatorAct act{"user-added", {}, added.account.id, user.role};
  auto entry = turn.append(EntryKind::operator_act, {}, turn.node_key(), encode(act));
  if (!entry) return tl::unexpected(entry.error());
  return added;
}

Expected<void> set_disabled(Turn& turn, const std::string& username, bool disabled, const std::string& reason) {
  auto name = normal_username(username);
  if (!name) return tl::unexpected(name.error());
  auto account = load_account(turn, *name);
  if (!account) return tl::unexpected(account.error());
  if (!*account)
    return fail("no-such-user", "cannot change the account", "this node has no user of that name", "check the name");
  (*account)->disabled = disabled;
  if (auto put = put_account(turn, **account); !put) return put;
  OperatorAct act{disabled ? "user-disabled" : "user-enabled", {}, (*account)->id, reason};
  auto entry = turn.append(EntryKind::operator_act, {}, turn.node_key(), encode(act));
  if (!entry) return tl::unexpected(entry.error());
  return {};
}

}  // namespace ginnel
