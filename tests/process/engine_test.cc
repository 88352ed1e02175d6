// SPDX-License-Identifier: Apache-2.0
// What the engine allows, refuses and tells, on a process of nobody's.
#include "node/process/engine/engine.h"

#include <random>

#include "tests/process/engine_for_tests.h"

namespace ginnel {
namespace {

constexpr std::string_view errand = R"(id = "errand"
authority = "anybody"
version = 1
title = "An errand"
edition = "1"
effective_from = 2020-01-01
start = "ask"
manager = "boss"
deputy = "second"
out_of_hours = "night"
[roles]
boss = "The boss"
second = "The second"
runner = "The runner"
night = "The night watch"
owner = "The owner"
[agencies]
shop = "The shop"
bank = "The bank"
[state.open]
title = "Open"
proves = ["shopping"]
one = true
[step.ask]
title = "Ask"
lead = "runner"
dates = ["asked"]
evidence = ["attendance", "list"]
may_have = ["cover"]
quorum = { shop = 1, others = 1 }
cover_by = "17:00"
[step.ask.clock]
due = "4 working days after ask.asked or ask.opened"
source = "custom"
warn = ["50 %", "75 %"]
escalate = ["boss at 100 %", "owner at 100 % + 1 working day"]
[step.ask.outcome]
yes = { to = "fetch", opens = "open", tell = ["contributors", "owner"] }
no = { ends = true, needs = ["reason"] }
later = { to = "ask", needs = ["reason"], without_quorum = true, without_evidence = true }
[step.fetch]
title = "Fetch"
lead = "runner"
in_states = ["open"]
[step.fetch.outcome]
done = { ends = true, closes = "open" }
[step.note]
title = "Note"
lead = "runner"
any_time = true
in_parallel = true
evidence = ["seen"]
[step.note.outcome]
fine = { }
[watch.silence]
title = "Nobody noted anything"
in_state = "open"
due = "5 days after note.seen or ask.yes"
tell = ["boss"]
proposes = "note"
source = "custom"
)";

Definition made(std::string text = std::string(errand)) {
  auto read = Definition::parse(text, "errand.toml");
  if (!read)
    for (const Error& error : read.error()) ADD_FAILURE() << error.text();
  return read.value_or(Definition{});
}
Actor runner() { return {"home", "shop", "w1", "runner"}; }
Actor boss() { return {"home", "shop", "w2", "boss"}; }
Actor bank() { return {"bank-1", "bank", "w3", "clerk"}; }

// Everything that "yes" needs.
void make_ready(Walk& walk, std::string_view time) {
  EXPECT_EQ(walk.contribute(time, "ask", "attendance", runner()), "");
  EXPECT_EQ(walk.contribute(time, "ask", "attendance", bank()), "");
  EXPECT_EQ(walk.contribute(time, "ask", "list", bank()), "");
}

TEST(Engine, all_that_a_step_lacks_is_told_at_once_and_nothing_changes) {
  Walk walk(made());
  ASSERT_EQ(walk.begin("2026-06-01 10:00", runner()), "");
  const auto before = walk.records.size();
  const std::string told = walk.close("2026-06-01 11:00", "ask", "yes", runner());
  for (const char* part : {"step-not-ready", "The shop (0 of 1)", "other agencies (0 of 1)", "`list` is not recorded",
                           "`attendance` is not recorded"})
    EXPECT_NE(told.find(part), std::string::npos) << part << " in " << told;
  EXPECT_EQ(walk.records.size(), before);
  make_ready(walk, "2026-06-01 11:00");
  EXPECT_EQ(walk.close("2026-06-01 12:00", "ask", "yes", runner()), "");
  EXPECT_TRUE(walk.process.in_state("open"));
}

TEST(Engine, a_quorum_counts_members_and_not_how_often_they_come) {
  Walk walk(made());
  ASSERT_EQ(walk.begin("2026-06-01 10:00", runner()), "");
  for (int i = 0; i < 3; ++i) EXPECT_EQ(walk.contribute("2026-06-01 10:00", "ask", "attendance", runner()), "");
  EXPECT_EQ(walk.contribute("2026-06-01 10:00", "ask", "list", runner()), "");
  EXPECT_NE(walk.close("2026-06-01 11:00", "ask", "yes", runner()).find("other agencies (0 of 1)"), std::string::npos);
  EXPECT_EQ(walk.close("2026-06-01 11:00", "ask", "later", runner(), "the bank was shut"), "")
      << "fewer may put it off, and decide nothing";
}

TEST(Engine, only_the_leads_member_orders_and_anybody_contributes) {
  Walk walk(made());
  ASSERT_EQ(walk.begin("2026-06-01 10:00", runner()), "");
  EXPECT_EQ(walk.contribute("2026-06-01 10:00", "ask", "list", bank()), "");
  EXPECT_NE(walk.close("2026-06-01 11:00", "ask", "later", bank(), "x").find("not-the-lead"), std::string::npos);
  EXPECT_NE(walk.begin_step("2026-06-01 11:00", "note", bank()).find("not-the-lead"), std::string::npos);
  EXPECT_NE(walk.close("2026-06-01 11:00", "ask", "later", {"bank-1", "bank", "w3", "runner"}, "x")
                .find("another member leads"),
            std::string::npos)
      << "the right role, at another member";
  EXPECT_NE(walk.close("2026-06-01 11:00", "ask", "later", {"home", "shop", "w9", "owner"}, "x").find("not-the-lead"),
            std::string::npos)
      << "a role that the step does not name";
  EXPECT_NE(
      walk.close("2026-06-01 11:00", "ask", "later", {"home", "shop", "", "runner"}, "x").find("does not say who"),
      std::string::npos)
      << "nobody in particular";
}

TEST(Engine, a_case_that_is_full_takes_no_more_and_says_what_to_do) {
  Walk walk(made());
  ASSERT_EQ(walk.begin("2026-06-01 10:00", runner()), "");
  const ProcessRecord list{walk.now, Contributed{1, "list", {}, "", bank()}};
  for (std::size_t i = 0; i < limits::process_contributions_max; ++i) ASSERT_TRUE(walk.process.apply(list));
  EXPECT_FALSE(walk.process.apply(list));
  EXPECT_NE(walk.contribute("2026-06-01 10:00", "ask", "list", bank()).find("step-not-now"), std::string::npos);

  Walk steps(made());
  ASSERT_EQ(steps.begin("2026-06-01 10:00", runner()), "");
  for (std::uint32_t i = 2; i <= limits::process_instances_max; ++i)
    ASSERT_TRUE(steps.process.apply({steps.now, StepOpened{i, "note", 0, "", "", {}, runner()}}));
  EXPECT_NE(steps.begin_step("2026-06-01 10:00", "note", runner()).find("as many steps as one may have"),
            std::string::npos);
  make_ready(steps, "2026-06-01 10:00");
  EXPECT_NE(steps.close("2026-06-01 11:00", "ask", "yes", runner()).find("as many steps as one may have"),
            std::string::npos);
}

TEST(Engine, a_missed_clock_locks_nothing_and_asks_for_a_reason) {
  Walk walk(made());
  ASSERT_EQ(walk.begin("2026-06-01 10:00", runner()), "");
  make_ready(walk, "2026-06-02 10:00");
  walk.tick("2026-06-10 09:00");
  EXPECT_EQ(walk.face("ask").state, ClockFace::State::overdue);
  EXPECT_TRUE(walk.face("ask").needs_reason());
  EXPECT_EQ(walk.close("2026-06-10 10:00", "ask", "yes", runner()), "") << "it ends, late";
  EXPECT_EQ(walk.face("ask").state, ClockFace::State::met_late);
  EXPECT_EQ(walk.reason("2026-06-10 10:05", "ask", "clock", runner()), "");
  EXPECT_FALSE(walk.face("ask").needs_reason());
  EXPECT_EQ(walk.last_effects.tasks_done, std::vector<std::string>{"reason/1/clock"});
  EXPECT_NE(walk.reason("2026-06-10 10:05", "fetch", "clock", runner()), "") << "of a clock that is none";
}

// Warned at 50 and 75 %, told at the end, escalated later: each in its moment, each once.
TEST(Engine, warnings_and_escalations_come_in_their_moment_and_once) {
  Walk walk(made());
  ASSERT_EQ(walk.begin("2026-06-01 09:00", runner()), "");
  EXPECT_EQ(walk.due("ask"), "the end of Fri 5 Jun 2026");
  std::vector<std::string> told;
  for (Instant now = at("2026-06-01 09:00"); now < at("2026-06-12 00:00"); now = now + minute_ms)
    for (const AlertRaised& alert : walk.tick(now))
      if (alert.about != AlertRaised::About::cover) {
        std::string roles;
        for (const auto& role : alert.roles) roles += role + " ";
        told.push_back(for_people(now) + " " + roles);
      }
  ASSERT_EQ(told.size(), 4u) << testing::PrintToString(told);
  EXPECT_EQ(told[0].substr(0, 16), "4 Jun 2026 09:00") << "two of the four working days have gone";
  EXPECT_NE(told[0].find("runner"), std::string::npos);
  EXPECT_EQ(told[0].find("boss"), std::string::npos) << "not yet";
  EXPECT_EQ(told[1].substr(0, 16), "5 Jun 2026 09:00");
  EXPECT_NE(told[2].find("6 Jun 2026 00:00"), std::string::npos) << "the end of Friday";
  for (const char* role : {"boss", "second", "runner", "night"})
    EXPECT_NE(told[2].find(role), std::string::npos) << role << ": midnight is out of hours";
  EXPECT_NE(told[3].find("owner"), std::string::npos);
  EXPECT_EQ(told[3].substr(0, 10), "9 Jun 2026") << "the end of Monday";
}

TEST(Engine, after_days_without_the_node_one_alert_tells_where_a_clock_stands) {
  Walk walk(made());
  ASSERT_EQ(walk.begin("2026-06-01 09:00", runner()), "");
  int of_clock = 0;
  for (const AlertRaised& alert : walk.tick("2026-06-08 09:30")) {
    if (alert.about != AlertRaised::About::clock) continue;
    ++of_clock;
    EXPECT_EQ(alert.covers.size(), 2u);
    EXPECT_NE(alert.key.find("/100"), std::string::npos);
  }
  EXPECT_EQ(of_clock, 1);
  EXPECT_TRUE(walk.tick("2026-06-08 09:31").empty());
}

TEST(Engine, cover_is_asked_for_before_days_off_and_again_before_the_next) {
  Walk walk(made());
  ASSERT_EQ(walk.begin("2026-04-01 10:00", runner()), "");  // the Wednesday before Easter
  const auto covers = [&](std::string_view time) {
    int found = 0;
    for (const AlertRaised& alert : walk.tick(time)) found += alert.about == AlertRaised::About::cover;
    return found;
  };
  EXPECT_EQ(covers("2026-04-02 16:59"), 0);
  EXPECT_EQ(covers("2026-04-02 17:00"), 1) << "Good Friday follows";
  EXPECT_EQ(covers("2026-04-04 12:00"), 0) << "once";
  EXPECT_EQ(walk.contribute("2026-04-09 12:00", "ask", "cover", bank()), "");
  EXPECT_EQ(covers("2026-04-10 17:00"), 0) << "accepted in this week";
  EXPECT_EQ(covers("2026-04-17 17:00"), 1) << "and not in the next";
}

TEST(Engine, a_watch_proposes_and_never_decides) {
  Walk walk(made());
  ASSERT_EQ(walk.begin("2026-06-01 10:00", runner()), "");
  make_ready(walk, "2026-06-01 10:30");
  ASSERT_EQ(walk.close("2026-06-01 11:00", "ask", "yes", runner()), "");
  const auto steps = walk.process.steps().size();
  EXPECT_TRUE(walk.tick("2026-06-06 23:59").empty());
  auto told = walk.tick("2026-06-07 00:00");
  ASSERT_EQ(told.size(), 1u);
  EXPECT_EQ(told[0].proposes, "note");
  EXPECT_NE(told[0].why.find("ask.yes was on 1 Jun 2026"), std::string::npos) << told[0].why;
  EXPECT_EQ(walk.process.steps().size(), steps);
  ASSERT_EQ(walk.begin_step("2026-06-07 10:00", "note", runner()), "");
  EXPECT_EQ(walk.contribute("2026-06-07 10:00", "note", "seen", bank()), "");
  EXPECT_TRUE(walk.tick("2026-06-12 12:00").empty());
  EXPECT_EQ(walk.tick("2026-06-13 00:00").size(), 1u) << "five days after the note";
}

TEST(Engine, what_only_one_may_be_is_one_over_all_processes_of_the_subject) {
  std::string text(errand);
  text.replace(text.find("in_states = [\"open\"]"), 20, "holds = \"open\"\nany_time = true");
  text.replace(text.find(", opens = \"open\""), 16, "");
  text.replace(text.find(", closes = \"open\""), 17, "");
  Walk walk(made(text));
  ASSERT_EQ(walk.begin("2026-06-01 10:00", runner()), "");
  EXPECT_NE(walk.begin_step("2026-06-01 10:00", "fetch", runner(), {"open"}).find("one is open"), std::string::npos);
  EXPECT_EQ(walk.begin_step("2026-06-01 10:00", "fetch", runner()), "");
  make_ready(walk, "2026-06-01 11:00");
  EXPECT_EQ(walk.close("2026-06-01 11:00", "ask", "yes", runner()), "") << "the one that is open goes on";
  EXPECT_EQ(walk.process.open_steps("fetch").size(), 1u);
}

TEST(Engine, outcomes_go_to_everybody_who_contributed) {
  Walk walk(made());
  ASSERT_EQ(walk.begin("2026-06-01 10:00", runner()), "");
  make_ready(walk, "2026-06-01 11:00");
  ASSERT_EQ(walk.close("2026-06-01 12:00", "ask", "yes", runner()), "");
  auto alerts = walk.last_effects.alerts();
  ASSERT_EQ(alerts.size(), 1u);
  EXPECT_EQ(alerts[0].members, (std::set<std::string>{"home", "bank-1"}));
  EXPECT_TRUE(alerts[0].roles.contains("owner"));
}

TEST(Engine, proves_a_purpose_while_its_state_is_open_and_no_longer) {
  Walk walk(made());
  ASSERT_EQ(walk.begin("2026-06-01 10:00", runner()), "");
  EXPECT_FALSE(walk.engine().head(walk.process));
  make_ready(walk, "2026-06-01 11:00");
  ASSERT_EQ(walk.close("2026-06-01 12:00", "ask", "yes", runner()), "");
  ASSERT_TRUE(walk.engine().head(walk.process));
  EXPECT_EQ(walk.engine().head(walk.process)->proves, std::set<std::string>{"shopping"});
  ASSERT_EQ(walk.close("2026-06-01 13:00", "fetch", "done", runner()), "");
  EXPECT_TRUE(walk.process.has_ended());
  EXPECT_FALSE(walk.engine().head(walk.process));
  EXPECT_NE(walk.begin_step("2026-06-01 14:00", "note", runner()).find("process-ended"), std::string::npos);
}

TEST(Engine, a_calendar_that_ends_too_early_gives_no_date_and_says_so_once) {
  Walk walk(made());
  ASSERT_EQ(walk.begin("2028-12-28 10:00", runner()), "");
  EXPECT_EQ(walk.face("ask").state, ClockFace::State::cannot_compute);
  int cannot = 0;
  for (const AlertRaised& alert : walk.last_effects.alerts())
    if (alert.about == AlertRaised::About::cannot_compute) {
      ++cannot;
      EXPECT_NE(alert.why.find("2029"), std::string::npos) << alert.why;
      EXPECT_TRUE(alert.roles.contains("boss"));
    }
  EXPECT_GE(cannot, 1);
  EXPECT_TRUE(walk.tick("2028-12-28 10:01").empty());
}

TEST(Engine, a_case_comes_to_another_version_whole_or_not_at_all) {
  Walk walk(made());
  ASSERT_EQ(walk.begin("2026-06-01 10:00", runner()), "");
  make_ready(walk, "2026-06-01 11:00");
  ASSERT_EQ(walk.close("2026-06-01 12:00", "ask", "yes", runner()), "");
  std::string text(errand);
  text.replace(text.find("version = 1"), 11, "version = 2");
  for (auto at = text.find("fetch"); at != std::string::npos; at = text.find("fetch")) text.replace(at, 5, "carry");
  const Definition without = made(text + "[[migrate]]\nfrom = 1\n");
  const Definition with = made(text + "[[migrate]]\nfrom = 1\nsteps = { fetch = \"carry\" }\n");
  const Definition from_nowhere = made(text);
  const auto moved = [&](const Definition& to, Actor by) {
    return ProcessEngine(to, shipped_calendar()).migrate(walk.process, by, at("2026-06-02 09:00"));
  };
  EXPECT_NE(moved(without, boss()).error().why.find("`fetch` has no place"), std::string::npos);
  EXPECT_EQ(moved(from_nowhere, boss()).error().code, "cannot-migrate");
  EXPECT_EQ(moved(with, runner()).error().code, "not-the-lead") << "the manager decides that";
  Actor deputy = boss();
  deputy.role = "second";
  EXPECT_TRUE(moved(with, deputy));
  deputy.role = "";
  EXPECT_EQ(moved(with, deputy).error().code, "not-the-lead");
  auto done = moved(with, boss());
  ASSERT_TRUE(done);
  RunningProcess after = walk.process;
  for (const ProcessRecord& record : done->records) ASSERT_TRUE(after.apply(record));
  EXPECT_EQ(after.definition().version, 2);
  EXPECT_EQ(after.open_steps("carry").size(), 1u);
  EXPECT_TRUE(
      ProcessEngine(with, shipped_calendar()).close(after, {2, "done", {}, "", runner(), {}}, at("2026-06-02 10:00")));
}

TEST(RunningProcess, takes_no_record_that_does_not_follow) {
  Walk walk(made());
  ASSERT_EQ(walk.begin("2026-06-01 10:00", runner()), "");
  RunningProcess none;
  EXPECT_FALSE(none.apply(walk.records[1])) << "the first is missing";
  RunningProcess twice = walk.process;
  for (const ProcessRecord& record : walk.records) EXPECT_FALSE(twice.apply(record));
}

// Whatever people do and whenever the node wakes: no alert comes twice, the case from its records is the same case, and
// waking at next_tick() misses nothing that waking each hour would tell.
TEST(EngineProperty, random_cases_tell_each_alert_once_and_come_back_from_their_records) {
  const Definition definition = made();
  std::size_t alerts = 0, closed = 0;
  for (unsigned seed = 1; seed <= 60; ++seed) {
    std::mt19937 random(seed);
    const auto below = [&](unsigned n) { return unsigned(random() % n); };
    Walk walk(definition);
    ASSERT_EQ(walk.begin("2026-03-2" + std::to_string(below(10)) + " 09:30", runner()), "");
    for (int i = 0; i < 60 && !walk.process.has_ended(); ++i) {
      const Instant time = walk.now + std::int64_t(below(40)) * hour_ms;
      const auto next = walk.engine().next_tick(walk.process, walk.now);
      const auto told = walk.tick(time);
      if (!told.empty() && walk.now == time) {
        EXPECT_TRUE(next && *next <= time) << "seed " << seed << ": told what next_tick() did not foresee";
      }
      const std::string text = to_iso(When::at_instant(time));
      const char* steps[] = {"ask", "fetch", "note"};
      const std::string step = steps[below(3)];
      switch (below(6)) {
        case 0:
          walk.begin_step(text, "note", runner());
          break;
        case 1:
          walk.contribute(text, "ask", "attendance", below(2) ? bank() : runner());
          break;
        case 2:
          walk.contribute(text, "ask", below(2) ? "list" : "cover", bank());
          break;
        case 3:
          walk.contribute(text, "note", "seen", bank());
          break;
        case 4:
          closed += walk.close(text, step, below(4) ? "fine" : "yes", runner(), "x").empty();
          break;
        case 5:
          closed += walk.close(text, "ask", below(9) ? "yes" : "later", boss(), "x").empty();
          break;
      }
    }
    std::set<std::string> keys;
    for (const ProcessRecord& record : walk.records)
      if (const auto* alert = std::get_if<AlertRaised>(&record.what)) {
        ++alerts;
        EXPECT_TRUE(keys.insert(alert->key).second) << "seed " << seed << ": twice " << alert->key;
        EXPECT_FALSE(alert->why.empty());
        EXPECT_FALSE(alert->roles.empty() && alert->members.empty()) << alert->key << " tells nobody";
      }
    const RunningProcess again = walk.again();
    EXPECT_EQ(again.states(), walk.process.states());
    EXPECT_EQ(again.steps().size(), walk.process.steps().size());
    EXPECT_EQ(walk.engine().next_tick(again, walk.now), walk.engine().next_tick(walk.process, walk.now));
  }
  EXPECT_GT(alerts, 200u) << "the cases must be worth something";
  EXPECT_GT(closed, 60u);
}

}  // namespace
}  // namespace ginnel
