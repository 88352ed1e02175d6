// SPDX-License-Identifier: Apache-2.0
// Work that nobody does, while its node stops, leaps in time and fails to write.
#include <gtest/gtest.h>

#include "tests/sim/world.h"

namespace ginnel::sim {
namespace {

class AgencyWork : public testing::Test {
 protected:
  AgencyWork() { t.ten_agencies(); }

  TaskId open(const std::string& kind) {
    NewTask task;
    task.kind = kind;
    std::optional<Expected<TaskId>> made;
    node().open_task(machine().token("s.worker"), task, [&](Expected<TaskId> id) { made = std::move(id); });
    EXPECT_TRUE(t.run_until([&] { return made.has_value(); }, 10s));
    EXPECT_TRUE(*made) << made->error().text();
    return **made;
  }
  std::vector<TaskAct> acts(const TaskId& id) {
    std::vector<TaskAct> out;
    auto snapshot = machine().store().snapshot();
    const auto history = node().tasks().history(id, **snapshot);
    EXPECT_TRUE(history) << history.error().text();
    if (!history) return out;
    for (const auto& step : *history) out.push_back(step.entry.act);
    return out;
  }
  void leap(std::int64_t ms) {
    t.clock().advance_to(t.now() + ms);
    t.run_for(10s);
  }
  Machine& machine() { return t.machine("bradford-csc"); }
  Node& node() { return machine().node(); }

  World t{seed()};
  const std::vector<TaskAct> all{TaskAct::opened, TaskAct::to_deputy, TaskAct::to_manager};
};

TEST_F(AgencyWork, goes_to_the_deputy_and_the_managers_once_each_over_stops_and_leaps_of_the_clock) {
  const TaskId id = open("follow_up");  // due in 120 hours, with the managers 48 hours later
  t.run_for(1min);
  EXPECT_EQ(acts(id).size(), 1u);
  leap(119 * hour_ms);
  EXPECT_EQ(acts(id).size(), 1u);
  t.node("bradford-csc").crash();
  t.clock().advance_to(t.now() + 2 * hour_ms);
  t.node("bradford-csc").restart();
  t.run_for(10s);
  EXPECT_EQ(acts(id).size(), 2u) << "it came due while the node was down";
  t.node("bradford-csc").crash();
  t.node("bradford-csc").restart();
  t.run_for(1min);
  EXPECT_EQ(acts(id).size(), 2u) << "and goes to nobody twice";
  leap(60 * hour_ms);
  leap(600 * hour_ms);
  EXPECT_EQ(acts(id), all);
  EXPECT_TRUE(machine().verify().good());
}

TEST_F(AgencyWork, that_went_further_in_a_turn_that_was_lost_goes_further_after_the_restart) {
  const TaskId id = open("follow_up");
  t.run_for(10s);
  t.node("bradford-csc").fail_next_commit();
  leap(121 * hour_ms);
  ASSERT_TRUE(machine().store().read_only());
  t.node("bradford-csc").crash();
  t.node("bradford-csc").restart();
  t.run_for(10s);
  EXPECT_EQ(acts(id), (std::vector{TaskAct::opened, TaskAct::to_deputy}));
}

TEST_F(AgencyWork, wakes_its_node_by_itself) {
  const TaskId id = open("follow_up");
  t.run_for(10s);
  const auto next = node().next_wake();
  ASSERT_TRUE(next);
  t.clock().advance_to(t.now() + 120 * hour_ms);
  EXPECT_LE(node().next_wake()->ms, t.now().ms);
  t.run_for(1s);
  EXPECT_EQ(acts(id).size(), 2u);
}

}  // namespace
}  // namespace ginnel::sim
