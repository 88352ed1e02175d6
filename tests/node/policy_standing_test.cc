// SPDX-License-Identifier: Apache-2.0
// The agreement in force as people read it: in words, with its signatures, since when; and the reviews that wait.
#include <gmock/gmock.h>

#include "node/gate/adopted_bundle.h"
#include "node/view/policy_in_words.h"
#include "tests/node/node_for_tests.h"

namespace ginnel {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

TEST(PolicyInWords, says_of_each_rule_what_it_does_and_that_the_agreements_cases_come_out) {
  using Does = RuleInWords::Does;
  const auto words = in_words(west_yorkshire());
  ASSERT_EQ(words.rules.size(), west_yorkshire()->policies.policies().size());
  std::map<Does, int> counts;
  for (const auto& rule : words.rules) {
    EXPECT_NE(rule.id, "");
    EXPECT_NE(rule.title, "");
    EXPECT_NE(rule.basis, "") << rule.id;
    EXPECT_THAT(rule.says, Not(HasSubstr("::"))) << rule.id << " is told in the language, and not in words";
    ++counts[rule.does];
  }
  EXPECT_EQ(counts[Does::hides], 4) << "adoption, protected persons, gender recognition, fertility";
  EXPECT_GT(counts[Does::permits], 0);
  EXPECT_GT(counts[Does::refuses], 0);
  EXPECT_GT(words.cases.size(), 100u);
  EXPECT_EQ(words.passed, words.cases.size());
  EXPECT_TRUE(words.unreadable_cases.empty());
}

TEST(PolicyInWords, is_worked_out_once_for_however_many_ask) {
  const PolicyReading reading(west_yorkshire());
  EXPECT_EQ(&reading.get().rules.front(), &reading.get().rules.front());
  EXPECT_EQ(reading.get().fingerprint, "sha256:" + to_hex(west_yorkshire()->hash));
}

TEST(PolicyStandingTest, is_told_to_whoever_is_signed_in_with_the_moment_when_it_came_into_force) {
  NodeForTests t;
  const auto ask = [&](const std::string& token) {
    return t.result<PolicyStanding>([&](auto done) { t.node->policy_standing(token, done); });
  };
  const std::string token = t.token_of_new("inspector", "inspector");
  EXPECT_FALSE(ask(token).value().since.is_set());
  auto turn = t.store.begin(noon + day_ms);
  ASSERT_TRUE(adopt_bundle(west_yorkshire(), *turn) && turn->commit());
  turn.reset();
  t.clock.at = noon + 2 * day_ms;
  const auto standing = ask(token).value();
  EXPECT_EQ(standing.since, noon + day_ms);
  EXPECT_FALSE(standing.is_sealed) << "it was read from a folder";
  EXPECT_EQ(ask("nobody's").error().code, "unauthenticated");
  // Another version's moment is not this one's.
  EXPECT_FALSE(adopted_since(west_yorkshire()->version + 1, *t.store.snapshot()).value().has_value());
}

class ReviewDeskTest : public testing::Test {
 protected:
  ReviewDeskTest() {
    Person person = aisha();
    person.markings_by_source.clear();
    child_ = t_.store.add(person);
    auto turn = t_.store.begin();
    Reviews reviews(t_.node->tasks(), west_yorkshire()->vocabulary);
    EXPECT_TRUE(reviews.break_glass_of("Leeds", AskId::make(t_.random), child_, "seen at the station", *turn));
    EXPECT_TRUE(turn->commit());
  }
  Expected<ReviewDesk> desk(const std::string& token) {
    return t_.result<ReviewDesk>([&](auto done) { t_.node->review_desk(token, done); });
  }
  NodeForTests t_;
  PersonRef child_;
};

TEST_F(ReviewDeskTest, shows_a_broken_glass_with_why_by_whom_and_about_whom_and_records_that_it_did) {
  const std::string lead = t_.token_of_new("lead", "governance_lead");
  const auto before = t_.store.snapshot()->access_to(child_, {EntryKind::view_shown}).value().size();
  const auto shown = desk(lead).value();
  ASSERT_EQ(shown.waiting.size(), 1u);
  EXPECT_THAT(shown.waiting[0].task.title, HasSubstr("by Leeds"));
  EXPECT_EQ(shown.waiting[0].note, "seen at the station");
  EXPECT_EQ(shown.waiting[0].about.person, child_);
  EXPECT_TRUE(shown.waiting[0].task.due.is_set());
  EXPECT_FALSE(shown.more);
  EXPECT_EQ(t_.store.snapshot()->access_to(child_, {EntryKind::view_shown}).value().size(), before + 1);

  ASSERT_TRUE(t_.result<bool>([&](auto done) {
    t_.node->change_task(Caller(lead),
                         {shown.waiting[0].task.id, TaskChange::What::done, "justified", "rang Leeds", ""}, done);
  }));
  const auto after = desk(lead).value();
  EXPECT_TRUE(after.waiting.empty());
  ASSERT_EQ(after.done.size(), 1u);
  EXPECT_EQ(after.done[0].outcome, "justified");
}

TEST_F(ReviewDeskTest, is_each_ones_own_but_for_managers_of_work) {
  EXPECT_TRUE(desk(t_.token_of_new("worker", "practitioner")).value().waiting.empty());
  EXPECT_EQ(desk(t_.token_of_new("manager", "manager")).value().waiting.size(), 1u);
  for (const char* role : {"partnership", "inspector", "operator"})
    EXPECT_EQ(desk(t_.token_of_new(role, role)).error().code, "forbidden") << role;
}

}  // namespace
}  // namespace ginnel
