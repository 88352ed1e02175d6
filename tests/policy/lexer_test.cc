// SPDX-License-Identifier: Apache-2.0
#include "policy/lexer.h"

#include <gtest/gtest.h>

#include "policy/limits.h"

namespace ginnel::policy {
namespace {

// The tokens with blanks between, and a `!` for each that is none.
std::string tokens(std::string_view text) {
  std::vector<LexicalError> errors;
  std::string out;
  for (const auto& token : tokenize(text, errors)) {
    if (token.kind != Token::Kind::end) out += (out.empty() ? "" : " ") + std::string(token.text);
  }
  return out + std::string(errors.size(), '!');
}

TEST(Lexer, the_longest_symbol_is_taken) {
  EXPECT_EQ(tokens("a<=b==c!=!d::e:f&&g||h>=i>j"), "a <= b == c != ! d :: e : f && g || h >= i > j");
}

TEST(Lexer, comments_end_with_the_line_whichever_way_lines_end) {
  EXPECT_EQ(tokens("a // b c\n d"), "a d");
  EXPECT_EQ(tokens("a // b\rc"), "a c");
  EXPECT_EQ(tokens("// only"), "");
}

TEST(Lexer, unicode_blanks_separate) { EXPECT_EQ(tokens("a\u00a0b\u2003c\u3000d\u2028e"), "a b c d e"); }

TEST(Lexer, strings_keep_escaped_quotes_and_span_lines) {
  EXPECT_EQ(tokens("\"a\\\"b\" c"), "\"a\\\"b\" c");
  EXPECT_EQ(tokens("\"a\nb\""), "\"a\nb\"");
}

TEST(Lexer, a_number_and_a_name_need_no_blank_between) { EXPECT_EQ(tokens("1.foo 12ab"), "1 . foo 12 ab"); }

TEST(Lexer, a_slot_is_one_token_and_a_question_mark_another) {
  EXPECT_EQ(tokens("?principal ?: x?"), "?principal ? : x ?");
}

TEST(Lexer, what_is_no_token_is_reported_and_reading_goes_on) {
  EXPECT_EQ(tokens("a # b"), "a # b!");
  EXPECT_EQ(tokens("a & b | c"), "a & b | c!!");
  EXPECT_EQ(tokens("\xef\xbb\xbf"
                   "a"),
            "\xef\xbb\xbf a!")
      << "a byte order mark is no blank";
}

TEST(Lexer, an_unclosed_string_ends_with_its_line) { EXPECT_EQ(tokens("a \"b\nc"), "a \"b c!"); }

TEST(Lexer, text_that_is_not_utf8_is_read_up_to_there) {
  EXPECT_EQ(tokens("a \xff b"), "a!");
  EXPECT_EQ(tokens("a \xed\xa0\x80 b"), "a!") << "a surrogate";
  EXPECT_EQ(tokens("a \xc0\xaf b"), "a!") << "an overlong form";
}

TEST(Lexer, a_text_beyond_the_limit_is_refused_unread) {
  EXPECT_EQ(tokens(std::string(limits::policy_text_bytes_max + 1, 'a')), "!");
}

}  // namespace
}  // namespace ginnel::policy
