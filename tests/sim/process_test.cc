// SPDX-License-Identifier: Apache-2.0
// A child's process in the lead's node: what it proves to others while it runs, and what it tells its own people while
// the node stops, leaps in time and fails to write.
#include "tests/sim/process_scenario.h"

namespace ginnel::sim {
namespace {

class Process : public ProcessScenario {};

TEST_F(Process, opens_what_holders_keep_for_a_proven_purpose_from_the_enquiry_to_its_end) {
  const ProcessId id = begin();
  ask().expect_shown("wy-police", "involvement", Step::headline).expect_not_shown("wy-police", "domestic_incident");
  to_s47(id);
  auto view = ask();
  view.expect_complete().expect_shown("wy-police", "domestic_incident", Step::content);
  view.expect_shown("bradford-health", "was_not_brought", Step::content);
  EXPECT_NE(view.now().standing.find("Section 47 enquiry"), std::string::npos) << view.now().standing;

  restart();
  ask().expect_complete().expect_shown("wy-police", "domestic_incident", Step::content);

  to_the_end(id);
  ask().expect_complete().expect_not_shown("wy-police", "domestic_incident");
  restart();
  ask().expect_complete().expect_not_shown("wy-police", "domestic_incident");
}

TEST_F(Process, proves_nothing_for_another_agency_or_another_child) {
  to_s47(begin());
  t.node("leeds-csc")
      .ask(Story::moved_twice, {.purpose = "child_protection"})
      .expect_not_shown("wy-police", "domestic_incident");
  for (const auto& holding : holdings_of(Story::refuge_address)) t.with(holding);
  auto view = t.node("bradford-csc").ask(Story::refuge_address, {.purpose = "child_protection"});
  EXPECT_EQ(view.now().standing.find("Section 47 enquiry"), std::string::npos) << view.now().standing;
}

TEST_F(Process, what_begins_and_ends_in_it_is_told_to_who_works_with_the_child_and_stands_in_their_view) {
  t.node("bradford-health").ask(Story::moved_twice, {.purpose = "child_in_need"}).expect_complete();
  to_s47(begin());
  t.run_for(1min);
  std::size_t told = 0;
  for (const auto& item : t.node("bradford-health").inbox().items)
    told += item.kind == "new-record" && item.agency == *MemberId::parse("bradford-csc") &&
            item.category.starts_with("social-care");
  EXPECT_GE(told, 4u) << "the contact, the referral, the strategy discussion, the enquiry";
  auto view = ask();
  view.expect_shown("bradford-csc", "strategy_discussion", Step::content);
  view.expect_shown("bradford-csc", "referral", Step::content);
}

TEST_F(Process, tells_each_alert_once_over_stops_and_leaps_and_goes_on_where_it_was) {
  const ProcessId id = begin();
  to_strategy(id);
  leap(26 * hour_ms);
  const auto told = alerts(id);
  EXPECT_FALSE(told.empty()) << "the strategy discussion is late";
  restart();
  t.node("bradford-csc").crash();
  t.clock().advance_to(t.now() + 30 * day_ms);
  t.node("bradford-csc").restart();
  t.run_for(10s);
  restart();
  machine().step_clock(-3 * day_ms);
  t.run_for(10s);
  machine().step_clock(0);
  t.run_for(10s);
  const auto all = alerts(id);
  EXPECT_GT(all.size(), told.size());
  for (const auto& key : all) EXPECT_EQ(all.count(key), 1u) << key;
  EXPECT_TRUE(machine().verify().good());
}

TEST_F(Process, that_told_something_in_a_turn_that_was_lost_tells_it_after_the_restart) {
  const ProcessId id = begin();
  t.run_for(10s);
  const auto before = alerts(id);
  t.node("bradford-csc").fail_next_commit();
  leap(26 * hour_ms);
  ASSERT_TRUE(machine().store().read_only());
  restart();
  const auto after = alerts(id);
  EXPECT_GT(after.size(), before.size());
  for (const auto& key : after) EXPECT_EQ(after.count(key), 1u) << key;
}

TEST_F(Process, wakes_its_node_by_itself) {
  const ProcessId id = begin();
  t.run_for(10s);
  const auto before = alerts(id).size();
  const auto next = node().processes().next_tick();
  ASSERT_TRUE(next);
  EXPECT_LE(node().next_wake()->ms, next->ms);
  t.clock().advance_to(*next);
  t.run_for(1s);
  EXPECT_GT(alerts(id).size(), before);
}

}  // namespace
}  // namespace ginnel::sim
