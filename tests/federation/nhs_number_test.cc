// SPDX-License-Identifier: Apache-2.0
#include "federation/record/nhs_number.h"

#include <gtest/gtest.h>

namespace ginnel {
namespace {

TEST(NhsNumber, numbers_with_a_right_check_digit_are_read) {
  for (const char* number : {"9434765919", "9449305552", "9000000009"}) {
    EXPECT_EQ(parse_nhs_number(number), number) << number;
  }
}

TEST(NhsNumber, numbers_with_a_wrong_check_digit_are_refused) {
  for (const char* number : {"9219068409", "9912003899", "9434765918", "9434765991"}) {
    EXPECT_FALSE(parse_nhs_number(number)) << number;
  }
}

TEST(NhsNumber, spaces_and_hyphens_do_not_matter) {
  EXPECT_EQ(parse_nhs_number(" 943 476 5919 "), "9434765919");
  EXPECT_EQ(parse_nhs_number("943-476-5919"), "9434765919");
}

TEST(NhsNumber, anything_but_ten_digits_is_refused) {
  for (const char* text : {"", "943476591", "94347659190", "94347659l9", "943 476 5919x", "0000000000", "٩٤٣٤٧٦٥٩١٩"}) {
    EXPECT_FALSE(parse_nhs_number(text)) << text;
  }
}

TEST(NhsNumber, every_single_wrong_digit_is_noticed) {
  const std::string right = "9434765919";
  for (std::size_t i = 0; i < right.size(); ++i) {
    for (char digit = '0'; digit <= '9'; ++digit) {
      std::string text = right;
      text[i] = digit;
      EXPECT_EQ(parse_nhs_number(text).has_value(), digit == right[i]) << text;
    }
  }
}

TEST(NhsNumber, the_check_digit_completes_nine_digits_or_says_that_none_can) {
  EXPECT_EQ(nhs_check_digit("943476591"), '9');
  EXPECT_EQ(nhs_check_digit("900000000"), '9');
  EXPECT_FALSE(nhs_check_digit("94347659"));
  EXPECT_FALSE(nhs_check_digit("94347659x"));
  int without = 0;
  for (int n = 0; n < 1000; ++n) without += !nhs_check_digit(std::to_string(999000000 + n));
  EXPECT_GT(without, 50);  // about one in eleven
  EXPECT_LT(without, 130);
}

TEST(NhsNumber, people_read_it_in_three_groups) {
  EXPECT_EQ(nhs_number_for_people("9990000018"), "999 000 0018");
  EXPECT_EQ(nhs_number_for_people("short"), "short");
}

}  // namespace
}  // namespace ginnel
