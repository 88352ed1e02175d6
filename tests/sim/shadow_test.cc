// SPDX-License-Identifier: Apache-2.0
// An agency that starts in shadow: it decides and records what others ask, and tells them nothing yet.
#include <gtest/gtest.h>

#include <algorithm>

#include "node/gate/policy_replay.h"
#include "tests/sim/world.h"

namespace ginnel::sim {
namespace {

void start(World& t, const std::string& agency, bool in_shadow) {
  t.machine(agency).crash();
  t.machine(agency).set_shadow(in_shadow);
  t.node(agency).restart();
}

TEST(Shadow, the_asker_sees_that_the_agency_does_not_share_yet_and_whom_to_ring_and_never_not_known) {
  World t(seed());
  t.ten_agencies().with_story(Story::moved_twice).with_story(Story::refuge_address);
  start(t, "wy-police", true);
  std::string said;
  for (const Story story : {Story::moved_twice, Story::refuge_address, Story::unknown}) {
    auto view = t.node("bradford-csc").ask(story, {.purpose = "child_protection"});
    view.expect_part("wy-police", PartStatus::unknown).expect_incomplete();
    const ViewPart& part = view.part("wy-police");
    EXPECT_NE(part.reason.find("does not share yet"), std::string::npos) << part.reason;
    EXPECT_NE(part.reason.find("ring 01632 960033"), std::string::npos) << part.reason;
    EXPECT_EQ(part.reason.find("holds nothing"), std::string::npos) << part.reason;
    EXPECT_EQ(part.contact.phone, "01632 960033");
    EXPECT_EQ(part.items + part.withheld, 0u);
    // A child whom it holds, one whose place is protected and one whom nobody knows look alike.
    if (said.empty()) said = part.reason;
    EXPECT_EQ(part.reason, said);
  }
}

TEST(Shadow, everything_is_decided_and_recorded_and_no_frame_carries_any_of_it) {
  World t(seed());
  t.ten_agencies().with_story(Story::moved_twice);
  start(t, "wy-police", true);
  t.network().log.clear();
  t.node("bradford-csc").ask(Story::moved_twice, {.purpose = "child_protection"});
  t.run_for(1min);

  const auto decided = t.node("wy-police").entries(EntryKind::decided);
  ASSERT_EQ(decided.size(), 1u);
  EXPECT_TRUE(decided.front().in_shadow);
  EXPECT_TRUE(std::any_of(decided.front().items.begin(), decided.front().items.end(), [](const AccessItem& item) {
    return item.step >= Step::headline;
  })) << "it is decided as if it were told";
  EXPECT_TRUE(t.node("wy-police").entries(EntryKind::disclosed).empty());

  std::size_t answers = 0;
  for (const auto& packet : t.network().log) {
    const auto message = t.opened(packet);
    if (!message || message->header.from != id("wy-police") || message->header.kind != Kind::answer) continue;
    const auto answer = decode_answer(message->payload);
    ASSERT_TRUE(answer);
    ++answers;
    EXPECT_TRUE(answer->items.empty() && answer->withheld.empty() && answer->markings.empty());
    EXPECT_EQ(answer->status, PartStatus::unknown);
    EXPECT_EQ(answer->reason.code, "in-shadow");
  }
  EXPECT_GE(answers, 1u);
}

TEST(Shadow, after_it_an_ask_is_answered_and_only_what_is_told_then_counts_as_told) {
  World t(seed());
  t.ten_agencies().with_story(Story::moved_twice);
  start(t, "wy-police", true);
  t.node("bradford-csc").ask(Story::moved_twice, {.purpose = "child_protection"});
  // What was never told is corrected without a word to anybody.
  const Record changed = record_of("wy-police", "domestic_incident", "police.domestic", 2, "It was another day");
  const auto decided = t.node("wy-police").entries(EntryKind::decided);
  ASSERT_FALSE(decided.empty() || decided.front().items.empty());
  t.node("wy-police").record(Story::moved_twice, changed, decided.front().items.front().record);
  t.run_for(1s);
  start(t, "wy-police", false);
  t.run_for(1min);
  EXPECT_TRUE(t.node("bradford-csc").inbox().items.empty());

  auto view = t.node("bradford-csc").ask(Story::moved_twice, {.purpose = "child_protection"});
  view.expect_part("wy-police", PartStatus::answered).expect_complete();
  EXPECT_EQ(t.node("wy-police").entries(EntryKind::disclosed).size(), 1u);
}

TEST(Shadow, what_is_to_be_told_unasked_waits_and_leaves_when_it_ends) {
  World t(seed());
  t.ten_agencies().with_story(Story::moved_twice);
  t.node("bradford-csc").ask(Story::moved_twice, {.purpose = "child_protection"}).expect_complete();
  start(t, "wy-police", true);
  t.node("wy-police")
      .record(Story::moved_twice, record_of("wy-police", "domestic_incident", "police.domestic", 2, "Called at night"));
  t.run_for(2h);
  EXPECT_TRUE(t.node("bradford-csc").inbox().items.empty());
  start(t, "wy-police", false);
  t.run_for(2min);
  const auto list = t.node("bradford-csc").inbox();
  ASSERT_EQ(list.items.size(), 1u);
  ASSERT_TRUE(list.items.front().record);
  EXPECT_EQ(list.items.front().record->headline, "Called at night");
}

TEST(Shadow, what_waits_longer_than_a_notice_may_is_told_to_a_named_person) {
  World t(seed());
  t.ten_agencies().with_story(Story::moved_twice);
  t.node("bradford-csc").ask(Story::moved_twice, {.purpose = "child_protection"}).expect_complete();
  start(t, "wy-police", true);
  t.node("wy-police")
      .record(Story::moved_twice, record_of("wy-police", "domestic_incident", "police.domestic", 2, "Called at night"));
  t.run_for(1min);
  t.clock().advance_to(t.now() + 4 * day_ms);
  t.run_for(5min);
  const auto reports = t.node("wy-police").entries(EntryKind::notice);
  ASSERT_EQ(reports.size(), 1u);
  EXPECT_EQ(reports.front().outcome, "not-delivered");
  EXPECT_TRUE(t.node("bradford-csc").inbox().items.empty());
}

TEST(Shadow, a_file_that_was_named_before_is_not_given_in_it) {
  World t(seed());
  t.ten_agencies().with_story(Story::moved_twice);
  const RecordId with_file =
      t.node("wy-police")
          .record_with_file(Story::moved_twice,
                            record_of("wy-police", "domestic_incident", "police.domestic", 2, "With a photograph"),
                            "the photograph");
  auto view = t.node("bradford-csc").ask(Story::moved_twice, {.purpose = "child_protection"});
  const auto& items = view.now().items;
  auto item = std::find_if(items.begin(), items.end(), [&](const ViewItem& one) { return one.id == with_file; });
  ASSERT_TRUE(item != items.end() && item->attachments.size() == 1);
  const AttachmentId file = item->attachments.front().id;
  start(t, "wy-police", true);
  EXPECT_FALSE(t.node("bradford-csc").open_file(view.id(), file));
  EXPECT_TRUE(t.node("wy-police").entries(EntryKind::file_disclosed).empty());
  start(t, "wy-police", false);
  EXPECT_TRUE(t.node("bradford-csc").open_file(view.id(), file));
}

TEST(Shadow, readiness_says_that_the_node_is_in_it) {
  World t(seed());
  t.ten_agencies();
  EXPECT_EQ(t.node("wy-police").readiness().mode, "normal");
  start(t, "wy-police", true);
  const Readiness readiness = t.node("wy-police").readiness();
  EXPECT_TRUE(readiness.ready);
  EXPECT_EQ(readiness.mode, "shadow");
  ASSERT_FALSE(readiness.reasons.empty());
  EXPECT_NE(readiness.reasons.front().find("does not share yet"), std::string::npos);
}

TEST(Shadow, its_decisions_are_replayed_so_that_an_agency_sees_what_it_would_tell) {
  World t(seed());
  t.ten_agencies().with_story(Story::moved_twice);
  start(t, "wy-police", true);
  t.node("bradford-csc").ask(Story::moved_twice, {.purpose = "child_protection"});
  const auto replayed = replay_decisions(t.machine("wy-police").store(), west_yorkshire(), {});
  ASSERT_TRUE(replayed) << replayed.error().text();
  EXPECT_EQ(replayed->decisions, 1u);
  EXPECT_EQ(replayed->in_shadow, 1u);
  EXPECT_EQ(replayed->otherwise, 0u);
  EXPECT_EQ(replayed->not_recorded, 0u);
}

}  // namespace
}  // namespace ginnel::sim
