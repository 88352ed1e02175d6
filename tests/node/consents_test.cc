// SPDX-License-Identifier: Apache-2.0
// Which of several decisions about sharing counts, as a table: each row is a question and its answer.
#include "node/gate/consents.h"

#include "tests/node/gate_for_tests.h"

namespace ginnel {
namespace {

constexpr int asked_on = 100;  // days since `noon`

Instant day(int number) { return noon + number * day_ms; }

// A decision about health; from its day until further notice, for everybody and everything.
ConsentEntry decision(const char* decider, const char* state, int from) {
  ConsentEntry entry;
  entry.state = state;
  entry.decider = decider;
  entry.categories = {"health"};
  entry.from = day(from);
  return entry;
}
ConsentEntry by_child(const char* state, int from) {
  ConsentEntry entry = decision("child_competent", state, from);
  entry.competence = Competence::competent;
  entry.judged_by = "Dr A. Clinician";
  return entry;
}
ConsentEntry parent(const char* state, int from, Competence competence = Competence::not_competent) {
  ConsentEntry entry = decision("holder_parental_responsibility", state, from);
  entry.competence = competence;
  return entry;
}
ConsentEntry for_purposes(ConsentEntry entry, std::vector<std::string> purposes) {
  entry.purposes = std::move(purposes);
  return entry;
}
ConsentEntry to(ConsentEntry entry, const std::vector<std::string>& members) {
  for (const auto& member : members) entry.recipients.push_back(*MemberId::parse(member));
  return entry;
}
ConsentEntry until(ConsentEntry entry, int end) {
  entry.until = day(end);
  return entry;
}
ConsentEntry withdrawn(ConsentEntry entry, int on) {
  entry.withdrawn = day(on);
  return entry;
}

Consenting asked(const std::vector<ConsentEntry>& decisions, int on = asked_on, const char* category = "health",
                 const char* purpose = "child_protection", const char* recipient = "leeds-csc") {
  return resolve_consents(decisions, {purpose, *MemberId::parse(recipient), day(on)}, west_yorkshire()->vocabulary)
      .of(category);
}

struct ConsentCase {
  const char* claim;
  std::vector<ConsentEntry> decisions;  // in the order in which they were recorded
  const char* state;
  Competence competence;
};

TEST(ConsentRule, says_which_of_several_decisions_counts) {
  constexpr auto yes = Competence::competent, no = Competence::not_competent, nobody = Competence::not_judged;
  const ConsentCase rows[] = {
      {"nothing was recorded", {}, "not_asked", nobody},
      {"a competent child gave consent", {by_child("given", 1)}, "given", yes},
      {"a competent child refused", {by_child("refused", 1)}, "refused", yes},
      {"it has not begun", {by_child("given", 101)}, "not_asked", nobody},
      {"it begins now", {by_child("given", asked_on)}, "given", yes},
      {"it is over", {until(by_child("given", 1), asked_on)}, "expired", nobody},
      {"it is not over yet", {until(by_child("given", 1), 101)}, "given", yes},
      {"a refusal is over", {until(by_child("refused", 1), 50)}, "expired", nobody},
      {"it was withdrawn", {withdrawn(by_child("given", 1), 5)}, "withdrawn", yes},
      {"it was withdrawn before it was over", {until(withdrawn(by_child("given", 1), 5), 9)}, "withdrawn", nobody},
      {"nobody could be asked safely", {decision("none", "unsafe_to_ask", 1)}, "unsafe_to_ask", nobody},

      // Scope.
      {"for this recipient", {to(by_child("given", 1), {"leeds-csc"})}, "given", yes},
      {"for another recipient", {to(by_child("given", 1), {"wy-police"})}, "not_asked", nobody},
      {"for one of several recipients", {to(by_child("given", 1), {"wy-police", "leeds-csc"})}, "given", yes},
      {"for this purpose", {for_purposes(by_child("given", 1), {"child_protection"})}, "given", yes},
      {"for another purpose", {for_purposes(by_child("given", 1), {"early_help"})}, "not_asked", nobody},
      {"refused to another recipient alone",
       {by_child("given", 1), to(by_child("refused", 2), {"wy-police"})},
       "given",
       yes},
      {"refused to this recipient alone",
       {by_child("given", 1), to(by_child("refused", 2), {"leeds-csc"})},
       "refused",
       yes},

      // One decider, several times.
      {"given after a refusal of the same", {by_child("refused", 1), by_child("given", 2)}, "given", yes},
      {"refused after it was given", {by_child("given", 1), by_child("refused", 2)}, "refused", yes},
      {"recorded late, decided before", {by_child("refused", 5), by_child("given", 2)}, "refused", yes},
      {"two of one day: what was recorded last", {by_child("refused", 1), by_child("given", 1)}, "given", yes},
      {"given to this one, after a refusal to all",
       {by_child("refused", 1), to(by_child("given", 2), {"leeds-csc"})},
       "given",
       yes},
      {"given to all, after a refusal to this one",
       {to(by_child("refused", 1), {"leeds-csc"}), by_child("given", 2)},
       "refused",
       yes},
      {"given for a while, after a refusal to all; the while is over",
       {by_child("refused", 1), until(by_child("given", 2), 50)},
       "refused",
       yes},
      {"given again after a refusal, and withdrawn",
       {by_child("refused", 1), withdrawn(by_child("given", 2), 5)},
       "refused",
       yes},
      {"given again after it was withdrawn", {withdrawn(by_child("given", 1), 5), by_child("given", 7)}, "given", yes},
      {"given twice, and the first withdrawn after the second",
       {withdrawn(by_child("given", 1), 5), by_child("given", 3)},
       "withdrawn",
       yes},
      {"given to all and to this one, and the general one withdrawn last",
       {withdrawn(by_child("given", 1), 9), to(by_child("given", 3), {"leeds-csc"})},
       "withdrawn",
       yes},
      {"given to all, and the one to this one withdrawn",
       {by_child("given", 1), withdrawn(to(by_child("given", 2), {"leeds-csc"}), 5)},
       "withdrawn",
       yes},
      {"given to all after the one to this one was withdrawn",
       {withdrawn(to(by_child("given", 1), {"leeds-csc"}), 5), by_child("given", 9)},
       "given",
       yes},

      // Several deciders.
      {"a parent, of a child who was judged not competent", {parent("given", 1)}, "given", no},
      {"a parent, of a child whom nobody judged", {parent("given", 1, nobody)}, "not_asked", nobody},
      {"a parent refused, and nobody judged", {parent("refused", 1, nobody)}, "refused", nobody},
      {"a parent's consent over a competent child's refusal",
       {by_child("refused", 1), parent("given", 2)},
       "refused",
       yes},
      {"the same, recorded the other way round", {parent("given", 1), by_child("refused", 2)}, "refused", yes},
      {"a parent's refusal over a competent child's consent",
       {by_child("given", 1), parent("refused", 2)},
       "given",
       yes},
      {"a parent's consent after a competent child withdrew",
       {withdrawn(by_child("given", 1), 5), parent("given", 9)},
       "withdrawn",
       yes},
      {"a withdrawn judgement opens nothing", {withdrawn(parent("given", 1), 5)}, "withdrawn", nobody},
      {"a parent's refusal after the child's own decision ran out",
       {until(by_child("given", 1), 50), parent("refused", 9, nobody)},
       "refused",
       nobody},
      {"one parent gives, the other refuses",
       {parent("given", 1), decision("attorney_or_deputy", "refused", 2)},
       "refused",
       no},
      {"a young person goes before a parent",
       {decision("young_person", "given", 1), parent("refused", 2, nobody)},
       "given",
       nobody},
      {"a young person who was judged not competent",
       {decision("young_person", "given", 1), parent("refused", 2)},
       "refused",
       no},
      {"a court", {decision("court", "given", 1)}, "given", nobody},
      {"a court does not go over a competent child's refusal",
       {by_child("refused", 1), decision("court", "given", 2)},
       "refused",
       yes},
      {"nobody gives nothing", {decision("none", "given", 1)}, "not_asked", nobody},
      {"a word of a later version", {decision("a_new_decider", "given", 1)}, "not_asked", nobody},
      {"a state of a later version", {by_child("in_a_new_way", 1)}, "refused", yes},
      {"given goes before withdrawn by another",
       {withdrawn(decision("young_person", "given", 1), 5), decision("court", "given", 2)},
       "given",
       nobody},
      {"unsafe to ask goes after what somebody gave",
       {decision("none", "unsafe_to_ask", 5), by_child("given", 1)},
       "given",
       yes},
  };
  for (const auto& row : rows) {
    const Consenting got = asked(row.decisions);
    EXPECT_EQ(got.state, row.state) << row.claim;
    EXPECT_EQ(got.competence, row.competence) << row.claim;
  }
}

TEST(ConsentRule, holds_for_each_root_category_by_itself_and_what_is_below_it) {
  ConsentEntry both = by_child("given", 1);
  both.categories = {"health", "education"};
  const std::vector<ConsentEntry> decisions{both, by_child("refused", 2)};
  EXPECT_EQ(asked(decisions).state, "refused");
  EXPECT_EQ(asked(decisions, asked_on, "health.sexual").state, "refused");
  EXPECT_EQ(asked(decisions, asked_on, "education.attendance").state, "given");
  EXPECT_EQ(asked(decisions, asked_on, "police").state, "not_asked");
}

TEST(ConsentRule, says_whose_word_it_is_and_since_when) {
  const Consenting refused = asked({by_child("given", 1), by_child("refused", 9)});
  EXPECT_EQ(refused.decider, "child_competent");
  EXPECT_EQ(refused.since, day(9));
  EXPECT_EQ(asked({withdrawn(by_child("given", 1), 5)}).since, day(5));
  EXPECT_EQ(asked({until(by_child("given", 1), 50)}).since, day(50));
}

TEST(ConsentRule, what_cannot_be_read_counts_as_refused_whatever_a_holder_tells) {
  Consents unreadable;
  unreadable.are_unreadable = true;
  EXPECT_FALSE(unreadable.none());
  EXPECT_EQ(unreadable.of("health").state, "refused");
  const Consenting told = unreadable.of("health", ConsentTold::given_for_another);
  EXPECT_EQ(told.state, "refused");
  EXPECT_NE(told.competence, Competence::not_competent);
}

TEST(ConsentRule, what_a_holder_tells_counts_unless_this_agency_was_told_otherwise) {
  const auto with = [](const std::vector<ConsentEntry>& own, ConsentTold told) {
    return resolve_consents(own, {"child_protection", *MemberId::parse("leeds-csc"), day(asked_on)},
                            west_yorkshire()->vocabulary)
        .of("health.sexual", told);
  };
  EXPECT_EQ(with({}, ConsentTold::nothing).state, "not_asked");
  EXPECT_EQ(with({}, ConsentTold::given).state, "given");
  EXPECT_EQ(with({until(by_child("given", 1), 50)}, ConsentTold::given).state, "given");
  EXPECT_EQ(with({by_child("refused", 1)}, ConsentTold::given).state, "refused");
  EXPECT_EQ(with({withdrawn(by_child("given", 1), 5)}, ConsentTold::given).state, "withdrawn");
  EXPECT_EQ(with({decision("none", "unsafe_to_ask", 1)}, ConsentTold::given).state, "unsafe_to_ask");
  EXPECT_EQ(with({}, ConsentTold::not_competent).competence, Competence::not_competent);
  EXPECT_EQ(with({by_child("refused", 1)}, ConsentTold::not_competent).competence, Competence::competent);
  EXPECT_EQ(with({}, ConsentTold::given_for_another).competence, Competence::not_competent);
}

TEST(ConsentRule, tells_with_a_record_what_opens_and_nothing_else) {
  EXPECT_EQ(told_of(asked({by_child("given", 1)})), ConsentTold::given);
  EXPECT_EQ(told_of(asked({parent("given", 1)})), ConsentTold::given_for_another);
  EXPECT_EQ(told_of(asked({parent("refused", 1)})), ConsentTold::not_competent);
  EXPECT_EQ(told_of(asked({by_child("refused", 1)})), ConsentTold::nothing);
  EXPECT_EQ(told_of(Consenting()), ConsentTold::nothing);
}

TEST(ConsentWords, say_in_a_sentence_who_decided_what_and_when) {
  const Vocabulary& words = west_yorkshire()->vocabulary;
  const auto said = [&](const std::vector<ConsentEntry>& decisions) {
    return consent_words("health", asked(decisions), words);
  };
  EXPECT_EQ(said({by_child("refused", 0)}), "Health: the child was judged competent and refused on 23 Nov 2026");
  EXPECT_EQ(said({by_child("given", 0)}), "Health: the child was judged competent and gave consent on 23 Nov 2026");
  EXPECT_EQ(said({withdrawn(by_child("given", 0), 1)}),
            "Health: the child was judged competent and withdrew consent on 24 Nov 2026");
  EXPECT_EQ(said({parent("given", 0)}),
            "Health: somebody with parental responsibility gave consent on 23 Nov 2026; the person was judged not "
            "competent to decide it");
  EXPECT_EQ(said({decision("none", "unsafe_to_ask", 0)}), "Health: it was judged unsafe to ask on 23 Nov 2026");
  EXPECT_EQ(said({until(decision("court", "given", 0), 1)}), "Health: what a court decided ran out on 24 Nov 2026");
  EXPECT_EQ(said({}), "Health: nobody was asked");
  Consents unreadable;
  unreadable.are_unreadable = true;
  EXPECT_EQ(consent_words("health", unreadable.of("health"), words),
            "Health: what was recorded of consent could not be read, and counts as refused");
}

}  // namespace
}  // namespace ginnel
