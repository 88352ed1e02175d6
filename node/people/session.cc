// SPDX-License-Identifier: Apache-2.0
#include "node/people/session.h"

#include "node/people/token.h"

namespace ginnel {
namespace {

Session session_until(const Account& account, Random& random, Instant expires) {
  Session session = in_name_of(account);
  session.token = make_token(random);
  session.csrf = make_token(random);
  session.expires = expires;
  return session;
}

}  // namespace

Session in_name_of(const Account& account) {
  Session session;
  session.user = account.id;
  session.username = account.username;
  session.display_name = account.display_name;
  session.role = account.role;
  session.team = account.team;
  return session;
}

Session make_session(const Account& account, Random& random, Instant now) {
  return session_until(account, random, now + session_ms_max);
}

Expected<Session> make_api_token(const Account& account, Random& random, Instant now, std::int64_t lifetime_ms) {
  if (lifetime_ms <= 0 || lifetime_ms > api_token_ms_max)
    return fail("bad-lifetime", "cannot make a token", "it must end, and within 366 days", "give a lifetime in days");
  return session_until(account, random, now + lifetime_ms);
}

bool is_live(const Session& session, Instant now) { return now < session.expires; }

bool is_live(const Session& session, const Account& account, Instant now) {
  return is_live(session, now) && !account.disabled && session.user == account.id && session.role == account.role &&
         session.team == account.team;
}

}  // namespace ginnel
