// SPDX-License-Identifier: Apache-2.0
#include "federation/record/upn.h"

#include <gtest/gtest.h>

namespace ginnel {
namespace {

TEST(Upn, numbers_with_a_right_check_letter_are_read) {
  for (const char* upn : {"A950000178301", "H243278544154", "R674123101121"}) EXPECT_EQ(parse_upn(upn), upn) << upn;
}

TEST(Upn, a_wrong_check_letter_is_refused) {
  EXPECT_FALSE(parse_upn("A123456789123"));
  EXPECT_FALSE(parse_upn("B950000178301"));
}

TEST(Upn, case_and_spaces_do_not_matter) { EXPECT_EQ(parse_upn(" h243 278544154"), "H243278544154"); }

TEST(Upn, a_temporary_number_ends_in_a_letter_which_counts) {
  auto check = upn_check_letter("20312345678B");
  ASSERT_TRUE(check);
  std::string upn = *check + std::string("20312345678B");
  EXPECT_EQ(parse_upn(upn), upn);
  upn.back() = 'C';
  EXPECT_FALSE(parse_upn(upn));
}

TEST(Upn, other_forms_are_refused) {
  for (const char* text : {"", "A95000017830", "A9500001783011", "9500001783011", "A9500O0178301", "A95000017830I"}) {
    EXPECT_FALSE(parse_upn(text)) << text;
  }
  EXPECT_FALSE(upn_check_letter("2031234567B8"));
}

}  // namespace
}  // namespace ginnel
