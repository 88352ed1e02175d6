// SPDX-License-Identifier: Apache-2.0
#include "adapters/toml_text.h"

#include <gtest/gtest.h>

#include <string>

#include "adapters/toml_section.h"

namespace ginnel {
namespace {

TEST(TomlText, strings_and_comments_may_hold_any_letter) {
  for (const char* text : {"", "a = 1",
                           "\xef\xbb\xbf"
                           "a = 1",
                           "# ä", "a = \"ä\"", "a = 'ä'", "\"ä\" = 1", "a = \"\\\"ä\"",
                           "a = \"\"\"\nä \" ä\"\"\"\"\nb = 'ä'", "a = '''ä\n'ä'''", "a = \"\\\\\" # ä"}) {
    EXPECT_FALSE(line_outside_ascii(text)) << text;
  }
}

TEST(TomlText, a_letter_outside_ascii_anywhere_else_is_found_with_its_line) {
  EXPECT_EQ(line_outside_ascii("ä = 1"), 1u);
  EXPECT_EQ(line_outside_ascii("a = 1\nb = \"x\"ä"), 2u);
  EXPECT_EQ(line_outside_ascii("a = \"\"\"\n\n\"\"\"\nä = 1"), 4u);
  EXPECT_EQ(line_outside_ascii("a = \"not closed\nä = 1"), 2u);
  EXPECT_EQ(line_outside_ascii("a = 'x\\' ä"), 1u);
  EXPECT_EQ(line_outside_ascii("a = \"\" ä"), 1u);
  EXPECT_EQ(line_outside_ascii("a = +B\"ä\""), 1u);
}

// A writer may end a line of a long string with a backslash and go on with such a letter.
TEST(TomlText, a_letter_outside_ascii_behind_a_backslash_is_found_with_its_line) {
  EXPECT_EQ(line_outside_ascii("a = \"\"\"ex.\"\\\xef\xbb\x8f"), 1u);
  EXPECT_EQ(line_outside_ascii("a = 1\nb = \"\\ä\""), 2u);
  EXPECT_EQ(line_outside_ascii("a = \"\"\"one \\\n\n  ä\"\"\""), 3u);
  for (const char* text : {"a = \"\"\"one \\\n  two ä\"\"\"", "a = \"\\\\ä\"", "a = \"\\n ä\"", "a = '\\ä'"})
    EXPECT_FALSE(line_outside_ascii(text)) << text;
}

// What opens a string here and not for the parser, or the other way round, is no TOML in the first place.
TEST(TomlText, what_is_no_toml_without_its_letters_is_refused_for_that) {
  for (const std::string text :
       {"w =1g!t\x01h.\"%\xef\xbb\x8f\"", "needs=\n`[\"re\xc7\x9f\"", "a = \"\xef\xbb\x8f", "\xef\xbb"}) {
    TomlMistakes mistakes("bad-config", "f.toml");
    EXPECT_FALSE(parse_toml(text, mistakes)) << text;
    EXPECT_FALSE(mistakes.none());
  }
}

TEST(TomlText, spelled_in_ascii_is_another_text_for_every_text_with_the_same_lines) {
  EXPECT_EQ(spelled_in_ascii("\xef\xbb\xbf"
                             "a = \"\xc3\xa4q\"\n"),
            "a = \"qc3qa4qq\"\n");
  for (const std::string text : {"\xc3\xa4", "qc3qa4", "qqq", "q\xc3", "unique"})
    EXPECT_EQ(spelled_back(spelled_in_ascii(text)), text);
  TomlMistakes mistakes("bad-config", "f.toml");
  const auto table = parse_toml("\"\xc3\xa4\" = 1\nqc3qa4 = 2\n\"\xc3\xb6\" = '\xc3\xb6'\n", mistakes);
  ASSERT_TRUE(table) << mistakes.as_text();
  EXPECT_EQ((*table)["\xc3\xb6"].value<std::string>(), "\xc3\xb6");
}

TEST(TomlText, what_is_wrong_is_told_in_the_letters_of_the_text) {
  TomlMistakes mistakes("bad-config", "f.toml");
  EXPECT_FALSE(
      parse_toml("\"gr\xc3\xb6\xc3\x9f"
                 "e q\" = 1\n\"gr\xc3\xb6\xc3\x9f"
                 "e q\" = 2\n",
                 mistakes));
  EXPECT_NE(mistakes.as_text().find("gr\xc3\xb6\xc3\x9f"
                                    "e q"),
            std::string::npos)
      << mistakes.as_text();
}

}  // namespace
}  // namespace ginnel
