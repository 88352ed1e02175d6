// SPDX-License-Identifier: Apache-2.0
// Refusals to share through a production node: recorded with their test, reviewed when their day comes, seen by whom.
#include <gmock/gmock.h>

#include "node/store/rebuild.h"
#include "tests/code_of.h"
#include "tests/node/node_for_tests.h"

namespace ginnel {
namespace {

using ::testing::HasSubstr;

class RefusalService : public testing::Test {
 protected:
  RefusalService() {
    Person person = aisha();
    person.markings_by_source.clear();
    child_ = t_.store.add(person);
    tokens_ = t_.tokens_of_new({{"worker", "practitioner"},
                                {"manager", "manager"},
                                {"governance", "governance_lead"},
                                {"board", "partnership"},
                                {"operator", "operator"}});
  }

  NewRefusal refusal() const {
    NewRefusal out;
    out.entry.person = child_;
    out.entry.category = "health";
    out.entry.recipient = *MemberId::parse("wy-police");
    out.entry.test = "more_detrimental";
    out.entry.reason = "she would not come back to the clinic";
    out.entry.review = noon + 30 * day_ms;
    return out;
  }
  Expected<RefusalId> record(const std::string& who, const NewRefusal& wish, std::optional<OnceKey> once = {}) {
    return t_.result<RefusalId>([&](auto done) { t_.node->record_refusal(Caller(tokens_.at(who), once), wish, done); });
  }
  Expected<bool> review(const std::string& who, const RefusalId& id, const std::string& outcome, Instant next = {},
                        const std::string& reason = "talked it through") {
    return t_.result<bool>([&](auto done) {
      t_.node->review_refusal(tokens_.at(who), {id, outcome, reason, next}, done);
    });
  }
  Expected<RefusalList> list(const std::string& who, const PersonRef& person) {
    return t_.result<RefusalList>([&](auto done) { t_.node->list_refusals(tokens_.at(who), person, done); });
  }
  // Reviews that somebody has to do: when each is due.
  std::vector<Instant> due() {
    auto snapshot = t_.store.snapshot();
    std::vector<Instant> out;
    const auto active = Tasks::read(snapshot->active_tasks().value(), *snapshot);
    for (const auto& task : active.value())
      if (task.kind == "refusal_review") out.push_back(task.due);
    return out;
  }

  NodeForTests t_;
  std::map<std::string, std::string> tokens_;
  PersonRef child_;
};

TEST_F(RefusalService, is_kept_with_its_author_its_test_and_the_day_of_its_review) {
  const RefusalId id = record("worker", refusal()).value();
  const auto told = list("governance", child_).value();
  const auto& rows = told.rows;
  ASSERT_EQ(rows.size(), 1u);
  const RefusalRow& row = rows.front();
  EXPECT_EQ(row.entry.refusal, id);
  EXPECT_EQ(row.entry.test, "more_detrimental");
  EXPECT_EQ(row.test_title, "Telling it would harm the child more than not telling");
  EXPECT_EQ(row.entry.reason, "she would not come back to the clinic");
  EXPECT_EQ(row.entry.decided, noon);
  EXPECT_EQ(row.entry.review, noon + 30 * day_ms);
  EXPECT_EQ(row.recorded_by, "worker");
  EXPECT_TRUE(row.reviewed_by.empty());
  EXPECT_FALSE(row.is_due);
  t_.clock.at = noon + 30 * day_ms;
  EXPECT_TRUE(list("worker", child_)->rows.front().is_due);
}

TEST_F(RefusalService, its_review_is_a_task_due_on_its_day_that_ends_with_the_review_alone) {
  const RefusalId id = record("worker", refusal()).value();
  EXPECT_EQ(due(), std::vector{noon + 30 * day_ms});
  const auto mine = t_.result<TaskList>([&](auto done) {
    t_.node->list_tasks(tokens_.at("governance"), {TaskQuery::Which::reviews, false}, done);
  });
  ASSERT_TRUE(mine && mine->tasks.size() == 1u);
  TaskChange by_itself{mine->tasks.front().id, TaskChange::What::done, "stands", "done", ""};
  const auto ended =
      t_.result<bool>([&](auto done) { t_.node->change_task(tokens_.at("governance"), by_itself, done); });
  ASSERT_FALSE(ended);
  EXPECT_EQ(ended.error().code, "bad-task");
  t_.clock.at = noon + 30 * day_ms;
  t_.run();
  ASSERT_TRUE(review("governance", id, "stands", noon + 60 * day_ms));
  EXPECT_EQ(due(), std::vector{noon + 60 * day_ms}) << "one that stands is looked at again";
  ASSERT_TRUE(review("manager", id, "to_be_shared"));
  EXPECT_TRUE(due().empty());
  const auto row = list("worker", child_).value().rows.front();
  EXPECT_EQ(row.entry.outcome, "to_be_shared");
  EXPECT_EQ(row.reviewed_by, "manager");
  EXPECT_EQ(row.recorded_by, "worker");
  EXPECT_FALSE(row.entry.review.is_set());
  EXPECT_EQ(code_of(review("manager", id, "stands", noon + 90 * day_ms)), "bad-refusal") << "it stands no longer";
}

TEST_F(RefusalService, every_mistake_is_told_at_once_and_nothing_is_kept) {
  NewRefusal wrong;
  wrong.entry.person = child_;
  wrong.entry.category = "gossip";
  wrong.entry.recipient = *MemberId::parse("nowhere-csc");
  wrong.entry.purpose = "curiosity";
  wrong.entry.test = "felt_wrong";
  wrong.entry.review = noon;
  wrong.mistakes = {"`record` is of another request"};
  const auto refused = record("worker", wrong);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, "bad-refusal");
  for (const char* part : {"another request", "`category` is no", "`nowhere-csc`", "`purpose` is no", "`test` is no",
                           "`reason` is missing", "`reviewOn` is over"})
    EXPECT_THAT(refused.error().why, HasSubstr(part));
  NewRefusal for_ever = refusal();
  for_ever.entry.review = {};
  EXPECT_THAT(record("worker", for_ever).error().why, HasSubstr("stands for ever"));
  for_ever.entry.review = noon + 400 * day_ms;
  EXPECT_THAT(record("worker", for_ever).error().why, HasSubstr("more than a year"));
  EXPECT_TRUE(list("worker", child_)->rows.empty());
  EXPECT_TRUE(due().empty());
}

TEST_F(RefusalService, a_review_says_how_it_came_out_why_and_when_it_is_next) {
  const RefusalId id = record("worker", refusal()).value();
  EXPECT_EQ(code_of(review("governance", id, "perhaps")), "bad-refusal");
  EXPECT_THAT(review("governance", id, "stands").error().why, HasSubstr("`reviewOn` is missing"));
  EXPECT_THAT(review("governance", id, "to_be_shared", noon + day_ms).error().why, HasSubstr("`stands` alone"));
  EXPECT_THAT(review("governance", id, "to_be_shared", {}, " ").error().why, HasSubstr("`reason`"));
  EXPECT_EQ(due().size(), 1u);
}

TEST_F(RefusalService, is_recorded_by_roles_that_write_and_reviewed_by_whoever_sees_it) {
  const RefusalId id = record("worker", refusal()).value();
  for (const char* who : {"governance", "board", "operator"})
    EXPECT_EQ(code_of(record(who, refusal())), "forbidden") << who;
  for (const char* who : {"board", "operator"}) {
    EXPECT_EQ(code_of(list(who, child_)), "forbidden") << who;
    EXPECT_EQ(code_of(review(who, id, "to_be_shared")), "forbidden") << who;
  }
}

TEST_F(RefusalService, of_whom_the_agency_does_not_hold_or_conceals_is_not_found) {
  const RefusalId id = record("worker", refusal()).value();
  NewRefusal of_nobody = refusal();
  of_nobody.entry.person = PersonRef::make(t_.random);
  EXPECT_EQ(code_of(record("worker", of_nobody)), "not-found");
  NewRefusal of_no_record = refusal();
  of_no_record.entry.record = RecordId::make(t_.random);
  EXPECT_EQ(code_of(record("worker", of_no_record)), "not-found");
  EXPECT_EQ(code_of(review("worker", RefusalId::make(t_.random), "to_be_shared")), "not-found");
  {
    auto turn = t_.store.begin();
    ASSERT_TRUE(turn->mark(child_, {{"adoption_sealed"}, {}}, ActorId()) && turn->commit());
  }
  EXPECT_EQ(code_of(list("worker", child_)), "not-found");
  EXPECT_EQ(code_of(review("worker", id, "to_be_shared")), "not-found");
}

TEST_F(RefusalService, is_recorded_once_for_a_key_and_found_again_by_a_rebuild) {
  const OnceKey once{Hash{1}, Hash{2}};
  const auto first = record("worker", refusal(), once), again = record("worker", refusal(), once);
  ASSERT_TRUE(first && again);
  EXPECT_EQ(*first, *again);
  EXPECT_EQ(list("worker", child_)->rows.size(), 1u);
  EXPECT_EQ(due().size(), 1u);
  MemoryKv scratch;
  auto report = Rebuild(*t_.store, scratch).run();
  ASSERT_TRUE(report) << report.error().text();
  EXPECT_TRUE(report->equal());
}

}  // namespace
}  // namespace ginnel
