// SPDX-License-Identifier: Apache-2.0
#include "adapters/statutory/list_reader.h"

#include <gtest/gtest.h>

#include <fstream>

#include "tests/adapters/temporary_folder.h"
#include "tests/source_tree.h"

namespace ginnel {
namespace {

struct ReadList {
  std::size_t people = 0, flags = 0;
  std::vector<SourceRecord> records;
  std::vector<Rejected> rejected;
  std::optional<Error> error;
};

class ListReaderTest : public testing::Test {
 protected:
  std::filesystem::path write(const std::string& name, const std::string& text) {
    auto path = folder_.path() / name;
    std::ofstream(path, std::ios::binary) << text;
    return path;
  }
  ReadList read(const char* adapter, const std::vector<std::filesystem::path>& files) {
    ReadList out;
    auto format =
        statutory::load_format(source_tree() / "config-examples/adapters" / (std::string(adapter) + ".toml"), {});
    if (!format) {
      ADD_FAILURE() << format.error()[0].text();
      return out;
    }
    auto lists = open_lists(std::move(*format), files, *MemberId::parse("bradford-csc"));
    if (!lists) {
      out.error = lists.error();
      return out;
    }
    for (;;) {
      auto item = (*lists)->next();
      if (!item) out.error = item.error();
      if (!item || !*item) break;
      if (auto* person = std::get_if<SourcePerson>(&**item)) ++out.people, out.flags += person->flags.size();
      if (auto* record = std::get_if<SourceRecord>(&**item)) {
        out.flags += record->flags.size();
        out.records.push_back(*record);
      }
      if (auto* row = std::get_if<Rejected>(&**item)) out.rejected.push_back(*row);
    }
    return out;
  }
  TemporaryFolder folder_;
};

const std::string episodes_header = "CHILD,DECOM,RNE,LS,CIN,PLACE,DEC,REC\n";

TEST_F(ListReaderTest, an_episode_is_its_start_and_its_end) {
  auto header = write("header.csv", "CHILD,SEX,DOB,ETHNIC,UPN\n11,2,14/03/2016,WBRI,A950000178301\n");
  auto episodes = write("episodes.csv", episodes_header + "11,01/02/2020,S,C2,N1,U6,03/04/2020,E4A\n");
  ReadList got = read("ssda903", {episodes, header});
  EXPECT_FALSE(got.error);
  EXPECT_EQ(got.people, 1u);
  EXPECT_EQ(got.flags, 0u);
  ASSERT_EQ(got.records.size(), 2u);
  EXPECT_EQ(got.records[0].record.headline, "looked-after return: episode of care started: started to be looked after");
  EXPECT_EQ(got.records[1].record.occurred.date, (Date{2020, 4, 3}));
}

TEST_F(ListReaderTest, a_renamed_column_is_told_by_name_and_nothing_is_read) {
  ReadList got = read("ssda903", {write("episodes.csv", "CHILD,STARTED,RNE\n11,01/02/2020,S\n")});
  ASSERT_TRUE(got.error);
  EXPECT_EQ(got.error->code, "missing-column");
  EXPECT_NE(got.error->why.find("DECOM"), std::string::npos);
}

TEST_F(ListReaderTest, a_file_cut_in_a_row_keeps_the_rows_before_it) {
  ReadList got = read("ssda903", {write("episodes.csv", episodes_header + "11,01/02/2020,S,C2,N1,U6,,\n12,01/02/20")});
  EXPECT_EQ(got.records.size(), 1u);
  EXPECT_EQ(got.rejected.size(), 1u);
  ASSERT_TRUE(got.error);
  EXPECT_EQ(got.error->code, "cut-file");
}

TEST_F(ListReaderTest, inverted_dates_and_unknown_codes_are_flagged_and_kept) {
  ReadList got = read("ssda903", {write("e.csv", episodes_header + "11,01/02/2020,QQ,C2,N1,U6,01/01/2020,E4A\n")});
  EXPECT_EQ(got.records.size(), 2u);
  EXPECT_EQ(got.flags, 3u) << "no birth date in this file, the code, the end before the start";
}

TEST_F(ListReaderTest, annex_a_lists_are_known_by_columns_in_any_spelling) {
  auto referrals = write("List 3.csv",
                         "Annex A list 3,,,,\nChild's Unique ID,Gender,DATE OF BIRTH,Date of Referral,Referral Source\n"
                         "11,a) Male,14/03/2016,01/02/2024,6\n");
  ReadList got = read("annex-a", {referrals});
  EXPECT_FALSE(got.error) << got.error->text();
  EXPECT_EQ(got.people, 1u);
  ASSERT_EQ(got.records.size(), 1u);
  EXPECT_EQ(got.records[0].record.headline, "Annex A: referral: police");
}

TEST_F(ListReaderTest, what_tells_of_an_adoption_is_sealed) {
  auto list = write("ad1.csv", "CHILD,DOB,DATE_INT,DATE_MATCH\n11,14/03/2016,01/02/2020,01/03/2020\n");
  ReadList got = read("ssda903", {list});
  ASSERT_EQ(got.records.size(), 2u);
  for (const auto& record : got.records) EXPECT_TRUE(record.record.label.markings.count("adoption_sealed"));
}

TEST_F(ListReaderTest, the_published_sample_is_read) {
  auto sample = source_tree() / "../shared/samples/ssda903-2020-episodes.csv";
  if (!std::filesystem::exists(sample)) GTEST_SKIP() << "skipped: no corpus";
  ReadList got = read("ssda903", {sample});
  EXPECT_FALSE(got.error);
  EXPECT_EQ(got.people, 2u);
  EXPECT_EQ(got.records.size(), 10u);
  EXPECT_TRUE(got.rejected.empty());
}

}  // namespace
}  // namespace ginnel
