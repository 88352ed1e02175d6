// SPDX-License-Identifier: Apache-2.0
#include "federation/record/alike.h"

#include <gtest/gtest.h>

#include <string>

namespace ginnel {
namespace {

// Winkler's own examples, to the three digits that he gives (US Bureau of the Census, RR90/9, table 3).
TEST(Alike, jaro_winkler_gives_the_published_values) {
  EXPECT_NEAR(jaro_winkler("martha", "marhta"), 0.961, 0.001);
  EXPECT_NEAR(jaro_winkler("dwayne", "duane"), 0.840, 0.001);
  EXPECT_NEAR(jaro_winkler("dixon", "dicksonx"), 0.813, 0.001);
  EXPECT_EQ(jaro_winkler("khan", "khan"), 1);
  EXPECT_EQ(jaro_winkler("", "khan"), 0);
  EXPECT_EQ(jaro_winkler("abc", "xyz"), 0);
}

TEST(Alike, one_edit_is_one_letter_more_less_other_or_swapped) {
  EXPECT_TRUE(is_one_edit("jon", "john"));
  EXPECT_TRUE(is_one_edit("smith", "smyth"));
  EXPECT_TRUE(is_one_edit("19870301", "19780301"));
  EXPECT_TRUE(is_one_edit("", "a"));
  EXPECT_FALSE(is_one_edit("same", "same"));
  EXPECT_FALSE(is_one_edit("abcd", "badc"));
  EXPECT_FALSE(is_one_edit("ab", "abcd"));
}

TEST(Alike, texts_of_any_length_are_compared_within_the_limit) {
  EXPECT_GT(jaro_winkler(std::string(5000, 'a'), std::string(9000, 'a')), 0.99);
}

}  // namespace
}  // namespace ginnel
