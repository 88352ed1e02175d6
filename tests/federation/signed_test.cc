// SPDX-License-Identifier: Apache-2.0
#include "federation/wire/signed.h"

#include <gtest/gtest.h>

#include "federation/base/crypto/hash.h"
#include "federation/wire/limits.h"

namespace ginnel {
namespace {

SeededRandom chance(5);
const SigningKey key = SigningKey::make(chance), other_key = SigningKey::make(chance);

Bytes some(std::size_t size, std::uint8_t of = 1) { return Bytes(size, of); }

TEST(Signed, a_signature_holds_for_its_key_its_domain_and_its_bytes_only) {
  const Signed value = sign_bytes(some(100), domain::message, key, 3);
  EXPECT_TRUE(verify_signed(value, domain::message, key.public_key));
  EXPECT_FALSE(verify_signed(value, domain::message, other_key.public_key));
  EXPECT_FALSE(verify_signed(value, domain::process_head, key.public_key));
  Signed changed = value;
  changed.bytes[99] ^= 1;
  EXPECT_FALSE(verify_signed(changed, domain::message, key.public_key));
}

TEST(Signed, what_is_signed_can_be_checked_with_standard_tools) {
  const Bytes bytes = some(100);
  Bytes leaf = {0};
  append(leaf, bytes);
  const Signed value = sign_bytes(bytes, domain::message, key, 3);
  EXPECT_TRUE(verify(key.public_key, "ginnel message v1", sha256(leaf), value.signature));
}

TEST(Signed, every_place_of_every_batch_verifies_and_no_other) {
  for (std::size_t size = 1; size <= 33; ++size) {
    std::vector<Bytes> batch;
    for (std::size_t i = 0; i < size; ++i) batch.push_back(some(8 + i, std::uint8_t(i)));
    const auto all = sign_batch(batch, domain::message, key, 3);
    ASSERT_EQ(all.size(), size);
    for (std::size_t i = 0; i < size; ++i) {
      EXPECT_TRUE(verify_signed(all[i], domain::message, key.public_key)) << i << " of " << size;
      EXPECT_EQ(all[i].place.path.size(), batch_path_hashes(i, size));
      EXPECT_EQ(all[i].signature, all[0].signature);
      EXPECT_EQ(decode_signed(encode_signed(all[i])).value(), all[i]);
      Signed moved = all[i];
      moved.place.index = std::uint32_t((i + 1) % size);
      EXPECT_EQ(verify_signed(moved, domain::message, key.public_key), size == 1) << i << " of " << size;
    }
  }
}

TEST(Signed, an_inner_node_of_a_batch_is_no_message) {
  const auto all = sign_batch({some(8), some(9), some(10), some(11)}, domain::message, key, 3);
  const Hash left = signed_digest(some(8)), right = signed_digest(some(9));
  Signed forged = all[0];
  forged.bytes.assign(left.begin(), left.end());
  append(forged.bytes, right);
  forged.place = {0, 2, {all[0].place.path[1]}};
  EXPECT_FALSE(verify_signed(forged, domain::message, key.public_key));
}

TEST(Signed, a_path_of_another_length_is_refused) {
  Signed value = sign_batch({some(8), some(9), some(10)}, domain::message, key, 3)[0];
  value.place.path.push_back(Hash{});
  EXPECT_FALSE(verify_signed(value, domain::message, key.public_key));
  value.place.path.resize(1);
  EXPECT_FALSE(verify_signed(value, domain::message, key.public_key));
  value.place = {0, 0, {}};
  EXPECT_FALSE(verify_signed(value, domain::message, key.public_key));
  EXPECT_FALSE(decode_signed(encode_signed(value)));
  value.place = {5, 5, {}};
  EXPECT_FALSE(decode_signed(encode_signed(value)));
}

TEST(Signed, something_after_the_message_is_refused) {
  Bytes frame = encode_signed(sign_bytes(some(100), domain::message, key, 3));
  ASSERT_TRUE(decode_signed(frame));
  frame.resize(frame.size() + 8);
  EXPECT_FALSE(decode_signed(frame));
  frame.resize(frame.size() - 9);
  EXPECT_FALSE(decode_signed(frame));
}

// docs/protocol/envelope.md tells other writers to count on these.
TEST(Signed, it_adds_120_bytes_and_32_for_each_hash_of_the_path) {
  EXPECT_EQ(encode_signed(sign_bytes(some(80), domain::message, key, 3)).size(), 80u + 120);
  const auto pair = sign_batch({some(80), some(80)}, domain::message, key, 3);
  EXPECT_EQ(encode_signed(pair[1]).size(), 80u + 120 + 32);
}

TEST(Signed, bytes_at_any_address_are_read) {
  const Signed value = sign_bytes(some(100), domain::message, key, 3);
  const Bytes frame = encode_signed(value);
  for (std::size_t shift = 0; shift < 8; ++shift) {
    Bytes moved(shift);
    append(moved, frame);
    EXPECT_EQ(decode_signed(ByteView(moved).subspan(shift)).value(), value);
  }
}

}  // namespace
}  // namespace ginnel
