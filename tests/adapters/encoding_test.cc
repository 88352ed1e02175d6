// SPDX-License-Identifier: Apache-2.0
#include "adapters/encoding.h"

#include <gtest/gtest.h>

#include "federation/base/utf8.h"

namespace ginnel {
namespace {

TEST(Encoding, what_windows_writes_is_read) {
  EXPECT_EQ(utf8_from_windows_1252("Zo\xeb \x96 \x80"), "Zoë – €");
  EXPECT_TRUE(is_utf8(utf8_from_windows_1252("\x81\xff")));
}

TEST(Encoding, control_characters_become_spaces_and_line_ends_stay) {
  EXPECT_TRUE(has_control(std::string_view("a\0b", 3)));
  EXPECT_FALSE(has_control("a\r\n\tb"));
  EXPECT_EQ(without_control("a\x0b"
                            "b\nc\x7f"),
            "a b\nc ");
}

TEST(Encoding, outer_space_goes) {
  EXPECT_EQ(without_outer_space(" \t a b \r\n"), "a b");
  EXPECT_EQ(without_outer_space("  "), "");
}

}  // namespace
}  // namespace ginnel
