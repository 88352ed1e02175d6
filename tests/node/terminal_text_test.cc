// SPDX-License-Identifier: Apache-2.0
#include "node/cli/terminal_text.h"

#include <gtest/gtest.h>

namespace ginnel {
namespace {

const std::string mark = "\xEF\xBF\xBD";

TEST(TerminalText, no_control_character_gets_through) {
  for (int c = 0; c < 0x20; ++c) {
    if (c == '\t' || c == '\n' || c == '\r') continue;
    EXPECT_EQ(harmless("a" + std::string(1, static_cast<char>(c)) + "b"), "a" + mark + "b") << c;
  }
  EXPECT_EQ(harmless("\x1b[2J\x1b]0;title\x07"), mark + "[2J" + mark + "]0;title" + mark);
  EXPECT_EQ(harmless("\x7f"), mark);
  EXPECT_EQ(harmless("\xC2\x9B"
                     "31m"),
            mark + "31m");  // CSI as one C1 character
}

TEST(TerminalText, no_direction_mark_or_invisible_character_gets_through) {
  for (const char* text : {"\xE2\x80\xAE", "\xE2\x81\xA6", "\xE2\x80\x8F", "\xE2\x80\x8B", "\xEF\xBB\xBF",
                           "\xE2\x80\xA8", "\xD8\x9C", "\xF3\xA0\x81\x81"})
    EXPECT_EQ(harmless(text), mark) << text;
}

TEST(TerminalText, broken_utf8_is_marked_byte_by_byte) {
  EXPECT_EQ(harmless("\xC3"), mark);
  EXPECT_EQ(harmless("\xC0\x9B"), mark + mark);
  EXPECT_EQ(harmless("\xED\xA0\x80"), mark + mark + mark);
  EXPECT_EQ(harmless("a\xFFz"), "a" + mark + "z");
}

TEST(TerminalText, spaces_and_line_ends_become_one_space) {
  EXPECT_EQ(harmless("  a\r\n\tb   c \n"), "a b c");
  EXPECT_EQ(harmless("\n"), "");
}

TEST(TerminalText, ordinary_names_of_any_script_stay_as_they_are) {
  for (const char* name : {"Aisha O'Brien-Khan", "\xC5\x81ukasz", "\xE6\x9D\x8E\xE5\xB0\x8F\xE9\xBE\x99",
                           "\xD9\x81\xD8\xA7\xD8\xB7\xD9\x85\xD8\xA9", "\xE0\xA4\x85\xE0\xA4\xA8\xE0\xA5\x81"})
    EXPECT_EQ(harmless(name), name);
}

TEST(TerminalText, columns_count_what_a_terminal_shows) {
  EXPECT_EQ(columns_of("Aisha"), 5u);
  EXPECT_EQ(columns_of("\xC5\x81ukasz"), 6u);
  EXPECT_EQ(columns_of("e\xCC\x81"), 1u);                 // a combining accent
  EXPECT_EQ(columns_of("\xE6\x9D\x8E\xE5\xB0\x8F"), 4u);  // two wide characters
  EXPECT_EQ(columns_of("\xF0\x9F\x91\xA7"), 2u);          // an emoji
}

TEST(TerminalText, fitted_text_has_exactly_its_width) {
  EXPECT_EQ(fitted("abc", 5), "abc  ");
  EXPECT_EQ(fitted("abcdef", 5), "abcd\xE2\x80\xA6");
  EXPECT_EQ(fitted("abc", 0), "");
  for (std::size_t columns = 1; columns < 8; ++columns)
    EXPECT_EQ(columns_of(fitted("\xE6\x9D\x8E\xE5\xB0\x8F\xE9\xBE\x99x", columns)), columns);
  EXPECT_EQ(fitted("e\xCC\x81", 1), "e\xCC\x81");
}

TEST(TerminalText, wrapping_loses_no_word_and_passes_no_edge) {
  EXPECT_EQ(wrapped("one two three", 7), (std::vector<std::string>{"one two", "three"}));
  EXPECT_EQ(wrapped("", 7), std::vector<std::string>{""});
  EXPECT_EQ(wrapped("abcdefghij kl", 4), (std::vector<std::string>{"abcd", "efgh", "ij", "kl"}));
  for (std::size_t columns = 2; columns < 12; ++columns)
    for (const auto& line : wrapped("a \xE6\x9D\x8E\xE5\xB0\x8F\xE9\xBE\x99 longer words here", columns))
      EXPECT_LE(columns_of(line), columns);
}

}  // namespace
}  // namespace ginnel
