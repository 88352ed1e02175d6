// SPDX-License-Identifier: Apache-2.0
// What was told and holds no longer: it reaches whoever was told no more than that there is something, it is somebody's
// to acknowledge at each recipient, and a bound on what one member may send loses none of it.
#include <gtest/gtest.h>

#include <algorithm>

#include "federation/wire/notice.h"
#include "tests/sim/world.h"

namespace ginnel::sim {
namespace {

constexpr const char* to_acknowledge = "correction_to_acknowledge";

const InboxItem* of_kind(const InboxList& list, const std::string& kind) {
  auto found =
      std::find_if(list.items.begin(), list.items.end(), [&](const InboxItem& item) { return item.kind == kind; });
  return found == list.items.end() ? nullptr : &*found;
}

// Whatever went over the wire to an agency as a notice.
std::vector<Notice> notices_to(World& t, const std::string& agency, std::size_t from = 0) {
  std::vector<Notice> out;
  for (std::size_t i = from; i < t.network().log.size(); ++i) {
    const auto message = t.opened(t.network().log[i]);
    if (!message || message->header.kind != Kind::notice || t.network().log[i].to != id(agency)) continue;
    auto read = decode_notices(message->payload);
    if (read) out.insert(out.end(), read->begin(), read->end());
  }
  return out;
}

// The police take back what they hold by this headline.
void take_back(World& t, const RecordId& record, const std::string& kind, const std::string& headline = "") {
  auto own = t.node("wy-police").ask(Story::moved_twice, {.purpose = "child_protection"});
  const auto made = t.node("wy-police").correct({own.id(), record, kind, "it named Tom, her brother", headline, ""});
  ASSERT_TRUE(made) << made.error().text();
  t.run_for(1min);
}

TEST(TakenBack, reaches_whoever_was_only_told_in_an_answer_that_there_is_something) {
  World t(seed());
  t.ten_agencies().with_story(Story::moved_twice);
  const RecordId made =
      t.node("wy-police").record(Story::moved_twice, domestic_incident("Officers were called at night"));
  t.run_for(1min);
  t.node("bradford-csc").ask(Story::moved_twice);  // a first contact proves nothing: it is counted, and no more
  t.node("bradford-health").ask(Story::moved_twice, {.purpose = "child_protection"});
  take_back(t, made, "retraction");
  const auto list = t.node("bradford-csc").inbox();
  const auto* item = of_kind(list, "retraction");
  ASSERT_NE(item, nullptr);
  EXPECT_TRUE(item->takes_back);
  EXPECT_EQ(item->step, Step::none);
  EXPECT_EQ(item->category, "police");
  EXPECT_EQ(item->agency, id("wy-police"));
  // Neither which record it was, nor why.
  const auto sent = notices_to(t, "bradford-csc");
  ASSERT_FALSE(sent.empty());
  for (const auto& one : sent) {
    EXPECT_TRUE(one.replaces.empty());
    EXPECT_TRUE(one.record.empty());
    EXPECT_EQ(one.reason.find("Tom"), std::string::npos) << one.reason;
  }
  // Whoever answers for it sees that they were told.
  const auto told = t.node("wy-police").sent();
  ASSERT_EQ(told.notices.size(), 1u);
  EXPECT_TRUE(std::any_of(told.notices[0].recipients.begin(), told.notices[0].recipients.end(), [](const auto& one) {
    return one.agency == id("bradford-csc") && one.state == "delivered";
  }));
}

TEST(TakenBack, reaches_whoever_was_only_told_by_a_notice_that_there_is_something) {
  World t(seed());
  t.ten_agencies().with_story(Story::moved_twice);
  t.node("bradford-csc").ask(Story::moved_twice);
  const RecordId made =
      t.node("wy-police").record(Story::moved_twice, domestic_incident("Officers were called at night"));
  t.run_for(1min);
  ASSERT_NE(of_kind(t.node("bradford-csc").inbox(), "new-record"), nullptr);
  take_back(t, made, "wrong-child");
  ASSERT_NE(of_kind(t.node("bradford-csc").inbox(), "wrong-child"), nullptr);
}

TEST(TakenBack, and_put_right_tells_whoever_was_only_told_that_there_is_something_no_more_than_that) {
  World t(seed());
  t.ten_agencies().with_story(Story::moved_twice);
  t.node("bradford-csc").ask(Story::moved_twice);
  const RecordId made =
      t.node("wy-police").record(Story::moved_twice, domestic_incident("Officers were called at night"));
  t.run_for(1min);
  take_back(t, made, "correction", "Nobody was called");
  const auto list = t.node("bradford-csc").inbox();
  const auto* item = of_kind(list, "correction");
  ASSERT_NE(item, nullptr);
  EXPECT_EQ(item->step, Step::exists);
  EXPECT_FALSE(item->record);
  for (const auto& one : notices_to(t, "bradford-csc")) EXPECT_FALSE(one.item);
}

TEST(TakenBack, reaches_nobody_who_was_told_nothing) {
  World t(seed());
  t.ten_agencies().with_story(Story::moved_twice);
  t.node("bradford-csc").ask(Story::moved_twice);
  // The record conceals itself: whoever asked was told of it in no way.
  Record sealed = domestic_incident("Nobody hears of this");
  sealed.label.markings = {"adoption_sealed"};
  const RecordId concealed = t.node("wy-police").record(Story::moved_twice, sealed);
  t.node("bradford-csc").ask(Story::moved_twice);
  t.run_for(1min);
  const auto before = t.network().log.size();
  bool done = false;
  t.machine("wy-police")
      .node()
      .post(
          [&](Work& work) {
            ASSERT_TRUE(work.turn.retract(concealed, "retraction", "a slip", ActorId()));
            done = true;
          },
          [](const Error&) {});
  t.run_until([&] { return done; }, 1s);
  t.run_for(1h);
  for (const auto* agency : {"bradford-csc", "leeds-csc", "kirklees-csc"})
    EXPECT_TRUE(notices_to(t, agency, before).empty()) << agency;
}

// --- somebody's to acknowledge

TEST(TakenBack, is_a_task_of_the_worker_who_asked_and_ends_when_they_take_the_notice_up) {
  World t(seed());
  t.ten_agencies().with_story(Story::moved_twice);
  const RecordId made =
      t.node("wy-police").record(Story::moved_twice, domestic_incident("Officers were called at night"));
  t.node("bradford-csc").ask(Story::moved_twice, {.purpose = "child_protection"}).expect_complete();
  EXPECT_TRUE(t.node("bradford-csc").tasks(to_acknowledge).empty());
  take_back(t, made, "retraction");
  auto tasks = t.node("bradford-csc").tasks(to_acknowledge);
  ASSERT_EQ(tasks.size(), 1u);
  ASSERT_EQ(tasks[0].task.holders.size(), 1u);
  EXPECT_EQ(tasks[0].task.holders[0].username, "s.worker");
  EXPECT_TRUE(tasks[0].task.due.is_set());
  EXPECT_EQ(tasks[0].task.made_by, "notices");
  // Nobody ends it without the notice.
  EXPECT_EQ(t.node("bradford-csc").finish(tasks[0].task.id, "acknowledged").error().code, "bad-task");
  ASSERT_EQ(t.node("bradford-csc").tasks(to_acknowledge).size(), 1u);
  const auto list = t.node("bradford-csc").inbox();
  ASSERT_NE(of_kind(list, "retraction"), nullptr);
  ASSERT_TRUE(t.node("bradford-csc").acknowledge(*of_kind(list, "retraction")));
  EXPECT_TRUE(t.node("bradford-csc").tasks(to_acknowledge).empty());
  tasks = t.node("bradford-csc").tasks(to_acknowledge, "s.worker", true);
  ASSERT_EQ(tasks.size(), 1u);
  EXPECT_EQ(tasks[0].task.outcome, "acknowledged");
}

TEST(TakenBack, where_nobody_asked_is_a_task_of_the_role_that_oversees) {
  World t(seed());
  t.ten_agencies().with_story(Story::moved_twice);
  t.node("bradford-csc").ask(Story::moved_twice, {.purpose = "child_protection"}).expect_complete();
  const RecordId made =
      t.node("bradford-csc")
          .record(Story::moved_twice, record_of("bradford-csc", "visit", "social-care.visit", 2, "Seen alone at home"));
  t.run_for(1min);
  auto own = t.node("bradford-csc").ask(Story::moved_twice, {.purpose = "child_protection"});
  ASSERT_TRUE(t.node("bradford-csc").correct({own.id(), made, "retraction", "it was her brother", "", ""}));
  t.run_for(1min);
  // The police were asked, and so told that there is a visit: nobody of theirs asked.
  EXPECT_TRUE(t.node("wy-police").tasks(to_acknowledge, "s.worker").empty());
  const auto tasks = t.node("wy-police").tasks(to_acknowledge, "m.manager");
  ASSERT_EQ(tasks.size(), 1u);
  const auto list = t.node("wy-police").inbox("m.manager");
  ASSERT_NE(of_kind(list, "retraction"), nullptr);
  ASSERT_TRUE(t.node("wy-police").acknowledge(*of_kind(list, "retraction"), "m.manager"));
  EXPECT_TRUE(t.node("wy-police").tasks(to_acknowledge, "m.manager").empty());
}

TEST(TakenBack, is_one_task_however_often_the_notice_comes) {
  World t(seed());
  t.ten_agencies().with_story(Story::moved_twice);
  const RecordId made =
      t.node("wy-police").record(Story::moved_twice, domestic_incident("Officers were called at night"));
  t.node("bradford-csc").ask(Story::moved_twice, {.purpose = "child_protection"});
  auto own = t.node("wy-police").ask(Story::moved_twice, {.purpose = "child_protection"});
  ASSERT_TRUE(t.node("wy-police").correct({own.id(), made, "retraction", "a slip", "", ""}));
  t.node("bradford-csc").fail_next_commit();
  t.run_for(1min);
  t.node("bradford-csc").crash();
  t.node("bradford-csc").restart();
  t.run_for(1h);
  EXPECT_EQ(t.node("bradford-csc").tasks(to_acknowledge).size(), 1u);
}

// --- how much one member may send

TEST(TakenBack, and_what_else_one_member_sends_past_its_bound_waits_and_none_of_it_is_lost) {
  World t(seed());
  t.ten_agencies().with_story(Story::moved_twice);
  Papers papers = t.papers();
  papers.inbox = {4, 12};
  t.node("bradford-csc").crash();
  t.machine("bradford-csc").start(papers);
  t.run_for(1min);
  t.node("bradford-csc").ask(Story::moved_twice, {.purpose = "child_protection"}).expect_complete();
  std::vector<RecordId> made;
  for (int i = 0; i < 12; ++i)
    made.push_back(t.node("wy-police").record(Story::moved_twice, domestic_incident("Incident " + std::to_string(i))));
  t.run_for(10s);
  EXPECT_EQ(t.node("bradford-csc").inbox().items.size(), 4u);
  EXPECT_GT(t.machine("bradford-csc").node().notices().held_back(), 0u);
  // The sender sees that the others have not arrived.
  std::size_t delivered = 0, sent = 0;
  for (const auto& notice : t.node("wy-police").sent().notices)
    for (const auto& one : notice.recipients) {
      if (one.agency != id("bradford-csc")) continue;
      delivered += one.state == "delivered";
      sent += one.state == "sent" || one.state == "queued";
    }
  EXPECT_EQ(delivered, 4u);
  EXPECT_EQ(sent, 8u);
  t.run_for(3h);
  const auto list = t.node("bradford-csc").inbox();
  ASSERT_EQ(list.items.size(), 12u);
  for (int i = 0; i < 12; ++i)
    EXPECT_EQ(list.items[std::size_t(i)].record->headline, "Incident " + std::to_string(11 - i)) << "in their order";
  EXPECT_TRUE(t.node("wy-police").inbox("m.manager").items.empty()) << "nothing counts as not delivered";
}

// --- who was asked, and claimed nothing

TEST(Notices, what_an_asker_claimed_counts_for_nobody_whom_they_asked) {
  for (const auto* purpose : {"first_contact", "child_protection", "immediate_danger"}) {
    World t(seed());
    t.ten_agencies().with_story(Story::moved_twice);
    AskOptions options;
    options.purpose = purpose;
    if (options.purpose == "immediate_danger") options.break_glass = "the child is in danger now";
    t.node("bradford-csc").ask(Story::moved_twice, options);
    const auto before = t.network().log.size();
    t.node("bradford-csc")
        .record(Story::moved_twice, record_of("bradford-csc", "visit", "social-care.visit", 2, "Seen alone at home"));
    t.run_for(1min);
    const auto told = notices_to(t, "wy-police", before);
    ASSERT_EQ(told.size(), 1u) << purpose;
    EXPECT_TRUE(told[0].asked_by_sender);
    EXPECT_EQ(told[0].step, Step::exists) << purpose;
    EXPECT_FALSE(told[0].item) << purpose;
    // It was decided by the words of the interest period, with nobody's proof and without breaking anything.
    const auto disclosed = t.node("bradford-csc").entries(EntryKind::disclosed);
    const auto found = std::find_if(disclosed.begin(), disclosed.end(), [](const Access& one) {
      return one.peer == id("wy-police") && !one.notice.empty();
    });
    ASSERT_NE(found, disclosed.end()) << purpose;
    EXPECT_EQ(found->purpose, "first_contact") << purpose;
    EXPECT_TRUE(found->worker.empty()) << purpose;
    // What a first, unproven ask of theirs is told is the same.
    auto theirs = t.node("wy-police").ask(Story::moved_twice, {.purpose = "first_contact"});
    for (const auto& item : theirs.now().items) EXPECT_NE(item.headline, "Seen alone at home") << purpose;
  }
}

}  // namespace
}  // namespace ginnel::sim
