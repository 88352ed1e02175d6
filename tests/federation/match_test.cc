// SPDX-License-Identifier: Apache-2.0
#include "federation/record/match.h"

#include <gmock/gmock.h>

namespace ginnel {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

Person aisha() {
  Person person;
  person.identifiers = {{"source:cms", "17", true}, {"nhs", "9990000018", true}};
  person.names = {{.given = "Aisha", .family = "O'Tester", .use = "usual", .from = {}, .to = {}}};
  person.birth = {*Date::of(2016, 3, 14), Precision::day};
  person.addresses = {{.lines = {"1 Lane"}, .postcode = "BD1 1AA", .uprn = {}, .from = {}, .to = {}}};
  return person;
}

bool share_a_key(const Person& a, const Person& b) {
  auto left = link_keys(a), right = link_keys(b);
  std::vector<std::string> both;
  std::set_intersection(left.begin(), left.end(), right.begin(), right.end(), std::back_inserter(both));
  return !both.empty();
}

TEST(Match, a_person_has_a_key_by_number_and_one_by_names_birth_and_postcode) {
  EXPECT_THAT(link_keys(aisha()), ElementsAre("demographic:otester|aisha|2016-03-14|BD1 1AA", "nhs:9990000018"));
}

TEST(Match, an_asked_identity_has_the_same_keys) {
  auto identity = read_identity("9990000018", "OTESTER", "AISHA", "14/03/2016", "bd1 1aa");
  ASSERT_TRUE(identity);
  EXPECT_EQ(link_keys(*identity), link_keys(aisha()));
}

TEST(Match, an_earlier_name_and_an_earlier_address_find_too) {
  Person moved = aisha(), married = aisha();
  moved.identifiers.clear();
  moved.addresses.insert(moved.addresses.begin(),
                         Address{.lines = {"2 Lane"}, .postcode = "LS1 1AA", .uprn = {}, .from = {}, .to = {}});
  married.names.insert(married.names.begin(),
                       PersonName{.given = "Aisha", .family = "Other", .use = "usual", .from = {}, .to = {}});
  EXPECT_TRUE(share_a_key(moved, aisha()));
  EXPECT_TRUE(share_a_key(moved, married));
}

TEST(Match, too_little_gives_no_key) {
  Person no_postcode = aisha(), only_a_year = aisha();
  no_postcode.identifiers.clear();
  no_postcode.addresses[0].postcode.clear();
  only_a_year.identifiers.clear();
  only_a_year.birth = {*Date::of(2016, 1, 1), Precision::year};
  EXPECT_THAT(link_keys(no_postcode), IsEmpty());
  EXPECT_THAT(link_keys(only_a_year), IsEmpty());
}

TEST(Match, swapped_day_and_month_and_another_spelling_are_not_found_yet) {
  Person swapped = aisha(), spelt = aisha();
  swapped.identifiers.clear();
  swapped.birth.date = *Date::of(2016, 4, 3);
  spelt.identifiers.clear();
  spelt.names[0].given = "Ayesha";
  EXPECT_FALSE(share_a_key(swapped, aisha()));
  EXPECT_FALSE(share_a_key(spelt, aisha()));
}

TEST(Match, two_numbers_or_two_birthdays_contradict) {
  Person other_number = aisha(), other_day = aisha(), no_number = aisha();
  other_number.identifiers = {{"nhs", "9434765919", true}};
  no_number.identifiers.clear();
  other_day.identifiers.clear();
  other_day.birth.date = *Date::of(2016, 3, 15);
  EXPECT_TRUE(contradict(aisha(), other_number));
  EXPECT_TRUE(contradict(aisha(), other_day));
  EXPECT_FALSE(contradict(aisha(), no_number));
  EXPECT_FALSE(contradict(aisha(), aisha()));
}

}  // namespace
}  // namespace ginnel
