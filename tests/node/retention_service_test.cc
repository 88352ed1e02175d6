// SPDX-License-Identifier: Apache-2.0
// Keeping and erasing through a production node: what is found due, who decides, what is gone afterwards and what is
// not.
#include <gmock/gmock.h>

#include "node/store/rebuild.h"
#include "tests/code_of.h"
#include "tests/node/node_for_tests.h"

namespace ginnel {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr const char* six_years =
    "edition = \"Test 1\"\n[[rule]]\nid = \"six\"\ntitle = \"Six years\"\nsource = \"A test\"\n"
    "effective_from = 2020-01-01\nstatus = \"in force\"\ncategories = [\"social-care\"]\ncounts_from = "
    "\"record\"\nyears = 6\n"
    "[[standing_hold]]\nid = \"inquiry\"\ntitle = \"An inquiry\"\nsource = \"A letter\"\nask = \"R. Manager\"\n"
    "effective_from = 2020-01-01\nstatus = \"in force\"\ncategories = [\"police\"]\n"
    "[open_case]\nopened_by = [\"plan\"]\nclosed_by = [\"closure\"]\n";

class RetentionService : public testing::Test {
 protected:
  RetentionService() {
    auto schedule = RetentionSchedule::parse(six_years, "r.toml", &west_yorkshire()->vocabulary);
    EXPECT_TRUE(schedule) << schedule.error().front().text();
    t_.settings.retention = std::make_shared<const RetentionSchedule>(std::move(*schedule));
    t_.start();
    child_ = add(aisha());
    brother_ = add(ben());
    tokens_ = t_.tokens_of_new({{"worker", "practitioner"},
                                {"manager", "manager"},
                                {"governance", "governance_lead"},
                                {"board", "partnership"},
                                {"operator", "operator"}});
  }
  PersonRef add(Person person) {
    person.markings_by_source.clear();
    return t_.store.add(std::move(person));
  }
  RecordId visit(std::vector<PersonRef> people, Date on, const std::string& headline = "Home visit",
                 Retention retention = {}) {
    Record record = visit_to(std::move(people), headline);
    record.occurred = When::on(on);
    record.label.retention = std::move(retention);
    return t_.store.add(record);
  }
  // The night passes, and the round goes over everybody.
  void a_day_later(int days = 1) {
    for (int i = 0; i < days; ++i) {
      t_.clock.at = t_.clock.at + day_ms;
      walk();
    }
  }
  void walk() {
    for (int i = 0; i < 20; ++i) {
      t_.run();
      t_.clock.at = t_.clock.at + limits::retention_tick_ms;
    }
  }
  RetentionDesk desk(const std::string& who = "governance") {
    auto out = t_.result<RetentionDesk>([&](auto done) { t_.node->retention_desk(tokens_.at(who), done); });
    EXPECT_TRUE(out) << out.error().text();
    return out.value_or(RetentionDesk());
  }
  std::vector<TaskEntry> reviews() {
    auto snapshot = t_.store.snapshot();
    auto tasks = Tasks::read(snapshot->active_tasks().value(), *snapshot).value();
    std::erase_if(tasks, [](const TaskEntry& task) { return task.kind != "retention_review"; });
    return tasks;
  }
  Expected<bool> decide(const TaskId& task, const std::string& outcome, Date next = {},
                        const std::string& who = "governance", const std::string& reason = "nobody needs it") {
    return t_.result<bool>([&](auto done) {
      t_.node->decide_retention(tokens_.at(who), {task, outcome, reason, next}, done);
    });
  }
  Expected<RetentionId> hold(const PersonRef& person, const std::string& who = "governance",
                             const std::string& reason = "a claim", Date next = {2027, 11, 23}) {
    return t_.result<RetentionId>([&](auto done) {
      t_.node->hold_retention(tokens_.at(who), {person, reason, next}, done);
    });
  }
  Expected<bool> release(const RetentionId& id, const std::string& who = "governance",
                         const std::string& reason = "settled") {
    return t_.result<bool>([&](auto done) { t_.node->release_hold(tokens_.at(who), {id, reason}, done); });
  }
  // What a worker reads of the agency's own records.
  std::vector<std::string> headlines(const Person& of) {
    ViewRequest request;
    request.child.given = of.names.front().given;
    request.child.family = of.names.front().family;
    request.child.birth_date = of.birth.date;
    request.purpose = "first_contact";
    request.basis = "public_task";
    request.reason = "worried";
    auto view = t_.result<CaseView>([&](auto done) { t_.node->start_view(tokens_.at("worker"), request, done); });
    std::vector<std::string> out;
    EXPECT_TRUE(view) << view.error().text();
    if (view)
      for (const auto& item : view->items) out.push_back(item.headline);
    return out;
  }
  bool reads(const RecordId& record) {
    return t_.store.snapshot()->read(PermitForTests::make(record, Step::headline)).has_value();
  }
  void rebuilds_alike() {
    MemoryKv scratch;
    auto report = Rebuild(*t_.store, scratch).run();
    ASSERT_TRUE(report) << report.error().text();
    EXPECT_TRUE(report->equal());
  }

  NodeForTests t_{alone};
  std::map<std::string, std::string> tokens_;
  PersonRef child_, brother_;
};

TEST_F(RetentionService, what_is_due_becomes_one_task_a_person_that_says_what_and_by_which_rule) {
  visit({child_}, {2015, 1, 1});
  visit({child_}, {2018, 1, 1});
  visit({brother_}, {2024, 1, 1});
  a_day_later();
  ASSERT_EQ(reviews().size(), 1u);
  const TaskEntry task = reviews().front();
  EXPECT_EQ(task.person, child_);
  EXPECT_EQ(task.holders.front().role, "governance_lead");
  EXPECT_THAT(task.note, HasSubstr("All that is held on this person"));
  EXPECT_THAT(task.note, HasSubstr("2 records, since 1 Jan 2021: Six years (A test)"));
  EXPECT_THAT(task.title, Not(HasSubstr("Tester")));
  a_day_later(3);
  EXPECT_EQ(reviews().size(), 1u) << "never twice";
  EXPECT_TRUE(t_.node->retentions().problem().empty());
  const auto shown = desk();
  ASSERT_EQ(shown.due.size(), 1u);
  EXPECT_EQ(shown.due.front().person.id, child_);
  EXPECT_TRUE(shown.due.front().whole && shown.due.front().may_decide);
  EXPECT_EQ(shown.edition, "Test 1");
}

TEST_F(RetentionService, a_task_ends_with_its_decision_alone) {
  visit({child_}, {2015, 1, 1});
  a_day_later();
  const TaskId task = reviews().front().task;
  TaskChange by_itself{task, TaskChange::What::done, "erase", "done", ""};
  EXPECT_EQ(
      code_of(t_.result<bool>([&](auto done) { t_.node->change_task(tokens_.at("governance"), by_itself, done); })),
      "bad-task");
  EXPECT_TRUE(reads(t_.store.snapshot()->labels(child_)->front().id));
}

TEST_F(RetentionService, what_is_kept_is_kept_until_its_day_and_looked_at_again_then) {
  visit({child_}, {2015, 1, 1});
  a_day_later();
  const TaskId task = reviews().front().task;
  EXPECT_THAT(decide(task, "keep").error().why, HasSubstr("`reviewOn` is missing"));
  EXPECT_THAT(decide(task, "keep", {2026, 1, 1}, "governance", " ").error().why,
              HasSubstr("`reason` is missing\n`reviewOn` is not after today"));
  EXPECT_THAT(decide(task, "keep", {2046, 1, 1}).error().why, HasSubstr("more than 10 years"));
  EXPECT_THAT(decide(task, "shred").error().why, HasSubstr("neither `keep` nor `erase`"));
  ASSERT_TRUE(decide(task, "keep", {2026, 11, 29}, "governance", "a sibling may ask"));
  EXPECT_TRUE(reviews().empty());
  a_day_later(4);
  EXPECT_TRUE(reviews().empty()) << "its day has not come";
  const auto kept = desk().kept;
  ASSERT_EQ(kept.size(), 1u);
  EXPECT_EQ(kept.front().entry.reason, "a sibling may ask");
  EXPECT_EQ(kept.front().entry.author, "governance");
  EXPECT_EQ(kept.front().entry.rules, std::vector<std::string>{"six"});
  a_day_later();
  EXPECT_EQ(reviews().size(), 1u) << "on its day";
}

TEST_F(RetentionService, what_is_erased_is_gone_from_views_and_readable_by_nobody_and_a_siblings_stays) {
  const RecordId old = visit({child_}, {2015, 1, 1}, "Seen at home");
  const RecordId both = visit({child_, brother_}, {2015, 1, 1}, "Seen with their brother");
  EXPECT_THAT(headlines(aisha()), testing::Contains("Seen at home"));
  a_day_later();
  const KeyId key = t_.store.snapshot()->person_key(child_).value();
  for (const auto& task : reviews())
    if (task.person == child_) {
      ASSERT_TRUE(decide(task.task, "erase"));
    }
  walk();
  EXPECT_EQ(code_of(t_.store.snapshot()->labels(child_)), "no-person");
  EXPECT_FALSE(reads(old));
  EXPECT_TRUE(reads(both));
  EXPECT_TRUE(headlines(aisha()).empty());
  EXPECT_THAT(headlines(ben()), testing::Contains("Seen with their brother"));
  // The key is destroyed within the hour: those of the views above went just now, and all go together.
  t_.clock.at = t_.clock.at + limits::erased_keys_destroyed_every_ms;
  walk();
  EXPECT_EQ(t_.node->erasures().waiting(), 0u);
  auto turn = t_.store.begin();
  EXPECT_FALSE(turn->seal_with(key, Bytes{1}, {}).has_value());
  turn.reset();
  EXPECT_TRUE(t_.store.snapshot()->verify()->good());
  rebuilds_alike();
}

TEST_F(RetentionService, nothing_that_is_held_is_erased_by_any_path) {
  visit({child_}, {2015, 1, 1});
  a_day_later();
  const TaskId task = reviews().front().task;
  const RetentionId id = hold(child_).value();
  EXPECT_EQ(code_of(decide(task, "erase")), "held");
  {
    auto turn = t_.store.begin();
    const auto buried = turn->bury(child_, "asked for", ActorId());
    EXPECT_EQ(code_of(buried), "held");
    EXPECT_THAT(buried.error().why, HasSubstr("governance put a hold on it"));
    EXPECT_THAT(buried.error().remedy, HasSubstr("ask governance"));
    EXPECT_THAT(buried.error().text(), Not(HasSubstr("a claim"))) << "why is not for whoever erases";
  }
  ASSERT_EQ(desk().held.size(), 1u);
  EXPECT_EQ(desk().held.front().entry.reason, "a claim");
  EXPECT_THAT(desk().due.front().obstacle, HasSubstr("a hold stands on it, by governance"));
  ASSERT_TRUE(release(id, "manager"));
  EXPECT_EQ(code_of(release(id)), "bad-retention-decision") << "it stands no longer";
  EXPECT_TRUE(desk().held.empty());
  EXPECT_TRUE(decide(task, "erase"));
}

TEST_F(RetentionService, a_hold_goes_with_whoever_is_merged) {
  const PersonRef twin = add(ben());
  ASSERT_TRUE(hold(child_));
  auto turn = t_.store.begin();
  ASSERT_TRUE(turn->merge({child_, twin, LinkState::merged, "person", 0, "one child"}, ActorId()));
  EXPECT_EQ(code_of(turn->bury(twin, "asked for", ActorId())), "held");
}

TEST_F(RetentionService, what_stands_in_the_way_is_told_and_looked_at_again_later) {
  visit({child_}, {2015, 1, 1});
  Record plan = visit_to({brother_}, "A plan");
  plan.kind = "plan";
  plan.occurred = When::on({2015, 1, 1});
  t_.store.add(plan);
  const RetentionId id = hold(child_).value();
  a_day_later(2);
  EXPECT_TRUE(reviews().empty());
  auto kept = desk().kept;
  ASSERT_EQ(kept.size(), 2u) << "one each, and not one each round";
  for (const auto& one : kept) {
    EXPECT_EQ(one.entry.act, RetentionAct::waits);
    EXPECT_TRUE(one.entry.author.empty());
    EXPECT_THAT(one.entry.reason,
                HasSubstr(one.person.id == child_ ? "a hold stands on it" : "something began whose end"));
    EXPECT_EQ(one.entry.review_on, (Date{2027, 2, 21}));
  }
  ASSERT_TRUE(release(id));
  a_day_later();
  ASSERT_EQ(reviews().size(), 1u) << "the hold was all that it waited for";
  EXPECT_EQ(reviews().front().person, child_);
  a_day_later(90);
  EXPECT_EQ(desk().kept.size(), 1u) << "the plan has no end yet";
  EXPECT_GT(desk().kept.front().entry.review_on, (Date{2027, 2, 21}));
}

TEST_F(RetentionService, whom_somebody_works_with_or_a_standing_hold_is_about_is_not_offered) {
  visit({child_}, {2015, 1, 1});
  Record incident = visit_to({brother_}, "An incident");
  incident.kind = "incident";
  incident.label.category = "police.incident";
  incident.label.retention.review_on = {2020, 1, 1};
  t_.store.add(incident);
  NewAllocation wanted;
  wanted.person = child_;
  wanted.worker = "worker";
  ASSERT_TRUE(t_.result<AllocationId>([&](auto done) { t_.node->allocate(tokens_.at("manager"), wanted, done); }));
  a_day_later();
  EXPECT_TRUE(reviews().empty());
  std::string reasons;
  for (const auto& one : desk().kept) reasons += one.entry.reason + "\n";
  EXPECT_THAT(reasons, HasSubstr("somebody is allocated to them"));
  EXPECT_THAT(reasons, HasSubstr("the schedule keeps it: An inquiry (A letter); ask R. Manager"));
}

TEST_F(RetentionService, a_record_with_a_time_of_its_own_goes_alone_and_the_others_stay) {
  const RecordId young = visit({child_}, {2024, 1, 1}, "Young");
  const RecordId old = visit({child_}, {2015, 1, 1}, "Old");
  const RecordId own = visit({child_}, {2024, 1, 1}, "Own date", {"", {2026, 1, 1}});
  Record newer = visit_to({child_}, "Own date again");
  newer.label.retention.review_on = {2026, 1, 1};
  newer.replaces = own;
  const RecordId newest = t_.store.add(newer);
  a_day_later();
  ASSERT_EQ(reviews().size(), 1u);
  EXPECT_THAT(reviews().front().note, HasSubstr("these alone:\n1 record, since 1 Jan 2026: the review date"));
  EXPECT_THAT(reviews().front().note,
              HasSubstr("1 record whose own time is over is kept with the rest of the file, until 1 Jan 2030"));
  ASSERT_TRUE(decide(reviews().front().task, "erase"));
  walk();
  EXPECT_FALSE(reads(own));
  EXPECT_FALSE(reads(newest));
  EXPECT_TRUE(reads(young));
  EXPECT_TRUE(reads(old));
  EXPECT_EQ(t_.store.snapshot()->labels(child_)->size(), 2u);
  EXPECT_TRUE(t_.store.snapshot()->verify()->good());
  rebuilds_alike();
  a_day_later();
  EXPECT_TRUE(reviews().empty()) << "what is left waits for the file";
  ASSERT_EQ(desk().kept.size(), 1u);
  EXPECT_EQ(desk().kept.front().entry.review_on, (Date{2030, 1, 1}));
}

TEST_F(RetentionService, an_erasure_goes_on_over_a_restart) {
  visit({child_}, {2015, 1, 1});
  a_day_later();
  ASSERT_TRUE(decide(reviews().front().task, "erase"));
  // Another within the hour waits; the node stops before it is done.
  visit({brother_}, {2015, 1, 1});
  const KeyId key = t_.store.snapshot()->person_key(brother_).value();
  {
    auto turn = t_.store.begin(t_.clock.at);
    Erasures erasures;
    ASSERT_TRUE(erasures.begin(*turn));
    const auto keys = turn->bury(brother_, "asked for", ActorId()).value();
    ASSERT_TRUE(erasures.queue(keys, *turn) && turn->commit());
  }
  t_.node.reset();
  t_.start();
  walk();
  EXPECT_EQ(t_.node->erasures().waiting(), 0u);
  auto turn = t_.store.begin();
  EXPECT_FALSE(turn->seal_with(key, Bytes{1}, {}).has_value());
}

TEST_F(RetentionService, a_round_goes_on_where_it_was_over_a_restart_and_meets_everybody) {
  visit({child_}, {2015, 1, 1});
  for (int i = 0; i < 40; ++i) {
    Person other = ben();
    other.names.front().given = "Child" + std::to_string(i);
    visit({add(other)}, {2015, 1, 1});
  }
  t_.clock.at = t_.clock.at + day_ms;
  t_.run();
  const std::size_t first = reviews().size();
  EXPECT_LE(first, limits::retention_people_per_tick_max);
  EXPECT_GT(first, 0u);
  t_.node.reset();
  t_.start();
  walk();
  EXPECT_EQ(reviews().size(), 41u) << "the brother has no record";
}

TEST_F(RetentionService, is_seen_and_decided_by_whoever_answers_for_sharing_alone) {
  visit({child_}, {2015, 1, 1});
  a_day_later();
  const TaskId task = reviews().front().task;
  const RetentionId id = hold(child_, "manager").value();
  for (const char* who : {"worker", "board", "operator"}) {
    EXPECT_EQ(code_of(t_.result<RetentionDesk>([&](auto done) { t_.node->retention_desk(tokens_.at(who), done); })),
              "forbidden")
        << who;
    EXPECT_EQ(code_of(decide(task, "erase", {}, who)), "forbidden") << who;
    EXPECT_EQ(code_of(hold(child_, who)), "forbidden") << who;
    EXPECT_EQ(code_of(release(id, who)), "forbidden") << who;
  }
  EXPECT_EQ(code_of(hold(PersonRef::make(t_.random))), "not-found");
  EXPECT_EQ(code_of(release(RetentionId::make(t_.random))), "not-found");
  EXPECT_EQ(code_of(decide(TaskId::make(t_.random), "keep", {2027, 1, 1})), "not-found");
}

TEST_F(RetentionService, of_whoever_is_concealed_nothing_is_found_and_nothing_is_told) {
  visit({child_}, {2015, 1, 1});
  visit({brother_}, {2015, 1, 1});
  Record sealed = visit_to({brother_}, "Sealed");
  sealed.label.markings = {"adoption_sealed"};
  t_.store.add(sealed);
  {
    auto turn = t_.store.begin();
    ASSERT_TRUE(turn->mark(child_, {{"adoption_sealed"}, {}}, ActorId()) && turn->commit());
  }
  a_day_later();
  EXPECT_TRUE(reviews().empty());
  EXPECT_TRUE(desk().due.empty() && desk().kept.empty());
  EXPECT_EQ(code_of(hold(child_)), "not-found");
}

TEST_F(RetentionService, a_node_without_it_looks_at_nothing) {
  t_.settings.retention = nullptr;
  t_.node.reset();
  t_.start();
  visit({child_}, {2015, 1, 1});
  a_day_later();
  EXPECT_TRUE(reviews().empty());
  EXPECT_FALSE(desk().is_on);
}

TEST_F(RetentionService, a_decision_is_made_once_for_a_key) {
  const OnceKey once{Hash{1}, Hash{2}};
  const auto again = [&] {
    return t_.result<RetentionId>([&](auto done) {
      t_.node->hold_retention(Caller(tokens_.at("governance"), once), {child_, "a claim", {2027, 1, 1}}, done);
    });
  };
  const auto first = again(), second = again();
  ASSERT_TRUE(first && second);
  EXPECT_EQ(*first, *second);
  EXPECT_EQ(t_.store.snapshot()->holds_on(child_)->size(), 1u);
}

}  // namespace
}  // namespace ginnel
