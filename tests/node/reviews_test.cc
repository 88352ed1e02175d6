// SPDX-License-Identifier: Apache-2.0
#include "node/work/reviews.h"

#include "node/work/allocations.h"
#include "tests/node/gate_for_tests.h"
#include "tests/node/store_for_tests.h"

namespace ginnel {
namespace {

class ReviewsTest : public testing::Test {
 protected:
  ReviewsTest() : child_(store_.add(aisha())) {}

  template <class Do>
  void in_turn(Do act) {
    auto turn = store_.begin(now_);
    act(*turn);
    ASSERT_TRUE(turn->commit());
  }
  void look(const UserId& worker) {
    in_turn([&](Turn& turn) { EXPECT_TRUE(reviews_.out_of_caseload(worker, "s.worker", child_, turn)); });
  }
  void allocate(const UserId& worker) {
    in_turn([&](Turn& turn) {
      AllocationEntry entry;
      entry.person = child_;
      entry.worker = worker;
      EXPECT_TRUE(allocations_.allocate(entry, ActorId(), turn));
    });
  }
  std::vector<TaskEntry> tasks() {
    auto snapshot = store_.snapshot();
    return Tasks::read(snapshot->active_tasks().value(), *snapshot).value();
  }

  StoreForTests store_;
  SeededRandom random_{11};
  Instant now_ = noon;
  Tasks tasks_{west_yorkshire()->vocabulary, random_};
  Reviews reviews_{tasks_, west_yorkshire()->vocabulary};
  Allocations allocations_{random_};
  const PersonRef child_;
  const UserId one_ = UserId::make(random_), other_ = UserId::make(random_);
};

TEST_F(ReviewsTest, a_look_outside_the_caseload_is_one_task_a_day) {
  allocate(one_);
  look(one_);
  EXPECT_TRUE(tasks().empty()) << "it is theirs";
  look(other_), look(other_);
  ASSERT_EQ(tasks().size(), 1u);
  EXPECT_EQ(tasks().front().kind, "out_of_caseload_review");
  EXPECT_EQ(tasks().front().person, child_);
  EXPECT_EQ(tasks().front().holders.front().role, "manager");
  now_ = noon + day_ms;
  look(other_);
  EXPECT_EQ(tasks().size(), 2u);
}

TEST_F(ReviewsTest, a_child_whom_nobody_is_allocated_to_is_in_nobodys_caseload) {
  look(other_);
  EXPECT_TRUE(tasks().empty());
}

TEST_F(ReviewsTest, a_broken_glass_is_one_task_however_often_it_is_asked_about) {
  const ViewId view = ViewId::make(random_);
  const AskId ask = AskId::make(random_);
  for (int i = 0; i < 2; ++i)
    in_turn([&](Turn& turn) {
      EXPECT_TRUE(reviews_.own_break_glass(view, "s.worker", "screams heard", turn));
      EXPECT_TRUE(reviews_.break_glass_of("Leeds Children's Services", ask, child_, std::string(5000, 'x'), turn));
    });
  const auto all = tasks();
  ASSERT_EQ(all.size(), 2u);
  for (const auto& task : all) {
    EXPECT_EQ(task.kind, "break_glass_review");
    EXPECT_EQ(task.due, noon + 72 * hour_ms);
    EXPECT_EQ(task.title.find("screams"), std::string::npos) << "lists show titles";
  }
}

}  // namespace
}  // namespace ginnel
