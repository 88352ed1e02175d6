// SPDX-License-Identifier: Apache-2.0
#include "node/people/people_codec.h"

#include <initializer_list>
#include <optional>

namespace ginnel {
namespace {

// One byte says what it is, one which version of the layout; then the fields in order, texts with their length.
constexpr std::uint8_t account_kind = 1;
constexpr std::uint8_t session_kind = 2;
constexpr std::uint8_t layout_version = 1;

void put_text(Bytes& to, const std::string& text) {
  put_u32(to, static_cast<std::uint32_t>(text.size()));
  append(to, view_of(text));
}

class Reader {
 public:
  explicit Reader(ByteView bytes) : rest_(bytes) {}

  std::uint8_t byte() {
    auto part = take(1);
    return part.empty() ? 0 : part[0];
  }
  std::uint64_t u64() {
    auto part = take(8);
    return part.empty() ? 0 : *read_u64(part, 0);
  }
  std::string text() {
    auto length = take(4);
    return std::string(text_of(take(length.empty() ? 0 : *read_u32(length, 0))));
  }
  UserId user() { return UserId::from(take(UserId::size)).value_or(UserId()); }

  // Everything was there and nothing is left.
  bool is_done() const { return ok_ && rest_.empty(); }

 private:
  ByteView take(std::size_t bytes) {
    if (bytes > rest_.size()) {
      ok_ = false;
      rest_ = {};
      return {};
    }
    auto part = rest_.first(bytes);
    rest_ = rest_.subspan(bytes);
    return part;
  }

  ByteView rest_;
  bool ok_ = true;
};

}  // namespace

Bytes encode(const Account& account) {
  Bytes out{account_kind, layout_version};
  append(out, account.id.bytes());
  for (const auto* text : {&account.username, &account.display_name, &account.role, &account.team,
                           &account.password_hash, &account.totp_secret})
    put_text(out, *text);
  out.push_back(account.disabled ? 1 : 0);
  return out;
}

Expected<Account> decode_account(ByteView bytes) {
  Reader reader(bytes);
  bool known = reader.byte() == account_kind;
  known = reader.byte() == layout_version && known;
  Account account;
  account.id = reader.user();
  for (auto* text : {&account.username, &account.display_name, &account.role, &account.team, &account.password_hash,
                     &account.totp_secret})
    *text = reader.text();
  auto disabled = reader.byte();
  if (!known || !reader.is_done() || disabled > 1)
    return fail("bad-account", "cannot read a stored account", "its bytes are not those of this version");
  account.disabled = disabled == 1;
  return account;
}

Bytes encode(const Session& session) {
  Bytes out{session_kind, layout_version};
  append(out, session.user.bytes());
  for (const auto* text : {&session.csrf, &session.username, &session.display_name, &session.role, &session.team})
    put_text(out, *text);
  put_u64(out, static_cast<std::uint64_t>(session.expires.ms));
  return out;
}

Expected<Session> decode_session(ByteView bytes) {
  Reader reader(bytes);
  bool known = reader.byte() == session_kind;
  known = reader.byte() == layout_version && known;
  Session session;
  session.user = reader.user();
  for (auto* text : {&session.csrf, &session.username, &session.display_name, &session.role, &session.team})
    *text = reader.text();
  session.expires = {static_cast<std::int64_t>(reader.u64())};
  if (!known || !reader.is_done())
    return fail("bad-session", "cannot read a stored session", "its bytes are not those of this version");
  return session;
}

}  // namespace ginnel
