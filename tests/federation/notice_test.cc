// SPDX-License-Identifier: Apache-2.0
#include "federation/wire/notice.h"

#include <gtest/gtest.h>

#include "federation/wire/signed.h"
#include "tests/federation/members.h"

namespace ginnel {
namespace {

using samples::member;
using samples::noon;

TEST(NoticeCodec, every_shorter_payload_is_refused_and_a_changed_byte_never_aborts) {
  const Bytes bytes = encode_notices({samples::notice()}).value();
  for (std::size_t size = 0; size < bytes.size(); size += 8)
    EXPECT_FALSE(decode_notices(ByteView(bytes).first(size))) << size;
  for (std::size_t at = 0; at < bytes.size(); ++at) {
    Bytes changed = bytes;
    changed[at] ^= 0x41;
    const auto read = decode_notices(changed);
    EXPECT_TRUE(!read || read->size() == 1);
  }
}

TEST(NoticeCodec, a_message_of_none_or_of_too_many_is_refused) {
  EXPECT_FALSE(encode_notices({}));
  std::vector<Notice> many(limits::notices_per_message_max + 1, samples::notice());
  for (std::size_t i = 0; i < many.size(); ++i)
    many[i].number = i + 1, many[i].id = samples::id<NoticeId>(std::uint8_t(i + 1));
  EXPECT_FALSE(encode_notices(many));
  many.pop_back();
  for (auto& notice : many) notice.item.reset(), notice.step = Step::exists;
  auto bytes = encode_notices(many);
  ASSERT_TRUE(bytes);
  EXPECT_EQ(decode_notices(*bytes).value(), many);
}

TEST(NoticeCodec, a_notice_that_contradicts_itself_is_refused) {
  const auto is_refused = [](auto spoil) {
    Notice notice = samples::notice();
    spoil(notice);
    return !encode_notices({notice}).has_value();
  };
  EXPECT_TRUE(is_refused([](Notice& n) { n.step = Step::exists; }));                // and an item
  EXPECT_TRUE(is_refused([](Notice& n) { n.item.reset(); }));                       // at a step that has one
  EXPECT_TRUE(is_refused([](Notice& n) { n.record = samples::id<RecordId>(9); }));  // another than the item's
  EXPECT_TRUE(is_refused([](Notice& n) { n.ask = {}; }));
  EXPECT_TRUE(is_refused([](Notice& n) { n.id = {}; }));
  EXPECT_TRUE(is_refused([](Notice& n) { n.number = 0; }));
  EXPECT_TRUE(is_refused([](Notice& n) { n.kind = ""; }));
  Notice later = samples::notice();
  later.id = samples::id<NoticeId>(0x61);
  EXPECT_FALSE(encode_notices({samples::notice(), later})) << "the numbers do not rise";
}

class ReceiptTest : public testing::Test {
 protected:
  std::string verify(const Receipt& receipt, const std::string& signer) {
    const Bytes bytes = sign_receipt(receipt, members.keys(signer).signing, 1).value();
    auto verified = verify_receipt(bytes, member("bradford-csc"), member("leeds-csc"), book, noon);
    return verified ? "good" : verified.error().code;
  }
  Receipt receipt{member("leeds-csc"), member("bradford-csc"), noon, {{samples::id<NoticeId>(1), Outcome::taken}}};
  samples::Members members;
  DirectoryBook book = members.book();
};

TEST_F(ReceiptTest, a_genuine_one_is_proof) { EXPECT_EQ(verify(receipt, "bradford-csc"), "good"); }

TEST_F(ReceiptTest, one_that_another_member_signed_is_none) {
  EXPECT_EQ(verify(receipt, "wy-police"), "receipt-forged");
}

TEST_F(ReceiptTest, one_for_anothers_notices_is_none) {
  receipt.to = member("wy-police");
  EXPECT_EQ(verify(receipt, "bradford-csc"), "receipt-not-ours");
}

TEST_F(ReceiptTest, a_message_signature_is_no_receipt) {
  const Bytes bytes = encode_signed(
      sign_bytes(encode_receipt(receipt).value(), domain::message, members.keys("bradford-csc").signing, 1));
  EXPECT_EQ(verify_receipt(bytes, member("bradford-csc"), member("leeds-csc"), book, noon).error().code,
            "receipt-forged");
}

}  // namespace
}  // namespace ginnel
