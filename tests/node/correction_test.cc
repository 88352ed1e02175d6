// SPDX-License-Identifier: Apache-2.0
// A corrected date in a return that is delivered again is a new version of the same event, and nothing else is.
#include "node/import/correction.h"

#include <gtest/gtest.h>

#include <fstream>

#include "adapters/cin/cin_writer.h"
#include "node/import/importer.h"
#include "node/import/open_source.h"
#include "tests/node/gate_for_tests.h"
#include "tests/node/temp_directory.h"
#include "tests/source_tree.h"

namespace ginnel {
namespace {

using Pairs = std::multimap<Date, std::size_t>;

Pairs pair(std::vector<Date> held, std::vector<Date> told, Date since = {2023, 4, 1}, bool and_open_before = false) {
  return corrections(held, SourceSeries{"referral:1:", std::move(told), since, and_open_before});
}

TEST(Correction, is_a_day_that_went_and_one_that_came_at_the_same_place) {
  EXPECT_EQ(pair({{2023, 5, 2}}, {{2023, 5, 3}}), (Pairs{{{2023, 5, 3}, 0}}));
  EXPECT_EQ(pair({{2023, 9, 1}, {2023, 5, 2}}, {{2023, 5, 3}, {2023, 9, 1}}), (Pairs{{{2023, 5, 3}, 1}}));
  EXPECT_EQ(pair({{2023, 5, 2}, {2023, 5, 20}}, {{2023, 5, 3}, {2023, 5, 21}}),
            (Pairs{{{2023, 5, 3}, 0}, {{2023, 5, 21}, 1}}));
  EXPECT_EQ(pair({{2023, 8, 5}}, {{2023, 5, 8}}), (Pairs{{{2023, 5, 8}, 0}})) << "day and month swapped";
  EXPECT_EQ(pair({{2023, 5, 2}}, {{2023, 5, 2}}), Pairs());
}

TEST(Correction, is_not_seen_where_it_may_be_two_events) {
  EXPECT_EQ(pair({{2023, 5, 2}}, {{2023, 5, 2}, {2023, 5, 9}}), Pairs()) << "both are told";
  EXPECT_EQ(pair({{2023, 5, 2}}, {{2023, 6, 9}}), Pairs()) << "38 days are no slip";
  EXPECT_EQ(pair({{2023, 5, 2}, {2023, 5, 4}}, {{2023, 5, 3}}), Pairs()) << "which of the two?";
  EXPECT_EQ(pair({{2023, 5, 2}, {2023, 5, 9}}, {{2023, 5, 9}, {2023, 5, 16}}), Pairs()) << "another place";
}

TEST(Correction, is_never_made_of_what_the_file_does_not_reach_back_to) {
  EXPECT_EQ(pair({{2023, 3, 28}}, {{2023, 4, 5}}), Pairs()) << "of the year before: it is no longer told of";
  EXPECT_EQ(pair({{2023, 3, 28}}, {{2023, 4, 5}}, {2023, 4, 1}, true), Pairs());
  EXPECT_EQ(pair({{2023, 3, 20}}, {{2023, 3, 21}}, {2023, 4, 1}, true), (Pairs{{{2023, 3, 21}, 0}})) << "still open";
  EXPECT_EQ(pair({{2023, 3, 20}}, {{2023, 3, 21}}), Pairs());
  EXPECT_EQ(pair({{2023, 5, 2}}, {{2023, 5, 3}}, {}), Pairs()) << "nobody says how far it reaches";
}

class Returns : public testing::Test {
 protected:
  std::filesystem::path write(const std::string& name, const std::string& text) {
    auto path = std::filesystem::path(folder_.path()) / name;
    std::ofstream(path, std::ios::binary) << text;
    return path;
  }
  ImportRun import(const char* adapter, const std::vector<std::filesystem::path>& files) {
    SourceFiles source{files,
                       source_tree() / ("config-examples/adapters/" + std::string(adapter) + ".toml"),
                       *MemberId::parse("bradford-csc"),
                       {2026, 11, 23}};
    auto opened = open_source(source, west_yorkshire()->vocabulary);
    EXPECT_TRUE(opened) << (opened ? "" : opened.error().front().text());
    if (!opened) return {};
    Importer importer(**opened, {});
    ClockAtNoon clock;
    auto run = import_all(importer, *store_, clock);
    EXPECT_TRUE(run) << (run ? "" : run.error().text());
    return run.value_or(ImportRun());
  }
  // Days of the child's current records of a kind.
  std::vector<std::string> days(const char* system, const char* key, const char* kind) {
    auto snapshot = store_.snapshot();
    auto person = snapshot->person_by_source(system, key, Hash{});
    EXPECT_TRUE(person && *person);
    std::vector<std::string> out;
    const auto labels = snapshot->labels((*person)->id).value();
    for (const auto& label : labels)
      if (label.kind == kind) out.push_back(label.occurred.date.iso());
    std::sort(out.begin(), out.end());
    return out;
  }
  std::uint64_t entries(EntryKind kind) {
    auto snapshot = store_.snapshot();
    std::uint64_t out = 0;
    for (std::uint64_t i = 0; i < snapshot->tree_head().size; ++i)
      out += snapshot->sealed_entry(i) && read_kind(*snapshot->sealed_entry(i)) == kind;
    return out;
  }
  static EntryKind read_kind(const Bytes& sealed) { return EntryKind(sealed[2] << 8 | sealed[3]); }

  StoreForTests store_;
  TempDirectory folder_;
};

using DayRows = std::vector<std::string>;

std::string census(Date referral, std::vector<Date> assessments, Date reference = {2024, 3, 31}) {
  CinChild child;
  child.key = "1000001";
  child.born = {2016, 3, 14};
  child.ethnicity = "WBRI";
  CinEpisode episode;
  episode.referral = referral;
  episode.source = "3B";
  for (Date day : assessments) episode.assessments.push_back({day, {}, {}});
  child.episodes = {episode};
  return cin_start({"380", reference, {1'711'900'800'000}}) + cin_child(child) + cin_end();
}

TEST_F(Returns, a_corrected_date_of_a_census_is_a_new_version_and_the_old_one_stays_as_history) {
  import("cin", {write("a.xml", census({2023, 5, 2}, {{2023, 5, 9}, { 2023, 7, 3 }}))});
  const auto written = entries(EntryKind::record);
  const auto run = import("cin", {write("b.xml", census({2023, 5, 3}, {{2023, 5, 9}, {2023, 7, 4}}))});
  EXPECT_EQ(run.records_changed, 2u);
  EXPECT_EQ(run.records_added, 0u);
  EXPECT_EQ(run.records_unchanged, 1u);
  EXPECT_EQ(days("cin-census", "1000001", "referral"), DayRows{"2023-05-03"});
  EXPECT_EQ(days("cin-census", "1000001", "assessment"), (DayRows{"2023-05-09", "2023-07-04"}));
  EXPECT_EQ(entries(EntryKind::record), written + 2) << "the old ones are not gone from the ledger";

  const auto again = import("cin", {write("c.xml", census({2023, 5, 3}, {{2023, 5, 9}, {2023, 7, 4}}))});
  EXPECT_EQ(again.records_unchanged, 3u) << "the corrected file again changes nothing";
  const auto back = import("cin", {write("d.xml", census({2023, 5, 2}, {{2023, 5, 9}, {2023, 7, 4}}))});
  EXPECT_EQ(back.records_changed, 1u) << "and a correction can be taken back";
  EXPECT_EQ(days("cin-census", "1000001", "referral"), DayRows{"2023-05-02"});
}

TEST_F(Returns, an_event_that_turns_up_on_the_day_that_was_corrected_is_another_one) {
  import("cin", {write("a.xml", census({2023, 5, 2}, {{ 2023, 5, 9 }}))});
  import("cin", {write("b.xml", census({2023, 5, 2}, {{ 2023, 5, 10 }}))});
  for (int i = 0; i < 2; ++i) {
    const auto run = import("cin", {write("c.xml", census({2023, 5, 2}, {{2023, 5, 9}, {2023, 5, 10}}))});
    EXPECT_EQ(run.records_added, i == 0 ? 1u : 0u);
    EXPECT_EQ(run.records_changed, 0u);
    EXPECT_EQ(days("cin-census", "1000001", "assessment"), (DayRows{"2023-05-09", "2023-05-10"}));
  }
}

TEST_F(Returns, next_years_census_replaces_nothing_of_the_year_before) {
  import("cin", {write("a.xml", census({2024, 3, 28}, {{ 2024, 3, 29 }}))});
  const auto run = import("cin", {write("b.xml", census({2024, 4, 5}, {{2024, 4, 8}}, {2025, 3, 31}))});
  EXPECT_EQ(run.records_changed, 0u);
  EXPECT_EQ(days("cin-census", "1000001", "referral"), (DayRows{"2024-03-28", "2024-04-05"}));
  EXPECT_EQ(days("cin-census", "1000001", "assessment"), (DayRows{"2024-03-29", "2024-04-08"}));
}

TEST_F(Returns, an_event_that_a_file_no_longer_tells_is_not_gone) {
  import("cin", {write("a.xml", census({2023, 5, 2}, {{2023, 5, 9}, { 2023, 7, 3 }}))});
  import("cin", {write("b.xml", census({2023, 5, 2}, {{ 2023, 5, 9 }}))});
  EXPECT_EQ(days("cin-census", "1000001", "assessment"), (DayRows{"2023-05-09", "2023-07-03"}));
}

TEST_F(Returns, an_older_file_beside_a_newer_one_takes_no_correction_back) {
  const auto old_file = write("a.xml", census({2023, 5, 2}, {}, {2023, 6, 30}));
  const auto new_file = write("b.xml", census({2023, 5, 3}, {}));
  import("cin", {old_file});
  import("cin", {new_file});
  import("cin", {old_file, new_file});
  EXPECT_EQ(days("cin-census", "1000001", "referral"), DayRows{"2023-05-03"});
}

TEST_F(Returns, a_corrected_date_of_annex_a_is_a_new_version) {
  const std::string names = "Child Unique ID,Date of Birth,Gender,Date of referral,Referral source\n";
  const std::string other = "2,01/02/2015,M,01/06/2026,6\n3,01/02/2015,M,02/11/2026,6\n";
  import("annex-a", {write("list_3.csv", names + "1,14/03/2016,F,02/10/2026,3B\n" + other)});
  const auto run = import("annex-a", {write("list_3.csv", names + "1,14/03/2016,F,03/10/2026,3B\n" + other)});
  EXPECT_EQ(run.records_changed, 1u);
  EXPECT_EQ(run.records_added, 0u);
  EXPECT_EQ(run.records_unchanged, 2u);
  EXPECT_EQ(days("annex-a", "1", "referral"), DayRows{"2026-10-03"});
}

TEST_F(Returns, a_corrected_date_of_the_looked_after_return_is_a_new_version_and_a_move_in_april_is_not) {
  const std::string names =
      "CHILD,DECOM,RNE,LS,CIN,PLACE,PLACE_PROVIDER,DEC,REC,REASON_PLACE_CHANGE,HOME_POST,PL_POST,URN\n";
  const auto row = [](const char* child, const char* from) {
    return std::string(child) + "," + from + ",S,C2,N1,U1,PR1,,,,,,\n";
  };
  const std::string last = row("9", "20/02/2025");
  import("ssda903", {write("episodes.csv", names + row("1", "10/03/2024") + row("2", "01/05/2024") + last)});
  const auto run =
      import("ssda903", {write("episodes.csv", names + row("1", "05/04/2024") + row("2", "02/05/2024") + last)});
  EXPECT_EQ(run.records_changed, 1u);
  EXPECT_EQ(run.records_added, 1u);
  auto snapshot = store_.snapshot();
  const auto held = [&](const char* key) {
    return snapshot->labels(snapshot->person_by_source("ssda903", key, Hash{}).value()->id).value();
  };
  EXPECT_EQ(held("1").size(), 2u) << "a placement of the year before, and one of this";
  ASSERT_EQ(held("2").size(), 1u);
  EXPECT_EQ(held("2").front().occurred.date, (Date{2024, 5, 2}));
}

}  // namespace
}  // namespace ginnel
