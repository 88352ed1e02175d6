// SPDX-License-Identifier: Apache-2.0
#include "node/print/printable_text.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <string>

#include "federation/base/utf8.h"

namespace ginnel {
namespace {

const std::string unprinted = "\xEF\xBF\xBD";

TEST(PrintableText, no_control_character_gets_through) {
  for (int c = 0; c < 0x20; ++c) {
    if (c == '\t' || c == '\n' || c == '\r') continue;
    EXPECT_EQ(printable("a" + std::string(1, char(c)) + "b"), "a" + unprinted + "b") << c;
  }
  EXPECT_EQ(printable("\x7f"), unprinted);
  EXPECT_EQ(printable("\xC2\x85"), unprinted);  // a C1 character
}

TEST(PrintableText, no_direction_mark_or_invisible_format_character_gets_through) {
  for (const char* text : {"\xE2\x80\xAE", "\xE2\x80\xAA", "\xE2\x81\xA6", "\xE2\x81\xA9", "\xE2\x80\x8F", "\xD8\x9C",
                           "\xC2\xAD", "\xE2\x81\xA0", "\xEF\xBB\xBF", "\xEF\xBF\xB9", "\xF3\xA0\x81\x81"})
    EXPECT_EQ(printable(text), unprinted) << text;
}

TEST(PrintableText, no_noncharacter_gets_through) {  // cairo takes a text with one of them for broken
  for (const char* text :
       {"\xEF\xB7\x90", "\xEF\xB7\xAF", "\xEF\xBF\xBE", "\xEF\xBF\xBF", "\xF0\x9F\xBF\xBE", "\xF4\x8F\xBF\xBF"})
    EXPECT_EQ(printable(text), unprinted) << text;
}

TEST(PrintableText, broken_utf8_is_marked_byte_by_byte) {
  EXPECT_EQ(printable("\xC3"), unprinted);
  EXPECT_EQ(printable("\xC0\x9B"), unprinted + unprinted);
  EXPECT_EQ(printable("\xED\xA0\x80"), unprinted + unprinted + unprinted);
  EXPECT_EQ(printable("a\xFFz"), "a" + unprinted + "z");
  EXPECT_EQ(printable(std::string_view("\xE6\x9D\x8E", 2)), unprinted + unprinted);  // ends inside a character
}

TEST(PrintableText, is_text_whatever_it_was_made_from) {
  std::uint32_t state = 1;
  for (int round = 0; round < 2000; ++round) {
    std::string bytes;
    for (int i = 0; i < 24; ++i) bytes += char((state = state * 1664525 + 1013904223) >> 24);
    const std::string out = printable(bytes);
    EXPECT_TRUE(is_utf8(out));
    EXPECT_EQ(out.find('\0'), out.npos);
    EXPECT_LE(out.size(), 3 * bytes.size());
    EXPECT_EQ(printable(out), out);
  }
}

TEST(PrintableText, a_line_end_stays_and_a_hundred_are_two) {
  EXPECT_EQ(printable("a\nb\r\nc\rd\xE2\x80\xA8"
                      "e"),
            "a\nb\nc\nd\ne");
  EXPECT_EQ(printable("a" + std::string(100, '\n') + "b"), "a\n\nb");
  EXPECT_EQ(printable("a \n \t\r\n  b"), "a\n\nb");
  EXPECT_EQ(printable("\n a \n"), "a");
}

TEST(PrintableText, spaces_and_tabs_become_one_space) { EXPECT_EQ(printable(" \ta \t  b "), "a b"); }

TEST(PrintableText, names_of_any_script_stay_as_they_are) {
  for (const char* name : {"Aisha O'Brien-Khan", "\xC5\x81ukasz", "\xE6\x9D\x8E\xE5\xB0\x8F\xE9\xBE\x99",
                           "\xD9\x81\xD8\xA7\xD8\xB7\xD9\x85\xD8\xA9", "\xE0\xA4\x85\xE0\xA4\xA8\xE0\xA5\x81",
                           "\xD9\x85\xDB\x8C\xE2\x80\x8C\xD8\xAE\xD9\x88\xD8\xA7\xD9\x87\xD9\x85",  // with a non-joiner
                           "\xE0\xB6\x9A\xE0\xB7\x8A\xE2\x80\x8D\xE0\xB6\xBB"})                     // with a joiner
    EXPECT_EQ(printable(name), name);
}

}  // namespace
}  // namespace ginnel
