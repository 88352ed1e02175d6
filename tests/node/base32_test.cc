// SPDX-License-Identifier: Apache-2.0
#include "node/people/base32.h"

#include <gtest/gtest.h>

namespace ginnel {
namespace {

struct EncodedRow {
  const char* plain;
  const char* encoded;  // RFC 4648 section 10, without padding
};
constexpr EncodedRow encoded_rows[] = {{"", ""},
                                       {"f", "MY"},
                                       {"fo", "MZXQ"},
                                       {"foo", "MZXW6"},
                                       {"foob", "MZXW6YQ"},
                                       {"fooba", "MZXW6YTB"},
                                       {"foobar", "MZXW6YTBOI"}};

TEST(Base32, writes_and_reads_the_values_of_rfc_4648) {
  for (const auto& row : encoded_rows) {
    EXPECT_EQ(to_base32(view_of(row.plain)), row.encoded);
    auto read = from_base32(row.encoded);
    ASSERT_TRUE(read) << row.encoded;
    EXPECT_EQ(text_of(*read), row.plain);
  }
}

TEST(Base32, reads_what_people_type) { EXPECT_EQ(text_of(*from_base32("mzxw 6ytb-oi======")), "foobar"); }

TEST(Base32, refuses_what_the_writer_would_not_have_written) {
  for (const char* text : {"M", "MZX", "MZXW6Y", "MZ", "M1", "MY=MY", "M!"}) EXPECT_FALSE(from_base32(text)) << text;
}

TEST(Base32, a_secret_has_160_bits) {
  SeededRandom random(1);
  EXPECT_EQ(from_base32(make_totp_secret(random))->size(), 20u);
}

}  // namespace
}  // namespace ginnel
