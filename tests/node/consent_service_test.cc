// SPDX-License-Identifier: Apache-2.0
// Consent through a production node: who records, withdraws and sees it, and what of it is recorded.
#include <gmock/gmock.h>

#include "tests/code_of.h"
#include "tests/node/node_for_tests.h"

namespace ginnel {
namespace {

using ::testing::HasSubstr;

class ConsentService : public testing::Test {
 protected:
  ConsentService() {
    Person person = aisha();
    person.markings_by_source.clear();
    child_ = t_.store.add(person);
    tokens_ = t_.tokens_of_new({{"worker", "practitioner"},
                                {"nurse", "clinician"},
                                {"manager", "manager"},
                                {"governance", "governance_lead"},
                                {"board", "partnership"},
                                {"inspector", "inspector"},
                                {"operator", "operator"}});
  }

  NewConsent decision() const {
    NewConsent out;
    out.entry.person = child_;
    out.entry.state = "refused";
    out.entry.decider = "child_competent";
    out.entry.categories = {"health"};
    out.entry.competence = Competence::competent;
    out.entry.judged_by = "A. Nurse";
    out.entry.note = "said so in clinic";
    return out;
  }
  Expected<ConsentId> record(const std::string& who, const NewConsent& wish, std::optional<OnceKey> once = {}) {
    return t_.result<ConsentId>([&](auto done) { t_.node->record_consent(Caller(tokens_.at(who), once), wish, done); });
  }
  Expected<bool> withdraw(const std::string& who, const ConsentId& id, const std::string& reason = "she said so") {
    return t_.result<bool>([&](auto done) { t_.node->withdraw_consent(tokens_.at(who), {id, reason}, done); });
  }
  Expected<ConsentList> list(const std::string& who, const PersonRef& person) {
    return t_.result<ConsentList>([&](auto done) { t_.node->list_consents(tokens_.at(who), person, done); });
  }
  void conceal() {
    auto turn = t_.store.begin();
    ASSERT_TRUE(turn->mark(child_, {{"adoption_sealed"}, {}}, ActorId()));
    ASSERT_TRUE(turn->commit());
  }
  std::size_t entries() { return t_.store->tree_head().size; }

  NodeForTests t_;
  std::map<std::string, std::string> tokens_;
  PersonRef child_;
};

TEST_F(ConsentService, is_told_in_plain_words_with_who_recorded_it) {
  const ConsentId id = record("worker", decision()).value();
  const auto told = list("nurse", child_).value();
  ASSERT_EQ(told.rows.size(), 1u);
  const ConsentRow& row = told.rows.front();
  EXPECT_EQ(row.entry.consent, id);
  EXPECT_EQ(row.state, "refused");
  EXPECT_EQ(row.words, "the child was judged competent and refused on 23 Nov 2026");
  EXPECT_EQ(row.recorded_by, "worker");
  EXPECT_TRUE(row.has_begun);
  EXPECT_FALSE(told.more);
}

TEST_F(ConsentService, what_was_withdrawn_or_is_over_or_to_come_is_told_so) {
  NewConsent given = decision();
  given.entry.state = "given";
  const ConsentId id = record("worker", given).value();
  given.entry.until = noon + day_ms;
  ASSERT_TRUE(record("worker", given));
  given.entry.from = noon + 10 * day_ms;
  given.entry.until = {};
  ASSERT_TRUE(record("worker", given));
  t_.clock.at = noon + 2 * day_ms;
  ASSERT_TRUE(withdraw("nurse", id));
  const auto rows = list("manager", child_).value().rows;
  ASSERT_EQ(rows.size(), 3u);
  EXPECT_FALSE(rows[0].has_begun) << "newest first";
  EXPECT_EQ(rows[1].state, "expired");
  EXPECT_EQ(rows[2].state, "withdrawn");
  EXPECT_EQ(rows[2].withdrawn_by, "nurse");
  EXPECT_EQ(rows[2].words, "the child was judged competent and withdrew consent on 25 Nov 2026");
}

TEST_F(ConsentService, is_recorded_by_roles_that_write_and_seen_by_them_and_by_whoever_oversees_sharing) {
  ASSERT_TRUE(record("worker", decision()));
  NewConsent given = decision();
  given.entry.state = "given";
  const ConsentId id = record("nurse", given).value();
  EXPECT_EQ(list("governance", child_)->rows.size(), 2u);
  const auto before = entries();
  for (const char* who : {"governance", "board", "inspector", "operator"}) {
    EXPECT_EQ(code_of(record(who, decision())), "forbidden") << who;
    EXPECT_EQ(code_of(withdraw(who, id)), "forbidden") << who;
  }
  for (const char* who : {"board", "inspector", "operator"}) EXPECT_EQ(code_of(list(who, child_)), "forbidden") << who;
  EXPECT_EQ(entries(), before);
  EXPECT_TRUE(withdraw("worker", id)) << "not only by who recorded it";
}

TEST_F(ConsentService, of_whom_the_agency_does_not_hold_or_conceals_is_not_found) {
  const ConsentId id = record("worker", decision()).value();
  const PersonRef nobody = PersonRef::make(t_.random);
  NewConsent of_nobody = decision();
  of_nobody.entry.person = nobody;
  of_nobody.entry.note.clear();  // what is wrong with it is told of nobody
  EXPECT_EQ(code_of(record("worker", of_nobody)), "not-found");
  EXPECT_EQ(code_of(list("worker", nobody)), "not-found");
  EXPECT_EQ(code_of(withdraw("worker", ConsentId::make(t_.random))), "not-found");
  conceal();
  EXPECT_EQ(code_of(record("worker", decision())), "not-found");
  EXPECT_EQ(code_of(list("worker", child_)), "not-found");
  EXPECT_EQ(code_of(withdraw("worker", id)), "not-found");
}

TEST_F(ConsentService, every_mistake_is_told_at_once_and_those_of_the_request_with_them) {
  NewConsent wrong = decision();
  wrong.mistakes = {"`competence` is a word of its own"};
  wrong.entry.state = "maybe";
  wrong.entry.recipients = {*MemberId::parse("nowhere-csc"), *MemberId::parse("leeds-csc")};
  wrong.entry.note.clear();
  const auto refused = record("worker", wrong);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, "bad-consent");
  for (const char* part : {"a word of its own", "`nowhere-csc`", "`state`", "`note` is missing"})
    EXPECT_THAT(refused.error().why, HasSubstr(part));
  EXPECT_EQ(refused.error().why.find("leeds-csc"), std::string::npos);
  EXPECT_TRUE(list("worker", child_)->rows.empty());
}

TEST_F(ConsentService, is_recorded_once_for_a_key_however_often_it_is_sent) {
  const OnceKey once{Hash{1}, Hash{2}};
  const auto first = record("worker", decision(), once);
  const auto again = record("worker", decision(), once);
  ASSERT_TRUE(first && again);
  EXPECT_EQ(*first, *again);
  EXPECT_EQ(list("worker", child_)->rows.size(), 1u);
}

TEST_F(ConsentService, that_somebody_was_shown_it_is_in_the_ledger) {
  ASSERT_TRUE(record("worker", decision()));
  const auto before = entries();
  ASSERT_TRUE(list("worker", child_));
  ASSERT_GT(entries(), before);
  const auto shown = t_.store.snapshot()->access_to(child_, {EntryKind::people_searched}).value();
  ASSERT_FALSE(shown.empty());
  const auto entry = decode_access(t_.store.snapshot()->entry(shown.back()).value().body).value();
  EXPECT_EQ(entry.reason, "shown what was decided about sharing");
}

}  // namespace
}  // namespace ginnel
