// SPDX-License-Identifier: Apache-2.0
#include "federation/directory/rotation.h"

#include <gtest/gtest.h>

#include "federation/wire/limits.h"

namespace ginnel {
namespace {

constexpr Instant start{1'795'435'200'000};

KeyStatement a_year_old_at_most() {
  KeyStatement statement;
  statement.number = 3;
  statement.incarnation = 2;
  statement.endpoints = {"tcp://127.0.0.1:1"};
  statement.signing_key[0] = 1;
  statement.valid_from = start;
  statement.valid_until = start + 365 * day_ms;
  return statement;
}

TEST(Rotation, with_the_default_rules_is_over_before_two_thirds_of_the_life) {
  const KeyStatement current = a_year_old_at_most();
  const RotationRules rules;
  const Instant made = rotates_at(current, rules);
  const KeyStatement next = statement_after(current, made, rules);
  EXPECT_EQ(percent_used(current, made), 60);
  EXPECT_LT(percent_used(current, next.superseded_until), 67);
  EXPECT_EQ(next.superseded_until - next.valid_from, rules.overlap_ms);
}

TEST(Rotation, the_next_statement_replaces_this_one_and_has_no_keys_yet) {
  const KeyStatement current = a_year_old_at_most();
  const KeyStatement next = statement_after(current, start + 230 * day_ms, {});
  EXPECT_EQ(next.number, 4u);
  EXPECT_EQ(next.supersedes, 3u);
  EXPECT_EQ(next.incarnation, 2u);
  EXPECT_EQ(next.endpoints, current.endpoints);
  EXPECT_EQ(next.signing_key, PublicKey());
  EXPECT_EQ(next.curve_key, PublicKey());
  EXPECT_LE(next.valid_until - next.valid_from, limits::key_statement_life_ms_max);
}

TEST(Rotation, a_statement_made_late_begins_before_the_old_one_ends) {
  const KeyStatement current = a_year_old_at_most();
  const KeyStatement next = statement_after(current, start + 360 * day_ms, {});
  EXPECT_EQ(next.valid_from, current.valid_until);
  EXPECT_LE(next.superseded_until, current.valid_until);
}

TEST(Rotation, after_the_old_ones_end_the_next_begins_at_once) {
  const KeyStatement current = a_year_old_at_most();
  const Instant now = start + 400 * day_ms;
  const KeyStatement next = statement_after(current, now, {});
  EXPECT_EQ(next.valid_from, now);
  EXPECT_FALSE(next.superseded_until.is_set());
  EXPECT_EQ(percent_used(current, now), 100);
}

}  // namespace
}  // namespace ginnel
