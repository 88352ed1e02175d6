// SPDX-License-Identifier: Apache-2.0
#include "federation/directory/check_phrase.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <sstream>

namespace ginnel {
namespace {

std::size_t letters_between(std::string_view one, std::string_view other) {
  std::vector<std::size_t> row(other.size() + 1);
  for (std::size_t i = 0; i <= other.size(); ++i) row[i] = i;
  for (std::size_t i = 1; i <= one.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= other.size(); ++j) {
      const std::size_t above = row[j];
      row[j] = std::min({above + 1, row[j - 1] + 1, diagonal + (one[i - 1] == other[j - 1] ? 0 : 1)});
      diagonal = above;
    }
  }
  return row.back();
}

TEST(CheckPhrase, words_are_plain_and_none_is_taken_for_another) {
  const auto words = check_phrase_words();
  ASSERT_EQ(words.size(), 256u);
  std::set<std::string_view> first_letters;
  for (std::size_t i = 0; i < words.size(); ++i) {
    EXPECT_TRUE(std::all_of(words[i].begin(), words[i].end(), [](char c) { return c >= 'a' && c <= 'z'; })) << words[i];
    EXPECT_GE(words[i].size(), 4u);
    EXPECT_LE(words[i].size(), 9u);
    EXPECT_TRUE(first_letters.insert(words[i].substr(0, 4)).second) << words[i];
    for (std::size_t j = 0; j < i; ++j)
      EXPECT_GE(letters_between(words[i], words[j]), 3u) << words[i] << " " << words[j];
  }
}

TEST(CheckPhrase, is_pinned_because_two_versions_must_read_out_the_same) {
  // SHA-256 of "abc" begins ba 78 16 bf 8f 01 cf ea 41 41.
  const auto words = check_phrase_words();
  std::istringstream phrase(check_phrase(view_of(std::string_view("abc"))));
  for (std::size_t at : {0xba, 0x78, 0x16, 0xbf, 0x8f, 0x01, 0xcf, 0xea, 0x41, 0x41}) {
    std::string word;
    phrase >> word;
    EXPECT_EQ(word, words[at]);
  }
  EXPECT_EQ(check_phrase(view_of(std::string_view("abc"))),
            "pirate hexagon bicycle prairie lemon acrobat salmon thunder cupboard cupboard");
}

TEST(CheckPhrase, is_taken_as_people_type_it_and_not_with_a_word_amiss) {
  const ByteView file = view_of(std::string_view("a request"));
  std::string phrase = check_phrase(file);
  EXPECT_TRUE(is_check_phrase(phrase, file));
  std::string typed = "  ";
  for (char c : phrase) typed += c == ' ' ? std::string(",\n ") : std::string(1, char(std::toupper(c)));
  EXPECT_TRUE(is_check_phrase(typed + ".\n", file));
  EXPECT_FALSE(is_check_phrase("", file));
  EXPECT_FALSE(is_check_phrase(phrase.substr(0, phrase.rfind(' ')), file));
  EXPECT_FALSE(is_check_phrase(phrase + " acid", file));
  std::string swapped = phrase.substr(phrase.find(' ') + 1) + " " + phrase.substr(0, phrase.find(' '));
  EXPECT_FALSE(is_check_phrase(swapped, file));
  EXPECT_FALSE(is_check_phrase(phrase, view_of(std::string_view("another request"))));
}

}  // namespace
}  // namespace ginnel
