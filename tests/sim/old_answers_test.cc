// SPDX-License-Identifier: Apache-2.0
// What was true when it was answered and is no longer: nobody is given it a second time, no open view goes on showing
// it, and what is left of it never reads as safety. Found by seeds of federation_run.
#include <gtest/gtest.h>

#include <set>

#include "federation/record/match.h"
#include "tests/sim/world.h"

namespace ginnel::sim {
namespace {

class OldAnswers : public testing::Test {
 protected:
  OldAnswers() { t.ten_agencies(); }

  static Record incident() {
    return record_of("wy-police", "domestic_incident", "police.domestic", 2, "Officers were called at night");
  }
  View ask(const std::string& agency = "bradford-csc") {
    return t.node(agency).ask(Story::moved_twice, {.purpose = "child_protection"});
  }
  // The records of an agency's answers that went out from the `first` frame on, whether they arrived or not.
  std::set<RecordId> told_by(const char* agency, std::size_t first) {
    std::set<RecordId> out;
    for (std::size_t i = first; i < t.network().log.size(); ++i) {
      if (t.network().log[i].from != id(agency)) continue;
      const auto message = t.opened(t.network().log[i]);
      if (!message || message->header.kind != Kind::answer) continue;
      const auto answer = decode_answer(message->payload);
      for (const auto& item : answer->items) out.insert(item.record);
    }
    return out;
  }
  void mark(const std::string& agency, const RecordId& record, const std::string& marking) {
    bool is_done = false;
    t.machine(agency).node().post(
        [&](Work& work) {
          MarkingChange change;
          change.put_on = {marking};
          EXPECT_TRUE(work.turn.mark(record, change, ActorId()));
          work.after([&](const Expected<void>& committed) { is_done = committed.has_value(); });
        },
        [](const Error&) {});
    EXPECT_TRUE(t.run_until([&] { return is_done; }, 1s));
  }
  // A manager of the agency conceals the child, as they do at work.
  void conceal(const std::string& agency) {
    MarkingRequest request;
    request.reason = "the court said so";
    request.put_on = {"protected_person"};
    bool is_done = false;
    Machine& machine = t.machine(agency);
    machine.node().post(
        [&](Work& work) {
          request.person = work.turn.find_people(find_keys(person_from(identity_of(Story::moved_twice))))->front();
        },
        [](const Error&) {});
    t.run_until([&] { return !request.person.empty(); }, 1s);
    machine.node().mark_person(machine.token("m.manager"), request,
                               [&](const Expected<std::uint64_t>& entry) { is_done = entry.has_value(); });
    EXPECT_TRUE(t.run_until([&] { return is_done; }, 1s));
  }

  World t{seed()};
};

// --- a repeated ask

TEST_F(OldAnswers, are_not_given_to_a_repeated_ask_once_a_record_was_closed) {
  t.with_story(Story::moved_twice);
  const RecordId record = t.node("wy-police").record(Story::moved_twice, incident());
  t.network().cut_one_way(id("wy-police"), id("bradford-csc"));
  View view =
      t.node("bradford-csc").begin(identity_of(Story::moved_twice), {.deadline = 30s, .purpose = "child_protection"});
  t.run_for(300ms);
  ASSERT_TRUE(told_by("wy-police", 0).contains(record)) << "it was answered, and the answer was lost";

  mark("wy-police", record, "live_investigation");
  const std::size_t frames = t.network().log.size();
  t.network().mend_all();
  t.run_for(10s);
  view.expect_part("wy-police", PartStatus::answered).expect_shown("wy-police", "involvement", Step::content);
  for (const auto& item : view.now().items) EXPECT_NE(item.id, record);
  EXPECT_FALSE(told_by("wy-police", frames).contains(record)) << "it was answered from memory";
  EXPECT_TRUE(t.machine("wy-police").verify().good());
}

// What is closed or taken back is the version of today; what was told is the one before it.
class OldAnswersOfThen : public OldAnswers {
 protected:
  void are_not_given_again_once(const std::function<void(const RecordId& now)>& it_changes) {
    t.with_story(Story::moved_twice);
    Record made = incident();
    made.recorded_at_source = {};
    const RecordId before = t.node("wy-police").record(Story::moved_twice, made);
    t.run_for(1min);
    AskOptions past{.deadline = 30s, .purpose = "child_protection"};
    past.as_known_at = t.now();
    t.run_for(1min);
    made.headline = "Officers were called in the morning";
    const RecordId now = t.node("wy-police").record(Story::moved_twice, made, before);
    t.network().cut_one_way(id("wy-police"), id("bradford-csc"));
    View view = t.node("bradford-csc").begin(identity_of(Story::moved_twice), past);
    t.run_for(300ms);
    ASSERT_TRUE(told_by("wy-police", 0).contains(before)) << "it was answered, and the answer was lost";

    it_changes(now);
    const std::size_t frames = t.network().log.size();
    t.network().mend_all();
    t.run_for(10s);
    view.expect_part("wy-police", PartStatus::answered);
    EXPECT_FALSE(told_by("wy-police", frames).contains(before)) << "it was answered from memory";
  }
};

TEST_F(OldAnswersOfThen, are_not_given_to_a_repeated_ask_once_the_record_was_closed) {
  are_not_given_again_once([&](const RecordId& now) { mark("wy-police", now, "live_investigation"); });
}

TEST_F(OldAnswersOfThen, are_not_given_to_a_repeated_ask_once_the_record_was_taken_back) {
  are_not_given_again_once([&](const RecordId& now) {
    t.machine("wy-police")
        .node()
        .post([now](Work& work) { EXPECT_TRUE(work.turn.retract(now, "retraction", "it never was", ActorId())); },
              [](const Error&) {});
    t.run_for(10ms);
  });
}

TEST_F(OldAnswers, are_not_given_to_a_repeated_ask_once_the_child_was_concealed) {
  t.with_story(Story::moved_twice);
  t.network().cut_one_way(id("wy-police"), id("bradford-csc"));
  View view = t.node("bradford-csc").begin(identity_of(Story::moved_twice), {.deadline = 30s});
  t.run_for(300ms);
  ASSERT_FALSE(told_by("wy-police", 0).empty());

  conceal("wy-police");
  const std::size_t frames = t.network().log.size();
  t.network().mend_all();
  t.run_for(10s);
  view.expect_part("wy-police", PartStatus::not_known).expect_not_shown("wy-police", "involvement");
  EXPECT_TRUE(told_by("wy-police", frames).empty()) << "it was answered from memory";
}

// --- the asker's own part of a view that stays open

TEST_F(OldAnswers, of_ones_own_agency_leave_an_open_view_once_a_record_was_closed) {
  t.with_story(Story::moved_twice);
  const RecordId record = t.node("wy-police").record(Story::moved_twice, incident());
  View view = ask("wy-police");
  view.expect_shown("wy-police", "domestic_incident", Step::content);

  mark("wy-police", record, "live_investigation");
  for (const auto& item : view.now().items) EXPECT_NE(item.id, record);
  view.expect_part("wy-police", PartStatus::answered);
}

TEST_F(OldAnswers, of_ones_own_agency_leave_an_open_view_once_the_child_was_concealed) {
  t.with_story(Story::moved_twice);
  View view = ask("wy-police");
  view.expect_part("wy-police", PartStatus::answered).expect_shown("wy-police", "involvement", Step::content);

  conceal("wy-police");
  view.expect_part("wy-police", PartStatus::not_known).expect_not_shown("wy-police", "involvement");
  view.expect_part("leeds-csc", PartStatus::answered);
}

// --- an agency that took back all that it held

class AllTakenBack : public OldAnswers {
 protected:
  // The police hold one record about the child, and it was another child's.
  AllTakenBack() {
    t.with({"wy-police", person_from(identity_of(Story::unknown)), {}});
    record = t.node("wy-police").record(Story::unknown, record_of("wy-police", "involvement", "police", 0, "Misfiled"));
  }
  View ask(const std::string& agency) { return t.node(agency).ask(Story::unknown); }
  void take_back() {
    View own = ask("wy-police");
    const auto made =
        t.node("wy-police").correct({own.id(), record, "wrong-child", "it was about another child", "", ""});
    ASSERT_TRUE(made) << made.error().text();
    t.run_for(1min);
  }

  RecordId record;
};

TEST_F(AllTakenBack, leaves_a_view_that_was_open_unsure_and_never_says_that_nothing_is_held) {
  View view = ask("bradford-csc");
  view.expect_part("wy-police", PartStatus::answered).expect_complete();
  take_back();
  view.expect_part("wy-police", PartStatus::unknown).expect_incomplete().expect_not_shown("wy-police", "involvement");
  EXPECT_NE(view.part("wy-police").reason.find("taken back"), std::string::npos);
  ASSERT_EQ(view.now().withdrawn.size(), 1u);
  EXPECT_EQ(view.now().withdrawn.front().agency, id("wy-police"));
}

TEST_F(AllTakenBack, is_not_known_to_whoever_asks_after_it) {
  ask("bradford-csc");
  take_back();
  ask("bradford-csc").expect_part("wy-police", PartStatus::not_known).expect_complete();
  ask("leeds-csc").expect_part("wy-police", PartStatus::not_known).expect_complete();
}

TEST_F(AllTakenBack, is_not_given_to_an_ask_that_was_answered_before_and_comes_again) {
  t.network().cut_one_way(id("wy-police"), id("bradford-csc"));
  View view = t.node("bradford-csc").begin(identity_of(Story::unknown), {.deadline = 30s});
  t.run_for(300ms);
  ASSERT_TRUE(told_by("wy-police", 0).contains(record));
  take_back();
  const std::size_t frames = t.network().log.size();
  t.network().mend_all();
  t.run_for(1min);
  view.expect_part("wy-police", PartStatus::not_known).expect_not_shown("wy-police", "involvement");
  EXPECT_TRUE(told_by("wy-police", frames).empty());
}

}  // namespace
}  // namespace ginnel::sim
