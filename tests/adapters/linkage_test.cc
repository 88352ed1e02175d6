// SPDX-License-Identifier: Apache-2.0
// The rules that the program carries, on pairs of which everybody can say what they are.
#include "federation/record/linkage.h"

#include <gtest/gtest.h>

#include <sstream>

#include "adapters/link_file.h"
#include "adapters/link_rules_reader.h"
#include "federation/record/pairing.h"

namespace ginnel {
namespace {

constexpr std::string_view link_header =
    "id,given_name,surname,date_of_birth,sex,street_number,address_1,suburb,postcode,nhs_number\n";

LinkFile file_of(const std::string& rows) {
  std::istringstream in(std::string(link_header) + rows);
  return read_link_file(in, "test.csv", {}, default_link_rules()).value();
}

Comparison compared(const std::string& a, const std::string& b, std::size_t among = 5000) {
  const auto one = file_of("1," + a + "\n"), other = file_of("2," + b + "\n");
  const auto& rules = default_link_rules();
  return compare(one.people.at(0), other.people.at(0), rules.in_files(among), rules);
}

Band band(const std::string& a, const std::string& b) { return compared(a, b).band; }

TEST(Linkage, slips_of_every_kind_are_the_same_person) {
  const std::string a = "Elizabeth,Ackroyd,2014-03-09,F,12,Carr Lane,Shipley,BD18 1AA,9990000018";
  for (const std::string b : {
           "Beth,Ackroyd,2014-03-09,F,12,Carr Lane,Shipley,BD18 1AA,",                 // a short form
           "Elizabteh,Akroyd,09/03/2014,,12,Carr Ln,Shipley,BD18 1AA,",                // typed
           "Elizabeth,Ackroyd,2014-09-03,F,12,Carr Lane,Shipley,BD181AA,",             // day and month
           "Elizabeth,Ackroyd,20140308,F,12,Carr Lane,Shipley,BD18 1AA,",              // a digit
           "Ackroyd,Elizabeth,2014-03-09,F,12,Carr Lane,Shipley,BD18 1AA,",            // the wrong way round
           "ELIZABETH,SMITH,2014-03-09,F,12,Carr Lane,Shipley,BD18 1AA,999 000 0018",  // another family's name
           "Elizabeth,Ackroyd,2014-03-09,F,3,High Street,Halifax,HX1 1AA,9990000018",  // moved
       })
    EXPECT_EQ(band(a, b), Band::same) << b;
}

TEST(Linkage, spellings_of_many_languages_are_one_name) {
  const std::string rest = ",2014-03-09,F,12,Carr Lane,Shipley,BD18 1AA,";
  EXPECT_EQ(band("Mohammed,Hussain" + rest, "Muhammad,Hussein" + rest), Band::same);
  EXPECT_EQ(band("Zofia,Kowalska" + rest, "Sophia,Kowalski" + rest), Band::same);
  EXPECT_EQ(band("Ayesha,Chaudhry" + rest, "Aisha,Choudhury" + rest), Band::same);
  EXPECT_EQ(band("\xC5\x81ukasz,Wi\xC5\x9Bniewski" + rest, "Lukasz,Wisniewski" + rest), Band::same);
}

TEST(Linkage, twins_are_never_the_same) {
  const std::string rest = ",Hussain,2014-03-09,M,12,Carr Lane,Shipley,BD18 1AA,";
  for (auto [one, other] : {std::pair("Hassan", "Hussain"),
                            {"Adam", "Amir"},
                            {"Jack", "Jake"},
                            {"Mohammed Ali", "Mohammed Bilal"},
                            {"Ella", "Ellie"},
                            {"Alexander", "Alexandra"}})
    EXPECT_NE(band(one + rest, other + rest), Band::same) << one << " " << other;
  // Also where the number of one stands in the other's record.
  EXPECT_NE(band("Hassan" + rest + "9990000018", "Hussain" + rest + "9990000018"), Band::same);
  EXPECT_NE(band("Hassan" + rest, rest), Band::same) << "a name that is not told";
}

TEST(Linkage, brothers_fathers_and_namesakes_are_never_the_same) {
  const std::string home = ",M,12,Carr Lane,Shipley,BD18 1AA,";
  EXPECT_EQ(band("Adam,Khan,2014-03-09" + home, "Bilal,Khan,2011-07-21" + home), Band::different);
  EXPECT_NE(band("Adam,Khan,2014-03-09" + home, "Adam,Khan,1985-11-30" + home), Band::same);
  EXPECT_NE(band("Adam,Khan,1990-03-09" + home, "Adam,Khan,1960-03-09" + home), Band::same)
      << "born on one day of the year";
  EXPECT_NE(band("Adam,Khan,2014-03-09" + home, "Adam,Khan," + home), Band::same) << "a birth that is not told";
}

TEST(Linkage, a_slip_in_the_name_and_another_in_the_birth_date_is_asked_about) {
  const std::string home = ",F,12,Carr Lane,Shipley,BD18 1AA,";
  EXPECT_EQ(band("Wendeline,Ackroyd,2014-03-09" + home, "Wendelina,Ackroyd,2014-03-08" + home), Band::ask);
  EXPECT_EQ(
      band("Wendeline,Ackroyd,2014-03-09" + home + "9990000018", "Wendelina,Ackroyd,2014-03-08" + home + "9990000018"),
      Band::same);
}

TEST(Linkage, two_numbers_that_are_right_are_two_people) {
  const std::string all = "Adam,Khan,2014-03-09,M,12,Carr Lane,Shipley,BD18 1AA,";
  EXPECT_TRUE(compared(all + "9990000018", all + "9990000026").numbers_contradict);
  EXPECT_NE(band(all + "9990000018", all + "9990000026"), Band::same);
  // A digit that makes the number wrong is a slip, and compared as text.
  EXPECT_FALSE(compared(all + "9990000018", all + "9990000028").numbers_contradict);
  EXPECT_EQ(band(all + "9990000018", all + "9990000028"), Band::same);
}

TEST(Linkage, among_more_people_the_same_pair_says_less) {
  const std::string a = "Adam,Ackroyd,2014-03-09,M,12,Carr Lane,Shipley,BD18 1AA,";
  EXPECT_GT(compared(a, a, 5000).score, compared(a, a, 1'000'000).score + 7);
}

TEST(Linkage, comparing_does_not_care_who_is_first) {
  const std::vector<std::string> rows = {
      "Elizabeth Ann,Ackroyd-Khan,2014-03-09,F,12,Carr Lane,Shipley,BD18 1AA,9990000018",
      "Ann,Khan,2014-09-03,F,21,Carr Ln,,BD18 1AB,9990000081", "Khan,Beth,,M,,,,BD18,",
      "A,,2014-03-19,,12a,Mill Road,Leeds,LS1 1AA,x"};
  for (const auto& a : rows)
    for (const auto& b : rows) {
      EXPECT_DOUBLE_EQ(compared(a, b).score, compared(b, a).score) << a << " / " << b;
      EXPECT_EQ(band(a, b), band(b, a));
    }
}

TEST(Linkage, reasons_name_fields_and_no_values) {
  const auto why =
      reasons_of(compared("Adam,Ackroyd,2014-03-09,M,12,Carr Lane,Shipley,BD18 1AA,", "Adam,Akroyd,2014-03-09,M,,,,,"));
  EXPECT_EQ(why, "given name exact, family name close, birth exact, sex exact");
}

TEST(Pairing, pairs_are_found_once_and_lists_may_hold_somebody_twice) {
  auto a = file_of(
      "1,Adam,Ackroyd,2014-03-09,M,12,Carr Lane,Shipley,BD18 1AA,\n2,Zoe,Wood,2012-05-06,F,1,Mill Road,Leeds,LS1 "
      "1AA,\n");
  auto b = file_of(
      "7,Adam,Ackroyd,2014-03-09,M,12,Carr Lane,Shipley,BD18 1AA,\n8,Adam,Akroyd,2014-03-09,M,12,Carr Ln,Shipley,BD18 "
      "1AA,\n"
      "9,Nobody,Else,1950-01-01,M,,,,,\n");
  const auto pairing = pair_up(a.people, b.people, 2, default_link_rules());
  ASSERT_EQ(pairing.pairs.size(), 2u);
  for (const auto& pair : pairing.pairs) {
    EXPECT_EQ(pair.a, 0u);
    EXPECT_EQ(pair.band, Band::same);
  }
  EXPECT_GE(pairing.pairs[0].score, pairing.pairs[1].score);
  EXPECT_TRUE(pair_up({}, b.people, 1, default_link_rules()).pairs.empty());
}

TEST(LinkFile, the_febrl_form_is_read_with_its_spaces) {
  std::istringstream in(
      "rec_id, given_name, surname, street_number, address_1, address_2, suburb, postcode, state, date_of_birth, "
      "soc_sec_id\n"
      "rec-1-org, joshua , king, 7, tibb close, a, 2190 , 2190, vic, 19530917, 4081337\n"
      "rec-2-org, , , , , , , , , 19531399, \n");
  const auto file = read_link_file(in, "f.csv", {}, default_link_rules()).value();
  ASSERT_EQ(file.ids, (std::vector<std::string>{"rec-1-org", "rec-2-org"}));
  const auto& one = file.people[0];
  EXPECT_EQ(one.names.at(0).given_joined, "joshua");
  EXPECT_EQ(one.birth.date, (Date{1953, 9, 17}));
  EXPECT_EQ(one.addresses.at(0).house, "7");
  EXPECT_EQ(one.addresses.at(0).postcode, "2190");
  EXPECT_EQ(one.numbers.at(0).value, "4081337");
  EXPECT_EQ(file.people[1].birth.precision, Precision::none);
  EXPECT_EQ(file.people[1].numbers.at(0).value, "19531399") << "no date: text";
  EXPECT_TRUE(file.columns_unused.empty());
}

TEST(LinkFile, headers_of_other_systems_are_named_in_a_file) {
  const auto columns = read_link_columns("given_name = \"Vorname\"\nfamily_name = [\"Nachname\"]\n", "c.toml").value();
  std::istringstream in("Key,Vorname,NACHNAME,What\n1,Adam,Khan,x\n\"broken,1\n2,Zoe,Wood,y\n");
  const auto file = read_link_file(in, "f.csv", columns, default_link_rules()).value();
  ASSERT_EQ(file.people.size(), 2u);
  EXPECT_EQ(file.bad_rows, 1u);
  EXPECT_EQ(file.people[1].names.at(0).family_joined, "wood");
  EXPECT_EQ(file.columns_unused, std::vector<std::string>{"What"});
  EXPECT_EQ(read_link_columns("vorname = \"x\"", "c.toml").error().at(0).code, "bad-columns");
  std::istringstream nothing("a,b\n1,2\n"), empty;
  EXPECT_EQ(read_link_file(nothing, "f.csv", {}, default_link_rules()).error().code, "no-columns");
  EXPECT_EQ(read_link_file(empty, "f.csv", {}, default_link_rules()).error().code, "no-columns");
}

TEST(LinkRulesReader, every_mistake_is_told_at_once_with_its_line) {
  std::string text(default_link_rules_text());
  const auto replace = [&](const std::string& from, const std::string& to) {
    ASSERT_NE(text.find(from), std::string::npos) << from;
    text.replace(text.find(from), from.size(), to);
  };
  replace("same = 4.0", "same = -90.0");
  replace("agreeing = 2", "agreeing = 1");
  replace("vowels =", "vowel =");
  const auto read = read_link_rules(text, "x.toml");
  ASSERT_FALSE(read);
  EXPECT_GE(read.error().size(), 3u);
  for (const auto& error : read.error()) {
    EXPECT_EQ(error.code, "bad-link-rules");
    EXPECT_NE(error.why.find("line "), std::string::npos);
    EXPECT_FALSE(error.remedy.empty());
  }
  EXPECT_FALSE(read_link_rules("", "x.toml"));
  EXPECT_FALSE(read_link_rules("[", "x.toml"));
}

TEST(LinkRulesReader, sounds_make_one_of_what_is_heard_as_one) {
  const auto& rules = default_link_rules();
  EXPECT_EQ(sound_of("phillips", rules), sound_of("filips", rules));
  EXPECT_EQ(sound_of("kaczmarek", rules), sound_of("kachmarek", rules));
  EXPECT_NE(sound_of("khan", rules), sound_of("kaur", rules));
  EXPECT_EQ(sound_of("", rules), "");
}

}  // namespace
}  // namespace ginnel
