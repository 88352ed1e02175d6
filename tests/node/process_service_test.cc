// SPDX-License-Identifier: Apache-2.0
// Processes through a production node: who sees and changes them, what is told to whom, and what of it is recorded.
#include "tests/code_of.h"
#include "tests/node/node_for_tests.h"
#include "tests/node/process_rules_for_tests.h"

namespace ginnel {
namespace {

class ProcessService : public testing::Test {
 protected:
  ProcessService() {
    t_.settings.processes = child_protection_rules();
    t_.start();
    Person person = aisha();
    person.markings_by_source.clear();
    child_ = t_.store.add(person);
    tokens_ = t_.tokens_of_new({{"door", "triage"},
                                {"worker", "practitioner"},
                                {"manager", "manager"},
                                {"governance", "governance_lead"},
                                {"operator", "operator"}});
  }

  Expected<ProcessId> begin(const std::string& who, const PersonRef& person, const Caller* caller = nullptr) {
    return t_.result<ProcessId>([&](auto done) {
      t_.node->begin_process(caller ? *caller : Caller(tokens_.at(who)), {"child-protection", person, {}}, done);
    });
  }
  Expected<ProcessList> list(const std::string& who) {
    return t_.result<ProcessList>([&](auto done) { t_.node->list_processes(tokens_.at(who), done); });
  }
  Expected<ProcessDetail> read(const std::string& who, const ProcessId& id) {
    return t_.result<ProcessDetail>([&](auto done) { t_.node->read_process(tokens_.at(who), id, done); });
  }
  Expected<bool> give(const std::string& who, NewContribution wish) {
    return t_.result<bool>([&](auto done) { t_.node->contribute_to_process(tokens_.at(who), wish, done); });
  }
  Expected<bool> close(const std::string& who, const ProcessId& id, std::uint32_t step, const std::string& outcome) {
    return t_.result<bool>([&](auto done) {
      t_.node->close_process_step(tokens_.at(who), {id, step, outcome, "as discussed", {}}, done);
    });
  }
  void give_all(const ProcessId& id, std::uint32_t step, const std::vector<std::string>& names) {
    for (const auto& name : names) EXPECT_TRUE(give("worker", {id, step, name, "said so", {}, "", ""})) << name;
  }
  std::size_t shown_to_family() {
    return t_.store.snapshot()->access_to(child_, {EntryKind::view_shown}).value().size();
  }
  void conceal(const PersonRef& person) {
    auto turn = t_.store.begin();
    ASSERT_TRUE(turn->mark(person, {{"adoption_sealed"}, {}}, ActorId()));
    ASSERT_TRUE(turn->commit());
  }

  NodeForTests t_;
  std::map<std::string, std::string> tokens_;
  PersonRef child_;
};

TEST_F(ProcessService, are_not_there_for_whoever_has_a_conflict_of_interest_with_the_person) {
  const ProcessId id = begin("door", child_).value();
  ASSERT_TRUE(read("worker", id));
  ASSERT_TRUE(t_.result<AllocationId>([&](auto done) {
    t_.node->record_conflict(tokens_.at("worker"), {child_, "", "my nephew"}, done);
  }));
  EXPECT_EQ(code_of(read("worker", id)), "conflict-of-interest");
  EXPECT_TRUE(list("worker")->processes.empty());
  EXPECT_EQ(code_of(give("worker", {id, 1, "why", "said so", {}, "", ""})), "conflict-of-interest");
  EXPECT_EQ(code_of(begin("worker", child_)), "conflict-of-interest");
  EXPECT_EQ(list("manager")->processes.size(), 1u);
}

TEST_F(ProcessService, one_overview_says_who_owns_what_is_due_and_what_is_missing) {
  const ProcessId id = begin("door", child_).value();
  give_all(id, 1, {"referral-source", "why"});
  const auto told = read("worker", id).value();
  EXPECT_EQ(told.process.title, "Child protection");
  EXPECT_EQ(told.process.lead, "bradford-csc");
  EXPECT_EQ(told.lead_name, "bradford-csc") << "as the list of members names it";
  EXPECT_EQ(told.edition, "Working Together to Safeguard Children 2023");
  ASSERT_EQ(told.steps.size(), 1u);
  const ProcessStepLine& contact = told.steps.front();
  EXPECT_EQ(contact.title, "Contact");
  EXPECT_EQ(contact.owner, "Integrated front door");
  EXPECT_EQ(contact.waits_for, std::vector<std::string>{"legal-basis"});
  ASSERT_EQ(contact.clocks.size(), 1u);
  EXPECT_EQ(contact.clocks.front().state, "running");
  EXPECT_EQ(contact.clocks.front().due, told.process.due);
  EXPECT_NE(contact.clocks.front().why.find("the same day"), std::string::npos) << contact.clocks.front().why;
  ASSERT_EQ(contact.contributions.size(), 2u);
  EXPECT_EQ(contact.contributions.front().text, "said so");
  t_.clock.at = t_.clock.at + 2 * day_ms;
  t_.run();
  const auto late = read("manager", id).value();
  EXPECT_TRUE(late.process.is_late);
  EXPECT_TRUE(late.steps.front().clocks.front().needs_reason);
  EXPECT_FALSE(late.alerts.empty());
  const auto given = t_.result<bool>([&](auto done) {
    t_.node->give_late_reason(tokens_.at("door"), {id, 1, "clock", "nobody was on duty"}, done);
  });
  ASSERT_TRUE(given) << given.error().text();
  EXPECT_EQ(read("manager", id)->steps.front().clocks.front().late_reason, "nobody was on duty");
}

TEST_F(ProcessService, everything_that_is_missing_reaches_who_asked_at_once) {
  const ProcessId id = begin("door", child_).value();
  const auto closed = close("door", id, 1, "referral");
  ASSERT_FALSE(closed);
  EXPECT_EQ(closed.error().code, "step-not-ready");
  for (const char* part : {"`referral-source`", "`why`", "`legal-basis`"})
    EXPECT_NE(closed.error().why.find(part), std::string::npos) << closed.error().why;
}

TEST_F(ProcessService, is_seen_by_those_who_are_given_work_and_written_in_by_those_of_them_who_write) {
  const ProcessId id = begin("door", child_).value();
  EXPECT_EQ(list("governance")->processes.size(), 1u);
  EXPECT_TRUE(read("governance", id));
  EXPECT_EQ(begin("governance", child_).error().code, "forbidden");
  EXPECT_EQ(give("governance", {id, 1, "note", "", {}, "", ""}).error().code, "forbidden");
  EXPECT_EQ(list("operator").error().code, "forbidden");
  EXPECT_EQ(read("operator", id).error().code, "forbidden");
  EXPECT_EQ(close("operator", id, 1, "referral").error().code, "forbidden");
}

TEST_F(ProcessService, of_somebody_concealed_is_as_if_it_were_not_there) {
  const ProcessId id = begin("door", child_).value();
  const ProcessId nobodys = ProcessId::make(t_.random);
  conceal(child_);
  EXPECT_TRUE(list("manager")->processes.empty());
  EXPECT_EQ(read("manager", id).error().text(), read("manager", nobodys).error().text());
  EXPECT_EQ(close("manager", id, 1, "none").error().text(), close("manager", nobodys, 1, "none").error().text());
  EXPECT_EQ(give("worker", {id, 1, "note", "", {}, "", ""}).error().code, "not-found");
  EXPECT_EQ(begin("door", child_).error().code, "not-found");
  EXPECT_EQ(begin("door", PersonRef::make(t_.random)).error().code, "not-found");
}

TEST_F(ProcessService, that_it_was_shown_stands_in_the_account_of_the_person) {
  const ProcessId id = begin("door", child_).value();
  const auto before = shown_to_family();
  EXPECT_TRUE(read("worker", id));
  EXPECT_TRUE(list("worker"));
  EXPECT_EQ(shown_to_family(), before + 2);
}

TEST_F(ProcessService, what_another_agency_brought_counts_for_that_member_and_no_other) {
  const ProcessId id = begin("door", child_).value();
  const auto step = t_.result<std::uint64_t>([&](auto done) {
    t_.node->begin_process_step(tokens_.at("manager"), {id, "strategy-discussion", {}}, done);
  });
  ASSERT_TRUE(step) << step.error().text();
  const auto number = std::uint32_t(*step);
  EXPECT_EQ(give("worker", {id, number, "attendance", "", {}, "nobody-csc", ""}).error().code, "bad-field");
  EXPECT_EQ(give("worker", {id, number, "attendance", "", {}, "wy-police", "no-agency"}).error().code, "bad-field");
  EXPECT_TRUE(give("worker", {id, number, "attendance", "", {}, "wy-police", ""}));
  const auto line = read("worker", id)->steps.at(number - 1);
  EXPECT_EQ(line.present, std::vector<std::string>{"Police"});
  EXPECT_EQ(line.missing, (std::vector<std::string>{"Health", "Children's social care"}));
  EXPECT_EQ(line.contributions.front().member, "wy-police");
}

TEST_F(ProcessService, what_is_due_first_stands_first_and_what_ended_is_not_listed) {
  const PersonRef other = t_.store.add(ben());
  const ProcessId today = begin("door", child_).value();
  t_.clock.at = t_.clock.at + day_ms;
  const ProcessId tomorrow = begin("door", other).value();
  auto told = list("worker").value();
  ASSERT_EQ(told.processes.size(), 2u);
  EXPECT_EQ(told.processes[0].id, today);
  EXPECT_TRUE(told.processes[0].is_late);
  EXPECT_EQ(told.processes[1].id, tomorrow);
  EXPECT_FALSE(told.processes[1].is_late);
  give_all(today, 1, {"referral-source", "why", "legal-basis"});
  ASSERT_TRUE(close("door", today, 1, "none"));
  told = list("worker").value();
  ASSERT_EQ(told.processes.size(), 1u);
  EXPECT_TRUE(read("worker", today)->process.has_ended) << "it is still there to read";
}

TEST_F(ProcessService, of_many_those_that_are_due_first_are_listed_and_that_there_are_more_is_said) {
  const ProcessId first = begin("door", child_).value();
  t_.clock.at = t_.clock.at + day_ms;
  std::set<ProcessId> next;
  for (std::size_t i = 0; i < limits::processes_shown_max; ++i) next.insert(begin("door", child_).value());
  t_.clock.at = t_.clock.at + day_ms;
  const ProcessId last = begin("door", child_).value();
  const auto told = list("worker").value();
  ASSERT_EQ(told.processes.size(), limits::processes_shown_max);
  EXPECT_TRUE(told.more);
  EXPECT_EQ(told.processes.front().id, first);
  for (const auto& one : told.processes) EXPECT_NE(one.id, last);

  // What is due changes with what is recorded.
  give_all(first, 1, {"referral-source", "why", "legal-basis"});
  ASSERT_TRUE(close("door", first, 1, "none"));
  const auto after = list("worker").value();
  ASSERT_EQ(after.processes.size(), limits::processes_shown_max);
  EXPECT_TRUE(after.more) << "one that is due later waits";
  for (const auto& one : after.processes) EXPECT_EQ(next.count(one.id), 1u);
}

TEST_F(ProcessService, a_clock_that_stopped_is_not_what_is_due_next) {
  const ProcessId id = begin("door", child_).value();
  give_all(id, 1, {"referral-source", "why", "legal-basis"});
  ASSERT_TRUE(close("door", id, 1, "referral"));
  give_all(id, 2, {"source-code", "need-code", "referrer-told", "manager-agreed"});
  ASSERT_TRUE(close("manager", id, 2, "strategy"));
  const Instant due = list("worker")->processes.front().due;
  EXPECT_EQ(due, t_.clock.at + day_ms) << "24 hours from its beginning";
  t_.clock.at = t_.clock.at + hour_ms;
  EXPECT_TRUE(give("worker", {id, 4, "held", "", When::at_instant(t_.clock.at), "", ""}));
  EXPECT_GT(list("worker")->processes.front().due, due) << "the discussion was held: the assessment is next";
}

TEST_F(ProcessService, the_same_key_begins_one_process) {
  const Caller caller(tokens_.at("door"), OnceKey{Hash{1}, Hash{2}});
  const auto first = begin("door", child_, &caller), second = begin("door", child_, &caller);
  ASSERT_TRUE(first && second);
  EXPECT_EQ(*first, *second);
  EXPECT_EQ(list("door")->processes.size(), 1u);
}

TEST_F(ProcessService, a_task_of_a_process_ends_with_what_it_is_about_and_not_by_itself) {
  const ProcessId id = begin("door", child_).value();
  const auto tasks = t_.result<TaskList>([&](auto done) {
    t_.node->list_tasks(tokens_.at("door"), {TaskQuery::Which::mine, false}, done);
  });
  ASSERT_EQ(tasks->tasks.size(), 1u);
  const auto finished = t_.result<bool>([&](auto done) {
    t_.node->change_task(tokens_.at("door"), {tasks->tasks[0].id, TaskChange::What::done, "done", "did it", ""}, done);
  });
  ASSERT_FALSE(finished);
  EXPECT_EQ(finished.error().code, "bad-task");
  give_all(id, 1, {"referral-source", "why", "legal-basis"});
  ASSERT_TRUE(close("door", id, 1, "referral"));
  EXPECT_TRUE(t_.result<TaskList>([&](auto done) {
                  t_.node->list_tasks(tokens_.at("door"), {TaskQuery::Which::mine, false}, done);
                })->tasks.empty());
}

TEST_F(ProcessService, a_node_without_definitions_begins_none_and_says_why) {
  t_.settings.processes = nullptr;
  t_.start();
  const auto begun = begin("door", child_);
  ASSERT_FALSE(begun);
  EXPECT_EQ(begun.error().code, "no-definition");
  EXPECT_TRUE(list("door")->processes.empty());
}

}  // namespace
}  // namespace ginnel
