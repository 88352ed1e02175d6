// SPDX-License-Identifier: Apache-2.0
// The agreement in force as people read it: in words, with its signatures, since when; and the reviews that wait.
#include <gmock/gmock.h>

#include "node/gate/adopted_bundle.h"
#include "node/gate/bundle_seal.h"
#include "node/view/policy_in_words.h"
#include "tests/code_of.h"
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
  EXPECT_EQ(counts[Does::hides], 5) << "adoption, protected persons, gender recognition, fertility; how a process "
                                       "stands, written for another agency";
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
  Bundle another = *west_yorkshire();
  ++another.version;
  EXPECT_FALSE(adopted_since(another, *t.store.snapshot()).value().has_value());
}

// An agreement that nobody signed yet, as it is offered to be compared.
std::shared_ptr<const Bundle> offered(const std::string& policies, int version) {
  BundleFolder folder(policies);
  write_text(folder.path() / "bundle.toml", "name = \"test\"\nversion = " + std::to_string(version) +
                                                "\nvocabulary = \"vocabulary.toml\"\npolicies = [\"test.cedar\"]\n");
  const auto seal = seal_of(*folder.read().value());
  EXPECT_TRUE(seal) << seal.error().text();
  return read_bundle(*seal).value();
}

class AgreementTried : public testing::Test {
 protected:
  AgreementTried() {
    auto turn = t_.store.begin();
    EXPECT_TRUE(adopt_bundle(west_yorkshire(), *turn) && turn->commit());
    turn = t_.store.begin();
    DecisionFor recorded;
    recorded.key = turn->node_key();
    recorded.access.ask = AskId::make(t_.random);
    recorded.access.peer = *MemberId::parse("leeds-csc");
    const std::vector records{label_of("bradford-csc", "involvement", "social-care", 0),
                              label_of("bradford-csc", "note", "social-care.note", 2)};
    EXPECT_TRUE(Gate(west_yorkshire()).decide(asking_for(), records, {}, recorded, *turn) && turn->commit());
  }
  Expected<TriedAgreement> tried(const std::string& token, const std::shared_ptr<const Bundle>& agreement) {
    return t_.result<TriedAgreement>([&](auto done) { t_.node->try_agreement(token, agreement, done); });
  }
  NodeForTests t_;
};

constexpr const char* lines_for_all =
    "@id(\"A\") @title(\"Lines for all\") permit (principal, action in "
    "[Share::Action::\"exists\", Share::Action::\"headline\"], resource);\n";

TEST_F(AgreementTried, says_what_it_would_have_told_and_what_stands_in_its_way) {
  const std::string lead = t_.token_of_new("lead", "governance_lead");
  const auto size = t_.store->tree_head().size;
  const auto out = tried(lead, offered(lines_for_all, 99)).value();
  EXPECT_FALSE(out.is_in_force);
  ASSERT_EQ(out.obstacles.size(), 1u) << "nobody signed it";
  EXPECT_THAT(out.obstacles[0], HasSubstr("Too few have signed it yet"));
  EXPECT_FALSE(out.signers.empty());
  EXPECT_EQ(out.replayed.decisions, 1u);
  EXPECT_EQ(out.replayed.records, 2u);
  ASSERT_EQ(out.rows.size(), 1u);
  EXPECT_EQ(out.rows[0].then, "that there is something");
  EXPECT_EQ(out.rows[0].now, "one line of it");
  EXPECT_EQ(out.rows[0].records, 1u);
  EXPECT_THAT(out.rows[0].asked_by.at(0), HasSubstr("for First contact"));
  EXPECT_THAT(out.rows[0].why_now, HasSubstr("A Lines for all"));
  EXPECT_EQ(t_.store->tree_head().size, size) << "nothing is adopted, and nothing written";

  const auto older = tried(lead, offered(lines_for_all, 1)).value();
  ASSERT_EQ(older.obstacles.size(), 2u);
  EXPECT_THAT(older.obstacles[0], HasSubstr("It cannot follow the one in force: it is version 1"));
  EXPECT_TRUE(tried(lead, west_yorkshire()).value().is_in_force);
  EXPECT_TRUE(tried(lead, west_yorkshire()).value().rows.empty());
}

TEST_F(AgreementTried, is_for_whoever_answers_for_sharing) {
  for (const char* role : {"practitioner", "triage", "partnership", "inspector", "operator"})
    EXPECT_EQ(code_of(tried(t_.token_of_new(role, role), west_yorkshire())), "forbidden") << role;
  EXPECT_EQ(code_of(tried("nobody's", west_yorkshire())), "unauthenticated");
  const auto in_force = [&](const std::string& token) {
    return t_.result<std::shared_ptr<const Bundle>>([&](auto done) { t_.node->bundle_in_force(token, done); });
  };
  EXPECT_EQ(in_force(t_.token_of_new("manager", "manager")).value()->hash, west_yorkshire()->hash);
  EXPECT_EQ(code_of(in_force(t_.token_of_new("worker", "practitioner"))), "forbidden");
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
