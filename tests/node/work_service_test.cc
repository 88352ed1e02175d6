// SPDX-License-Identifier: Apache-2.0
// Work through a production node: what is said to whom, and what the node makes tasks of by itself.
#include "federation/base/crypto/hash.h"
#include "federation/record/identity.h"
#include "tests/node/node_for_tests.h"

namespace ginnel {
namespace {

class WorkService : public testing::Test {
 protected:
  WorkService() {
    Person person = aisha();
    person.markings_by_source.clear();
    PersonVersion version = version_of(person);
    version.sources = {{"liquidlogic", "LL-1", Hash{1}, 1, {}}};
    auto turn = t_.store.begin();
    child_ = turn->put_person(std::move(version), ActorId()).value();
    EXPECT_TRUE(turn->commit());
    tokens_ = t_.tokens_of_new({{"worker", "practitioner"},
                                {"colleague", "practitioner"},
                                {"manager", "manager"},
                                {"governance", "governance_lead"},
                                {"operator", "operator"}});
  }

  Expected<TaskId> open(const std::string& who, NewTask task) {
    return t_.result<TaskId>([&](auto done) { t_.node->open_task(tokens_.at(who), task, done); });
  }
  Expected<bool> change(const std::string& who, TaskChange change) {
    return t_.result<bool>([&](auto done) { t_.node->change_task(tokens_.at(who), change, done); });
  }
  Expected<TaskList> list(const std::string& who, TaskQuery::Which which, bool closed = false) {
    return t_.result<TaskList>([&](auto done) { t_.node->list_tasks(tokens_.at(who), {which, closed}, done); });
  }
  Expected<TaskDetail> read(const std::string& who, const TaskId& id) {
    return t_.result<TaskDetail>([&](auto done) { t_.node->read_task(tokens_.at(who), id, done); });
  }
  Expected<WorkOverview> overview(const std::string& who) {
    return t_.result<WorkOverview>([&](auto done) { t_.node->work_overview(tokens_.at(who), done); });
  }
  Expected<AllocationId> allocate(const std::string& who, NewAllocation wanted) {
    return t_.result<AllocationId>([&](auto done) { t_.node->allocate(tokens_.at(who), wanted, done); });
  }
  void import(const std::optional<Error>& problem) {
    auto turn = t_.store.begin(t_.clock.at);
    ImportOutcome outcome;
    outcome.source.system = "liquidlogic";
    outcome.file = "people.csv";
    outcome.now = t_.clock.at;
    outcome.problem = problem;
    ASSERT_TRUE(t_.node->note_import(outcome, *turn));
    ASSERT_TRUE(turn->commit());
  }
  static NewTask follow_up() {
    NewTask task;
    task.kind = "follow_up";
    task.note = "ring the school";
    return task;
  }
  static NewAllocation to(const std::string& worker) {
    NewAllocation wanted;
    wanted.system = "liquidlogic";
    wanted.key = "LL-1";
    wanted.worker = worker;
    return wanted;
  }

  NodeForTests t_{alone};
  std::map<std::string, std::string> tokens_;
  PersonRef child_;
};

TEST_F(WorkService, a_task_goes_from_hand_to_hand_and_its_history_says_so) {
  const TaskId id = open("manager", follow_up()).value();
  ASSERT_EQ(list("worker", TaskQuery::Which::mine)->tasks.size(), 1u) << "it is with the role";
  ASSERT_TRUE(change("worker", {id, TaskChange::What::accept, "", "", ""}));
  EXPECT_TRUE(list("colleague", TaskQuery::Which::mine)->tasks.empty());
  ASSERT_TRUE(change("worker", {id, TaskChange::What::hand_over, "", "away", "colleague"}));
  EXPECT_EQ(read("worker", id).error().code, "not-found") << "it is theirs no more";
  ASSERT_TRUE(change("colleague", {id, TaskChange::What::done, "acted", "rang", ""}));
  const auto task = read("colleague", id).value();
  EXPECT_EQ(task.note, "ring the school");
  ASSERT_EQ(task.history.size(), 4u);
  EXPECT_EQ(task.history[2].by, "worker");
  EXPECT_EQ(task.history[2].to.front().title, "colleague");
  EXPECT_EQ(list("colleague", TaskQuery::Which::mine, true)->tasks.size(), 1u);
}

TEST_F(WorkService, whoever_is_given_no_work_sees_none) {
  const TaskId id = open("manager", follow_up()).value();
  EXPECT_EQ(overview("operator").error().code, "forbidden");
  EXPECT_EQ(list("operator", TaskQuery::Which::mine).error().code, "forbidden");
  EXPECT_EQ(read("operator", id).error().code, "forbidden");
  EXPECT_EQ(open("operator", follow_up()).error().code, "forbidden");
  EXPECT_EQ(allocate("operator", to("worker")).error().code, "forbidden");
  EXPECT_EQ(list("worker", TaskQuery::Which::managed).error().code, "forbidden");
  EXPECT_EQ(change("manager", {id, TaskChange::What::hand_over, "", "why", "operator"}).error().code, "bad-field");
}

TEST_F(WorkService, a_quarantine_is_a_managers_task_and_ends_with_it) {
  import(Error{"bad-csv", "cannot read the file", "it is cut", "send it again"});
  import(Error{"bad-csv", "cannot read the file", "it is cut", "send it again"});
  const auto tasks = list("manager", TaskQuery::Which::mine)->tasks;
  ASSERT_EQ(tasks.size(), 1u);
  EXPECT_EQ(tasks[0].title, "A source could not be read: liquidlogic");
  import(std::nullopt);
  EXPECT_TRUE(list("manager", TaskQuery::Which::mine)->tasks.empty());
  const auto closed = list("manager", TaskQuery::Which::mine, true)->tasks;
  ASSERT_EQ(closed.size(), 1u);
  EXPECT_EQ(closed[0].outcome, "mended");
}

TEST_F(WorkService, people_who_may_be_one_are_a_task_until_they_are_decided) {
  Person twin = aisha();
  twin.identifiers.clear();
  const PersonRef other = t_.store.add(twin);
  auto turn = t_.store.begin();
  ASSERT_TRUE(turn->merge({child_, other, LinkState::proposed, "score", 900, "names"}, ActorId()));
  ASSERT_TRUE(turn->commit());
  turn.reset();
  import(std::nullopt);
  ASSERT_EQ(list("manager", TaskQuery::Which::managed)->tasks.size(), 1u);
  EXPECT_EQ(list("manager", TaskQuery::Which::managed)->tasks[0].kind, "possible_matches");
  ASSERT_TRUE(t_.result<bool>([&](auto done) {
    t_.node->unmerge_people(tokens_.at("manager"), {child_, other, "two children"}, done);
  }));
  EXPECT_TRUE(list("manager", TaskQuery::Which::managed)->tasks.empty());
}

TEST_F(WorkService, late_work_and_work_of_nobody_is_shown_to_who_manages_it) {
  const TaskId id = open("worker", follow_up()).value();
  EXPECT_EQ(overview("manager")->to_manage.tasks.size(), 1u) << "nobody has accepted it";
  ASSERT_TRUE(change("worker", {id, TaskChange::What::accept, "", "", ""}));
  EXPECT_TRUE(overview("manager")->to_manage.tasks.empty());
  EXPECT_FALSE(overview("worker")->manages);
  t_.clock.at = t_.clock.at + 121 * hour_ms;
  t_.run();
  const auto late = overview("manager")->to_manage.tasks;
  ASSERT_EQ(late.size(), 1u);
  EXPECT_TRUE(late[0].is_late);
  EXPECT_EQ(late[0].escalated, 1u);
}

TEST_F(WorkService, reviews_are_tasks_of_their_kinds) {
  NewTask review;
  review.kind = "retention_review";
  ASSERT_TRUE(open("worker", review));
  ASSERT_TRUE(open("worker", follow_up()));
  EXPECT_EQ(list("governance", TaskQuery::Which::reviews)->tasks.size(), 1u);
  EXPECT_TRUE(list("worker", TaskQuery::Which::reviews)->tasks.empty());
  NewTask by_rule_only;
  by_rule_only.kind = "break_glass_review";
  EXPECT_EQ(open("worker", by_rule_only).error().code, "bad-field");
}

TEST_F(WorkService, an_allocated_worker_sees_whom_they_have_by_system_and_key_and_that_is_recorded) {
  EXPECT_EQ(allocate("worker", to("worker")).error().code, "forbidden");
  EXPECT_EQ(allocate("manager", to("operator")).error().code, "bad-field");
  NewAllocation nobody = to("worker");
  nobody.key = "LL-2";
  EXPECT_EQ(allocate("manager", nobody).error().code, "not-found");
  ASSERT_TRUE(allocate("manager", to("worker")));
  const auto shown = t_.store.snapshot()->access_to(child_)->size();
  const auto work = overview("worker").value();
  ASSERT_EQ(work.allocated.size(), 1u);
  EXPECT_EQ(work.allocated[0].person.sources.at(0).second, "LL-1");
  EXPECT_EQ(t_.store.snapshot()->access_to(child_)->size(), shown + 1);
  EXPECT_TRUE(overview("colleague")->allocated.empty());
}

TEST_F(WorkService, whoever_is_concealed_is_as_if_they_were_not_held) {
  Person hidden = ben();
  hidden.markings_by_source = {"adoption_sealed"};
  const PersonRef concealed = t_.store.add(hidden);
  for (const PersonRef& person : {concealed, PersonRef::make(t_.random)}) {
    NewTask task = follow_up();
    task.person = person;
    const auto made = open("manager", task);
    EXPECT_EQ(made.error().text(), open("manager", task).error().text());
    EXPECT_EQ(made.error().code, "not-found");
    NewAllocation wanted;
    wanted.person = person;
    wanted.worker = "worker";
    EXPECT_EQ(allocate("manager", wanted).error().code, "not-found");
    AllocationQuery query;
    query.person = person;
    using Rows = std::vector<AllocationRow>;
    EXPECT_EQ(
        t_.result<Rows>([&](auto done) { t_.node->list_allocations(tokens_.at("manager"), query, done); }).error().code,
        "not-found");
  }
}

TEST_F(WorkService, whoever_leaves_leaves_nothing_behind) {
  const TaskId id = open("worker", follow_up()).value();
  ASSERT_TRUE(change("worker", {id, TaskChange::What::accept, "", "", ""}));
  ASSERT_TRUE(allocate("manager", to("worker")));
  const auto hand_over = [&](const std::string& who) {
    return t_.result<HandedOver>([&](auto done) {
      t_.node->hand_over_all(tokens_.at(who), {"worker", "colleague", "leaves"}, done);
    });
  };
  EXPECT_EQ(hand_over("colleague").error().code, "forbidden");
  const auto handed = hand_over("manager").value();
  EXPECT_EQ(handed.tasks, 1u);
  EXPECT_EQ(handed.allocations, 1u);
  EXPECT_TRUE(overview("worker")->allocated.empty());
  EXPECT_EQ(overview("colleague")->allocated.size(), 1u);
  EXPECT_EQ(overview("colleague")->mine.tasks.size(), 1u);
}

TEST_F(WorkService, a_task_about_a_person_is_shown_with_an_entry_that_they_are_told_of) {
  NewTask task = follow_up();
  task.person = child_;
  const TaskId id = open("manager", task).value();
  const auto before = t_.store.snapshot()->access_to(child_)->size();
  EXPECT_EQ(read("worker", id)->about.sources.at(0).first, "liquidlogic");
  EXPECT_EQ(t_.store.snapshot()->access_to(child_)->size(), before + 1);
}

// --- files

NewAttachment letter(const PersonRef& person) {
  const std::string content = "Dear all, the kettle was cold.";
  NewAttachment out;
  out.person = person;
  out.category = "social-care.note";
  out.headline = "A letter";
  out.sensitivity = 1;
  out.content.assign(content.begin(), content.end());
  out.file = {"letter.txt", "text/plain", content.size(), sha256(out.content)};
  return out;
}

class Files : public WorkService {
 protected:
  Expected<KeptAttachment> keep(const std::string& who, const NewAttachment& wanted) {
    return t_.result<KeptAttachment>([&](auto done) { t_.node->keep_attachment(tokens_.at(who), wanted, done); });
  }
  Expected<CaseView> ask(const std::string& who) {
    ViewRequest request;
    request.child = read_identity("9990000018", "", "", "", "").value();
    request.purpose = "child_in_need";
    request.basis = "public_task";
    request.reason = "home visit";
    return t_.result<CaseView>([&](auto done) { t_.node->start_view(tokens_.at(who), request, done); });
  }
  Expected<AttachmentFile> file(const std::string& who, const ViewId& view, const AttachmentId& id) {
    return t_.result<AttachmentFile>([&](auto done) { t_.node->read_attachment(tokens_.at(who), view, id, done); });
  }
};

TEST_F(Files, are_given_through_a_view_that_shows_their_record_and_that_is_recorded) {
  const auto kept = keep("worker", letter(child_)).value();
  const auto view = ask("worker").value();
  ASSERT_EQ(view.items.size(), 1u);
  ASSERT_EQ(view.items[0].attachments.size(), 1u);
  EXPECT_EQ(view.items[0].attachments[0].id, kept.id);
  const auto shown = t_.store.snapshot()->access_to(child_)->size();
  const auto opened = file("worker", view.id, kept.id);
  ASSERT_TRUE(opened) << opened.error().text();
  EXPECT_EQ(opened->content, letter(child_).content);
  EXPECT_GT(t_.store.snapshot()->access_to(child_)->size(), shown);
  EXPECT_EQ(file("colleague", view.id, kept.id).error().code, "not-found") << "the view is not theirs";
  EXPECT_EQ(file("worker", ViewId::make(t_.random), kept.id).error().code, "not-found");
}

TEST_F(Files, of_a_record_that_the_view_does_not_show_are_not_there) {
  const auto before = ask("worker").value();
  const auto kept = keep("worker", letter(child_)).value();
  EXPECT_EQ(file("worker", before.id, kept.id).error().code, "not-found") << "it came after the view";
  NewAttachment for_professionals = letter(child_);
  for_professionals.sensitivity = 4;
  for_professionals.content.push_back('!');
  for_professionals.file.size_bytes += 1;
  for_professionals.file.sha256 = sha256(for_professionals.content);
  const auto hidden = keep("worker", for_professionals).value();
  const auto view = ask("worker").value();
  EXPECT_EQ(view.items.size(), 1u);
  EXPECT_EQ(file("worker", view.id, hidden.id).error().code, "not-found") << "its record is withheld";
  EXPECT_TRUE(file("worker", view.id, kept.id));
}

TEST_F(Files, are_taken_of_the_types_of_the_list_for_people_who_may_be_told_of) {
  NewAttachment page = letter(child_);
  page.file.media_type = "text/html";
  EXPECT_EQ(keep("worker", page).error().code, "bad-field");
  EXPECT_EQ(keep("operator", letter(child_)).error().code, "forbidden");
  EXPECT_EQ(keep("worker", letter(PersonRef::make(t_.random))).error().code, "not-found");
  NewAttachment by_source = letter({});
  by_source.system = "liquidlogic";
  by_source.key = "LL-1";
  EXPECT_TRUE(keep("worker", by_source));
}

}  // namespace
}  // namespace ginnel
