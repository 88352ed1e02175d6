// SPDX-License-Identifier: Apache-2.0
#include "node/work/allocations.h"

#include "tests/node/store_for_tests.h"

namespace ginnel {
namespace {

class AllocationsTest : public testing::Test {
 protected:
  AllocationsTest() : child_(store_.add(aisha())), brother_(store_.add(ben())) {}

  AllocationEntry of(const PersonRef& person, const UserId& worker) {
    AllocationEntry entry;
    entry.person = person;
    entry.worker = worker;
    entry.team = "north";
    return entry;
  }
  template <class Do>
  void in_turn(Do act) {
    auto turn = store_.begin(now_);
    act(*turn);
    ASSERT_TRUE(turn->commit());
  }
  AllocationId allocate(const AllocationEntry& entry) {
    AllocationId id;
    in_turn([&](Turn& turn) { id = allocations_.allocate(entry, ActorId(), turn).value(); });
    return id;
  }
  bool is_allocated(const UserId& worker, const PersonRef& person) {
    return Allocations::is_allocated(worker, person, now_, *store_.snapshot()).value();
  }

  StoreForTests store_;
  SeededRandom random_{10};
  Instant now_ = noon;
  Allocations allocations_{random_};
  const PersonRef child_, brother_;
  const UserId one_ = UserId::make(random_), other_ = UserId::make(random_);
};

TEST_F(AllocationsTest, a_worker_is_allocated_from_then_until_it_ends_and_to_nobody_else) {
  const AllocationId id = allocate(of(child_, one_));
  EXPECT_TRUE(is_allocated(one_, child_));
  EXPECT_FALSE(is_allocated(other_, child_));
  EXPECT_FALSE(is_allocated(one_, brother_));
  now_ = noon + day_ms;
  in_turn([&](Turn& turn) {
    EXPECT_TRUE(allocations_.end(id, "closed", ActorId(), turn));
    EXPECT_TRUE(allocations_.end(id, "closed", ActorId(), turn)) << "said twice";
    EXPECT_EQ(allocations_.end(AllocationId::make(random_), "closed", ActorId(), turn).error().code, "not-found");
  });
  EXPECT_FALSE(is_allocated(one_, child_));
  const auto all = Allocations::of_worker(one_, *store_.snapshot()).value();
  ASSERT_EQ(all.size(), 1u);
  EXPECT_EQ(all.front().entry.to, now_);
  EXPECT_EQ(all.front().entry.reason, "closed");
}

TEST_F(AllocationsTest, one_to_come_is_none_yet_and_the_same_twice_is_refused) {
  AllocationEntry later = of(child_, one_);
  later.from = noon + day_ms;
  later.to = noon + 3 * day_ms;
  allocate(later);
  EXPECT_FALSE(is_allocated(one_, child_));
  in_turn([&](Turn& turn) {
    EXPECT_EQ(allocations_.allocate(of(child_, one_), ActorId(), turn).error().code, "bad-allocation");
    AllocationEntry wrong = of(brother_, one_);
    wrong.from = noon;
    wrong.to = noon;
    EXPECT_EQ(allocations_.allocate(wrong, ActorId(), turn).error().code, "bad-allocation");
  });
  now_ = noon + 2 * day_ms;
  EXPECT_TRUE(is_allocated(one_, child_));
  now_ = noon + 3 * day_ms;
  EXPECT_FALSE(is_allocated(one_, child_));
}

TEST_F(AllocationsTest, whoever_is_merged_with_somebody_is_allocated_with_them) {
  allocate(of(child_, one_));
  in_turn([&](Turn& turn) {
    ASSERT_TRUE(turn.merge({child_, brother_, LinkState::merged, "person", 0, "one child"}, ActorId()));
  });
  EXPECT_TRUE(is_allocated(one_, brother_));
}

TEST_F(AllocationsTest, whoever_leaves_hands_over_all_that_is_theirs) {
  allocate(of(child_, one_));
  allocate(of(brother_, one_));
  allocate(of(brother_, other_));
  now_ = noon + day_ms;
  in_turn([&](Turn& turn) {
    EXPECT_EQ(allocations_.hand_over_all(one_, other_, "south", "leaves", ActorId(), turn).value(), 2u);
  });
  for (const auto& person : {child_, brother_}) {
    EXPECT_FALSE(is_allocated(one_, person));
    EXPECT_TRUE(is_allocated(other_, person));
  }
  EXPECT_EQ(Allocations::of_worker(other_, *store_.snapshot())->size(), 2u) << "whom they had already they have once";
}

}  // namespace
}  // namespace ginnel
