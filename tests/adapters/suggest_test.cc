// SPDX-License-Identifier: Apache-2.0
#include "adapters/suggest.h"

#include <gtest/gtest.h>

namespace ginnel {
namespace {

TEST(Suggest, a_typing_mistake_finds_its_word) {
  EXPECT_EQ(nearest("categry", {"kind", "category", "key"}), "category");
  EXPECT_EQ(nearest("social-care.vist", {"social-care.plan", "social-care.visit"}), "social-care.visit");
}

TEST(Suggest, a_renamed_column_is_found_by_how_its_words_begin) {
  EXPECT_EQ(nearest("OCC_DATE", {"WEATHER", "OCCURRED_ON", "SHIFT"}), "OCCURRED_ON");
  EXPECT_EQ(nearest("DOB", {"Dob ", "Name"}), "Dob ");
}

TEST(Suggest, nothing_alike_is_nothing) {
  EXPECT_FALSE(nearest("OCC_DATE", {"WEATHER", "SHIFT"}));
  EXPECT_FALSE(nearest("x", {}));
}

TEST(Suggest, lists_read_as_people_write_them) {
  EXPECT_EQ(one_of({"a"}), "`a`");
  EXPECT_EQ(one_of({"a", "b", "c"}), "`a`, `b` or `c`");
  EXPECT_EQ(one_of({"a", "b", "c"}, 2), "`a`, `b` and others");
}

}  // namespace
}  // namespace ginnel
