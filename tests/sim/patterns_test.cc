// SPDX-License-Identifier: Apache-2.0
// The node that leads a process looks by itself at what all agencies hold, and tells what none of them sees alone.
#include <algorithm>

#include "tests/sim/process_scenario.h"

namespace ginnel::sim {
namespace {

constexpr const char* concerns = "pattern/concerns-of-several/";

class PatternsOverAgencies : public ProcessScenario {
 protected:
  // So many days ago, recorded while the node runs.
  RecordId happened(const std::string& agency, const std::string& kind, const std::string& category, int days_ago) {
    Record record = record_of(agency, kind, category, 2, kind + " of " + agency + " " + std::to_string(days_ago));
    record.occurred = When::on(Date::from_days(london_date(t.now()).days() - days_ago));
    record.recorded_at_source = {};
    return t.node(agency).record(Story::moved_twice, std::move(record));
  }
  void three_concerns() {
    happened("bradford-education", "concern", "education.safeguarding", 12);
    happened("wy-police", "incident", "police.incident", 8);
    happened("bradford-health", "concern", "health.community", 3);
  }
  // Keys that begin so, each as often as it stands in the ledger.
  std::vector<std::string> told(const ProcessId& process, const std::string& prefix = concerns) {
    std::vector<std::string> out;
    for (const auto& key : alerts(process))
      if (key.starts_with(prefix)) out.push_back(key);
    return out;
  }
  ProcessDetail detail(const ProcessId& process) {
    auto told = result<ProcessDetail>([&](auto done) { node().read_process(token("m.manager"), process, done); });
    EXPECT_TRUE(told) << told.error().text();
    return told.value_or(ProcessDetail());
  }
  std::string why(const ProcessId& process, const std::string& prefix = concerns) {
    for (const auto& alert : detail(process).alerts)
      if (alert.key.starts_with(prefix)) return alert.why;
    return {};
  }
  std::vector<RecentView> recent() {
    auto views = result<std::vector<RecentView>>([&](auto done) { node().recent_views(token("m.manager"), done); });
    EXPECT_TRUE(views);
    return views.value_or(std::vector<RecentView>());
  }
  std::vector<Access> looks() {
    std::vector<Access> out;
    for (auto& shown : t.node("bradford-csc").entries(EntryKind::view_shown))
      if (shown.form == "patterns") out.push_back(std::move(shown));
    return out;
  }
  // Every agency's sources are complete up to now.
  void all_are_up_to_date() {
    for (const auto& agency : t.agencies()) {
      Machine& there = t.machine(agency);
      there.node().post([&](Work& work) { ASSERT_TRUE(there.node().set_data_to(work.now, work.turn)); },
                        [](const Error&) {});
    }
    t.run_for(1s);
  }
  // To the next look of the morning, and over it.
  void to_the_morning() {
    const Instant now = t.now();
    Instant morning = london_instant(london_date(now), 6 * 60);
    if (morning <= now) morning = london_instant(Date::from_days(london_date(now).days() + 1), 6 * 60);
    t.clock().advance_to(morning);
    t.run_for(1min);
  }
};

TEST_F(PatternsOverAgencies, are_told_to_the_manager_who_did_nothing_but_wait) {
  const ProcessId process = begin();
  three_concerns();
  t.run_for(1min);
  EXPECT_TRUE(looks().empty()) << "a contact proves nothing: nobody else is asked";
  to_strategy(process);
  t.run_for(1min);
  ASSERT_EQ(told(process).size(), 1u);
  const std::string said = why(process);
  for (const char* part :
       {"there are 4: ", "concern on ", "(Education Bradford)", "incident on ", "domestic incident on "})
    EXPECT_NE(said.find(part), std::string::npos) << part << " in " << said;
  bool is_task = false;
  for (const auto& task : t.node("bradford-csc").tasks("process_alert", "m.manager"))
    is_task = is_task || task.task.title.find("Concerns of several agencies") != std::string::npos;
  EXPECT_TRUE(is_task);
  ASSERT_TRUE(detail(process).look);
  EXPECT_TRUE(detail(process).look->unanswered.empty());
}

TEST_F(PatternsOverAgencies, come_once_whatever_restarts_and_days_and_again_when_an_agency_tells_more) {
  const ProcessId process = begin();
  three_concerns();
  to_strategy(process);
  t.run_for(1min);
  ASSERT_EQ(told(process).size(), 1u);
  to_the_morning();
  restart();
  to_the_morning();
  EXPECT_EQ(told(process).size(), 1u);
  EXPECT_GE(looks().size(), 3u);
  // The health visitor records one more: nobody waits for the morning.
  happened("bradford-health", "concern", "health.attendance", 0);
  t.run_for(30min);
  EXPECT_EQ(told(process).size(), 2u);
  to_the_morning();
  EXPECT_EQ(told(process).size(), 2u);
}

TEST_F(PatternsOverAgencies, that_a_silent_agency_hides_say_who_did_not_answer_and_are_told_when_it_does) {
  const ProcessId process = begin();
  happened("bradford-education", "concern", "education.safeguarding", 12);
  happened("bradford-education", "concern", "education.safeguarding", 8);
  t.network().cut(id("bradford-csc"), id("wy-police"));
  to_strategy(process);
  t.run_for(1min);
  EXPECT_TRUE(told(process).empty());
  ASSERT_TRUE(detail(process).look);
  EXPECT_EQ(detail(process).look->unanswered, std::vector<std::string>{"West Yorkshire Police"});
  EXPECT_TRUE(recent().empty()) << "the view is open, and nobody's";
  t.network().mend_all();
  t.run_for(10min);
  EXPECT_EQ(told(process).size(), 1u) << "what came late is looked at too";
  EXPECT_TRUE(detail(process).look->unanswered.empty());
}

TEST_F(PatternsOverAgencies, survive_a_crash_in_the_middle_of_a_look_and_a_turn_that_is_lost) {
  const ProcessId process = begin();
  three_concerns();
  t.network().cut(id("bradford-csc"), id("wy-police"));
  to_strategy(process);
  t.node("bradford-csc").crash();
  t.network().mend_all();
  t.node("bradford-csc").restart();
  t.run_for(1min);
  EXPECT_EQ(told(process).size(), 1u);
  to_the_morning();
  t.node("bradford-csc").fail_next_commit();
  to_the_morning();
  restart();
  to_the_morning();
  EXPECT_EQ(told(process).size(), 1u);
  EXPECT_TRUE(machine().verify().good());
}

TEST_F(PatternsOverAgencies, are_looked_for_as_the_worker_may_see_and_shown_to_nobody) {
  to_strategy(begin());
  t.run_for(1min);
  const auto seen = looks();
  ASSERT_EQ(seen.size(), 1u);
  EXPECT_EQ(seen.front().purpose, "child_protection");
  EXPECT_EQ(seen.front().reason, "the node looked for patterns of the process");
  EXPECT_TRUE(recent().empty());
  // Who did something last: the manager closed the referral.
  const auto asked = t.node("bradford-csc").entries(EntryKind::asked);
  ASSERT_FALSE(asked.empty());
  EXPECT_EQ(asked.back().role, "manager");
}

// Of the planted child with a photograph of a bruise at each of three agencies: one of them wrote a concern.
TEST_F(PatternsOverAgencies, of_evidence_at_three_agencies_are_told_although_one_alone_wrote_a_concern) {
  const ProcessId process = begin();
  happened("bradford-education", "concern", "education.safeguarding", 22);
  happened("bradford-education", "evidence", "education.safeguarding", 22);
  happened("bradford-health", "evidence", "health.attendance", 17);
  to_strategy(process);
  t.run_for(1min);
  EXPECT_TRUE(told(process, "pattern/evidence-at-several/").empty()) << "two agencies";
  happened("bradford-csc", "evidence", "social-care.contact", 10);
  to_the_morning();
  EXPECT_EQ(told(process, "pattern/evidence-at-several/").size(), 1u);
  EXPECT_TRUE(told(process).empty());
}

TEST_F(PatternsOverAgencies, of_appointments_missed_at_several_agencies_are_told) {
  const ProcessId process = begin();
  happened("bradford-health", "was_not_brought", "health.attendance", 40);
  happened("bradford-education", "not_seen", "education.safeguarding", 20);
  to_strategy(process);
  t.run_for(1min);
  // The clinic recorded one before.
  ASSERT_EQ(told(process, "pattern/not-brought-or-seen/").size(), 1u);
  EXPECT_NE(why(process, "pattern/not-brought-or-seen/").find("not seen on "), std::string::npos);
}

TEST_F(PatternsOverAgencies, of_a_hospital_during_the_enquiry_are_told_to_who_leads_it) {
  const ProcessId process = begin();
  to_s47(process);
  t.run_for(1min);
  ASSERT_TRUE(told(process, "pattern/hospital-during-enquiry/").empty());
  ask();  // so that the hospital tells what comes
  happened("bradford-health", "health_attendance", "health.attendance", 0);
  t.run_for(30min);
  EXPECT_EQ(told(process, "pattern/hospital-during-enquiry/").size(), 1u);
}

TEST_F(PatternsOverAgencies, of_absence_name_who_did_not_answer) {
  const ProcessId process = begin();
  to_plan(process);
  t.run_for(1min);
  t.network().cut(id("bradford-csc"), id("bradford-health"));
  t.clock().advance_to(t.now() + 18 * day_ms);
  all_are_up_to_date();
  to_the_morning();
  EXPECT_TRUE(told(process, "pattern/seen-by-nobody/").empty());
  t.clock().advance_to(t.now() + 2 * day_ms);
  all_are_up_to_date();
  to_the_morning();
  ASSERT_EQ(told(process, "pattern/seen-by-nobody/").size(), 1u);
  EXPECT_NE(why(process, "pattern/seen-by-nobody/").find("; without a full answer of Bradford District Care ["),
            std::string::npos)
      << why(process, "pattern/seen-by-nobody/");
}

TEST_F(PatternsOverAgencies, a_visit_at_which_nobody_was_seen_is_a_record_of_that) {
  const ProcessId process = begin();
  to_plan(process);
  std::uint32_t visit = 0;
  for (const auto& step : detail(process).steps)
    if (step.is_open && step.step == "visit") visit = step.number;
  ASSERT_NE(visit, 0u);
  give(process, visit, {"why-not-seen"});
  close(process, visit, "not-seen");
  ask().expect_shown("bradford-csc", "not_seen", Step::content).expect_not_shown("bradford-csc", "visit");
}

TEST_F(PatternsOverAgencies, end_with_the_process) {
  const ProcessId process = begin();
  to_s47(process);
  t.run_for(1min);
  to_the_end(process);
  const auto before = looks().size();
  EXPECT_GE(before, 1u);
  happened("bradford-health", "concern", "health.community", 0);
  to_the_morning();
  to_the_morning();
  EXPECT_EQ(looks().size(), before);
}

TEST_F(PatternsOverAgencies, of_whoever_is_concealed_are_looked_for_at_nobody_elses) {
  const ProcessId process = begin();
  to_strategy(process);
  t.run_for(1min);
  MarkingRequest request;
  request.person = child_;
  request.put_on = {"protected_person"};
  request.reason = "the court said so";
  auto marked = result<std::uint64_t>([&](auto done) { node().mark_person(token("m.manager"), request, done); });
  ASSERT_TRUE(marked) << marked.error().text();
  t.run_for(1min);
  const auto then = t.node("wy-police").ledger_size();
  to_the_morning();
  EXPECT_EQ(t.node("wy-police").ledger_size(), then);
  // Nobody is told of the process any more; the ledger has why nobody looked.
  auto snapshot = machine().store().snapshot().value();
  std::string why;
  const auto sequences = snapshot->process_entries(process).value();
  for (const auto sequence : sequences) {
    const auto entry = decode_process_entry(snapshot->entry(sequence).value().body).value();
    if (const auto* alert = std::get_if<AlertRaised>(&entry.record.what); alert && alert->key.starts_with("look/"))
      why = alert->why;
  }
  EXPECT_EQ(why, "this agency shows nothing of them to the worker");
}

TEST_F(PatternsOverAgencies, that_nobody_may_be_asked_for_are_told_as_that) {
  const ProcessId process = begin();
  to_strategy(process);
  t.run_for(1min);
  machine().disable("m.manager");
  machine().disable("s.worker");
  to_the_morning();
  EXPECT_EQ(told(process, "look/cannot/").size(), 1u);
}

}  // namespace
}  // namespace ginnel::sim
