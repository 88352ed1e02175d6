// SPDX-License-Identifier: Apache-2.0
// A node's own CIN census return: what is in it, what is named as missing, who gets it, and what stays shut.
#include "node/report/cin_return.h"

#include <algorithm>
#include <array>
#include <fstream>

#include "adapters/cin/cin_reader.h"
#include "adapters/synth/synth.h"
#include "node/import/importer.h"
#include "node/report/return_maker.h"
#include "tests/node/node_for_tests.h"
#include "tests/node/temp_directory.h"

namespace ginnel {
namespace {

CinChild cin_child_of(const std::string& key) {
  CinChild out;
  out.key = key;
  // Two children with one pupil number are one child.
  static const std::array upns{"A950000178301", "H243278544154", "R674123101121"};
  out.upn = upns[std::size_t(key.back() - '0') % upns.size()];
  out.born = {std::int16_t(2012 + key.back() - '0'), 3, 14};
  out.sex = Sex::female;
  out.ethnicity = "WBRI";
  out.disabilities = {"HEAR", "LD"};
  CinEpisode episode;
  episode.referral = {2023, 5, 2};
  episode.source = "3B";
  episode.need = "N1";
  episode.assessments = {{{2023, 5, 3}, {2023, 6, 20}, {"3B", "4B"}}, {{2023, 7, 3}, {}, {}}};
  episode.need_plans = {{{2023, 6, 21}, {2023, 7, 10}}};
  episode.enquiries = {{{2023, 8, 2}, {2023, 8, 23}, {2023, 8, 21}, false}, {{2023, 9, 4}, {2023, 9, 25}, {}, true}};
  episode.protection_plans = {{{2023, 8, 21}, {2024, 2, 19}, "NEG", "EMO", 2, {{2023, 11, 20}, {2024, 2, 19}}}};
  episode.closed = {2024, 3, 1};
  episode.closed_because = "RC7";
  CinEpisode again;
  again.referral = {2024, 3, 20};
  again.source = "6";
  again.need = "N2";
  again.no_further_action = true;
  out.episodes = {episode, again};
  return out;
}

std::string census_of(const std::vector<CinChild>& children) {
  std::string out = cin_start({"380", {2024, 3, 31}, {1'711'900'800'000}});
  for (const auto& one : children) out += cin_child(one);
  return out + cin_end();
}

struct ReadFile {
  std::set<std::string> keys;  // of dated events
  std::set<std::string> hashes;
  std::size_t people = 0, rejected = 0;
  std::vector<Flag> flags;
};

class CinReturnTest : public testing::Test, protected NodeForTests {
 protected:
  std::filesystem::path write(const std::string& text, const std::string& name = "cin.xml") {
    auto path = std::filesystem::path(folder_.path()) / name;
    std::ofstream(path, std::ios::binary) << text;
    return path;
  }
  std::unique_ptr<Adapter> open(const std::filesystem::path& file) {
    return open_cin(*settings.cin_format, {file}, *MemberId::parse("bradford-csc")).value();
  }
  void import(const std::filesystem::path& file) {
    auto adapter = open(file);
    Importer importer(*adapter, {});
    const auto done = import_all(importer, *store, clock);
    ASSERT_TRUE(done) << done.error().text();
  }
  ReadFile read(const std::filesystem::path& file) {
    auto adapter = open(file);
    ReadFile out;
    for (;;) {
      auto item = adapter->next();
      EXPECT_TRUE(item);
      if (!item || !*item) return out;
      if (auto* record = std::get_if<SourceRecord>(&**item)) {
        out.keys.insert(record->record.source.key);
        out.hashes.insert(to_hex(record->record.source.content_hash));
        out.flags.insert(out.flags.end(), record->flags.begin(), record->flags.end());
      } else if (auto* person = std::get_if<SourcePerson>(&**item)) {
        ++out.people;
        out.flags.insert(out.flags.end(), person->flags.begin(), person->flags.end());
      } else {
        ++out.rejected;
      }
    }
  }
  std::string token_of(const std::string& role) {
    const Account account = add_user("user." + std::to_string(++users_), role);
    std::optional<Expected<Session>> out;
    node->open_session(account.id, [&](Expected<Session> got) { out = std::move(got); });
    run();
    return out->value().token;
  }
  Expected<CinReturn> make(const std::string& token, int year = 2024) {
    std::optional<Expected<CinReturn>> out;
    node->cin_return(token, year, [&](Expected<CinReturn> got) { out = std::move(got); });
    run();
    EXPECT_TRUE(out) << "never answered";
    return out ? std::move(*out) : fail("never-answered", "");
  }
  bool names(const CinReturn& made, const std::string& part) {
    return std::any_of(made.gaps.begin(), made.gaps.end(),
                       [&](const ReturnGap& gap) { return gap.what.find(part) != std::string::npos; });
  }
  std::size_t count_entries(EntryKind kind) {
    auto snapshot = store.snapshot();
    std::size_t out = 0;
    for (std::uint64_t i = 0; i < snapshot->tree_head().size; ++i) {
      auto entry = snapshot->entry(i);
      out += entry && entry->header.kind == kind;
    }
    return out;
  }
  PersonRef ref_of(const std::string& key) {
    return store.snapshot()->person_by_source("cin-census", key, Hash{}).value()->id;
  }

  TempDirectory folder_;
  int users_ = 0;
};

TEST_F(CinReturnTest, a_census_that_was_imported_comes_out_with_the_same_dated_events_and_codes) {
  const auto in = write(census_of({cin_child_of("1000001"), cin_child_of("1000002")}));
  import(in);
  const auto made = make(token_of("returns_officer"));
  ASSERT_TRUE(made) << made.error().text();
  EXPECT_EQ(made->children, 2u);
  for (const auto& gap : made->gaps) ADD_FAILURE() << gap.event << " " << gap.day.iso() << ": " << gap.what;
  const auto before = read(in), after = read(write(made->file, "out.xml"));
  EXPECT_EQ(before.keys.size(), 2u * 14u);
  EXPECT_EQ(before.keys, after.keys);
  EXPECT_EQ(before.hashes, after.hashes) << "a code, a yes or a no was lost";
  EXPECT_EQ(after.rejected, 0u);
  for (const auto& flag : after.flags) ADD_FAILURE() << flag.field << ": " << flag.reason;
}

TEST_F(CinReturnTest, the_return_is_valid_against_the_published_schema) {
  auto schema = source_tree() / "../shared/samples/cin-census-2024.xsd";
  if (!std::filesystem::exists(schema)) GTEST_SKIP() << "skipped: no corpus";
  if (std::system("command -v xmllint >/dev/null") != 0) GTEST_SKIP() << "skipped: no xmllint";
  CinChild bare;
  bare.key = "7";
  bare.episodes.push_back({});
  bare.episodes.back().referral = {2023, 6, 1};
  import(write(census_of({cin_child_of("1000001"), bare})));
  const auto made = make(token_of("returns_officer"));
  ASSERT_TRUE(made);
  const auto file = write(made->file, "out.xml");
  EXPECT_EQ(
      std::system(("xmllint --noout --nonet --schema " + schema.string() + " " + file.string() + " 2>&1").c_str()), 0);
  EXPECT_TRUE(names(*made, "PersonBirthDate is not known"));
  EXPECT_TRUE(names(*made, "PrimaryNeedCode is not recorded"));
  EXPECT_TRUE(names(*made, "neither UPN nor UPNunknown"));
}

TEST_F(CinReturnTest, every_code_of_the_sets_can_be_written_back) {
  for (const auto& [name, set] : settings.cin_format->codes) {
    std::set<std::string> titles;
    for (const auto& [code, title] : set.meanings) {
      EXPECT_TRUE(titles.insert(title).second) << name << " " << code << ": two codes mean the same";
      EXPECT_EQ(title.find("; "), std::string::npos) << name << " " << code;
    }
  }
}

TEST_F(CinReturnTest, only_episodes_of_the_year_are_in_it_and_nothing_after_its_end) {
  CinChild closed = cin_child_of("1"), later = cin_child_of("2");
  closed.episodes.pop_back();
  closed.episodes[0].closed = {2024, 3, 1};
  later.episodes[0].referral = {2024, 4, 20};
  later.episodes.resize(1);
  import(write(census_of({closed, later})));
  const std::string token = token_of("returns_officer");
  EXPECT_EQ(make(token, 2024)->children, 1u);
  EXPECT_EQ(make(token, 2024)->file.find("2024-04-20"), std::string::npos);
  EXPECT_EQ(make(token, 2025)->children, 1u);  // closed on 1 March 2024, before that year
  EXPECT_EQ(make(token, 2023).error().code, "bad-year");
  EXPECT_EQ(make(token, 2099).error().code, "bad-year");
}

TEST_F(CinReturnTest, records_of_the_case_system_fill_it_and_what_they_do_not_say_is_named) {
  Person one;
  one.identifiers = {{"source:social-care-case-system", "C-9", true}};
  one.names = {{"Aisha", "Tester", "usual", {}, {}}};
  one.birth = {{2016, 3, 14}, Precision::day};
  const PersonRef person = store.add(one);
  const auto add = [&](const char* kind, const char* category, Date day) {
    Record record = visit_to({person});
    record.kind = kind;
    record.label.category = category;
    record.occurred = When::on(day);
    record.source = {"social-care-case-system", std::string(kind) + day.iso(), {}, 1};
    store.add(record);
  };
  add("referral", "social-care.referral", {2023, 5, 2});
  add("s47_enquiry", "social-care.s47", {2023, 6, 5});
  add("conference", "social-care.conference", {2023, 6, 20});
  add("plan", "social-care.plan", {2023, 6, 20});
  add("visit", "social-care.visit", {2023, 6, 22});
  const auto made = make(token_of("returns_officer"));
  ASSERT_TRUE(made) << made.error().text();
  EXPECT_EQ(read(write(made->file)).keys, (std::set<std::string>{"referral:C-9:2023-05-02", "s47:C-9:2023-06-05",
                                                                 "initial-conference:C-9:2023-06-20"}));
  EXPECT_NE(made->file.find("<InitialCPCtarget>2023-06-26"), std::string::npos);
  EXPECT_TRUE(names(*made, "ReferralSource is not recorded"));
  EXPECT_TRUE(names(*made, "does not say which element")) << "a plan began, or ended: nobody says";
  EXPECT_EQ(made->file.find("Tester"), std::string::npos) << "no name is in a return";
}

TEST_F(CinReturnTest, only_a_returns_officer_makes_it) {
  import(write(census_of({cin_child_of("1")})));
  for (const char* role : {"practitioner", "manager", "governance_lead", "operator", "inspector", "partnership"}) {
    const auto made = make(token_of(role));
    ASSERT_FALSE(made) << role;
    EXPECT_EQ(made.error().code, "forbidden") << role;
  }
  EXPECT_EQ(make("no-token").error().code, "unauthenticated");
  EXPECT_EQ(count_entries(EntryKind::decided), 0u);
}

TEST_F(CinReturnTest, who_is_concealed_leaves_no_trace_and_what_is_withheld_is_named_with_whom_to_ask) {
  import(write(census_of({cin_child_of("1"), cin_child_of("2"), cin_child_of("3")})));
  const auto mark = [&](const char* key, const char* marking) {
    auto turn = store.begin();
    auto version = turn->person(ref_of(key), LinkTokenForTests::make());
    version->person.markings_by_person.insert(marking);
    ASSERT_TRUE(turn->put_person(std::move(*version), ActorId()));
    ASSERT_TRUE(turn->commit());
  };
  mark("1", "adoption_sealed");
  {
    Record hidden = visit_to({ref_of("2")});
    hidden.kind = "review";
    hidden.label.category = "social-care.review";
    hidden.label.markings = {"staff_relative"};
    hidden.occurred = When::on({2023, 10, 1});
    store.add(hidden);
  }
  const auto made = make(token_of("returns_officer"));
  ASSERT_TRUE(made) << made.error().text();
  EXPECT_EQ(made->children, 2u);
  EXPECT_EQ(made->file.find("<LAchildID>1<"), std::string::npos);
  for (const auto& gap : made->gaps) EXPECT_NE(gap.child, "1");
  EXPECT_TRUE(names(*made, "1 withheld: Relative of a member of staff; ask the agency's safeguarding lead"));
}

TEST_F(CinReturnTest, what_is_told_of_each_child_is_in_the_ledger_under_the_purpose_and_basis) {
  import(write(census_of({cin_child_of("1"), cin_child_of("2")})));
  ASSERT_TRUE(make(token_of("returns_officer")));
  EXPECT_EQ(count_entries(EntryKind::decided), 2u);
  EXPECT_EQ(count_entries(EntryKind::view_shown), 2u);
  auto snapshot = store.snapshot();
  const auto seen = snapshot->access_to(ref_of("1")).value();
  ASSERT_EQ(seen.size(), 2u);
  const auto shown = decode_access(snapshot->entry(seen.back())->body).value();
  EXPECT_EQ(shown.purpose, "statistics");
  EXPECT_EQ(shown.basis, "legal_obligation");
  EXPECT_EQ(shown.reason, "CIN census return of 2024");
  EXPECT_EQ(shown.items.size(), 14u);
}

TEST_F(CinReturnTest, a_commit_that_fails_gives_no_return) {
  import(write(census_of({cin_child_of("1")})));
  const std::string token = token_of("returns_officer");
  store.memory_ledger().commit_fails = [] { return true; };
  EXPECT_FALSE(make(token));
}

TEST_F(CinReturnTest, the_synthetic_authority_comes_back_event_for_event) {
  SynthOptions options;
  options.children = 300;
  options.seed = 11;
  options.out_dir = folder_.path();
  ASSERT_TRUE(write_synthetic_world(options));
  const auto in = std::filesystem::path(folder_.path()) / "bradford-csc/source/cin-census.xml";
  import(in);
  const auto made = make(token_of("returns_officer"), 2027);
  ASSERT_TRUE(made) << made.error().text();
  EXPECT_GT(made->children, 10u);
  const auto before = read(in), after = read(write(made->file, "out.xml"));
  EXPECT_EQ(after.people, made->children);
  EXPECT_EQ(after.rejected, 0u);
  const auto child_of = [](const std::string& key) {
    return key.substr(key.find(':') + 1, key.rfind(':') - key.find(':') - 1);
  };
  std::set<std::string> in_return, expected;
  for (const auto& key : after.keys) in_return.insert(child_of(key));
  for (const auto& key : before.keys)
    if (in_return.contains(child_of(key))) expected.insert(key);
  EXPECT_EQ(after.keys, expected);
}

}  // namespace
}  // namespace ginnel
