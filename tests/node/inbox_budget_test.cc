// SPDX-License-Identifier: Apache-2.0
#include "node/notices/inbox_budget.h"

#include <gtest/gtest.h>

#include "tests/federation/wire_samples.h"
#include "tests/node/store_for_tests.h"

namespace ginnel {
namespace {

unsigned taken(InboxBudget& budget, const char* from, bool takes_back, Instant now, unsigned tries = 100) {
  unsigned out = 0;
  for (unsigned i = 0; i < tries; ++i) out += budget.spend(samples::member(from), takes_back, now);
  return out;
}

TEST(InboxBudget, ends_at_its_bound_and_comes_back_with_time) {
  InboxBudget budget({10, 60});
  EXPECT_EQ(taken(budget, "wy-police", false, noon), 10u);
  EXPECT_EQ(taken(budget, "wy-police", false, noon + (minute_ms - 1)), 0u);
  EXPECT_EQ(taken(budget, "wy-police", false, noon + minute_ms), 1u);
  EXPECT_EQ(taken(budget, "wy-police", false, noon + day_ms), 10u) << "and never more than it holds";
}

TEST(InboxBudget, of_one_member_is_nobody_elses) {
  InboxBudget budget({10, 60});
  taken(budget, "wy-police", false, noon);
  EXPECT_EQ(taken(budget, "leeds-csc", false, noon), 10u);
}

TEST(InboxBudget, of_news_is_none_of_corrections) {
  InboxBudget budget({10, 60});
  taken(budget, "wy-police", false, noon);
  EXPECT_EQ(taken(budget, "wy-police", true, noon), 10u);
}

TEST(InboxBudget, is_not_refilled_by_a_clock_that_goes_back_and_forth) {
  InboxBudget budget({10, 60});
  taken(budget, "wy-police", false, noon);
  EXPECT_EQ(taken(budget, "wy-police", false, noon + -day_ms), 0u);
  EXPECT_EQ(taken(budget, "wy-police", false, noon), 0u);
}

TEST(InboxBudget, of_a_clock_that_leaps_is_full_and_no_fuller) {
  InboxBudget budget({});
  taken(budget, "wy-police", false, noon, 20'000);
  EXPECT_EQ(taken(budget, "wy-police", false, noon), 0u);
  EXPECT_EQ(taken(budget, "wy-police", false, noon + 100'000 * day_ms, 20'001), 20'000u);
}

}  // namespace
}  // namespace ginnel
