// SPDX-License-Identifier: Apache-2.0
// A conflict of interest through a production node: who is shown nothing of whom, and who is told to find another.
#include <algorithm>

#include "federation/record/identity.h"
#include "tests/code_of.h"
#include "tests/node/node_for_tests.h"

namespace ginnel {
namespace {

class ConflictService : public testing::Test {
 protected:
  ConflictService() {
    auto turn = t_.store.begin();
    Person person = aisha();
    person.markings_by_source.clear();
    PersonVersion version = version_of(person);
    version.sources = {{"liquidlogic", "LL-1", Hash{1}, 1, {}}};
    child_ = turn->put_person(std::move(version), ActorId()).value();
    EXPECT_TRUE(turn->commit());
    tokens_ = t_.tokens_of_new({{"worker", "practitioner"},
                                {"colleague", "practitioner"},
                                {"manager", "manager"},
                                {"governance", "governance_lead"},
                                {"operator", "operator"}});
  }

  Expected<AllocationId> record(const std::string& who, const std::string& worker = "",
                                const std::string& reason = "my niece") {
    return t_.result<AllocationId>([&](auto done) {
      t_.node->record_conflict(tokens_.at(who), {child_, worker, reason}, done);
    });
  }
  Expected<bool> end(const std::string& who, const AllocationId& id, const std::string& reason = "moved away") {
    return t_.result<bool>([&](auto done) { t_.node->end_conflict(tokens_.at(who), {id, reason}, done); });
  }
  Expected<std::vector<AllocationRow>> list(const std::string& who, const PersonRef& person = {}) {
    return t_.result<std::vector<AllocationRow>>([&](auto done) {
      t_.node->list_conflicts(tokens_.at(who), {person, ""}, done);
    });
  }
  Expected<AllocationId> allocate(const std::string& worker) {
    NewAllocation wanted;
    wanted.person = child_;
    wanted.worker = worker;
    return t_.result<AllocationId>([&](auto done) { t_.node->allocate(tokens_.at("manager"), wanted, done); });
  }
  // Asks, and gives the code it is refused with; empty where it is not. `asked`: how many messages left.
  std::string ask(const std::string& who, std::size_t* asked = nullptr) {
    ViewRequest request;
    request.child = read_identity("9990000018", "", "", "", "").value();
    request.purpose = "first_contact";
    request.basis = "public_task";
    request.reason = "worried";
    request.deadline_ms = 100;
    std::optional<Expected<CaseView>> view;
    const std::size_t before = t_.wires.sent.size();
    t_.node->start_view(tokens_.at(who), request, [&](Expected<CaseView> got) { view = std::move(got); });
    t_.run();
    t_.clock.at = t_.clock.at + 200;
    t_.run();
    if (asked) *asked = t_.wires.sent.size() - before;
    EXPECT_TRUE(view.has_value());
    return !view || *view ? "" : view->error().code;
  }
  UserId user(const std::string& name) {
    const auto accounts = load_accounts(*t_.store.snapshot()).value();
    return std::find_if(accounts.begin(), accounts.end(), [&](const Account& one) { return one.username == name; })->id;
  }
  std::vector<TaskSummary> handovers() {
    auto tasks = t_.result<TaskList>([&](auto done) {
      t_.node->list_tasks(tokens_.at("manager"), {TaskQuery::Which::managed, false}, done);
    });
    EXPECT_TRUE(tasks);
    std::erase_if(tasks->tasks, [](const TaskSummary& task) { return task.kind != "conflict_handover"; });
    return tasks->tasks;
  }
  std::size_t refusals_recorded() {
    std::size_t count = 0;
    auto snapshot = t_.store.snapshot();
    for (std::uint64_t at = 0; at < snapshot->tree_head().size; ++at) {
      auto entry = snapshot->entry(at);
      if (!entry || entry->header.kind != EntryKind::decided) continue;
      const Access access = decode_access(entry->body).value();
      if (access.person == child_ && access.outcome == "refused" &&
          access.items.front().policies == std::vector<std::string>{"conflict-of-interest"})
        ++count;
    }
    return count;
  }

  NodeForTests t_;
  std::map<std::string, std::string> tokens_;
  PersonRef child_;
};

TEST_F(ConflictService, a_worker_asks_nobody_about_their_own_family_and_managers_are_told) {
  std::size_t asked = 0;
  ASSERT_EQ(ask("worker", &asked), "");
  ASSERT_GT(asked, 0u);
  t_.clock.at = t_.clock.at + hour_ms;  // nothing of that view is sent again
  t_.run();
  ASSERT_TRUE(record("worker"));
  EXPECT_EQ(ask("worker", &asked), "conflict-of-interest");
  EXPECT_EQ(asked, 0u) << "nobody learns of it";
  EXPECT_EQ(refusals_recorded(), 1u);
  ASSERT_EQ(handovers().size(), 1u);
  EXPECT_EQ(handovers().front().person, child_);
  EXPECT_EQ(ask("worker"), "conflict-of-interest");
  EXPECT_EQ(handovers().size(), 1u) << "once a day";
  EXPECT_EQ(ask("colleague"), "") << "another worker asks";
}

TEST_F(ConflictService, a_view_that_was_begun_before_shows_nothing_of_the_own_part_afterwards) {
  ViewRequest request;
  request.child = read_identity("9990000018", "", "", "", "").value();
  request.purpose = "first_contact";
  request.basis = "public_task";
  request.reason = "worried";
  request.deadline_ms = 100;
  t_.store.add(visit_to({child_}));
  std::optional<Expected<CaseView>> view;
  t_.node->start_view(tokens_.at("worker"), request, [&](Expected<CaseView> got) { view = std::move(got); });
  t_.run();
  t_.clock.at = t_.clock.at + 200;
  t_.run();
  ASSERT_TRUE(view && *view);
  ASSERT_EQ((*view)->items.size(), 1u);
  ASSERT_TRUE(record("worker"));
  const auto again =
      t_.result<CaseView>([&](auto done) { t_.node->read_view(tokens_.at("worker"), (*view)->id, done); });
  ASSERT_TRUE(again);
  EXPECT_TRUE(again->items.empty());
  ASSERT_EQ(again->withheld.size(), 1u);
  EXPECT_EQ(again->withheld.front().category, "identity");
  EXPECT_EQ(again->withheld.front().ask, "your manager, who gives it to another worker");
}

TEST_F(ConflictService, whoever_is_allocated_is_so_no_longer_and_somebody_finds_another) {
  ASSERT_TRUE(allocate("worker"));
  ASSERT_TRUE(record("worker"));
  EXPECT_FALSE(Allocations::is_allocated(user("worker"), child_, t_.clock.at, *t_.store.snapshot()).value());
  EXPECT_EQ(handovers().size(), 1u);
  EXPECT_EQ(code_of(allocate("worker")), "conflict-of-interest");
  EXPECT_TRUE(allocate("colleague"));
}

TEST_F(ConflictService, everybody_says_their_own_and_managers_say_others_and_end_them) {
  EXPECT_EQ(code_of(record("colleague", "worker")), "forbidden");
  EXPECT_EQ(code_of(record("operator")), "forbidden");
  EXPECT_EQ(code_of(record("worker", "", "")), "bad-conflict");
  const AllocationId id = record("manager", "worker", "her sister's child").value();
  EXPECT_EQ(code_of(record("manager", "worker")), "bad-conflict") << "it stands already";
  EXPECT_EQ(code_of(end("worker", id)), "forbidden");
  EXPECT_EQ(code_of(end("manager", id, "")), "bad-field");
  EXPECT_EQ(code_of(end("manager", AllocationId::make(t_.random))), "not-found");
  EXPECT_EQ(ask("worker"), "conflict-of-interest");
  EXPECT_TRUE(end("manager", id));
  EXPECT_EQ(ask("worker"), "");
}

TEST_F(ConflictService, tasks_about_the_person_are_neither_shown_nor_given_to_the_worker) {
  NewTask task;
  task.kind = "follow_up";
  task.note = "ring the school";
  task.person = child_;
  const TaskId id =
      t_.result<TaskId>([&](auto done) { t_.node->open_task(tokens_.at("manager"), task, done); }).value();
  const auto read = [&](const char* who) {
    auto got = t_.result<TaskDetail>([&](auto done) { t_.node->read_task(tokens_.at(who), id, done); });
    return got ? "" : got.error().code;
  };
  const auto change = [&](const char* who, TaskChange wish) {
    auto got = t_.result<bool>([&](auto done) { t_.node->change_task(tokens_.at(who), wish, done); });
    return got ? "" : got.error().code;
  };
  ASSERT_EQ(read("worker"), "");
  ASSERT_TRUE(record("worker"));
  EXPECT_EQ(read("worker"), "conflict-of-interest");
  EXPECT_EQ(change("worker", {id, TaskChange::What::accept, "", "", ""}), "conflict-of-interest");
  EXPECT_EQ(change("colleague", {id, TaskChange::What::accept, "", "", ""}), "");
  EXPECT_EQ(change("colleague", {id, TaskChange::What::hand_over, "", "away", "worker"}), "conflict-of-interest");
  EXPECT_EQ(change("colleague", {id, TaskChange::What::hand_over, "", "away", "manager"}), "");
}

TEST_F(ConflictService, nobody_ends_their_own) {
  const AllocationId id = record("manager").value();
  EXPECT_EQ(code_of(end("manager", id)), "forbidden");
  EXPECT_TRUE(end("governance", id)) << "another who manages work";
}

TEST_F(ConflictService, are_listed_for_oneself_and_of_a_person_for_managers_with_their_history) {
  const AllocationId id = record("worker").value();
  ASSERT_TRUE(end("manager", id, "moved away"));
  EXPECT_EQ(code_of(list("worker", child_)), "forbidden");
  const auto own = list("worker").value();
  ASSERT_EQ(own.size(), 1u);
  EXPECT_FALSE(own.front().is_current);
  EXPECT_EQ(list("manager", child_)->size(), 1u);
  EXPECT_TRUE(list("colleague")->empty());
  const auto mine = t_.result<WorkOverview>([&](auto done) { t_.node->work_overview(tokens_.at("worker"), done); });
  EXPECT_TRUE(mine->allocated.empty()) << "a conflict is no allocation";
}

}  // namespace
}  // namespace ginnel
