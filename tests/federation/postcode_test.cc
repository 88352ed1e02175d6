// SPDX-License-Identifier: Apache-2.0
#include "federation/record/postcode.h"

#include <gtest/gtest.h>

namespace ginnel {
namespace {

TEST(Postcode, every_form_is_read_into_the_one_written_form) {
  EXPECT_EQ(parse_postcode("bd11aa"), "BD1 1AA");
  EXPECT_EQ(parse_postcode(" B D 1 1 A A "), "BD1 1AA");
  EXPECT_EQ(parse_postcode("LS27 0NN"), "LS27 0NN");
  EXPECT_EQ(parse_postcode("M1 1AE"), "M1 1AE");
  EXPECT_EQ(parse_postcode("B33 8TH"), "B33 8TH");
  EXPECT_EQ(parse_postcode("W1A 0AX"), "W1A 0AX");
  EXPECT_EQ(parse_postcode("EC1A 1BB"), "EC1A 1BB");
  EXPECT_EQ(parse_postcode("gir 0aa"), "GIR 0AA");
}

TEST(Postcode, the_codes_for_none_or_unknown_are_no_postcode) {
  EXPECT_FALSE(parse_postcode("ZZ99 3VZ"));
  EXPECT_FALSE(parse_postcode("zz993wz"));
}

TEST(Postcode, what_is_no_postcode_is_refused) {
  for (const char* text : {"", "BD1", "BD1 1A", "BD1 1AAA", "1BD 1AA", "BD1 AAA", "BD1 1CA", "QD1 1AA", "BI1 1AA",
                           "BD123 1AA", "BD1Z 1AA", "unknown", "BD1-1AA", "ＢＤ１"}) {
    EXPECT_FALSE(parse_postcode(text)) << text;
  }
}

}  // namespace
}  // namespace ginnel
