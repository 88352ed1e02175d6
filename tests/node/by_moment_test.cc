// SPDX-License-Identifier: Apache-2.0
#include "node/process/by_moment.h"

#include <gtest/gtest.h>

namespace ginnel {
namespace {

const ProcessId early_one{*ProcessId::from(std::array<std::uint8_t, 16>{1})};
const ProcessId late_one{*ProcessId::from(std::array<std::uint8_t, 16>{2})};

TEST(ByMoment, each_process_has_one_moment_and_the_earliest_stands_first) {
  ByMoment all;
  all.set(late_one, {20});
  all.set(early_one, {10});
  EXPECT_EQ(all.in_order().begin()->second, early_one);
  all.set(early_one, {30});
  ASSERT_EQ(all.in_order().size(), 2u);
  EXPECT_EQ(all.in_order().begin()->second, late_one);
  EXPECT_EQ(all.of(early_one), Instant{30});
}

TEST(ByMoment, what_is_erased_has_none) {
  ByMoment all;
  all.set(early_one, {10});
  all.erase(late_one);
  all.erase(early_one);
  EXPECT_TRUE(all.in_order().empty());
  EXPECT_FALSE(all.of(early_one));
}

}  // namespace
}  // namespace ginnel
