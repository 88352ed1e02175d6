// SPDX-License-Identifier: Apache-2.0
#include "node/people/session.h"

#include <gtest/gtest.h>

namespace ginnel {
namespace {

const Instant signed_in_at{1'795'000'000'000};

Account practitioner() {
  SeededRandom random(3);
  Account account;
  account.id = UserId::make(random);
  account.username = "a.tester";
  account.display_name = "A. Tester";
  account.role = "practitioner";
  account.team = "east";
  return account;
}

TEST(Session, ends_eight_hours_after_it_started) {
  SeededRandom random(1);
  auto session = make_session(practitioner(), random, signed_in_at);
  EXPECT_TRUE(is_live(session, signed_in_at));
  EXPECT_TRUE(is_live(session, signed_in_at + (8 * hour_ms - 1)));
  EXPECT_FALSE(is_live(session, signed_in_at + 8 * hour_ms));
}

TEST(Session, each_has_tokens_of_its_own) {
  SeededRandom random(1);
  auto first = make_session(practitioner(), random, signed_in_at),
       second = make_session(practitioner(), random, signed_in_at);
  EXPECT_NE(first.token, second.token);
  EXPECT_NE(first.csrf, second.csrf);
  EXPECT_NE(first.token, first.csrf);
}

TEST(Session, ends_when_its_account_is_disabled_or_changes_its_role_or_team) {
  SeededRandom random(1);
  auto account = practitioner();
  auto session = make_session(account, random, signed_in_at);
  EXPECT_TRUE(is_live(session, account, signed_in_at));
  auto disabled = account;
  disabled.disabled = true;
  EXPECT_FALSE(is_live(session, disabled, signed_in_at));
  auto promoted = account;
  promoted.role = "manager";
  EXPECT_FALSE(is_live(session, promoted, signed_in_at));
  auto moved = account;
  moved.team = "west";
  EXPECT_FALSE(is_live(session, moved, signed_in_at));
  auto other = account;
  other.id = UserId::make(random);
  EXPECT_FALSE(is_live(session, other, signed_in_at));
}

TEST(Session, an_api_token_has_an_end_within_a_year_and_a_day) {
  SeededRandom random(1);
  auto token = make_api_token(practitioner(), random, signed_in_at, 90 * day_ms);
  ASSERT_TRUE(token);
  EXPECT_TRUE(is_live(*token, signed_in_at + 89 * day_ms));
  EXPECT_FALSE(is_live(*token, signed_in_at + 90 * day_ms));
  for (std::int64_t lifetime_ms : {std::int64_t{0}, std::int64_t{-1}, api_token_ms_max + 1})
    EXPECT_EQ(make_api_token(practitioner(), random, signed_in_at, lifetime_ms).error().code, "bad-lifetime");
}

}  // namespace
}  // namespace ginnel
