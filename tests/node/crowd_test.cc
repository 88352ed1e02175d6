// SPDX-License-Identifier: Apache-2.0
#include "node/web/crowd.h"

#include <gtest/gtest.h>

namespace ginnel {
namespace {

struct OneGuest : Guest {
  void give_way() override { ++gave_way; }
  int gave_way = 0;
};

class CrowdTest : public testing::Test {
 protected:
  std::shared_ptr<OneGuest> waiting_since(std::int64_t ms, bool was_served = false) {
    auto guest = std::make_shared<OneGuest>();
    if (was_served) guest->is_being_answered();
    guest->waits(ms);
    return guest;
  }

  Crowd crowd_{2};
};

TEST_F(CrowdTest, has_room_until_it_is_full) {
  auto first = waiting_since(1), second = waiting_since(2);
  EXPECT_EQ(crowd_.enter(first), Crowd::Entry::alone);
  EXPECT_EQ(crowd_.enter(second), Crowd::Entry::alone);
  EXPECT_EQ(first->gave_way + second->gave_way, 0);
  EXPECT_EQ(crowd_.all().size(), 2u);
}

TEST_F(CrowdTest, the_one_that_has_waited_longest_gives_way_and_once) {
  auto old = waiting_since(1), young = waiting_since(2), younger = waiting_since(3), youngest = waiting_since(4);
  crowd_.enter(young), crowd_.enter(old);
  EXPECT_EQ(crowd_.enter(younger), Crowd::Entry::another_gave_way);
  EXPECT_EQ(old->gave_way, 1);
  EXPECT_EQ(crowd_.enter(youngest), Crowd::Entry::another_gave_way) << "the one that leaves is still here";
  EXPECT_EQ(old->gave_way, 1);
  EXPECT_EQ(young->gave_way, 1);
}

TEST_F(CrowdTest, who_was_never_served_gives_way_before_who_was) {
  auto served = waiting_since(1, true), never = waiting_since(5);
  crowd_.enter(served), crowd_.enter(never);
  crowd_.enter(waiting_since(9));
  EXPECT_EQ(never->gave_way, 1);
  EXPECT_EQ(served->gave_way, 0);
}

TEST_F(CrowdTest, nobody_who_is_being_answered_gives_way) {
  auto first = waiting_since(1), second = waiting_since(2), third = waiting_since(3);
  first->is_being_answered(), second->is_being_refused();
  crowd_.enter(first), crowd_.enter(second);
  EXPECT_EQ(crowd_.enter(third), Crowd::Entry::full);
  EXPECT_EQ(first->gave_way + second->gave_way, 0);
  first->waits(4);
  EXPECT_EQ(crowd_.enter(third), Crowd::Entry::another_gave_way);
}

TEST_F(CrowdTest, those_that_leave_and_do_not_go_are_bounded_too) {
  std::vector<std::shared_ptr<OneGuest>> all;
  for (int i = 1; i <= 4; ++i) crowd_.enter(all.emplace_back(waiting_since(i)));
  EXPECT_EQ(crowd_.all().size(), 4u);
  EXPECT_EQ(crowd_.enter(waiting_since(9)), Crowd::Entry::full);
  crowd_.leave(all[0].get());
  EXPECT_EQ(crowd_.enter(waiting_since(10)), Crowd::Entry::another_gave_way);
}

}  // namespace
}  // namespace ginnel
