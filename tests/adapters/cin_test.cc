// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <sstream>

#include "adapters/cin/cin_reader.h"
#include "adapters/cin/cin_writer.h"
#include "tests/adapters/temporary_folder.h"
#include "tests/source_tree.h"

namespace ginnel {
namespace {

struct ReadReturn {
  std::vector<SourcePerson> people;
  std::vector<SourceRecord> records;
  std::vector<Rejected> rejected;
  std::vector<Flag> flags;
  std::optional<Error> error;

  bool has_flag(const std::string& field, const std::string& part) const {
    return std::any_of(flags.begin(), flags.end(), [&](const Flag& flag) {
      return flag.field == field && flag.reason.find(part) != std::string::npos;
    });
  }
  std::size_t of_kind(const std::string& kind) const {
    return std::size_t(std::count_if(records.begin(), records.end(),
                                     [&](const SourceRecord& one) { return one.record.kind == kind; }));
  }
};

statutory::Format cin_format() {
  auto format = statutory::load_format(source_tree() / "config-examples/adapters/cin.toml", {});
  EXPECT_TRUE(format) << (format ? "" : format.error()[0].text());
  return format ? std::move(*format) : statutory::Format();
}

ReadReturn read_files(const std::vector<std::filesystem::path>& files, const char* importing = "bradford-csc") {
  ReadReturn out;
  auto adapter = open_cin(cin_format(), files, *MemberId::parse(importing));
  if (!adapter) {
    out.error = adapter.error();
    return out;
  }
  for (;;) {
    auto item = (*adapter)->next();
    if (!item) out.error = item.error();
    if (!item || !*item) break;
    std::visit(
        [&](auto& one) {
          using T = std::decay_t<decltype(one)>;
          if constexpr (std::is_same_v<T, SourcePerson>) {
            out.flags.insert(out.flags.end(), one.flags.begin(), one.flags.end());
            out.people.push_back(one);
          } else if constexpr (std::is_same_v<T, SourceRecord>) {
            out.flags.insert(out.flags.end(), one.flags.begin(), one.flags.end());
            out.records.push_back(one);
          } else {
            out.rejected.push_back(one);
          }
        },
        **item);
  }
  EXPECT_FALSE((*adapter)->complete()) << "absence from a census is never gone";
  return out;
}

class CinTest : public testing::Test {
 protected:
  std::filesystem::path write(const std::string& text, const std::string& name = "census.xml") {
    auto path = folder_.path() / name;
    std::ofstream(path, std::ios::binary) << text;
    return path;
  }
  ReadReturn read(const std::string& text) { return read_files({write(text)}); }
  TemporaryFolder folder_;
};

CinChild whole_child(const std::string& key) {
  CinChild child;
  child.key = key;
  child.upn = "A950000178301";
  child.born = {2016, 3, 14};
  child.sex = Sex::female;
  child.ethnicity = "WBRI";
  child.disabilities = {"HEAR", "LD"};
  CinEpisode episode;
  episode.referral = {2023, 5, 2};
  episode.source = "3B";
  episode.need = "N1";
  episode.assessments = {{{2023, 5, 3}, {2023, 6, 20}, {"3B", "4B"}}};
  episode.need_plans = {{{2023, 6, 21}, {2023, 7, 10}}};
  // 15 working days from Wednesday 2 August: 23 August; nothing falls between.
  episode.enquiries = {{{2023, 8, 2}, {2023, 8, 23}, {2023, 8, 21}, false}};
  episode.protection_plans = {{{2023, 8, 21}, {2024, 2, 19}, "NEG", "EMO", 1, {{2023, 11, 20}, {2024, 2, 19}}}};
  episode.closed = {2024, 3, 1};
  episode.closed_because = "RC7";
  child.episodes = {episode};
  return child;
}

const CinHeader header{"380", {2024, 3, 31}, {1'711'900'800'000}};

std::string census(const std::vector<std::string>& keys) {
  std::string out = cin_start(header);
  for (const auto& key : keys) out += cin_child(whole_child(key));
  return out + cin_end();
}

TEST_F(CinTest, what_is_written_is_read_back_with_nothing_flagged) {
  ReadReturn got = read(census({"1000001", "1000002"}));
  EXPECT_FALSE(got.error);
  EXPECT_TRUE(got.rejected.empty());
  for (const Flag& flag : got.flags) ADD_FAILURE() << flag.field << ": " << flag.reason;
  ASSERT_EQ(got.people.size(), 2u);
  // Referral, assessment, plan of need from and to, enquiry, conference, plan from and to, two reviews, closure.
  EXPECT_EQ(got.records.size(), 22u);
  EXPECT_EQ(got.of_kind("conference"), 2u);
  EXPECT_EQ(got.of_kind("review"), 4u);
  const Person& person = got.people[0].person;
  ASSERT_EQ(person.identifiers.size(), 3u);
  EXPECT_EQ(person.identifiers[1].scheme, "source:social-care-case-system");
  EXPECT_EQ(person.identifiers[2].value, "A950000178301");
  EXPECT_EQ(person.birth.date, (Date{2016, 3, 14}));
  EXPECT_EQ(person.sex, Sex::female);
}

TEST_F(CinTest, reading_again_gives_the_same_keys_and_hashes) {
  ReadReturn first = read(census({"1"})), second = read(census({"1"}));
  ASSERT_EQ(first.records.size(), second.records.size());
  for (std::size_t i = 0; i < first.records.size(); ++i) {
    EXPECT_EQ(first.records[i].record.source.key, second.records[i].record.source.key);
    EXPECT_EQ(first.records[i].record.source.content_hash, second.records[i].record.source.content_hash);
  }
}

TEST_F(CinTest, what_is_written_is_valid_against_the_published_schema) {
  auto schema = source_tree() / "../shared/samples/cin-census-2024.xsd";
  if (!std::filesystem::exists(schema)) GTEST_SKIP() << "skipped: no corpus";
  if (std::system("command -v xmllint >/dev/null") != 0) GTEST_SKIP() << "skipped: no xmllint";
  auto file = write(census({"1", "2"}));
  EXPECT_EQ(
      std::system(("xmllint --noout --nonet --schema " + schema.string() + " " + file.string() + " 2>&1").c_str()), 0);
}

TEST_F(CinTest, the_bytes_that_are_written_are_pinned) {
  CinChild child;
  child.key = "7 & 8";
  child.expected = {2024, 5, 1};
  child.episodes = {{}};
  child.episodes[0].referral = {2024, 1, 2};
  EXPECT_EQ(cin_child(child),
            "    <Child>\n"
            "      <ChildIdentifiers>\n"
            "        <LAchildID>7 &amp; 8</LAchildID>\n"
            "        <ExpectedPersonBirthDate>2024-05-01</ExpectedPersonBirthDate>\n"
            "        <GenderCurrent>0</GenderCurrent>\n"
            "      </ChildIdentifiers>\n"
            "      <ChildCharacteristics>\n"
            "        <Ethnicity>NOBT</Ethnicity>\n"
            "      </ChildCharacteristics>\n"
            "      <CINdetails>\n"
            "        <CINreferralDate>2024-01-02</CINreferralDate>\n"
            "        <ReferralSource>10</ReferralSource>\n"
            "        <ReferralNFA>false</ReferralNFA>\n"
            "      </CINdetails>\n"
            "    </Child>\n");
}

TEST_F(CinTest, a_cut_file_gives_every_child_before_the_cut_and_says_so) {
  std::string text = census({"1", "2", "3"});
  for (std::size_t length = text.find("<Child>") + 1; length < text.size() - 20; length += 37) {
    ReadReturn got = read(text.substr(0, length));
    std::size_t whole = 0;
    for (auto at = text.find("</Child>"); at != std::string::npos && at + 8 <= length;
         at = text.find("</Child>", at + 1))
      ++whole;
    EXPECT_EQ(got.people.size(), whole) << length;
    ASSERT_TRUE(got.error) << length;
    EXPECT_EQ(got.error->code, "cut-file");
  }
}

TEST_F(CinTest, a_broken_child_costs_itself_alone) {
  std::string text = census({"1", "2", "3"});
  auto at = text.find("<LAchildID>2");
  text.replace(at, 11, "<LAchildID<<");
  ReadReturn got = read(text);
  EXPECT_FALSE(got.error);
  EXPECT_EQ(got.people.size(), 2u);
  EXPECT_EQ(got.rejected.size(), 1u);
}

TEST_F(CinTest, a_namespace_another_order_and_another_encoding_are_read) {
  std::string text =
      "<c:Message xmlns:c='urn:x'><c:Children><c:Child><c:CINdetails><c:ReferralNFA>0</c:ReferralNFA>"
      "<c:ReferralSource>6</c:ReferralSource><c:CINreferralDate>2024-01-02</c:CINreferralDate></c:CINdetails>"
      "<c:ChildCharacteristics><c:Ethnicity>WBRI</c:Ethnicity></c:ChildCharacteristics><c:ChildIdentifiers>"
      "<c:Sex>F</c:Sex><c:PersonBirthDate>2015-01-01</c:PersonBirthDate><c:LAchildID>9</c:LAchildID>"
      "</c:ChildIdentifiers></c:Child></c:Children></c:Message>";
  std::string utf16 = "\xff\xfe";
  for (char c : text) utf16 += {c, '\0'};
  for (const std::string& form : {text, utf16}) {
    ReadReturn got = read(form);
    ASSERT_EQ(got.people.size(), 1u);
    EXPECT_EQ(got.people[0].person.sex, Sex::female);
    ASSERT_EQ(got.records.size(), 1u);
    EXPECT_EQ(got.records[0].record.headline, "census return: referral: police");
  }
}

TEST_F(CinTest, faults_are_flagged_and_what_is_sound_stays) {
  CinChild child = whole_child("1");
  child.upn = "A123456789123";
  child.episodes[0].enquiries[0].target = {2023, 8, 24};
  child.episodes[0].closed = {2023, 1, 1};
  child.episodes[0].closed_because = "RC77";
  child.episodes[0].assessments[0].authorised = {2023, 5, 1};
  ReadReturn got = read(cin_start({"999", {2024, 3, 31}, {}}) + cin_child(child) + cin_end());
  EXPECT_EQ(got.people.size(), 1u);
  EXPECT_EQ(got.people[0].person.identifiers.size(), 2u) << "a pupil number that fails its check links nobody";
  EXPECT_EQ(got.records.size(), 11u);
  EXPECT_TRUE(got.has_flag("UPN", "check letter"));
  EXPECT_TRUE(got.has_flag("InitialCPCtarget", "15 working days"));
  EXPECT_TRUE(got.has_flag("CINclosureDate", "before `CINreferralDate`"));
  EXPECT_TRUE(got.has_flag("ReasonForClosure", "outside the code set"));
  EXPECT_TRUE(got.has_flag("AssessmentAuthorisationDate", "before the event"));
  EXPECT_TRUE(got.has_flag("LEA", "another authority"));
}

TEST_F(CinTest, entities_depth_and_size_are_bounded) {
  std::string laughs = "<!DOCTYPE Message [<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;&a;&a;\">]>";
  std::string text = census({"1"});
  text.insert(text.find("<Message>"), laughs);
  text.replace(text.find("NEG"), 3, "&b;");
  ReadReturn got = read(text);
  EXPECT_TRUE(got.has_flag("DOCTYPE", "stand for nothing"));
  EXPECT_EQ(got.people.size(), 1u);
  std::string deep = "<Message><Children><Child>";
  for (int i = 0; i < 50'000; ++i) deep += "<a>";
  for (int i = 0; i < 50'000; ++i) deep += "</a>";
  EXPECT_EQ(read(deep + "</Child></Children></Message>").rejected.size(), 1u);
  std::string huge = "<Message><Children><Child>" + std::string(3'000'000, 'x') + "</Child>";
  ReadReturn after = read(huge + cin_child(whole_child("2")) + "</Children></Message>");
  EXPECT_EQ(after.rejected.size(), 1u);
  EXPECT_EQ(after.people.size(), 1u);
  std::string open(2'000'000, '<');
  EXPECT_TRUE(read("<Message><Children>" + open).error);
}

TEST_F(CinTest, the_newest_of_several_files_is_believed) {
  std::string older = cin_start({"380", {2023, 3, 31}, {}}), newer = cin_start(header);
  CinChild child = whole_child("1");
  child.sex = Sex::unknown;
  older += cin_child(child) + cin_end();
  newer += cin_child(whole_child("1")) + cin_end();
  ReadReturn got = read_files({write(older, "a.xml"), write(newer, "b.xml")});
  ASSERT_EQ(got.people.size(), 1u);
  EXPECT_EQ(got.people[0].person.sex, Sex::female);
  EXPECT_EQ(got.records.size(), 11u);
}

TEST(CinSamples, the_published_samples_are_read_and_their_faults_flagged) {
  auto samples = source_tree() / "../shared/samples";
  if (!std::filesystem::exists(samples / "cin-census-2021.xml")) GTEST_SKIP() << "skipped: no corpus";
  ReadReturn old = read_files({samples / "cin-census-2021.xml"});
  EXPECT_FALSE(old.error);
  EXPECT_EQ(old.people.size(), 1u);
  EXPECT_TRUE(old.rejected.empty());
  EXPECT_EQ(old.of_kind("conference"), 2u);
  EXPECT_TRUE(old.has_flag("UPN", "check letter"));
  EXPECT_TRUE(old.has_flag("ChildIdentifiers", "text stands between"));
  EXPECT_TRUE(old.has_flag("ExpectedPersonBirthDate", "left out"));
  ReadReturn current = read_files({samples / "cin-census-2024.xml"});
  EXPECT_EQ(current.people.size(), 2u);
  EXPECT_TRUE(current.has_flag("Sex", "another year's form"));
  EXPECT_TRUE(current.has_flag("AssessmentAuthorisationDate", "before the event"));
  EXPECT_TRUE(current.has_flag("LEA", "another authority"));
}

}  // namespace
}  // namespace ginnel
