// SPDX-License-Identifier: Apache-2.0
// Decisions about sharing in the ledger, and as the gate goes by them for a person.
#include "node/gate/consent_book.h"

#include <gmock/gmock.h>

#include "node/gate/policy_replay.h"
#include "node/store/index_statements.h"
#include "node/store/rebuild.h"
#include "tests/node/gate_for_tests.h"

namespace ginnel {
namespace {

using ::testing::HasSubstr;

constexpr const char* clinic = "health.sexual";

class ConsentBookTest : public testing::Test {
 protected:
  ConsentBookTest() : child_(store_.add(plain(aisha()))) {}

  // Somebody whom no marking keeps out of the tests' way.
  static Person plain(Person person) {
    person.markings_by_source.clear();
    return person;
  }
  // A competent child's decision about health.
  ConsentEntry decision(const std::string& state = "given") const {
    ConsentEntry entry;
    entry.person = child_;
    entry.state = state;
    entry.decider = "child_competent";
    entry.categories = {"health"};
    entry.competence = Competence::competent;
    entry.judged_by = "Dr A. Clinician, named nurse";
    entry.note = "said so in clinic";
    return entry;
  }
  Expected<ConsentId> try_record(const ConsentEntry& entry) {
    auto turn = store_.begin(now_);
    auto made = book_.record(entry, {}, actor_, *turn);
    if (made) {
      EXPECT_TRUE(turn->commit());
    }
    return made;
  }
  ConsentId record(const ConsentEntry& entry) {
    auto made = try_record(entry);
    EXPECT_TRUE(made) << made.error().text();
    return made.value_or(ConsentId());
  }
  Expected<void> withdraw(const ConsentId& consent, const std::string& reason = "changed her mind") {
    auto turn = store_.begin(now_);
    auto done = book_.withdraw(consent, reason, actor_, *turn);
    if (done) {
      EXPECT_TRUE(turn->commit());
    }
    return done;
  }
  std::string why_not(const ConsentEntry& entry) {
    const auto size = store_->tree_head().size;
    auto made = try_record(entry);
    EXPECT_FALSE(made);
    EXPECT_EQ(store_->tree_head().size, size) << "a mistake changes nothing";
    return made ? "" : made.error().code + ": " + made.error().why;
  }
  // How far a record of the clinic's is shown to a member that has the purpose proved, for a peer's ask.
  Verdict decide(const PersonRef& person, const std::string& agency = "leeds-csc") {
    auto turn = store_.begin(now_);
    DecisionFor recorded;
    recorded.key = turn->node_key();
    recorded.access.person = person;
    recorded.access.peer = *MemberId::parse(agency);
    Asking asking = asking_for("child_protection", true);
    asking.agency = *MemberId::parse(agency);
    const auto verdicts = gate_.decide(asking, std::vector{record_}, {}, recorded, *turn);
    EXPECT_TRUE(verdicts && verdicts->size() == 1 && turn->commit());
    return verdicts && verdicts->size() == 1 ? verdicts->front() : Verdict();
  }
  Step step(const PersonRef& person, const std::string& agency = "leeds-csc") { return decide(person, agency).step; }
  Access last() {
    auto snapshot = store_.snapshot();
    auto entry = snapshot->entry(snapshot->tree_head().size - 1);
    EXPECT_TRUE(entry && entry->header.kind == EntryKind::decided);
    return decode_access(entry->body).value();
  }
  void link(const PersonRef& one, const PersonRef& other) {
    auto turn = store_.begin(now_);
    ASSERT_TRUE(turn->merge({one, other, LinkState::merged, "person", 0, "the same child"}, ActorId()));
    ASSERT_TRUE(turn->commit());
  }
  void take_apart(const PersonRef& one, const PersonRef& other) {
    auto turn = store_.begin(now_);
    ASSERT_TRUE(turn->unmerge({one, other, "two children"}, ActorId()));
    ASSERT_TRUE(turn->commit());
  }
  // The rows of the index of consent are gone, as after damage.
  void lose_the_index() {
    for (const auto& [key, value] : rows_of(store_.ledger(), Table::index_rows))
      if (key[0] == std::uint8_t(Index::consent)) erase_row(store_.ledger(), Table::index_rows, key);
  }

  StoreForTests store_;
  SeededRandom random_{12};
  Instant now_ = noon;
  const PersonRef child_;
  const UserId user_ = UserId::make(random_);
  const ActorId actor_ = *ActorId::from(user_.bytes());
  Gate gate_{west_yorkshire()};
  ConsentBook book_{west_yorkshire()->vocabulary, random_};
  const RecordLabel record_ = label_of("bradford-csc", "health_attendance", clinic, 3);
};

// --- recorded and withdrawn

TEST_F(ConsentBookTest, is_kept_with_who_recorded_it_and_when) {
  ConsentEntry entry = decision();
  entry.purposes = {"child_protection"};
  entry.recipients = {*MemberId::parse("leeds-csc")};
  entry.until = noon + 30 * day_ms;
  entry.consent = record(entry);
  const auto kept = ConsentBook::of_person(child_, *store_.snapshot()).value();
  ASSERT_EQ(kept.size(), 1u);
  entry.from = noon;  // left out: from now
  EXPECT_EQ(kept.front().entry, entry);
  EXPECT_EQ(kept.front().said_at, noon);
  EXPECT_EQ(kept.front().said_by, user_);
  EXPECT_TRUE(kept.front().withdrawn_by.empty());
}

TEST_F(ConsentBookTest, tells_every_mistake_at_once) {
  ConsentEntry entry;
  entry.person = child_;
  entry.state = "expired";
  entry.decider = "grandmother";
  entry.categories = {clinic, clinic};
  entry.purposes = {"curiosity"};
  entry.from = noon;
  entry.until = noon;
  entry.competence = Competence::competent;
  const std::string why = why_not(entry);
  for (const char* part :
       {"bad-consent", "`state`", "`decider` is no decider", "no root category", "names one twice",
        "`purposes` is no purpose", "`until` is not after `from`", "`judgedBy` is missing", "`note` is missing"})
    EXPECT_THAT(why, HasSubstr(part));
}

TEST_F(ConsentBookTest, takes_nothing_that_could_never_count) {
  ConsentEntry unjudged = decision();
  unjudged.competence = Competence::not_judged;
  unjudged.judged_by.clear();
  EXPECT_THAT(why_not(unjudged), HasSubstr("must be `competent`"));
  ConsentEntry parent = decision();
  parent.decider = "holder_parental_responsibility";
  EXPECT_THAT(why_not(parent), HasSubstr("must be `not_competent`"));
  parent.competence = Competence::not_competent;
  EXPECT_TRUE(try_record(parent));
  ConsentEntry nobody = decision();
  nobody.decider = "none";
  EXPECT_THAT(why_not(nobody), HasSubstr("who decides nothing"));
  ConsentEntry nothing = decision();
  nothing.categories.clear();
  EXPECT_THAT(why_not(nothing), HasSubstr("`categories` names none"));
  ConsentEntry judged_by_nobody = decision("unsafe_to_ask");
  judged_by_nobody.competence = Competence::not_judged;
  EXPECT_THAT(why_not(judged_by_nobody), HasSubstr("`judgedBy` is there"));
}

TEST_F(ConsentBookTest, is_withdrawn_by_a_further_entry_that_leaves_the_first) {
  const ConsentId id = record(decision());
  now_ = noon + day_ms;
  ASSERT_TRUE(withdraw(id));
  ASSERT_TRUE(withdraw(id)) << "twice is once";
  EXPECT_EQ(store_.snapshot()->consent_history(id).value().size(), 2u);
  const auto kept = ConsentBook::find(id, *store_.snapshot()).value();
  EXPECT_EQ(kept.entry.withdrawn, noon + day_ms);
  EXPECT_EQ(kept.entry.why_withdrawn, "changed her mind");
  EXPECT_EQ(kept.entry.from, noon);
  EXPECT_EQ(kept.said_at, noon);
  EXPECT_EQ(kept.withdrawn_by, user_);
}

TEST_F(ConsentBookTest, only_what_was_given_can_be_withdrawn_and_with_a_reason) {
  EXPECT_EQ(withdraw(record(decision("refused"))).error().code, "bad-consent");
  EXPECT_EQ(withdraw(record(decision()), " \n").error().code, "bad-consent");
  EXPECT_EQ(withdraw(ConsentId::make(random_)).error().code, "not-found");
}

TEST_F(ConsentBookTest, a_rebuilt_store_finds_the_same_and_an_erased_person_takes_theirs_along) {
  const PersonRef other = store_.add(plain(ben()));
  const ConsentId id = record(decision());
  ASSERT_TRUE(withdraw(id));
  ConsentEntry of_other = decision();
  of_other.person = other;
  const ConsentId others = record(of_other);
  {
    auto turn = store_.begin(now_);
    const auto keys = turn->bury(child_, "asked for", ActorId());
    ASSERT_TRUE(keys && turn->commit());
    turn.reset();
    ASSERT_TRUE(store_->destroy_keys(*keys));
  }
  EXPECT_TRUE(store_.snapshot()->consent_history(id).value().empty());
  EXPECT_TRUE(ConsentBook::of_person(child_, *store_.snapshot()).value().empty());
  EXPECT_EQ(store_.snapshot()->consent_history(others).value().size(), 1u);
  MemoryKv scratch;
  auto report = Rebuild(*store_, scratch).run();
  ASSERT_TRUE(report) << report.error().text();
  EXPECT_TRUE(report->equal());
}

// --- as the gate goes by it

TEST_F(ConsentBookTest, decides_for_whom_it_is_about_for_whom_it_names_and_while_it_lasts) {
  EXPECT_EQ(step(child_), Step::exists);
  ConsentEntry entry = decision();
  entry.recipients = {*MemberId::parse("leeds-csc")};
  entry.until = noon + 2 * day_ms;
  const ConsentId id = record(entry);
  EXPECT_EQ(step(child_), Step::content);
  EXPECT_EQ(step(child_, "wakefield-csc"), Step::exists) << "it is for another";
  EXPECT_EQ(step(store_.add(plain(ben()))), Step::exists) << "it is of another child";
  EXPECT_EQ(step(PersonRef()), Step::exists);
  now_ = noon + day_ms;
  EXPECT_EQ(step(child_), Step::content);
  ASSERT_TRUE(withdraw(id));
  EXPECT_EQ(step(child_), Step::exists);
  record(entry);
  EXPECT_EQ(step(child_), Step::content);
  now_ = noon + 2 * day_ms;
  EXPECT_EQ(step(child_), Step::exists);
}

TEST_F(ConsentBookTest, of_people_who_are_one_counts_for_all_of_them_until_they_are_parted) {
  const PersonRef other = store_.add(plain(aisha()));
  record(decision());
  EXPECT_EQ(step(other), Step::exists);
  link(child_, other);
  EXPECT_EQ(step(other), Step::content);
  EXPECT_EQ(step(child_), Step::content);
  ConsentEntry refused = decision("refused");
  refused.person = other;
  now_ = noon + 1;
  record(refused);
  EXPECT_EQ(step(child_), Step::exists);
  take_apart(child_, other);
  EXPECT_EQ(step(child_), Step::content);
  EXPECT_EQ(step(other), Step::exists);
}

TEST_F(ConsentBookTest, what_cannot_be_read_counts_as_refused_and_the_entry_says_so) {
  record(decision());
  EXPECT_EQ(step(child_), Step::content);
  lose_the_index();
  EXPECT_EQ(step(child_), Step::exists);
  ASSERT_TRUE(last().decided_by);
  EXPECT_TRUE(last().decided_by->consents_unreadable);
}

TEST_F(ConsentBookTest, a_refusal_that_cannot_be_read_opens_nothing_either) {
  const Gate open(bundle_of(R"(@id("all") @title("All but what was refused")
      permit (principal, action, resource) unless
        { resource.child.consents["health"].state == Share::Consent::"refused" };)"));
  const auto step_of = [&] {
    auto turn = store_.begin(now_);
    DecisionFor recorded;
    recorded.key = turn->node_key();
    recorded.access.person = child_;
    return open.decide(asking_for(), std::vector{record_}, {}, recorded, *turn).value().front().step;
  };
  EXPECT_EQ(step_of(), Step::content);
  record(decision("refused"));
  EXPECT_EQ(step_of(), Step::none);
  lose_the_index();
  EXPECT_EQ(step_of(), Step::none);
}

TEST_F(ConsentBookTest, whom_a_worker_searches_for_is_shown_by_it_too) {
  const Gate asks(bundle_of(R"(@id("who") @title("Who consented")
      permit (principal, action, resource) when { resource.child.consents["identity"].state ==
        Share::Consent::"given" };)"));
  const auto is_shown = [&] {
    auto turn = store_.begin(now_);
    DecisionFor recorded;
    recorded.actor = actor_;
    const auto verdicts =
        asks.decide_people(asking_for(), std::vector<PersonAsked>{{child_, {}, {}}}, 5, recorded, *turn);
    EXPECT_TRUE(verdicts && verdicts->size() == 1);
    return verdicts && verdicts->front().permit.has_value();
  };
  EXPECT_FALSE(is_shown());
  ConsentEntry entry = decision();
  entry.categories = {"identity"};
  record(entry);
  EXPECT_TRUE(is_shown());
}

// --- what goes with a record, and what the entry keeps

TEST_F(ConsentBookTest, what_opened_a_record_goes_with_it_and_nothing_of_what_did_not) {
  record(decision());
  EXPECT_EQ(decide(child_).consent, ConsentTold::given);
  EXPECT_EQ(decide(child_, "bradford-csc").consent, ConsentTold::nothing) << "its own agency needs none";
  const RecordLabel ordinary = label_of("bradford-csc", "health_attendance", "health.attendance", 2);
  const AboutPerson about{false,
                          gate_.consents(asking_for("child_protection", true), child_, *store_.snapshot(), now_)};
  EXPECT_EQ(about.consents.of("health").state, "given");
  const auto told = [&](const RecordLabel& record) {
    return gate_.would_decide(asking_for("child_protection", true), about, record, {}).consent;
  };
  EXPECT_EQ(told(record_), ConsentTold::given);
  EXPECT_EQ(told(ordinary), ConsentTold::nothing) << "it is shown without";
}

TEST_F(ConsentBookTest, another_agencys_record_is_decided_by_what_its_holder_told) {
  RecordLabel theirs = label_of("bradford-health", "health_attendance", clinic, 3);
  const auto step_of = [&](ConsentTold told) {
    theirs.told = told;
    return gate_.would_decide(asking_for("child_protection", true), {}, theirs, {}).step;
  };
  EXPECT_EQ(step_of(ConsentTold::nothing), Step::exists);
  EXPECT_EQ(step_of(ConsentTold::given), Step::content);
  EXPECT_EQ(step_of(ConsentTold::not_competent), Step::content);
}

TEST_F(ConsentBookTest, records_that_differ_in_what_was_told_are_decided_apart) {
  RecordLabel shut = label_of("bradford-health", "health_attendance", clinic, 3);
  RecordLabel open = shut;
  open.told = ConsentTold::given;
  auto turn = store_.begin(now_);
  DecisionFor recorded;
  recorded.key = turn->node_key();
  const auto verdicts =
      gate_.decide(asking_for("child_protection", true), std::vector{shut, open, shut}, {}, recorded, *turn);
  ASSERT_TRUE(verdicts && turn->commit());
  EXPECT_EQ((*verdicts)[0].step, Step::exists);
  EXPECT_EQ((*verdicts)[1].step, Step::content);
  EXPECT_EQ((*verdicts)[2].step, Step::exists);
  const auto labels = last().decided_by->labels;
  ASSERT_EQ(labels.size(), 2u);
  EXPECT_EQ(labels[1].told, ConsentTold::given);
}

TEST_F(ConsentBookTest, a_decision_is_made_again_with_what_was_known_then) {
  const ConsentId id = record(decision());
  ASSERT_EQ(step(child_), Step::content);
  const Access entry = last();
  ASSERT_TRUE(entry.decided_by);
  ASSERT_EQ(entry.decided_by->consents.size(), 1u);
  const DecidedConsent& held = entry.decided_by->consents.front();
  EXPECT_EQ(held, (DecidedConsent{"health", "given", "child_competent", noon, Competence::competent}));
  now_ = noon + day_ms;
  ASSERT_TRUE(withdraw(id));
  const auto replayed = replay_decisions(*store_, west_yorkshire(), {});
  ASSERT_TRUE(replayed) << replayed.error().text();
  EXPECT_EQ(replayed->decisions, 1u);
  EXPECT_EQ(replayed->otherwise, 0u) << "it was decided by what held then";
  EXPECT_EQ(replayed->unreadable, 0u);
}

TEST_F(ConsentBookTest, what_was_unreadable_then_is_so_when_it_is_made_again) {
  record(decision());
  lose_the_index();
  ASSERT_EQ(step(child_), Step::exists);
  const auto replayed = replay_decisions(*store_, west_yorkshire(), {});
  ASSERT_TRUE(replayed) << replayed.error().text();
  EXPECT_EQ(replayed->decisions, 1u);
  EXPECT_EQ(replayed->otherwise, 0u);
}

}  // namespace
}  // namespace ginnel
