// SPDX-License-Identifier: Apache-2.0
#include "federation/base/utf8.h"

#include <gtest/gtest.h>

namespace ginnel {
namespace {

TEST(Utf8, text_is_told_from_what_only_looks_like_it) {
  for (const char* good : {"", "plain", "Łukasz", "€", "\xf0\x9f\x98\x80"}) EXPECT_TRUE(is_utf8(good)) << good;
  for (const char* bad :
       {"\x80", "caf\xe9", "\xc0\xaf", "\xc3", "\xe2\x82", "\xed\xa0\x80", "\xf5\x80\x80\x80", "\xf0\x80\x80\x80"}) {
    EXPECT_FALSE(is_utf8(bad));
  }
}

}  // namespace
}  // namespace ginnel
