// SPDX-License-Identifier: Apache-2.0
// Agencies bring something to one child's process from their own nodes: invited by a notice, as records of their own,
// counted once whatever the network, the nodes and others do.
#include <algorithm>

#include "federation/base/crypto/hash.h"
#include "node/process/process_records.h"
#include "tests/code_of.h"
#include "tests/sim/process_scenario.h"

namespace ginnel::sim {
namespace {

class WorkingTogether : public ProcessScenario {
 protected:
  std::vector<InboxItem> invitations(const std::string& agency, const std::string& user = "m.manager") {
    std::vector<InboxItem> out;
    for (auto& item : t.node(agency).inbox(user).items)
      if (item.invitation && item.invitation->title == "Strategy discussion") out.push_back(std::move(item));
    return out;
  }
  void bring(const std::string& agency, const std::string& name, const std::string& text = "") {
    const auto items = invitations(agency);
    ASSERT_FALSE(items.empty()) << agency << " was not invited";
    const auto made = t.node(agency).answer(items.front(), name, text, "m.manager");
    ASSERT_TRUE(made) << made.error().text();
  }
  ProcessStepLine strategy(const ProcessId& process) {
    auto told = result<ProcessDetail>([&](auto done) { node().read_process(token("m.manager"), process, done); });
    EXPECT_TRUE(told);
    for (const auto& step : told->steps)
      if (step.number == 4) return step;
    return {};
  }
  // "attendance by wy-police", as often as it stands there.
  std::multiset<std::string> brought(const ProcessId& process) {
    std::multiset<std::string> out;
    for (const auto& one : strategy(process).contributions) out.insert(one.name + " by " + one.member);
    return out;
  }
  // Its first and last minutes as they go, and what lies between at once.
  void a_day_passes() {
    t.run_for(30min);
    t.clock().advance_to(t.now() + 23 * hour_ms);
    t.run_for(30min);
  }
  // As a node writes it whose software is its owner's own.
  Record forged(const StepRef& at, const std::string& name) {
    const BroughtToStep brought{at, name, "", When::at_instant(t.now())};
    return record_of({brought, "Strategy discussion", "social-care.s47", id("bradford-csc"), child_},
                     {{"A Stranger", "officer", "", ""}, id("wy-police")}, t.random(), t.now());
  }
};

TEST_F(WorkingTogether, from_their_own_nodes_police_and_health_make_the_quorum_of_a_strategy_discussion) {
  const ProcessId process = invite();
  const auto invited = invitations("wy-police");
  ASSERT_EQ(invited.size(), 1u);
  EXPECT_EQ(invited.front().invitation->wanted,
            (std::vector<std::string>{"attendance", "apologies", "shared", "dissent"}));
  EXPECT_TRUE(invited.front().invitation->due.is_set());
  const auto tasks = t.node("wy-police").tasks("invitation_to_answer", "m.manager");
  EXPECT_EQ(tasks.size(), 2u) << "a report is wanted as well";
  const auto task =
      std::find_if(tasks.begin(), tasks.end(), [&](const auto& one) { return one.invitation == invited.front().id; });
  ASSERT_NE(task, tasks.end());
  EXPECT_EQ(task->task.due, invited.front().invitation->due);

  give(process, 4, {"attendance", "held", "decision", "interim-safety", "actions"});
  bring("wy-police", "attendance", "PC Holroyd of the child abuse unit");
  bring("wy-police", "shared", "called to the house twice in May");
  bring("bradford-health", "attendance");
  t.run_for(1min);
  EXPECT_EQ(invitations("wy-police").at(0).acknowledged_by, "m.manager") << "who answers has taken it up";
  EXPECT_EQ(t.node("wy-police").tasks("invitation_to_answer", "m.manager").size(), 1u);
  EXPECT_EQ(t.node("wy-police").tasks("invitation_to_answer", "m.manager", true).size(), 1u);
  const auto step = strategy(process);
  EXPECT_TRUE(step.missing.empty()) << step.missing.front();
  EXPECT_EQ(brought(process).count("attendance by wy-police"), 1u);
  EXPECT_EQ(brought(process).count("attendance by bradford-health"), 1u);
  EXPECT_EQ(brought(process).count("shared by wy-police"), 1u);
  const auto shared = std::find_if(step.contributions.begin(), step.contributions.end(),
                                   [](const auto& one) { return one.name == "shared"; });
  ASSERT_NE(shared, step.contributions.end());
  EXPECT_EQ(shared->text.rfind("called to the house twice in May (", 0), 0u) << shared->text;
  close(process, 4, "s47");
  // Who asked at the lead finds the same in their inbox, and each record stands in the case view as its owner's.
  auto view = ask();
  view.expect_shown("wy-police", "process_contribution", Step::content);
}

TEST_F(WorkingTogether, what_was_written_for_the_lead_is_only_counted_for_another_authority) {
  const ProcessId process = invite();
  bring("wy-police", "shared", "called to the house twice in May");
  t.run_for(1min);
  EXPECT_EQ(brought(process).count("shared by wy-police"), 1u);
  auto view = t.node("leeds-csc").ask(Story::moved_twice);
  view.expect_not_shown("wy-police", "process_contribution");
}

TEST_F(WorkingTogether, counts_once_what_the_network_doubles_and_loses_and_two_workers_are_told) {
  t.node("bradford-csc").ask(Story::moved_twice, {.user = "m.manager"});
  const ProcessId process = invite();
  Faults faults;
  faults.loss_percent = 30;
  faults.duplication_percent = 50;
  t.network().set_faults(faults);
  bring("wy-police", "attendance");
  bring("bradford-health", "attendance");
  t.run_for(1h);
  t.network().set_faults({});
  t.run_for(1h);
  EXPECT_EQ(brought(process).count("attendance by wy-police"), 1u);
  EXPECT_EQ(brought(process).count("attendance by bradford-health"), 1u);
}

TEST_F(WorkingTogether, counts_once_what_a_crash_or_a_lost_turn_of_the_lead_interrupts) {
  const ProcessId process = invite();
  t.node("bradford-csc").fail_next_commit();
  bring("wy-police", "attendance");
  t.run_for(1min);
  restart();
  t.run_for(1h);
  EXPECT_EQ(brought(process).count("attendance by wy-police"), 1u);
  bring("bradford-health", "attendance");
  t.node("bradford-csc").crash();
  a_day_passes();
  t.node("bradford-csc").restart();
  t.run_for(30min);
  EXPECT_EQ(brought(process).count("attendance by bradford-health"), 1u);
  restart();
  EXPECT_EQ(brought(process).count("attendance by wy-police"), 1u);
  EXPECT_EQ(brought(process).count("attendance by bradford-health"), 1u);
  EXPECT_TRUE(machine().verify().good());
}

TEST_F(WorkingTogether, counts_what_an_agency_brings_whose_clock_is_wrong) {
  const ProcessId process = invite();
  // Half an hour ahead, until its operator sees it: what it sent meanwhile is taken when the clock is right again.
  t.machine("wy-police").step_clock(30 * 60'000);
  bring("wy-police", "attendance");
  t.run_for(1s);
  t.machine("wy-police").step_clock(0);
  t.run_for(5min);
  EXPECT_EQ(brought(process).count("attendance by wy-police"), 1u);
}

TEST_F(WorkingTogether, takes_no_decision_and_no_other_childs_from_another_agency) {
  const ProcessId process = invite();
  const auto before = brought(process);
  t.node("wy-police").record(Story::moved_twice, forged({process, 4}, "decision"));
  t.node("wy-police").record(Story::moved_twice, forged({process, 400}, "attendance"));
  t.node("wy-police").record(Story::moved_twice, forged({ProcessId::make(t.random()), 4}, "attendance"));
  for (const auto& holding : holdings_of(Story::refuge_address)) t.with(holding);
  t.node("bradford-csc").ask(Story::refuge_address);
  t.node("calderdale-csc").record(Story::refuge_address, forged({process, 4}, "attendance"));
  t.run_for(10min);
  EXPECT_EQ(brought(process), before);
  // They are notices as any other: somebody reads them.
  std::size_t told = 0;
  for (const auto& item : t.node("bradford-csc").inbox().items)
    told += item.record && item.record->kind == contribution_kind;
  EXPECT_GE(told, 3u);
  t.node("wy-police").record(Story::moved_twice, forged({process, 4}, "attendance"));
  t.run_for(10min);
  EXPECT_EQ(brought(process).count("attendance by wy-police"), 1u) << "what the step does wait for is taken";
}

TEST_F(WorkingTogether, refuses_an_answer_that_nobody_could_take_in_and_says_whom_to_ring) {
  const ProcessId process = invite();
  auto police = t.node("wy-police");
  const InboxItem invitation = invitations("wy-police").at(0);
  EXPECT_EQ(code_of(police.answer(invitation, "decision", "", "m.manager")), "bad-field") << "that is the lead's";
  EXPECT_EQ(code_of(police.answer(invitation, "shared", std::string(4001, 'a'), "m.manager")), "bad-field");
  EXPECT_EQ(code_of(police.answer(invitation, "attendance", "", "s.worker")), "not-found") << "they were not asked";
  EXPECT_EQ(code_of(police.answer(invitation, "attendance", "", "operator")), "forbidden");
  const auto later = result<RecordId>([&](Done<RecordId> done) {
    police->node().answer_invitation(
        police->token("m.manager"),
        {*NoticeId::parse(invitation.id), "attendance", "", When::on(london_date(t.now() + 2 * day_ms))}, done);
  });
  EXPECT_EQ(code_of(later), "bad-field") << "it is still to come";
  InboxItem other = invitation;
  for (const auto& item : police.inbox("m.manager").items)
    if (!item.invitation && item.kind == "new-record") other = item;
  ASSERT_NE(other.id, invitation.id);
  EXPECT_EQ(code_of(police.answer(other, "attendance", "", "m.manager")), "not-to-be-answered");
  EXPECT_EQ(brought(process).size(), 0u);
  EXPECT_EQ(police.tasks("invitation_to_answer", "m.manager").size(), 2u) << "it is still to be answered";
}

TEST_F(WorkingTogether, an_agency_that_asked_and_holds_nobody_is_invited_and_told_to_ring) {
  t.node("kirklees-csc").ask(Story::moved_twice);
  invite();
  const auto items = invitations("kirklees-csc", "s.worker");
  ASSERT_EQ(items.size(), 1u);
  const auto refused = t.node("kirklees-csc").answer(items.front(), "attendance", "");
  ASSERT_EQ(code_of(refused), "not-to-be-answered");
  EXPECT_NE(refused.error().remedy.find("01632 960"), std::string::npos) << refused.error().remedy;
  EXPECT_EQ(t.node("kirklees-csc").tasks("invitation_to_answer").size(), 2u) << "theirs who asked";
}

TEST_F(WorkingTogether, is_one_task_at_an_agency_that_is_told_twice) {
  t.node("wy-police").ask(Story::moved_twice);
  invite();
  EXPECT_EQ(invitations("wy-police").size(), 2u) << "because they asked, and because they were asked";
  EXPECT_EQ(t.node("wy-police").tasks("invitation_to_answer", "m.manager").size() +
                t.node("wy-police").tasks("invitation_to_answer").size(),
            2u)
      << "a report, and the strategy discussion";
}

TEST_F(WorkingTogether, is_read_and_answered_by_whoever_is_handed_the_task_and_by_no_other_worker) {
  const ProcessId process = invite();
  const InboxItem invitation = invitations("wy-police").at(0);
  auto& police = t.machine("wy-police");
  const auto read = [&](const std::string& user) {
    return code_of(result<InboxItem>(
        [&](auto done) { police.node().read_notice(police.token(user), *NoticeId::parse(invitation.id), done); }));
  };
  EXPECT_EQ(read("o.worker"), "not-found");
  TaskId task;
  for (const auto& one : t.node("wy-police").tasks("invitation_to_answer", "m.manager"))
    if (one.invitation == invitation.id) task = one.task.id;
  ASSERT_FALSE(task.empty()) << "the task names the notice";
  ASSERT_TRUE(result<bool>([&](auto done) {
    police.node().change_task(police.token("m.manager"),
                              {task, TaskChange::What::hand_over, "", "you know the family", "o.worker"}, done);
  }));
  EXPECT_EQ(read("o.worker"), "");
  EXPECT_EQ(read("s.worker"), "not-found");
  ASSERT_TRUE(t.node("wy-police").answer(invitation, "attendance", "", "o.worker"));
  t.run_for(1min);
  EXPECT_EQ(brought(process).count("attendance by wy-police"), 1u);
  EXPECT_EQ(read("o.worker"), "not-found") << "it is done";
}

TEST_F(WorkingTogether, waits_at_its_agency_while_the_lead_runs_without_the_definition) {
  const ProcessId process = invite();
  t.node("bradford-csc").crash();
  machine().set_processes(false);
  t.node("bradford-csc").restart();
  bring("wy-police", "attendance");
  t.run_for(10min);
  const auto state = [&] {
    for (const auto& notice : t.node("wy-police").sent().notices)
      for (const auto& one : notice.recipients)
        if (one.agency == id("bradford-csc") && notice.headline == "Strategy discussion: attendance") return one.state;
    return std::string("none");
  };
  EXPECT_NE(state(), "delivered");
  machine().set_processes(true);
  restart();
  t.run_for(1h);
  EXPECT_EQ(state(), "delivered");
  EXPECT_EQ(brought(process).count("attendance by wy-police"), 1u);
}

TEST_F(WorkingTogether, a_double_click_brings_it_once) {
  const ProcessId process = invite();
  const InboxItem invitation = invitations("wy-police").at(0);
  auto& police = t.machine("wy-police");
  const Caller caller{police.token("m.manager"), OnceKey{sha256(view_of("k")), sha256(view_of("attendance"))}};
  std::set<RecordId> made;
  for (int i = 0; i < 2; ++i) {
    const auto one = result<RecordId>([&](Done<RecordId> done) {
      police.node().answer_invitation(caller, {*NoticeId::parse(invitation.id), "attendance", "", {}}, done);
    });
    ASSERT_TRUE(one) << one.error().text();
    made.insert(*one);
  }
  EXPECT_EQ(made.size(), 1u);
  t.run_for(1min);
  EXPECT_EQ(brought(process).count("attendance by wy-police"), 1u);
}

TEST_F(WorkingTogether, after_a_day_of_partition_everything_drains) {
  const ProcessId process = invite();
  t.network().cut(id("wy-police"), id("bradford-csc"));
  bring("wy-police", "attendance");
  a_day_passes();
  EXPECT_EQ(brought(process).count("attendance by wy-police"), 0u);
  t.network().mend_all();
  t.run_for(30min);
  EXPECT_EQ(brought(process).count("attendance by wy-police"), 1u);
}

}  // namespace
}  // namespace ginnel::sim
