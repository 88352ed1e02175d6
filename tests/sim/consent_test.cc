// SPDX-License-Identifier: Apache-2.0
// Consent over a whole federation: what a young person allowed is told, to whom they allowed it, and no longer than
// that.
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "federation/record/match.h"
#include "tests/sim/world.h"

namespace ginnel::sim {
namespace {

class Consent : public testing::Test {
 protected:
  Consent() { t.ten_agencies().with_story(Story::moved_twice); }

  static Record clinic(const std::string& headline = "Clinic attendance") {
    return record_of("bradford-health", "health_attendance", "health.sexual", 3, headline);
  }
  // The person as an agency knows them.
  PersonRef child_at(const std::string& agency) {
    PersonRef person;
    t.machine(agency).node().post(
        [&](Work& work) {
          person = work.turn.find_people(find_keys(person_from(identity_of(Story::moved_twice))))->front();
        },
        [](const Error&) {});
    EXPECT_TRUE(t.run_until([&] { return !person.empty(); }, 1s));
    return person;
  }
  // What the child, judged competent, decided about health, as a worker of the agency records it.
  ConsentId decide(const std::string& agency, const std::string& state,
                   const std::vector<std::string>& recipients = {}) {
    NewConsent wish;
    wish.entry.person = child_at(agency);
    wish.entry.state = state;
    wish.entry.decider = "child_competent";
    wish.entry.categories = {"health"};
    for (const auto& member : recipients) wish.entry.recipients.push_back(*MemberId::parse(member));
    wish.entry.competence = Competence::competent;
    wish.entry.judged_by = "A. Nurse";
    wish.entry.note = "said so in clinic";
    std::optional<Expected<ConsentId>> made;
    t.machine(agency).node().record_consent(t.machine(agency).token("s.worker"), wish,
                                            [&](Expected<ConsentId> got) { made = std::move(got); });
    EXPECT_TRUE(t.run_until([&] { return made.has_value(); }, 1s));
    EXPECT_TRUE(*made) << (*made).error().text();
    return (*made).value_or(ConsentId());
  }
  void withdraw(const std::string& agency, const ConsentId& consent) {
    std::optional<Expected<bool>> done;
    t.machine(agency).node().withdraw_consent(t.machine(agency).token("s.worker"), {consent, "changed her mind"},
                                              [&](Expected<bool> got) { done = std::move(got); });
    EXPECT_TRUE(t.run_until([&] { return done.has_value(); }, 1s));
    EXPECT_TRUE(*done) << done->error().text();
  }
  View ask(const std::string& agency = "bradford-csc") {
    return t.node(agency).ask(Story::moved_twice, {.purpose = "child_protection"});
  }
  static bool shows(View& view, const std::string& headline) {
    const auto& items = view.now().items;
    return std::any_of(items.begin(), items.end(), [&](const ViewItem& item) { return item.headline == headline; });
  }
  // Whether a message that left the clinic's node from the `first` frame on holds these words.
  bool left_health(const std::string& words, std::size_t first = 0) {
    for (std::size_t i = first; i < t.network().log.size(); ++i) {
      if (t.network().log[i].from != id("bradford-health")) continue;
      const auto message = t.opened(t.network().log[i]);
      if (message && std::string(text_of(message->payload)).find(words) != std::string::npos) return true;
    }
    return false;
  }

  World t{seed()};
};

TEST_F(Consent, opens_a_record_through_the_holders_gate_and_the_askers) {
  t.node("bradford-health").record(Story::moved_twice, clinic());
  View before = ask();
  EXPECT_FALSE(shows(before, "Clinic attendance"));
  EXPECT_FALSE(left_health("Clinic attendance"));

  decide("bradford-health", "given", {"bradford-csc"});
  View after = ask();
  EXPECT_TRUE(shows(after, "Clinic attendance"));
  EXPECT_TRUE(shows(after, "Clinic attendance")) << "and when it is looked at again";
}

TEST_F(Consent, for_one_agency_is_told_to_no_other) {
  t.node("bradford-health").record(Story::moved_twice, clinic());
  decide("bradford-health", "given", {"wy-police"});
  View view = ask();
  EXPECT_FALSE(shows(view, "Clinic attendance"));
  EXPECT_FALSE(left_health("Clinic attendance"));
}

TEST_F(Consent, what_the_asking_agency_was_told_against_it_counts_there_too) {
  t.node("bradford-health").record(Story::moved_twice, clinic());
  decide("bradford-health", "given");
  decide("bradford-csc", "refused");
  View view = ask();
  EXPECT_FALSE(shows(view, "Clinic attendance"));
  EXPECT_TRUE(left_health("Clinic attendance")) << "the clinic may tell it; the asker's worker is not shown it";
}

TEST_F(Consent, a_notice_tells_what_was_allowed) {
  const ConsentId consent = decide("bradford-health", "given");
  ask().expect_complete();
  t.node("bradford-health").record(Story::moved_twice, clinic("Told by a notice"));
  t.run_for(1min);
  const auto list = t.node("bradford-csc").inbox();
  ASSERT_EQ(list.items.size(), 1u);
  ASSERT_TRUE(list.items.front().record);
  EXPECT_EQ(list.items.front().record->headline, "Told by a notice");
  withdraw("bradford-health", consent);
  EXPECT_TRUE(t.node("bradford-csc").inbox().items.front().record) << "what was told stays told";
}

TEST_F(Consent, withdrawn_after_an_answer_stops_the_notice_that_waits_to_leave) {
  const ConsentId consent = decide("bradford-health", "given");
  ask().expect_complete();
  t.network().cut(id("bradford-csc"), id("bradford-health"));
  // The first waits for a receipt that cannot come, and what is told of the same child later waits behind it.
  t.node("bradford-health")
      .record(Story::moved_twice,
              record_of("bradford-health", "was_not_brought", "health.attendance", 2, "Not brought"));
  t.run_for(1s);
  t.node("bradford-health").record(Story::moved_twice, clinic("Queued and never told"));
  t.run_for(1s);
  ASSERT_FALSE(left_health("Queued and never told"));
  withdraw("bradford-health", consent);
  t.network().mend_all();
  t.run_for(1h);
  EXPECT_FALSE(left_health("Queued and never told"));
  const auto list = t.node("bradford-csc").inbox();
  ASSERT_EQ(list.items.size(), 2u);
  for (const auto& item : list.items) {
    const bool is_first = item.record && item.record->headline == "Not brought";
    if (is_first) continue;
    EXPECT_FALSE(item.record);
    EXPECT_EQ(item.step, Step::exists);
    EXPECT_EQ(item.category, "health") << "counted, as an ask would be told it now";
  }
}

TEST_F(Consent, withdrawn_after_an_answer_that_was_lost_is_not_answered_from_memory) {
  t.node("bradford-health").record(Story::moved_twice, clinic());
  const ConsentId consent = decide("bradford-health", "given");
  t.network().cut_one_way(id("bradford-health"), id("bradford-csc"));
  View view =
      t.node("bradford-csc").begin(identity_of(Story::moved_twice), {.deadline = 30s, .purpose = "child_protection"});
  t.run_for(300ms);
  ASSERT_TRUE(left_health("Clinic attendance")) << "it was answered, and the answer was lost";
  withdraw("bradford-health", consent);
  const std::size_t frames = t.network().log.size();
  t.network().mend_all();
  t.run_for(10s);
  view.expect_part("bradford-health", PartStatus::answered);
  EXPECT_FALSE(shows(view, "Clinic attendance"));
  EXPECT_FALSE(left_health("Clinic attendance", frames)) << "it was answered from memory";
}

TEST_F(Consent, that_runs_out_is_not_answered_from_memory_either) {
  t.node("bradford-health").record(Story::moved_twice, clinic());
  NewConsent wish;
  wish.entry.person = child_at("bradford-health");
  wish.entry.state = "given";
  wish.entry.decider = "child_competent";
  wish.entry.categories = {"health"};
  wish.entry.competence = Competence::competent;
  wish.entry.judged_by = "A. Nurse";
  wish.entry.note = "for today";
  wish.entry.until = t.now() + 2000;
  bool is_made = false;
  t.machine("bradford-health")
      .node()
      .record_consent(t.machine("bradford-health").token("s.worker"), wish,
                      [&](const Expected<ConsentId>& got) { is_made = got.has_value(); });
  ASSERT_TRUE(t.run_until([&] { return is_made; }, 1s));
  t.network().cut_one_way(id("bradford-health"), id("bradford-csc"));
  View view =
      t.node("bradford-csc").begin(identity_of(Story::moved_twice), {.deadline = 30s, .purpose = "child_protection"});
  t.run_for(300ms);
  ASSERT_TRUE(left_health("Clinic attendance")) << "it was answered, and the answer was lost";
  t.run_for(3s);
  const std::size_t frames = t.network().log.size();
  t.network().mend_all();
  t.run_for(10s);
  view.expect_part("bradford-health", PartStatus::answered);
  EXPECT_FALSE(left_health("Clinic attendance", frames)) << "it was answered from memory";
}

}  // namespace
}  // namespace ginnel::sim
