// SPDX-License-Identifier: Apache-2.0
// The registers of what was decided about sharing, through a production node: whose decisions they show, as they stand,
// and that whoever may not be shown leaves no trace.
#include <gmock/gmock.h>

#include "node/register_page.h"
#include "node/view/found_words.h"
#include "tests/code_of.h"
#include "tests/node/node_for_tests.h"

namespace ginnel {
namespace {

class Registers : public testing::Test {
 protected:
  Registers() {
    tokens_ = t_.tokens_of_new({{"worker", "practitioner"},
                                {"nurse", "clinician"},
                                {"front", "triage"},
                                {"manager", "manager"},
                                {"governance", "governance_lead"},
                                {"board", "partnership"},
                                {"inspector", "inspector"},
                                {"operator", "operator"}});
    aisha_ = add("Aisha");
    ben_ = add("Ben");
  }
  PersonRef add(const std::string& given) {
    Person person = aisha();
    person.identifiers.clear();
    person.names = {{given, "Tester", "usual", {}, {}}};
    person.markings_by_source.clear();
    return t_.store.add(person);
  }
  ConsentId consent_of(const PersonRef& person, const std::string& state = "given") {
    NewConsent wish;
    wish.entry.person = person;
    wish.entry.state = state;
    wish.entry.decider = "young_person";
    wish.entry.categories = {"health"};
    wish.entry.note = "said so";
    auto id =
        t_.result<ConsentId>([&](auto done) { t_.node->record_consent(Caller(tokens_.at("worker")), wish, done); });
    EXPECT_TRUE(id) << id.error().text();
    return id.value_or(ConsentId());
  }
  RefusalId refusal_of(const PersonRef& person) {
    NewRefusal wish;
    wish.entry.person = person;
    wish.entry.category = "health";
    wish.entry.test = "no_role";
    wish.entry.reason = "rang them";
    wish.entry.review = t_.clock.at + 30 * day_ms;
    auto id =
        t_.result<RefusalId>([&](auto done) { t_.node->record_refusal(Caller(tokens_.at("worker")), wish, done); });
    EXPECT_TRUE(id) << id.error().text();
    return id.value_or(RefusalId());
  }
  void conceal(const PersonRef& person) {
    auto turn = t_.store.begin();
    ASSERT_TRUE(turn->mark(person, {{"adoption_sealed"}, {}}, ActorId()));
    ASSERT_TRUE(turn->commit());
  }
  Expected<ConsentRegister> consents(const std::string& who, std::uint64_t before = 0) {
    return t_.result<ConsentRegister>([&](auto done) { t_.node->consent_register(tokens_.at(who), before, done); });
  }
  Expected<RefusalRegister> refusals(const std::string& who, std::uint64_t before = 0) {
    return t_.result<RefusalRegister>([&](auto done) { t_.node->refusal_register(tokens_.at(who), before, done); });
  }

  NodeForTests t_;
  std::map<std::string, std::string> tokens_;
  PersonRef aisha_, ben_;
};

TEST_F(Registers, show_everybodys_decisions_once_each_as_they_stand_the_newest_first) {
  const ConsentId withdrawn = consent_of(aisha_);
  consent_of(ben_, "refused");
  t_.clock.at = noon + day_ms;
  ASSERT_TRUE(t_.result<bool>([&](auto done) {
    t_.node->withdraw_consent(tokens_.at("worker"), {withdrawn, "she said so"}, done);
  }));
  const auto page = consents("governance").value();
  ASSERT_EQ(page.lines.size(), 2u);
  EXPECT_EQ(page.lines[0].row.state, "withdrawn") << "what was done with it last counts";
  EXPECT_EQ(name_for_people(page.lines[0].person), "TESTER, Aisha");
  EXPECT_EQ(page.lines[0].row.withdrawn_by, "worker");
  EXPECT_EQ(page.lines[1].row.state, "refused");
  EXPECT_EQ(name_for_people(page.lines[1].person), "TESTER, Ben");
  EXPECT_EQ(page.before, 0u);
  EXPECT_FALSE(page.members.empty());

  const RefusalId refused = refusal_of(aisha_);
  const auto told = refusals("governance").value();
  ASSERT_EQ(told.lines.size(), 1u);
  EXPECT_EQ(told.lines[0].row.entry.refusal, refused);
  EXPECT_EQ(told.lines[0].row.recorded_by, "worker");
}

TEST_F(Registers, are_for_the_roles_that_answer_for_sharing) {
  consent_of(aisha_);
  refusal_of(aisha_);
  for (const char* who : {"manager", "governance"}) {
    EXPECT_EQ(consents(who).value().lines.size(), 1u) << who;
    EXPECT_EQ(refusals(who).value().lines.size(), 1u) << who;
  }
  const auto before = t_.store->tree_head().size;
  for (const char* who : {"worker", "nurse", "front", "board", "inspector", "operator"}) {
    EXPECT_EQ(code_of(consents(who)), "forbidden") << who;
    EXPECT_EQ(code_of(refusals(who)), "forbidden") << who;
  }
  EXPECT_EQ(t_.store->tree_head().size, before);
}

TEST_F(Registers, that_somebody_was_shown_stands_in_the_account_of_who_saw_them_and_of_nobody_else) {
  consent_of(aisha_);
  const auto looks = [&](const PersonRef& person) {
    return t_.store.snapshot()->access_to(person, {EntryKind::people_searched}).value().size();
  };
  const auto of_aisha = looks(aisha_), of_ben = looks(ben_);
  ASSERT_TRUE(consents("governance"));
  EXPECT_EQ(looks(aisha_), of_aisha + 1);
  EXPECT_EQ(looks(ben_), of_ben);
}

TEST_F(Registers, whoever_is_concealed_or_erased_leaves_no_trace_and_the_page_is_filled_with_others) {
  const auto some_of_ben = [&] {
    for (int i = 0; i < 3; ++i) consent_of(ben_);
  };
  some_of_ben();
  for (std::size_t i = 0; i < limits::register_lines_max; ++i) consent_of(aisha_);
  some_of_ben();
  EXPECT_NE(consents("governance")->before, 0u);
  conceal(ben_);
  const auto page = consents("governance").value();
  EXPECT_EQ(page.lines.size(), limits::register_lines_max);
  EXPECT_EQ(page.before, 0u) << "an older page would be empty, and tell that there is somebody";
  for (const auto& line : page.lines) EXPECT_EQ(line.person.id, aisha_);

  auto turn = t_.store.begin();
  const auto keys = turn->bury(aisha_, "asked to", ActorId());
  ASSERT_TRUE(keys && turn->commit());
  turn.reset();
  ASSERT_TRUE(t_.store->destroy_keys(*keys));
  EXPECT_TRUE(consents("governance").value().lines.empty());
}

TEST_F(Registers, a_page_goes_on_where_the_one_before_ended) {
  std::set<ConsentId> all, seen;
  for (std::size_t i = 0; i < limits::register_lines_max + 7; ++i) all.insert(consent_of(i % 2 == 0 ? aisha_ : ben_));
  const auto first = consents("governance").value();
  ASSERT_EQ(first.lines.size(), limits::register_lines_max);
  const auto second = consents("governance", first.before).value();
  EXPECT_EQ(second.lines.size(), 7u);
  EXPECT_EQ(second.before, 0u);
  for (const auto* page : {&first, &second})
    for (const auto& line : page->lines) seen.insert(line.row.entry.consent);
  EXPECT_EQ(seen, all);
}

// The rule by itself, where most are not to be shown.
TEST(RegisterPage, says_that_it_goes_on_after_so_many_entries_and_comes_to_the_end_of_them) {
  SeededRandom random(5);
  const PersonRef shown = PersonRef::make(random), other = PersonRef::make(random);
  std::vector<std::uint64_t> sequences;
  for (std::uint64_t i = 0; i < 2 * limits::register_entries_read_max + 10; ++i) sequences.push_back(3 * i);
  std::size_t reads = 0, pages = 0, lines = 0;
  const auto read = [&](std::uint64_t sequence) -> Expected<std::optional<RegisterRow<int>>> {
    ++reads;
    return std::optional(RegisterRow<int>{sequence == 0 ? shown : other, 1});
  };
  const auto show = [&](const std::vector<PersonRef>& people) -> Expected<std::vector<FoundPerson>> {
    std::vector<FoundPerson> out;
    for (const auto& person : people)
      if (person == shown) out.emplace_back().id = person;
    return out;
  };
  for (std::uint64_t before = 0; pages == 0 || before != 0; ++pages) {
    ASSERT_LT(pages, 5u);
    reads = 0;
    auto page = register_page<int>(sequences, before, read, show);
    ASSERT_TRUE(page);
    EXPECT_LE(reads, limits::register_entries_read_max);
    lines += page->lines.size();
    before = page->before;
  }
  EXPECT_EQ(pages, 3u);
  EXPECT_EQ(lines, 1u) << "the oldest of all";
}

}  // namespace
}  // namespace ginnel
