// SPDX-License-Identifier: Apache-2.0
#include "federation/base/bytes.h"

#include <gtest/gtest.h>

#include "federation/base/id.h"

namespace ginnel {
namespace {

TEST(Bytes, text_forms_come_back_and_refuse_everything_else) {
  SeededRandom random(7);
  for (std::size_t length = 0; length < 40; ++length) {
    Bytes bytes(length);
    random.fill(bytes);
    EXPECT_EQ(*from_hex(to_hex(bytes)), bytes);
    EXPECT_EQ(*from_base64(to_base64(bytes)), bytes);
  }
  for (auto bad : {"a", "0g", "é0"}) EXPECT_FALSE(from_hex(bad)) << bad;
  for (auto bad : {"a", "ab==c", "aa=a", "ab==", "====", "YWJ", "YW Jj"}) EXPECT_FALSE(from_base64(bad)) << bad;
  EXPECT_EQ(to_base64(view_of("any carnal pleas")), "YW55IGNhcm5hbCBwbGVhcw==");  // RFC 4648's alphabet and padding
}

TEST(Bytes, numbers_are_big_endian_and_a_short_view_gives_nothing) {
  Bytes bytes;
  put_u16(bytes, 0x0102);
  put_u32(bytes, 0x03040506);
  put_u64(bytes, 0x0708090a0b0c0d0e);
  EXPECT_EQ(to_hex(bytes), "0102030405060708090a0b0c0d0e");
  EXPECT_EQ(read_u64(bytes, 6), 0x0708090a0b0c0d0eu);
  EXPECT_FALSE(read_u64(bytes, 7));
  EXPECT_FALSE(read_u16(bytes, SIZE_MAX));
}

TEST(Bytes, a_member_id_is_a_plain_lower_case_name) {
  for (auto good : {"bradford-csc", "wy-icb", "a1"}) EXPECT_EQ(MemberId::parse(good)->text(), good);
  for (auto bad : {"", "a", "Bradford", "1abc", "a_b", "a/../b", "a\n"}) EXPECT_FALSE(MemberId::parse(bad)) << bad;
}

}  // namespace
}  // namespace ginnel
