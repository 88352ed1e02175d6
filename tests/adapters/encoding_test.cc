// SPDX-License-Identifier: Apache-2.0
#include "adapters/encoding.h"

#include <gtest/gtest.h>

namespace ginnel {
namespace {

TEST(Encoding, utf_8_is_told_from_what_only_looks_like_it) {
  for (const char* good : {"", "plain", "Łukasz", "€", "\xf0\x9f\x98\x80"}) EXPECT_TRUE(is_utf8(good)) << good;
  for (const char* bad :
       {"\x80", "caf\xe9", "\xc0\xaf", "\xc3", "\xe2\x82", "\xed\xa0\x80", "\xf5\x80\x80\x80", "\xf0\x80\x80\x80"}) {
    EXPECT_FALSE(is_utf8(bad));
  }
}

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
