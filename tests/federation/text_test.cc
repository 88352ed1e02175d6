// SPDX-License-Identifier: Apache-2.0
#include "federation/base/text.h"

#include <gtest/gtest.h>

namespace ginnel {
namespace {

TEST(Text, joins_with_what_stands_between_and_an_empty_list_is_empty) {
  EXPECT_EQ(joined({}, ", "), "");
  EXPECT_EQ(joined({"police"}, ", "), "police");
  EXPECT_EQ(joined({"", "police", "health"}, "; "), "police; health") << "nothing stands before the first word";
}

TEST(Text, splits_what_was_joined_and_leaves_out_what_is_empty) {
  using Words = std::vector<std::string>;
  EXPECT_EQ(split("", ", "), Words{});
  EXPECT_EQ(split("police", ", "), Words{"police"});
  EXPECT_EQ(split("police, health,school", ", "), (Words{"police", "health,school"}));
  EXPECT_EQ(split(", police, , health, ", ", "), (Words{"police", "health"}));
}

TEST(Text, trims_blanks_and_line_ends_at_both_ends_and_none_within) {
  EXPECT_EQ(trimmed(std::string_view(" \t\r\nBD1 1AA \n")), "BD1 1AA");
  EXPECT_EQ(trimmed(std::string_view(" \n ")), "");
  EXPECT_EQ(trimmed(std::string_view("\u00a0x")), "\u00a0x") << "what is no ASCII blank stays";
}

TEST(Text, trims_only_the_blanks_that_are_told) {
  EXPECT_EQ(trimmed(std::string_view(" \tx\n "), " \t"), "x\n");
  EXPECT_EQ(trimmed(std::string_view("\tx "), " "), "\tx");
}

TEST(Text, of_a_temporary_is_its_own) {
  const auto kept = trimmed(std::string(100, ' ') + "Aisha" + std::string(100, ' '));
  static_assert(std::is_same_v<decltype(kept), const std::string>);
  EXPECT_EQ(kept, "Aisha");
}

TEST(Text, counts_one_as_one) {
  EXPECT_EQ(counted(0, "record", "records"), "0 records");
  EXPECT_EQ(counted(1, "record", "records"), "1 record");
  EXPECT_EQ(counted(2, "child", "children"), "2 children");
}

}  // namespace
}  // namespace ginnel
