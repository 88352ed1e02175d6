// SPDX-License-Identifier: Apache-2.0
#include "federation/delivery/delivery_engine.h"

#include <gtest/gtest.h>

#include "tests/federation/delivery_model.h"

namespace ginnel {
namespace {

using samples::DeliveryModel;

constexpr std::int64_t week_ms = 7 * day_ms;

void queue_some(DeliveryModel& model, unsigned count, unsigned children) {
  for (unsigned i = 0; i < count; ++i) model.queue(std::uint16_t(1 + i % children));
}

TEST(DeliveryEngine, notices_waiting_together_share_one_message_and_one_receipt) {
  DeliveryModel model(1);
  queue_some(model, 64, 64);
  model.run(minute_ms);
  EXPECT_EQ(model.check(), "");
  EXPECT_EQ(model.count("delivered"), 64u);
  EXPECT_EQ(model.released, 64u);
  std::set<Bytes> receipts;
  for (const auto& [id, receipt] : model.recipient().receipts) receipts.insert(receipt);
  EXPECT_EQ(receipts.size(), 1u);
}

TEST(DeliveryEngine, loss_doubling_reordering_and_crashes_lose_nothing_and_double_nothing) {
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    DeliveryModel model(seed);
    model.faults = {30, 20, 10, false, false, false};
    queue_some(model, 100, 7);
    model.run(2 * day_ms);
    model.faults = {};
    model.run(day_ms / 2);
    EXPECT_EQ(model.check(), "") << "seed " << seed;
    EXPECT_EQ(model.count("delivered"), 100u) << "seed " << seed;
  }
}

TEST(DeliveryEngine, the_checker_finds_receipts_that_leave_before_the_commit) {
  bool is_found = false;
  for (std::uint64_t seed = 1; seed <= 50 && !is_found; ++seed) {
    DeliveryModel model(seed);
    model.faults = {10, 10, 20, false, true, false};
    queue_some(model, 50, 5);
    model.run(day_ms);
    is_found = model.check() == "a notice counts as delivered and had no effect";
  }
  EXPECT_TRUE(is_found);
}

TEST(DeliveryEngine, the_checker_finds_a_recipient_that_remembers_nothing) {
  bool is_found = false;
  for (std::uint64_t seed = 1; seed <= 50 && !is_found; ++seed) {
    DeliveryModel model(seed);
    model.faults = {10, 30, 0, false, false, true};
    queue_some(model, 50, 5);
    model.run(day_ms);
    is_found = model.check() == "a notice took effect twice";
  }
  EXPECT_TRUE(is_found);
}

TEST(DeliveryEngine, a_partition_of_two_days_keeps_order_and_is_over_soon_after_it_ends) {
  DeliveryModel model(3);
  model.faults.is_cut = true;
  queue_some(model, 300, 9);
  model.run(2 * day_ms);
  EXPECT_EQ(model.count("queued"), 300u);
  // One notice every quarter of an hour or so, not three hundred.
  EXPECT_LT(model.released, 64u * 4 + 300u);
  model.faults.is_cut = false;
  model.run(hour_ms);
  EXPECT_EQ(model.check(), "");
  EXPECT_EQ(model.count("delivered"), 300u);
}

TEST(DeliveryEngine, after_the_limit_somebody_is_told_of_each) {
  DeliveryModel model(4, {20, 3 * day_ms});
  model.faults.is_cut = true;
  queue_some(model, 1000, 100);
  model.run(week_ms);
  EXPECT_EQ(model.count("given-up"), 1000u);
  EXPECT_EQ(model.check(), "");
}

TEST(DeliveryEngine, a_stuck_child_holds_up_nobody_else) {
  DeliveryModel model(5);
  model.stuck_children = {ChildMark{1}};
  queue_some(model, 100, 10);
  model.run(minute_ms);
  EXPECT_EQ(model.count("delivered"), 90u);
  EXPECT_EQ(model.count("queued"), 10u);
  model.stuck_children.clear();
  model.run(hour_ms);
  EXPECT_EQ(model.check(), "");
  EXPECT_EQ(model.count("delivered"), 100u);
}

TEST(DeliveryEngine, a_child_that_the_recipient_cannot_take_now_holds_up_nobody_else) {
  DeliveryModel model(6);
  model.later_children = {ChildMark{1}};
  queue_some(model, 100, 10);
  model.run(minute_ms);
  EXPECT_EQ(model.count("delivered"), 90u);
  model.later_children.clear();
  model.run(hour_ms);
  EXPECT_EQ(model.check(), "");
  EXPECT_EQ(model.count("delivered"), 100u);
}

TEST(DeliveryEngine, a_recipient_whose_bound_is_spent_is_not_sent_everything_and_gets_it_all_in_the_end) {
  DeliveryModel model(6);
  model.is_later_for_all = true;
  queue_some(model, 3000, 3000);
  model.run(10 * minute_ms);
  EXPECT_EQ(model.count("queued"), 3000u);
  EXPECT_LE(model.tried.size(), limits::delivery_stuck_children_max + 4 * limits::notices_per_message_max);
  EXPECT_GT(model.tried.size(), 1000u);
  model.is_later_for_all = false;
  model.run(2 * hour_ms);
  EXPECT_EQ(model.check(), "");
  EXPECT_EQ(model.count("delivered"), 3000u);
}

TEST(DeliveryEngine, what_policy_no_longer_allows_at_release_is_not_sent) {
  DeliveryModel model(7);
  model.withdrawn_children = {ChildMark{2}};
  queue_some(model, 10, 5);
  model.run(minute_ms);
  EXPECT_EQ(model.count("withdrawn"), 2u);
  EXPECT_EQ(model.count("delivered"), 8u);
  EXPECT_EQ(model.recipient().effects.size(), 8u);
}

TEST(DeliveryEngine, a_refusal_settles_and_leaves_the_others_alone) {
  DeliveryModel model(8);
  model.refused_children = {ChildMark{3}};
  queue_some(model, 10, 5);
  model.run(minute_ms);
  EXPECT_EQ(model.count("refused"), 2u);
  EXPECT_EQ(model.count("delivered"), 8u);
}

TEST(DeliveryEngine, nothing_is_sent_to_a_suspended_peer_and_it_arrives_when_the_suspension_ends) {
  DeliveryModel model(9);
  model.reach_now = Reach::wait;
  queue_some(model, 10, 5);
  model.run(hour_ms);
  EXPECT_EQ(model.released, 0u);
  model.reach_now = Reach::open;
  model.run(hour_ms);
  EXPECT_EQ(model.count("delivered"), 10u);
}

TEST(DeliveryEngine, notices_to_a_revoked_peer_are_reported_at_once) {
  DeliveryModel model(10);
  model.reach_now = Reach::never;
  queue_some(model, 10, 5);
  model.run(minute_ms);
  EXPECT_EQ(model.released, 0u);
  EXPECT_EQ(model.count("given-up"), 10u);
}

TEST(DeliveryEngine, a_backlog_of_ten_thousand_drains_and_is_never_all_in_memory) {
  DeliveryModel model(11);
  model.faults.is_cut = true;
  queue_some(model, 10'000, 250);
  model.run(hour_ms);
  model.faults.is_cut = false;
  model.run(day_ms);
  EXPECT_EQ(model.count("delivered"), 10'000u);
  EXPECT_LE(model.in_flight_max, limits::delivery_messages_per_peer_max * limits::notices_per_message_max);
  EXPECT_LT(model.looked_at, 5 * 10'000u);  // some are passed over while another message has their child
}

}  // namespace
}  // namespace ginnel
