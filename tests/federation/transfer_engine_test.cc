// SPDX-License-Identifier: Apache-2.0
#include "federation/transfer/transfer_engine.h"

#include <gtest/gtest.h>

#include "tests/federation/transfer_world.h"

namespace ginnel {
namespace {

using samples::TransferFaults;
using samples::TransferWorld;

constexpr std::size_t bradford = 0, leeds = 1, wakefield = 2;

// Over the whole way, each with time to arrive.
void move(TransferWorld& world, std::size_t from, std::size_t to) {
  const auto id = world.offer(from, to);
  ASSERT_TRUE(id) << id.error().text();
  world.run(minute_ms);
  for (const auto& [who, said] : std::vector<std::pair<std::size_t, TransferAct>>{{from, TransferAct::bundle},
                                                                                  {to, TransferAct::complete},
                                                                                  {to, TransferAct::accept},
                                                                                  {to, TransferAct::conference},
                                                                                  {to, TransferAct::acceptance},
                                                                                  {from, TransferAct::release}}) {
    const auto done = world.say(who, *id, said);
    ASSERT_TRUE(done) << name_of(said) << ": " << done.error().text();
    world.run(minute_ms);
  }
  EXPECT_EQ(world.node(from).disk.logs.at(*id).state(), TransferState::moved);
  EXPECT_EQ(world.node(to).disk.logs.at(*id), world.node(from).disk.logs.at(*id));
}

TEST(TransferEngineTest, a_lead_moves_twice_and_comes_home) {
  TransferWorld world(1);
  move(world, bradford, leeds);
  move(world, leeds, wakefield);
  move(world, wakefield, bradford);
  EXPECT_EQ(world.lead(), (std::pair<std::uint64_t, std::string>(4, "bradford-csc")));
  EXPECT_EQ(world.check(true), "");
}

TEST(TransferEngineTest, who_does_not_lead_offers_nothing) {
  TransferWorld world(1);
  move(world, bradford, leeds);
  EXPECT_EQ(world.offer(bradford, wakefield).error().code, "transfer-not-the-lead");
  ASSERT_TRUE(world.offer(leeds, wakefield));
  EXPECT_EQ(world.offer(leeds, bradford).error().code, "transfer-open");
  world.run(minute_ms);
  EXPECT_EQ(world.offer(wakefield, bradford).error().code, "transfer-not-the-lead");
}

TEST(TransferEngineTest, once_both_hold_the_same_nothing_is_sent) {
  TransferWorld world(1);
  move(world, bradford, leeds);
  EXPECT_FALSE(world.node(bradford).engine.next_tick());
  EXPECT_FALSE(world.node(leeds).engine.next_tick());
}

TEST(TransferEngineTest, what_arrives_is_settled_without_a_second_try) {
  TransferWorld world(1);
  ASSERT_TRUE(world.offer(bradford, leeds));
  world.run(second_ms);
  EXPECT_FALSE(world.node(bradford).engine.next_tick());
  EXPECT_FALSE(world.node(leeds).engine.next_tick());
}

TEST(TransferEngineTest, what_is_said_by_a_clock_that_is_ahead_is_taken_when_ours_is_there) {
  TransferFaults faults;
  faults.loss_percent = 100;
  TransferWorld world(1, faults);
  world.now = world.now + hour_ms;
  const auto id = world.offer(bradford, leeds).value();
  world.now = world.now + -hour_ms;
  auto& node = world.node(leeds);
  const auto from = world.node(bradford).me;
  const TransferMessage message{id, {world.node(bradford).disk.logs.at(id).said_by(from)[0].encoded}, {}, true};
  EXPECT_EQ(node.engine.receive(from, message, world.now, node).value(), Drop::bad_payload);
  EXPECT_TRUE(node.work.logs.empty());
  EXPECT_FALSE(node.engine.receive(from, message, world.now + hour_ms, node).value());
  EXPECT_TRUE(node.work.logs.contains(id));
}

// What is due for it to say by itself, it says once it was told what it had said; and the other hears it.
TEST(TransferEngineTest, a_restored_originator_is_discharged) {
  TransferWorld world(1);
  const auto id = world.offer(bradford, leeds).value();
  world.run(minute_ms);
  ASSERT_TRUE(world.say(bradford, id, TransferAct::bundle));
  world.run(minute_ms);
  for (const TransferAct said :
       {TransferAct::complete, TransferAct::accept, TransferAct::conference, TransferAct::acceptance})
    ASSERT_TRUE(world.say(leeds, id, said));
  world.run(minute_ms);
  world.faults.loss_percent = 100;
  ASSERT_TRUE(world.say(bradford, id, TransferAct::release));
  world.node(bradford).restore(world.node(bradford).disk, world.now);
  world.faults.loss_percent = 0;
  world.run(minute_ms);
  EXPECT_EQ(world.node(leeds).disk.logs.at(id).state(), TransferState::moved);
  EXPECT_EQ(world.check(true), "");
}

TEST(TransferEngineTest, a_silent_peer_is_tried_again_and_again_and_nothing_moves) {
  TransferFaults faults;
  faults.loss_percent = 100;
  TransferWorld world(1, faults);
  const auto id = world.offer(bradford, leeds);
  ASSERT_TRUE(id);
  world.run(30 * day_ms);
  EXPECT_EQ(world.node(bradford).disk.logs.at(*id).state(), TransferState::offered);
  EXPECT_EQ(world.node(bradford).disk.logs.at(*id).lead(), world.node(bradford).me);
  ASSERT_TRUE(world.node(bradford).engine.next_tick());
  EXPECT_LE(*world.node(bradford).engine.next_tick() - world.now, limits::transfer_resend_ms_max);
  EXPECT_GT(*world.node(bradford).engine.next_tick(), world.now);
  world.node(bradford).engine.heard(world.node(leeds).me, world.now);  // it can be reached again
  EXPECT_EQ(*world.node(bradford).engine.next_tick(), world.now);
  world.faults.loss_percent = 0;
  world.run(hour_ms);
  EXPECT_TRUE(world.node(leeds).disk.logs.contains(*id));
}

// Where something of the bundle is missing, a person decides, and says why.
TEST(TransferEngineTest, the_node_assumes_nothing_by_itself_without_the_whole_bundle) {
  TransferWorld world(1);
  const auto id = world.offer(bradford, leeds).value();
  world.run(minute_ms);
  for (const TransferAct said : {TransferAct::accept, TransferAct::conference, TransferAct::acceptance})
    ASSERT_TRUE(world.say(leeds, id, said));
  world.run(minute_ms);
  ASSERT_TRUE(world.say(bradford, id, TransferAct::release));
  world.run(day_ms);
  EXPECT_EQ(world.node(leeds).disk.logs.at(id).state(), TransferState::released);
  ASSERT_TRUE(world.say(leeds, id, TransferAct::assume));
  world.run(minute_ms);
  EXPECT_EQ(world.node(bradford).disk.logs.at(id).state(), TransferState::moved);
}

TEST(TransferEngineTest, a_cancellation_ends_when_it_is_acknowledged) {
  TransferWorld world(1);
  const auto id = world.offer(bradford, leeds).value();
  world.run(minute_ms);
  ASSERT_TRUE(world.say(leeds, id, TransferAct::accept));
  ASSERT_TRUE(world.say(bradford, id, TransferAct::cancel));  // at the same time
  EXPECT_EQ(world.node(bradford).disk.logs.at(id).state(), TransferState::cancelling);
  EXPECT_EQ(world.offer(bradford, wakefield).error().code, "transfer-open");
  world.run(minute_ms);
  EXPECT_EQ(world.node(bradford).disk.logs.at(id).state(), TransferState::cancelled);
  EXPECT_EQ(world.node(leeds).disk.logs.at(id).state(), TransferState::cancelled);
  EXPECT_TRUE(world.offer(bradford, wakefield));
}

TEST(TransferEngineTest, a_restored_originator_learns_that_it_has_released) {
  TransferWorld world(1);
  const auto backup = world.node(bradford).disk;
  move(world, bradford, leeds);
  world.node(bradford).restore(backup, world.now);
  EXPECT_EQ(world.offer(bradford, wakefield).error().code, "transfer-recalling");
  world.run(second_ms);  // at once, not at the next try
  EXPECT_EQ(world.offer(bradford, wakefield).error().code, "transfer-not-the-lead");
  EXPECT_EQ(world.check(true), "");
}

TEST(TransferEngineTest, a_restored_receiver_learns_what_it_alone_had_said) {
  TransferWorld world(1);
  const auto id = world.offer(bradford, leeds).value();
  world.run(minute_ms);
  const auto backup = world.node(leeds).disk;
  ASSERT_TRUE(world.say(leeds, id, TransferAct::accept));
  world.run(minute_ms);
  world.node(leeds).restore(backup, world.now);
  world.run(minute_ms);
  EXPECT_EQ(world.node(leeds).disk.logs.at(id), world.node(bradford).disk.logs.at(id));
  EXPECT_EQ(world.say(leeds, id, TransferAct::accept).error().code, "transfer-not-now");
}

TEST(TransferEngineTest, who_says_something_else_under_a_number_raises_an_alarm_and_changes_nothing) {
  TransferWorld world(1);
  const auto id = world.offer(bradford, leeds).value();
  world.run(minute_ms);
  auto& node = world.node(leeds);
  const TransferLog before = node.disk.logs.at(id);
  TransferStatement other = before.by_originator()[0].statement;
  other.text = "not what was offered";
  const TransferMessage message{id, {world.node(bradford).sign(other)->encoded}, {}, false};
  ASSERT_FALSE(node.engine.receive(before.originator(), message, world.now, node).value());
  const auto alarms = node.engine.take_alarms();
  ASSERT_EQ(alarms.size(), 1u);
  EXPECT_EQ(alarms[0].error.code, "transfer-conflict");
  EXPECT_EQ(alarms[0].statement, message.originator[0]);
  EXPECT_EQ(node.work.logs.at(id), before);
  EXPECT_TRUE(node.engine.take_outgoing().empty());
}

TEST(TransferEngineTest, a_restored_receiver_leads_again) {
  TransferWorld world(1);
  const auto backup = world.node(leeds).disk;
  move(world, bradford, leeds);
  world.node(leeds).restore(backup, world.now);
  world.run(minute_ms);
  EXPECT_EQ(world.check(true), "");
  EXPECT_TRUE(world.offer(leeds, wakefield));
}

TEST(TransferEngineTest, who_has_not_heard_all_authorities_since_its_restore_releases_nothing) {
  TransferWorld world(1);
  const auto id = world.offer(bradford, leeds).value();
  world.run(minute_ms);
  for (const TransferAct said : {TransferAct::accept, TransferAct::conference, TransferAct::acceptance})
    ASSERT_TRUE(world.say(leeds, id, said));
  world.run(minute_ms);
  const auto backup = world.node(bradford).disk;
  world.faults.loss_percent = 100;
  world.node(bradford).restore(backup, world.now);
  world.run(minute_ms);
  const auto refused = world.say(bradford, id, TransferAct::release);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, "transfer-recalling");
  // Whom it is to be released to has answered, and another authority has not.
  world.node(bradford).work.recalled.insert(world.node(leeds).me);
  const auto refused_again = world.say(bradford, id, TransferAct::release);
  ASSERT_FALSE(refused_again);
  EXPECT_EQ(refused_again.error().code, "transfer-recalling");
  world.faults.loss_percent = 0;
  world.run(hour_ms);
  EXPECT_TRUE(world.say(bradford, id, TransferAct::release));
}

TEST(TransferEngineTest, a_restored_node_says_nothing_by_itself_before_it_was_told_what_it_had_said) {
  TransferFaults faults;
  faults.loss_percent = 100;
  TransferWorld world(1, faults);
  const auto id = world.offer(bradford, leeds).value();
  auto& node = world.node(leeds);
  node.restore({}, world.now);
  const auto offered = world.node(bradford).disk.logs.at(id).said_by(world.node(bradford).me)[0].encoded;
  ASSERT_FALSE(node.engine.receive(world.node(bradford).me, {id, {offered}, {}, true}, world.now, node).value());
  EXPECT_TRUE(node.work.logs.at(id).said_by(node.me).empty());
  world.turn(node, [](auto&) {});
  world.faults.loss_percent = 0;
  world.run(hour_ms);
  EXPECT_EQ(world.node(bradford).disk.logs.at(id).said_by(node.me).size(), 1u);
}

TEST(TransferEngineTest, who_can_lead_no_more_is_asked_too_before_anything_is_said_to_them) {
  TransferWorld world(1);
  const auto id = world.offer(bradford, leeds).value();
  world.run(minute_ms);
  const auto backup = world.node(bradford).disk;
  world.node(bradford).gone.insert(world.node(leeds).me);
  world.node(bradford).restore(backup, world.now);
  EXPECT_EQ(world.say(bradford, id, TransferAct::cancel).error().code, "transfer-recalling");
  world.run(minute_ms);
  EXPECT_TRUE(world.say(bradford, id, TransferAct::cancel));
}

TEST(TransferEngineTest, strangers_and_third_parties_change_nothing) {
  TransferWorld world(1);
  const auto id = world.offer(bradford, leeds).value();
  world.run(minute_ms);
  auto& node = world.node(leeds);
  const auto& log = node.disk.logs.at(id);
  TransferMessage message{id, {log.by_originator()[0].encoded}, {}, true};
  const auto wakefield_id = world.node(wakefield).me;
  EXPECT_EQ(node.engine.receive(wakefield_id, message, world.now, node).value(), Drop::unsolicited);
  auto& other = world.node(wakefield);
  EXPECT_EQ(other.engine.receive(node.me, message, world.now, other).value(), Drop::bad_payload);
  EXPECT_TRUE(other.work.logs.empty());
  message.transfer = *TransferId::from(Bytes(16, 0x55));
  EXPECT_EQ(node.engine.receive(log.originator(), message, world.now, node).value(), Drop::bad_payload);
  EXPECT_EQ(node.engine.receive(log.originator(), {message.transfer, {}, {}, true}, world.now, node).value(),
            Drop::unsolicited);
}

// Every fault at once: what is wrong afterwards, or on the way. docs/protocol/transfer.md says what must hold.
struct Lived {
  std::string wrong;
  std::uint64_t moves = 0;
};
Lived run_seed(std::uint64_t seed, TransferFaults faults = {}) {
  faults.loss_percent = unsigned(seed % 4) * 15;
  faults.doubling_percent = 20;
  faults.crash_percent = unsigned(seed % 3) * 4;
  faults.delay_ms_max = seed % 2 ? 30 * second_ms : 200;
  TransferWorld world(seed, faults);
  world.live(200);
  Lived run;
  run.wrong = world.check(false);
  if (!run.wrong.empty()) return run;
  world.settle();
  return {world.check(true), world.lead().first - 1};
}

TEST(TransferEngineSeeds, a_thousand_with_every_fault_hold) {
  std::uint64_t moves = 0;
  for (std::uint64_t seed = 1; seed <= 1000; ++seed) {
    const Lived run = run_seed(seed);
    ASSERT_EQ(run.wrong, "") << "seed " << seed;
    moves += run.moves;
  }
  EXPECT_GT(moves, 1000);
}

// The checker is no decoration: each planted bug is found within so many seeds.
bool is_found(const TransferFaults& planted, const std::string& wrong) {
  for (std::uint64_t seed = 1; seed <= 1000; ++seed)
    if (run_seed(seed, planted).wrong == wrong) return true;
  return false;
}

TEST(TransferEngineSeeds, what_forgets_to_recall_is_found) {
  TransferFaults planted;
  planted.forgets_to_recall = true;
  planted.restores = 8;
  EXPECT_TRUE(is_found(planted, "epoch 2 has two leads"));
}

TEST(TransferEngineSeeds, what_sends_before_its_commit_is_found) {
  TransferFaults planted;
  planted.sends_before_commit = true;
  EXPECT_TRUE(is_found(planted, "one side said two things under one number"));
}

}  // namespace
}  // namespace ginnel
