// SPDX-License-Identifier: Apache-2.0
#include "node/work/tasks.h"

#include "tests/node/gate_for_tests.h"
#include "tests/node/store_for_tests.h"

namespace ginnel {
namespace {

class TasksTest : public testing::Test {
 protected:
  TasksTest() { child_ = store_.add(aisha()); }

  Session somebody(const std::string& role) {
    Session session;
    session.user = UserId::make(random_);
    session.username = role;
    session.role = role;
    return session;
  }
  template <class Do>
  void in_turn(Do act) {
    auto turn = store_.begin(now_);
    act(*turn);
    ASSERT_TRUE(turn->commit());
  }
  void tick() {
    in_turn([&](Turn& turn) { EXPECT_TRUE(tasks_.tick(turn)); });
  }
  TaskId open(TaskOpening opening) {
    TaskId id;
    in_turn([&](Turn& turn) {
      auto opened = tasks_.open(opening, turn);
      ASSERT_TRUE(opened) << opened.error().text();
      id = *opened;
    });
    return id;
  }
  static TaskOpening follow_up() {
    TaskOpening opening;
    opening.kind = "follow_up";  // practitioner; deputy and then manager: manager; due in 120 hours, escalates 48 later
    return opening;
  }
  static TaskOpening quarantine() {
    TaskOpening opening;
    opening.kind = "quarantined_source";  // manager, then governance_lead, then governance_lead; 24 hours, 24 later
    opening.origin = "quarantine:ll";
    opening.may_recur = true;
    opening.detail = "ll";
    opening.rule = "import";
    return opening;
  }
  std::vector<TaskStep> history(const TaskId& id) { return tasks_.history(id, *store_.snapshot()).value(); }
  TaskEntry latest(const TaskId& id) { return tasks_.find(id, *store_.snapshot()).value(); }
  std::vector<TaskAct> acts(const TaskId& id) {
    std::vector<TaskAct> out;
    const auto steps = history(id);
    for (const auto& step : steps) out.push_back(step.entry.act);
    return out;
  }

  StoreForTests store_;
  SeededRandom random_{9};
  Instant now_ = noon;
  Tasks tasks_{west_yorkshire()->vocabulary, random_};
  PersonRef child_;
};

TEST_F(TasksTest, a_kind_says_who_has_it_by_when_and_what_it_is_called) {
  const TaskEntry task = latest(open(quarantine()));
  EXPECT_EQ(task.title, "A source could not be read: ll");
  ASSERT_EQ(task.holders.size(), 1u);
  EXPECT_EQ(task.holders.front().role, "manager");
  EXPECT_EQ(task.due, noon + 24 * hour_ms);
  EXPECT_EQ(task.warn_from, noon + 12 * hour_ms);
  EXPECT_EQ(task.rule, "import");
}

TEST_F(TasksTest, for_a_role_that_nobody_has_goes_to_one_who_manages_work_too) {
  const auto roles_of = [&](const TaskId& id) {
    std::vector<std::string> out;
    for (const auto& holder : latest(id).holders) out.push_back(holder.role);
    return out;
  };
  const auto hold = [&](const std::set<std::string>& roles) {
    in_turn([&](Turn& turn) { EXPECT_TRUE(tasks_.set_held_roles(roles, turn)); });
  };
  tick();
  hold({"practitioner", "governance_lead"});
  const TaskId id = open(quarantine());
  EXPECT_EQ(roles_of(id), (std::vector<std::string>{"manager", "governance_lead"}));
  EXPECT_FALSE(latest(id).reason.empty());
  const TaskId held = open(follow_up());
  EXPECT_EQ(roles_of(held), std::vector<std::string>{"practitioner"});
  EXPECT_EQ(tasks_.with_nobody(), 0u);
  // The last practitioner leaves: what waited for one is somebody's, with an entry that says why.
  hold({"governance_lead"});
  EXPECT_EQ(roles_of(held), (std::vector<std::string>{"practitioner", "governance_lead"}));
  EXPECT_EQ(acts(held), (std::vector{TaskAct::opened, TaskAct::handed_over}));
  EXPECT_EQ(acts(id).size(), 1u) << "this one had somebody";
}

TEST_F(TasksTest, that_nobody_at_all_can_see_are_counted_and_go_to_the_first_manager_who_comes) {
  tick();
  in_turn([&](Turn& turn) { EXPECT_TRUE(tasks_.set_held_roles({"operator"}, turn)); });
  const TaskId id = open(follow_up());
  EXPECT_EQ(tasks_.with_nobody(), 1u);
  EXPECT_EQ(latest(id).state, TaskState::open);
  in_turn([&](Turn& turn) { EXPECT_TRUE(tasks_.set_held_roles({"operator", "manager"}, turn)); });
  EXPECT_EQ(tasks_.with_nobody(), 0u);
  EXPECT_TRUE(tasks_.may_see(somebody("manager"), latest(id)));
}

TEST_F(TasksTest, one_cause_makes_one_task_however_often_its_rule_runs) {
  TaskOpening opening = quarantine();
  opening.may_recur = false;
  const TaskId first = open(opening);
  const auto size = store_->tree_head().size;
  EXPECT_EQ(open(opening), first);
  EXPECT_EQ(store_->tree_head().size, size);
  in_turn([&](Turn& turn) { EXPECT_TRUE(*tasks_.close_from("quarantine:ll", "mended", "read", turn)); });
  EXPECT_EQ(open(opening), first) << "the same cause, though it was dealt with";
  EXPECT_EQ(latest(first).state, TaskState::done);
}

TEST_F(TasksTest, a_cause_that_may_recur_makes_another_task_once_the_first_is_closed) {
  const TaskId first = open(quarantine());
  EXPECT_EQ(open(quarantine()), first);
  in_turn([&](Turn& turn) {
    EXPECT_TRUE(*tasks_.close_from("quarantine:ll", "mended", "read", turn));
    EXPECT_FALSE(*tasks_.close_from("quarantine:ll", "mended", "read", turn));
    EXPECT_FALSE(*tasks_.close_from("quarantine:other", "mended", "read", turn));
  });
  EXPECT_NE(open(quarantine()), first);
}

TEST_F(TasksTest, what_nobody_does_goes_to_the_deputy_and_then_to_the_managers_once_each) {
  const TaskId id = open(quarantine());
  tick();
  EXPECT_EQ(tasks_.next_tick(), noon + 24 * hour_ms);
  now_ = noon + 24 * hour_ms + -1;
  tick();
  EXPECT_EQ(acts(id).size(), 1u);
  now_ = noon + 24 * hour_ms;
  tick();
  tick();
  EXPECT_EQ(acts(id), (std::vector{TaskAct::opened, TaskAct::to_deputy}));
  EXPECT_EQ(latest(id).holders, (std::vector<TaskHolder>{{{}, "manager"}, {{}, "governance_lead"}}));
  now_ = noon + 48 * hour_ms;
  tick();
  tick();
  EXPECT_EQ(acts(id), (std::vector{TaskAct::opened, TaskAct::to_deputy, TaskAct::to_manager}));
  EXPECT_FALSE(tasks_.next_tick());
}

TEST_F(TasksTest, a_clock_that_leaps_or_goes_back_makes_nothing_go_twice) {
  const TaskId id = open(quarantine());
  now_ = noon + 400 * hour_ms;
  tick();
  EXPECT_EQ(acts(id), (std::vector{TaskAct::opened, TaskAct::to_deputy, TaskAct::to_manager}));
  now_ = noon + hour_ms;
  tick();
  tasks_.clear();
  tick();
  now_ = noon + 500 * hour_ms;
  tick();
  EXPECT_EQ(acts(id).size(), 3u);
}

TEST_F(TasksTest, a_restart_forgets_neither_what_is_due_nor_what_went_further) {
  const TaskId id = open(quarantine());
  now_ = noon + 30 * hour_ms;
  store_.reopen();
  Tasks again(west_yorkshire()->vocabulary, random_);
  in_turn([&](Turn& turn) { EXPECT_TRUE(again.tick(turn)); });
  EXPECT_EQ(acts(id).size(), 2u);
  store_.reopen();
  Tasks third(west_yorkshire()->vocabulary, random_);
  in_turn([&](Turn& turn) { EXPECT_TRUE(third.tick(turn)); });
  EXPECT_EQ(acts(id).size(), 2u);
  EXPECT_EQ(third.next_tick(), noon + 48 * hour_ms);
}

TEST_F(TasksTest, a_turn_that_was_not_committed_left_nothing_behind) {
  const TaskId id = open(quarantine());
  tick();
  now_ = noon + 24 * hour_ms;
  {
    auto turn = store_.begin(now_);
    EXPECT_TRUE(tasks_.tick(*turn));
  }
  tasks_.clear();
  EXPECT_EQ(acts(id).size(), 1u);
  tick();
  EXPECT_EQ(acts(id).size(), 2u);
}

TEST_F(TasksTest, a_task_without_a_deputy_goes_to_the_managers_at_once) {
  TaskOpening opening;
  opening.kind = "retention_review";
  const TaskId id = open(opening);
  now_ = latest(id).due;
  tick();
  EXPECT_EQ(acts(id), (std::vector{TaskAct::opened, TaskAct::to_manager}));
}

TEST_F(TasksTest, who_accepts_has_it_and_who_does_it_says_what_came_of_it) {
  const TaskId id = open(follow_up());
  const Session worker = somebody("practitioner"), colleague = somebody("practitioner");
  in_turn([&](Turn& turn) {
    EXPECT_TRUE(tasks_.accept(worker, id, turn));
    EXPECT_TRUE(tasks_.accept(worker, id, turn)) << "said twice";
    EXPECT_EQ(tasks_.accept(colleague, id, turn).error().code, "not-found") << "it is another's now";
    EXPECT_EQ(tasks_.finish(worker, id, "marzipan", "why", turn).error().code, "bad-field");
    EXPECT_EQ(tasks_.finish(worker, id, "acted", "", turn).error().code, "bad-field");
    EXPECT_TRUE(tasks_.finish(worker, id, "acted", "rang the school", turn));
    EXPECT_EQ(tasks_.finish(worker, id, "acted", "again", turn).error().code, "bad-task");
  });
  EXPECT_EQ(acts(id), (std::vector{TaskAct::opened, TaskAct::accepted, TaskAct::done}));
  const auto steps = history(id);
  EXPECT_EQ(steps.back().by, worker.user);
  EXPECT_EQ(steps.back().entry.outcome, "acted");
  EXPECT_TRUE(store_.snapshot()->active_tasks()->empty());
}

TEST_F(TasksTest, what_is_done_or_accepted_in_time_goes_to_nobody_else) {
  const Session worker = somebody("practitioner");
  const TaskId done = open(follow_up());
  in_turn([&](Turn& turn) { EXPECT_TRUE(tasks_.finish(worker, done, "acted", "rang", turn)); });
  now_ = noon + 1000 * hour_ms;
  tick();
  EXPECT_EQ(acts(done).size(), 2u);
}

TEST_F(TasksTest, an_accepted_task_that_is_not_done_goes_further_and_stays_with_who_has_it) {
  const Session worker = somebody("practitioner");
  const TaskId id = open(follow_up());
  in_turn([&](Turn& turn) { EXPECT_TRUE(tasks_.accept(worker, id, turn)); });
  now_ = noon + 120 * hour_ms;
  tick();
  EXPECT_EQ(latest(id).holders, (std::vector<TaskHolder>{{worker.user, ""}, {{}, "manager"}}));
  in_turn([&](Turn& turn) { EXPECT_TRUE(tasks_.finish(worker, id, "acted", "rang", turn)); });
}

TEST_F(TasksTest, who_has_no_part_in_a_task_is_told_that_there_is_none) {
  const TaskId id = open(quarantine());
  const TaskId nobodys = TaskId::make(random_);
  const Session worker = somebody("practitioner"), manager = somebody("safeguarding_lead");
  in_turn([&](Turn& turn) {
    for (const auto& task : {id, nobodys}) {
      EXPECT_EQ(tasks_.accept(worker, task, turn).error().code, "not-found");
      EXPECT_EQ(tasks_.finish(worker, task, "mended", "why", turn).error().code, "not-found");
      EXPECT_EQ(tasks_.hand_over(worker, task, {{}, "manager"}, "why", turn).error().code, "not-found");
      EXPECT_EQ(tasks_.cancel(worker, task, "why", turn).error().code, "not-found");
    }
    EXPECT_TRUE(tasks_.accept(manager, id, turn)) << "managers of work see to everybody's";
  });
  for (const char* role : {"operator", "inspector", "partnership", "no_such_role"}) {
    TaskEntry theirs = latest(id);
    theirs.holders = {{{}, role}};
    EXPECT_FALSE(tasks_.may_see(somebody(role), theirs)) << role;
  }
}

TEST_F(TasksTest, whoever_leaves_hands_everything_over_at_once) {
  const Session worker = somebody("practitioner"), other = somebody("practitioner"), manager = somebody("manager");
  std::vector<TaskId> ids;
  for (int i = 0; i < 3; ++i) {
    ids.push_back(open(follow_up()));
    in_turn([&](Turn& turn) { EXPECT_TRUE(tasks_.accept(worker, ids.back(), turn)); });
  }
  in_turn([&](Turn& turn) {
    EXPECT_TRUE(tasks_.finish(worker, ids[0], "acted", "rang", turn));
    EXPECT_EQ(tasks_.hand_over_all(other, worker.user, {other.user, {}}, "why", turn).error().code, "forbidden");
    EXPECT_EQ(tasks_.hand_over_all(manager, worker.user, {other.user, {}}, "leaves", turn).value(), 2u);
  });
  auto snapshot = store_.snapshot();
  EXPECT_TRUE(snapshot->tasks_of({worker.user, {}}, true)->empty());
  EXPECT_EQ(snapshot->tasks_of({other.user, {}}, true)->size(), 2u);
  EXPECT_EQ(snapshot->tasks_of({worker.user, {}}, false)->size(), 1u) << "what they did stays theirs";
}

TEST_F(TasksTest, work_about_somebody_goes_with_them_when_they_are_erased) {
  TaskOpening opening = follow_up();
  opening.person = child_;
  opening.origin = "about the child";
  const TaskId id = open(opening);
  tick();
  auto turn = store_.begin(now_);
  const auto keys = turn->bury(child_, "asked for", ActorId()).value();
  ASSERT_TRUE(turn->commit());
  turn.reset();
  ASSERT_TRUE(store_->destroy_keys(keys));
  EXPECT_TRUE(store_.snapshot()->active_tasks()->empty());
  EXPECT_FALSE(store_.snapshot()->task_from("about the child").value());
  EXPECT_EQ(tasks_.find(id, *store_.snapshot()).error().code, "not-found");
  now_ = noon + 1000 * hour_ms;
  tick();
  EXPECT_EQ(tasks_.problem(), "");
  EXPECT_FALSE(tasks_.next_tick());
}

TEST_F(TasksTest, tasks_that_cannot_be_read_are_told_and_stop_nothing_else) {
  open(quarantine());
  const auto rows = rows_of(store_.ledger(), Table::index_rows);
  for (const auto& [key, value] : rows)
    if (key[0] == std::uint8_t(16)) erase_row(store_.ledger(), Table::index_rows, key);
  store_.reopen();
  tasks_.clear();
  now_ = noon + 24 * hour_ms;
  tick();
  EXPECT_NE(tasks_.problem().find("cannot be read"), std::string::npos);
  EXPECT_EQ(tasks_.next_tick(), now_ + limits::tasks_retry_ms);
  for (const auto& [key, value] : rows) put_row(store_.ledger(), Table::index_rows, key, value);
  store_.reopen();
  now_ = now_ + limits::tasks_retry_ms;
  tick();
  EXPECT_EQ(tasks_.problem(), "");
}

TEST_F(TasksTest, a_rule_opens_one_by_kind_person_origin_due_and_role_alone) {
  TaskId id;
  in_turn([&](Turn& turn) {
    id = tasks_.open("non_delivery", child_, "notice:1", noon + hour_ms, "triage", turn).value();
  });
  EXPECT_EQ(latest(id).holders.front().role, "triage");
  EXPECT_EQ(latest(id).due, noon + hour_ms);
  EXPECT_EQ(store_.snapshot()->tasks_about(child_)->size(), 1u);
  in_turn([&](Turn& turn) {
    EXPECT_EQ(tasks_.open("marzipan", child_, "notice:2", {}, "", turn).error().code, "unknown-word");
  });
}

}  // namespace
}  // namespace ginnel
