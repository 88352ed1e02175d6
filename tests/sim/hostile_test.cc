// SPDX-License-Identifier: Apache-2.0
// Members with genuine keys and bad intent, and frames that no honest member sends: what they gain, and what changes.
#include <gtest/gtest.h>

#include "tests/sim/world.h"

namespace ginnel::sim {
namespace {

// --- what a member answers

Item claimed_item(const std::string& owner) {
  SeededRandom random(99);
  Item item;
  item.record = RecordId::make(random);
  item.kind = "health_attendance";
  item.occurred = item.recorded = When::on({2026, 11, 8});
  item.received = Instant{1'795'000'000'000};
  item.step = Step::content;
  item.headline = "Clinic attendance";
  item.narrative = "What was said there.";
  item.label.category = "health.sexual";
  item.label.sensitivity = 3;
  item.label.owner = id(owner);
  return item;
}

Answer claimed_answer(const AskId& ask, std::vector<Item> items) {
  Answer answer;
  answer.ask = ask;
  answer.status = PartStatus::answered;
  answer.answered_at = Instant{1'795'435'201'000};
  answer.items = std::move(items);
  answer.bundle = west_yorkshire()->ref();
  answer.basis = "public_task";
  return answer;
}

TEST(HostilePeer, that_claims_an_item_is_ours_gains_nothing) {
  World t(seed());
  t.ten_agencies().with_story(Story::moved_twice);
  t.take_over("leeds-health",
              [](const Ask& ask) { return std::vector{claimed_answer(ask.id, {claimed_item("bradford-csc")})}; });
  auto view = t.node("bradford-csc").ask(Story::moved_twice, {.purpose = "child_protection"});
  view.expect_part("leeds-health", PartStatus::withheld).expect_not_shown("leeds-health", "health_attendance");
  view.expect_not_shown("bradford-csc", "health_attendance");
}

TEST(HostilePeer, that_gives_more_than_our_own_policy_shows_changes_nothing) {
  World t(seed());
  t.ten_agencies();
  for (const auto& holding : holdings_of(Story::moved_twice)) t.with(holding);
  Item incident = claimed_item("leeds-health");
  incident.label.category = "health.attendance";
  incident.label.sensitivity = 2;
  t.take_over("leeds-health", [&](const Ask& ask) { return std::vector{claimed_answer(ask.id, {incident})}; });
  auto view = t.node("bradford-csc").ask(Story::moved_twice);
  view.expect_part("leeds-health", PartStatus::withheld).expect_not_shown("leeds-health", "health_attendance");
}

TEST(HostilePeer, that_answers_for_another_is_dropped) {
  World t(seed());
  t.ten_agencies().with_story(Story::moved_twice);
  t.node("wy-police").freeze();
  auto view = t.node("bradford-csc").begin(identity_of(Story::moved_twice), {.deadline = 2s});
  t.run_for(100ms);
  AskId police_ask;
  for (const auto& packet : t.network().log)
    if (packet.to == id("wy-police")) police_ask = decode_ask(t.opened(packet)->payload)->id;
  ASSERT_FALSE(police_ask.empty());
  const auto payload = encode_answer(claimed_answer(police_ask, {claimed_item("wy-police")})).value();
  t.inject("leeds-health", "bradford-csc", t.sealed(t.message("leeds-health", "bradford-csc", Kind::answer, payload)));
  t.run_for(3s);
  EXPECT_EQ(t.node("bradford-csc").dropped(Drop::unsolicited), 1u);
  view.expect_part("wy-police", PartStatus::silent).expect_not_shown("wy-police", "health_attendance");
}

TEST(HostilePeer, that_sends_more_than_can_be_kept_harms_its_own_part_only) {
  World t(seed());
  t.ten_agencies().with_story(Story::moved_twice);
  t.take_over("leeds-health", [](const Ask& ask) {
    std::vector<Answer> pages;
    for (std::uint32_t page = 0; page < 48; ++page) {
      Item item = claimed_item("leeds-health");
      item.narrative = std::string(200'000, 'x');
      pages.push_back(claimed_answer(ask.id, {item}));
      pages.back().page = page;
      pages.back().pages = 48;
    }
    return pages;
  });
  auto view = t.node("bradford-csc").ask(Story::moved_twice);
  view.expect_part("leeds-health", PartStatus::unknown).expect_part("wy-police", PartStatus::answered);
  EXPECT_TRUE(t.node("bradford-csc").readiness().ready);
}

TEST(HostilePeer, whose_markings_nobody_knows_loses_its_own_part_only) {
  World t(seed());
  t.ten_agencies().with_story(Story::moved_twice);
  t.take_over("leeds-health", [](const Ask& ask) {
    Answer answer = claimed_answer(ask.id, {claimed_item("leeds-health")});
    answer.markings = {"made_up"};
    return std::vector{answer};
  });
  auto view = t.node("bradford-csc").ask(Story::moved_twice);
  view.expect_part("leeds-health", PartStatus::unknown).expect_part("wy-police", PartStatus::answered);
  EXPECT_NE(view.part("leeds-health").reason.find("`made_up`"), std::string::npos);
}

// --- what arrives

class HostileFrame : public testing::Test {
 protected:
  World t{seed()};
  std::uint64_t ledger_before = 0;
  std::uint64_t answered_before = 0;

  void SetUp() override {
    t.ten_agencies().with_story(Story::moved_twice);
    t.node("bradford-csc").ask(Story::moved_twice).expect_complete();
    ledger_before = t.node("wy-police").ledger_size();
    t.network().log.clear();
  }
  void expect_dropped(Drop reason, Bytes frame, const std::string& authenticated = "leeds-csc") {
    const auto before = t.node("wy-police").dropped(reason);
    t.inject(authenticated, "wy-police", std::move(frame));
    t.run_for(1s);
    EXPECT_EQ(t.node("wy-police").dropped(reason), before + 1) << name_of(reason);
    EXPECT_EQ(t.node("wy-police").ledger_size(), ledger_before) << name_of(reason);
    EXPECT_TRUE(t.network().log.empty()) << "a dropped frame was answered";
  }
};

TEST_F(HostileFrame, that_is_right_is_answered_so_that_the_others_are_dropped_for_their_fault) {
  t.inject("leeds-csc", "wy-police", t.sealed(t.ask_message("leeds-csc", "wy-police")));
  t.run_for(1s);
  EXPECT_EQ(t.node("wy-police").ledger_size(), ledger_before + 2);
  EXPECT_EQ(t.network().log.size(), 1u);
}

TEST_F(HostileFrame, with_a_forged_signature_is_dropped) {
  const SigningKey forger = SigningKey::make(t.random());
  expect_dropped(Drop::bad_signature, t.sealed(t.ask_message("leeds-csc", "wy-police"), &forger));
}

TEST_F(HostileFrame, of_another_sender_is_dropped) {
  expect_dropped(Drop::sender_mismatch, t.sealed(t.ask_message("leeds-csc", "wy-police")), "leeds-health");
}

TEST_F(HostileFrame, that_is_replayed_is_dropped_after_a_crash_too) {
  const Bytes frame = t.sealed(t.ask_message("leeds-csc", "wy-police"));
  t.inject("leeds-csc", "wy-police", frame);
  t.run_for(1s);
  ledger_before = t.node("wy-police").ledger_size();
  t.network().log.clear();
  expect_dropped(Drop::replayed, frame);
  t.node("wy-police").crash();
  t.node("wy-police").restart();
  expect_dropped(Drop::replayed, frame);
}

// Seed 53 of the simulator: while the clock was ahead, the ids of messages that were not over yet were forgotten.
TEST_F(HostileFrame, that_is_replayed_is_dropped_after_our_clock_ran_ahead_too) {
  Message message = t.ask_message("leeds-csc", "wy-police");
  message.header.expires = t.clock().now() + 20 * minute_ms;
  const Bytes frame = t.sealed(message);
  t.inject("leeds-csc", "wy-police", frame);
  t.run_for(1s);

  t.node("wy-police")->step_clock(33 * minute_ms);
  t.run_for(2min);
  t.node("wy-police").crash();
  t.node("wy-police").restart();
  t.node("wy-police")->step_clock(0);
  t.run_for(10s);

  ledger_before = t.node("wy-police").ledger_size();
  t.network().log.clear();
  expect_dropped(Drop::replayed, frame);
}

// What keeps a replay out keeps nobody else out, not for a second.
TEST(AfterAClockThatRanAhead, everybody_is_heard_at_once) {
  World t(seed());
  t.ten_agencies().with_story(Story::moved_twice);
  t.run_for(1min);
  t.node("wy-police")->step_clock(33 * minute_ms);
  t.run_for(10min);
  t.node("wy-police")->step_clock(0);
  t.run_for(10s);
  t.node("bradford-csc").ask(Story::moved_twice).expect_complete();
}

TEST_F(HostileFrame, for_another_recipient_is_dropped) {
  Message message = t.ask_message("leeds-csc", "wy-police");
  message.header.to = id("leeds-health");
  expect_dropped(Drop::wrong_recipient, t.sealed(message));
}

TEST_F(HostileFrame, of_another_incarnation_is_dropped) {
  Message message = t.ask_message("leeds-csc", "wy-police");
  message.header.to_incarnation = 2;
  expect_dropped(Drop::wrong_to_incarnation, t.sealed(message));
  message = t.ask_message("leeds-csc", "wy-police");
  message.header.from_incarnation = 2;
  expect_dropped(Drop::wrong_from_incarnation, t.sealed(message));
}

TEST_F(HostileFrame, that_has_expired_or_lives_too_long_is_dropped) {
  Message message = t.ask_message("leeds-csc", "wy-police");
  message.header.sent_at = t.clock().now() + -minute_ms;
  message.header.expires = t.clock().now() + -1;
  expect_dropped(Drop::expired, t.sealed(message));
  message = t.ask_message("leeds-csc", "wy-police");
  message.header.expires = t.clock().now() + 2 * hour_ms;
  expect_dropped(Drop::lives_too_long, t.sealed(message));
}

TEST_F(HostileFrame, that_is_cut_short_is_dropped) {
  Bytes frame = t.sealed(t.ask_message("leeds-csc", "wy-police"));
  frame.resize(frame.size() - 8);
  expect_dropped(Drop::not_a_size_class, frame);
  Bytes noise(1024);
  t.random().fill(noise);
  expect_dropped(Drop::malformed, noise);
}

TEST_F(HostileFrame, whose_payload_is_no_ask_is_dropped) {
  Message message = t.ask_message("leeds-csc", "wy-police");
  message.payload.resize(message.payload.size() / 2);
  expect_dropped(Drop::bad_payload, t.sealed(message));
}

}  // namespace
}  // namespace ginnel::sim
