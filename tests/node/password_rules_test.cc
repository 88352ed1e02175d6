// SPDX-License-Identifier: Apache-2.0
#include "node/people/password_rules.h"

#include <gtest/gtest.h>

namespace ginnel {
namespace {

TEST(PasswordRules, three_random_words_will_do) {
  EXPECT_TRUE(check_password("kettle anorak plinth", "a.tester"));
  EXPECT_TRUE(check_password("correct-horse", "a.tester"));
}

TEST(PasswordRules, length_counts_characters_and_not_bytes) {
  EXPECT_FALSE(check_password("\xC3\xA9\xC3\xA8\xC3\xAA\xC3\xABxyz", "a.tester"));  // 11 bytes, 7 characters
  EXPECT_FALSE(check_password("elevenchars", "a.tester"));
}

TEST(PasswordRules, the_obvious_is_refused_and_not_quoted) {
  for (const char* password : {"aaaaaaaaaaaaaaaa", "abababababab", "abcdefghijkl", "lkjihgfedcba", "Password1234!",
                               "letmein123456", "a.tester-2026!", "xxA.TESTERxx9"}) {
    auto checked = check_password(password, "a.tester");
    ASSERT_FALSE(checked) << password;
    EXPECT_EQ(checked.error().code, "bad-password");
    EXPECT_EQ(checked.error().text().find(password), std::string::npos);
  }
}

TEST(PasswordRules, a_password_has_an_end) { EXPECT_FALSE(check_password(std::string(257, 'x') + "yzabc", "")); }

TEST(PasswordRules, user_names_are_lower_case_and_plain) {
  EXPECT_EQ(normal_username("A.Tester").value(), "a.tester");
  for (const char* name : {"", ".a", "9a", "a b", "a/b", "a\nb", "\xC3\xA9"})
    EXPECT_EQ(normal_username(name).error().code, "bad-username") << name;
  EXPECT_FALSE(normal_username(std::string(65, 'a')));
}

}  // namespace
}  // namespace ginnel
