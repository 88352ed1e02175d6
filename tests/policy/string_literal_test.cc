// SPDX-License-Identifier: Apache-2.0
#include "policy/string_literal.h"

#include <gtest/gtest.h>

namespace ginnel::policy {
namespace {

using namespace std::string_literals;

std::string plain(std::string_view text) {
  std::vector<EscapeError> errors;
  auto out = unescape(text, errors);
  return errors.empty() ? out : "refused";
}

bool matches(std::string_view pattern, std::string_view text) {
  std::vector<EscapeError> errors;
  const auto parsed = unescape_pattern(pattern, errors);
  EXPECT_TRUE(errors.empty());
  return parsed.matches(text);
}

TEST(StringLiteral, escapes_are_resolved) {
  EXPECT_EQ(plain(R"(a\n\r\t\\\'\"b)"), "a\n\r\t\\'\"b");
  EXPECT_EQ(plain(R"(\0)"), "\0"s);
  EXPECT_EQ(plain(R"(\x41\x7f)"), "A\x7f");
}

TEST(StringLiteral, unicode_escapes_take_one_to_six_digits_and_underscores_between) {
  EXPECT_EQ(plain(R"(\u{41})"), "A");
  EXPECT_EQ(plain(R"(\u{4_1_})"), "A");
  EXPECT_EQ(plain(R"(\u{e9})"), "é");
  EXPECT_EQ(plain(R"(\u{20AC})"), "€");
  EXPECT_EQ(plain(R"(\u{01F600})"), "😀");
  EXPECT_EQ(plain(R"(\u{0})"), "\0"s);
}

TEST(StringLiteral, other_escapes_are_refused) {
  for (const auto* text : {R"(\q)", R"(\x8)", R"(\x80)", R"(\xg1)", R"(\u41)", R"(\u{})", R"(\u{_41})",
                           R"(\u{0000041})", R"(\u{d800})", R"(\u{110000})", R"(\u{41)", R"(\*)", "\\", "\\\n", "\r"}) {
    EXPECT_EQ(plain(text), "refused") << text;
  }
}

TEST(StringLiteral, every_bad_escape_is_reported_with_its_place) {
  std::vector<EscapeError> errors;
  unescape(R"(ab\qcd\x80)", errors);
  ASSERT_EQ(errors.size(), 2u);
  EXPECT_EQ(errors[0].where, (Span{2, 4}));
  EXPECT_EQ(errors[1].where, (Span{6, 10}));
}

TEST(StringLiteral, a_pattern_matches_the_whole_text) {
  EXPECT_TRUE(matches("abc", "abc"));
  EXPECT_FALSE(matches("abc", "abcd"));
  EXPECT_FALSE(matches("", "a"));
  EXPECT_TRUE(matches("", ""));
}

TEST(StringLiteral, a_star_matches_any_run_and_none) {
  EXPECT_TRUE(matches("*", ""));
  EXPECT_TRUE(matches("a*", "a"));
  EXPECT_TRUE(matches("a*c", "abbbc"));
  EXPECT_FALSE(matches("a*c", "abbb"));
  EXPECT_TRUE(matches("*b*", "abc"));
  EXPECT_TRUE(matches("a*b*c*d", "a1b2b3c4d"));
  EXPECT_FALSE(matches("a*b*b*c", "abc"));
  EXPECT_FALSE(matches("ab*ba", "aba")) << "beginning and end must not overlap";
  EXPECT_TRUE(matches("**a**", "a"));
}

TEST(StringLiteral, an_escaped_star_matches_a_star_only) {
  EXPECT_TRUE(matches(R"(a\*b)", "a*b"));
  EXPECT_FALSE(matches(R"(a\*b)", "axb"));
  EXPECT_TRUE(matches(R"(\**)", "*anything"));
  EXPECT_TRUE(matches(R"(\u{2a})", "anything")) << "an escaped code point that is a star is a wildcard";
}

TEST(StringLiteral, quoting_and_unescaping_give_the_text_back) {
  const auto text = "a\"b\\c\n\r\t\0\x01\x7f é😀*"s;
  const auto quoted = quote(text);
  EXPECT_EQ(plain(quoted.substr(1, quoted.size() - 2)), text);
}

}  // namespace
}  // namespace ginnel::policy
