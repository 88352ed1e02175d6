// SPDX-License-Identifier: Apache-2.0
#include "node/view/part_maker.h"

#include "tests/node/view_for_tests.h"

namespace ginnel {
namespace {

const Identity aishas_identity{"9990000018", "Aisha", "Tester", {2016, 3, 14}, ""};

class PartMakerTest : public testing::Test {
 protected:
  ViewForTests t;
  PartMaker maker{t.gate, t.finder};
  Person person = [] {
    Person made = aisha();
    made.markings_by_source.clear();
    return made;
  }();
  std::uint64_t before = 0;

  // What a peer asks; `ask` is its stable id.
  PartAsk ask_by(const std::string& peer, const AskId& ask, const std::string& purpose = "first_contact") {
    PartAsk out;
    out.asking = asking_for(purpose);
    out.asking.agency = member(peer);
    out.about = aishas_identity;
    out.access.ask = ask;
    out.access.peer = member(peer);
    return out;
  }
  PartAsk ask(const std::string& purpose = "first_contact") {
    return ask_by("leeds-csc", AskId::make(t.random), purpose);
  }

  Answer make(const PartAsk& ask, OwnPart own = own_part(), Instant now = noon) {
    before = t.store->tree_head().size;
    auto turn = t.store.begin(now);
    auto made = maker.make(ask, own, *turn);
    EXPECT_TRUE(made) << made.error().text();
    EXPECT_TRUE(turn->commit());
    return made ? std::move(made->answer) : Answer();
  }
  std::vector<std::pair<EntryKind, Access>> written() { return t.accesses_since(before); }
};

TEST_F(PartMakerTest, what_a_peer_is_given_is_decided_and_disclosed_in_the_same_turn) {
  const PersonRef ref = t.store.add(person);
  const RecordId shown = t.store.add(record_about(ref, "involvement", "social-care.contact", 0));
  t.store.add(record_about(ref, "plan", "social-care.plan", 2));
  const PartAsk asked = ask();
  const Answer answer = make(asked);
  EXPECT_EQ(answer.status, PartStatus::answered);
  ASSERT_EQ(answer.items.size(), 1u);
  EXPECT_EQ(answer.items[0].record, shown);
  EXPECT_EQ(answer.items[0].step, Step::headline);
  EXPECT_TRUE(answer.items[0].fields.empty() && answer.items[0].narrative.empty());
  ASSERT_EQ(answer.withheld.size(), 1u);
  EXPECT_EQ(answer.withheld[0].category, "social-care");

  const auto entries = written();
  ASSERT_EQ(entries.size(), 2u);
  EXPECT_EQ(entries[0].first, EntryKind::decided);
  EXPECT_EQ(entries[0].second.items.size(), 2u);
  const Access& disclosed = entries[1].second;
  EXPECT_EQ(entries[1].first, EntryKind::disclosed);
  EXPECT_EQ(disclosed.ask, asked.access.ask);
  EXPECT_EQ(disclosed.peer, member("leeds-csc"));
  EXPECT_EQ(disclosed.person, ref);
  EXPECT_EQ(disclosed.outcome, "answered");
  ASSERT_EQ(disclosed.items.size(), 1u);
  EXPECT_EQ(disclosed.items[0].record, shown);
  EXPECT_EQ(disclosed.items[0].hash, item_hash(answer.items[0]));
  EXPECT_NE(disclosed.items[0].hash, Hash());
}

TEST_F(PartMakerTest, somebody_unknown_and_somebody_concealed_leave_the_same_answer_and_the_same_entries) {
  const PartAsk asked = ask();
  const Answer unknown = make(asked);
  ASSERT_EQ(written().size(), 1u);
  EXPECT_EQ(written()[0].first, EntryKind::decided);
  EXPECT_EQ(written()[0].second.identity, "nhs:9990000018");
  person.markings_by_person = {"adoption_sealed", "protected_address"};
  t.store.add(record_about(t.store.add(person), "involvement", "social-care.contact", 0));
  const Answer concealed = make(asked);
  ASSERT_EQ(written().size(), 1u);
  EXPECT_EQ(written()[0].first, EntryKind::decided);
  EXPECT_EQ(unknown, concealed);
  EXPECT_EQ(concealed.status, PartStatus::not_known);
  EXPECT_TRUE(concealed.markings.empty());
}

TEST_F(PartMakerTest, asks_about_somebody_unknown_are_sealed_under_one_key_for_them) {
  KeyId first;
  for (int round = 0; round < 2; ++round) {
    auto turn = t.store.begin();
    const auto made = maker.make(ask(), own_part(), *turn);
    ASSERT_TRUE(made && turn->commit());
    if (round == 0) first = made->key;
    EXPECT_EQ(made->key, first);
  }
}

TEST_F(PartMakerTest, an_ask_that_never_reaches_the_gate_is_recorded_as_decided_too) {
  t.store.add(record_about(t.store.add(person), "plan", "social-care.plan", 2));
  const Error why{"not-in-standing", "", "this member may not be served now", "ring the agency"};
  PartAsk named_nobody = ask();
  named_nobody.about = Identity();
  for (const PartAsk& asked : {ask(), named_nobody}) {
    before = t.store->tree_head().size;
    auto turn = t.store.begin(noon);
    auto made = maker.refuse(asked, why, own_part(), *turn);
    ASSERT_TRUE(made && turn->commit());
    EXPECT_EQ(made->answer.status, PartStatus::refused);
    EXPECT_EQ(made->answer.reason.code, "not-in-standing");
    EXPECT_TRUE(made->answer.items.empty());
    const auto entries = written();
    ASSERT_EQ(entries.size(), 1u);
    EXPECT_EQ(entries[0].first, EntryKind::decided);
    const Access& decided = entries[0].second;
    EXPECT_EQ(decided.outcome, "refused");
    EXPECT_EQ(decided.peer, member("leeds-csc"));
    EXPECT_EQ(decided.identity, asked.about == Identity() ? "" : "nhs:9990000018");
    ASSERT_EQ(decided.items.size(), 1u);
    EXPECT_EQ(decided.items[0].policies, std::vector<std::string>{"not-in-standing"});
  }
}

TEST_F(PartMakerTest, own_workers_get_content_and_no_disclosure) {
  t.store.add(record_about(t.store.add(person), "plan", "social-care.plan", 2));
  PartAsk asked = ask();
  asked.asking.agency = member("bradford-csc");
  asked.access.peer = MemberId();
  const Answer answer = make(asked);
  ASSERT_EQ(answer.items.size(), 1u);
  EXPECT_EQ(answer.items[0].step, Step::content);
  EXPECT_FALSE(answer.items[0].narrative.empty());
  ASSERT_EQ(written().size(), 1u);
  EXPECT_EQ(written()[0].first, EntryKind::decided);
}

TEST_F(PartMakerTest, the_same_ask_again_discloses_nothing_new) {
  t.store.add(record_about(t.store.add(person), "involvement", "social-care.contact", 0));
  const PartAsk asked = ask();
  const Answer first = make(asked);
  t.store.reopen();
  const Answer again = make(asked, own_part(), noon + minute_ms);
  EXPECT_EQ(first.items, again.items);
  ASSERT_EQ(written().size(), 1u);
  EXPECT_EQ(written()[0].first, EntryKind::decided);
  PartAsk other = asked;  // another member that happens to use the same id
  other.access.peer = other.asking.agency = member("wy-police");
  make(other);
  EXPECT_EQ(written().back().first, EntryKind::disclosed);
}

TEST_F(PartMakerTest, the_same_ask_again_discloses_what_came_in_between) {
  const PersonRef ref = t.store.add(person);
  t.store.add(record_about(ref, "involvement", "social-care.contact", 0));
  const PartAsk asked = ask();
  make(asked);
  t.store.add(record_about(ref, "involvement", "early-help", 0));
  EXPECT_EQ(make(asked).items.size(), 2u);
  EXPECT_EQ(written().back().first, EntryKind::disclosed);
  EXPECT_EQ(written().back().second.items.size(), 2u);
}

TEST_F(PartMakerTest, an_ask_in_words_that_nobody_knows_is_refused_and_recorded) {
  t.store.add(record_about(t.store.add(person), "involvement", "social-care.contact", 0));
  const Answer answer = make(ask("curiosity"));
  EXPECT_EQ(answer.status, PartStatus::refused);
  EXPECT_EQ(answer.reason.code, "unknown-word");
  EXPECT_NE(answer.reason.sentence.find("`curiosity`"), std::string::npos);
  EXPECT_TRUE(answer.items.empty() && answer.withheld.empty());
  ASSERT_EQ(written().size(), 1u);
  EXPECT_EQ(written()[0].second.outcome, "refused");
  EXPECT_TRUE(written()[0].second.person.empty()) << "nobody was looked for";
}

TEST_F(PartMakerTest, where_two_people_fit_neither_is_told_of) {
  for (const char* postcode : {"LS1 1AA", "LS2 2AA"}) {
    Person namesake = person;
    namesake.identifiers.clear();
    namesake.addresses[0].postcode = postcode;
    t.store.add(record_about(t.store.add(namesake), "involvement", "social-care.contact", 0));
  }
  PartAsk asked = ask();
  asked.about.nhs_number.clear();
  const Answer answer = make(asked);
  EXPECT_EQ(answer.status, PartStatus::unknown);
  EXPECT_EQ(answer.reason.code, "several-people");
  EXPECT_TRUE(answer.items.empty());
  EXPECT_EQ(written().size(), 1u);
}

TEST_F(PartMakerTest, a_marking_on_the_person_is_on_everything_about_them) {
  person.markings_by_person = {"third_party_identity"};
  t.store.add(record_about(t.store.add(person), "involvement", "social-care.contact", 0));
  const Answer answer = make(ask());
  EXPECT_EQ(answer.status, PartStatus::withheld);
  EXPECT_TRUE(answer.items.empty());
}

TEST_F(PartMakerTest, a_marking_that_others_are_decided_by_travels_also_when_its_record_does_not) {
  const PersonRef ref = t.store.add(person);
  Record move = record_about(ref, "move", "household", 2);
  move.label.markings = {"protected_address", "mappa"};
  t.store.add(move);
  const Answer answer = make(ask());
  EXPECT_EQ(answer.status, PartStatus::withheld);
  EXPECT_EQ(answer.markings, std::set<std::string>{"protected_address"});
}

TEST_F(PartMakerTest, one_needed_source_past_its_own_limit_makes_the_part_out_of_date) {
  t.store.add(record_about(t.store.add(person), "involvement", "social-care.contact", 0));
  OwnPart own = own_part();
  own.sources = {{"case-system", noon, 48 * hour_ms}, {"schools", noon + -30 * hour_ms, 24 * hour_ms}};
  EXPECT_EQ(make(ask(), own).status, PartStatus::out_of_date);
  EXPECT_NE(make(ask(), own).reason.sentence.find("source schools ends at"), std::string::npos);
  own.sources[1].age_ms_max = 48 * hour_ms;
  EXPECT_EQ(make(ask(), own).status, PartStatus::answered);
  own.sources[1].data_to = {};
  EXPECT_NE(make(ask(), own).reason.sentence.find("never read to its end"), std::string::npos);
}

TEST_F(PartMakerTest, data_past_its_time_is_told_as_out_of_date) {
  t.store.add(record_about(t.store.add(person), "involvement", "social-care.contact", 0));
  OwnPart own = own_part();
  EXPECT_EQ(make(ask(), own, noon + own.data_age_ms_max).status, PartStatus::answered);
  const Answer old = make(ask(), own, noon + own.data_age_ms_max + 1);
  EXPECT_EQ(old.status, PartStatus::out_of_date);
  EXPECT_EQ(old.data_to, noon);
  EXPECT_FALSE(old.reason.empty());
  EXPECT_EQ(old.items.size(), 1u);
}

TEST_F(PartMakerTest, holding_nothing_is_no_verified_miss_where_the_data_is_old_or_was_never_read) {
  OwnPart own = own_part();
  EXPECT_EQ(make(ask(), own, noon + own.data_age_ms_max).status, PartStatus::not_known);
  EXPECT_EQ(make(ask(), own, noon + own.data_age_ms_max + 1).status, PartStatus::out_of_date);
  own.data_to = Instant();
  const Answer never = make(ask(), own, noon);
  EXPECT_EQ(never.status, PartStatus::out_of_date);
  EXPECT_FALSE(never.reason.sentence.empty());
}

TEST_F(PartMakerTest, the_name_of_the_retention_rule_stays_at_home) {
  Record record = record_about(t.store.add(person), "involvement", "social-care.contact", 0);
  record.label.retention = {"closed-adoption-100-years", {2116, 1, 1}};
  t.store.add(record);
  const Answer answer = make(ask());
  ASSERT_EQ(answer.items.size(), 1u);
  EXPECT_TRUE(answer.items[0].label.retention.rule.empty());
  EXPECT_TRUE(answer.items[0].label.retention.review_on.is_set());
}

TEST_F(PartMakerTest, a_store_that_lost_a_record_says_unknown_and_not_that_there_is_nothing) {
  t.store.add(record_about(t.store.add(person), "involvement", "social-care.contact", 0));
  // The last entry is the record's.
  const auto rows = rows_of(t.store.ledger(), Table::entries);
  Bytes damaged = rows.back().second;
  damaged.back() ^= 1;
  put_row(t.store.ledger(), Table::entries, rows.back().first, damaged);
  t.store.reopen();
  auto turn = t.store.begin();
  const auto made = maker.make(ask(), own_part(), *turn);
  ASSERT_TRUE(made) << made.error().text();
  EXPECT_EQ(made->answer.status, PartStatus::unknown);
}

TEST(WithheldCounts, count_alike_things_together_and_others_apart) {
  WithheldCounts counts;
  counts.add(Withheld{"health", 1, "A", "nurse", "A"});
  counts.add(Withheld{"health", 2, "A", "nurse", "A"});
  counts.add(Withheld{"health", 1, "B", "nurse", "B"});
  counts.add(Withheld{"education", 1, "A", "nurse", "A"});
  const auto all = counts.take();
  ASSERT_EQ(all.size(), 3u);
  EXPECT_EQ(all[0].category, "education");
  EXPECT_EQ(all[1].count + all[2].count, 4u);
}

TEST(PartStatusOf, follows_from_what_is_shown_and_counted) {
  EXPECT_EQ(status_of(1, 3), PartStatus::answered);
  EXPECT_EQ(status_of(0, 3), PartStatus::withheld);
  EXPECT_EQ(status_of(0, 0), PartStatus::not_known);
}

}  // namespace
}  // namespace ginnel
