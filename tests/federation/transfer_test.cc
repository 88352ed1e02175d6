// SPDX-License-Identifier: Apache-2.0
#include "federation/wire/transfer.h"

#include <gtest/gtest.h>

#include <functional>

#include "tests/federation/transfer_sides.h"

namespace ginnel {
namespace {

using samples::member;

class TransferTest : public samples::TransferSides {};

TEST_F(TransferTest, a_statement_of_somebody_else_is_forged) {
  TransferStatement offer = log.next(member("bradford-csc"), TransferAct::offer, now);
  offer.transfer = *TransferId::from(Bytes(16, 0x44));
  offer.who = "x";
  offer.offer = {*ProcessId::from(Bytes(16, 0x11)), 1, member("leeds-csc"), "child-protection", "planned", Hash{7}};
  const auto by = [&](const char* who, std::uint32_t number) {
    return verify_statement(sign_statement(offer, members.keys(who).signing, number)->encoded, book, now).error().code;
  };
  EXPECT_EQ(by("leeds-csc", 1), "transfer-forged");
  EXPECT_EQ(by("bradford-csc", 2), "transfer-key-unknown");
  offer.by = *MemberId::parse("stranger-csc");
  EXPECT_EQ(by("bradford-csc", 1), "transfer-key-unknown");
}

TEST_F(TransferTest, every_field_is_held_against_the_schema) {
  const auto refused = [&](TransferAct said, const std::function<void(TransferStatement&)>& change) {
    EXPECT_EQ(say(said == TransferAct::offer ? "bradford-csc" : "leeds-csc", said, change), "bad-transfer-statement");
  };
  refused(TransferAct::offer, [](auto& s) { s.transfer = {}; });
  refused(TransferAct::offer, [](auto& s) { s.offer.process = {}; });
  refused(TransferAct::offer, [](auto& s) { s.offer.epoch = 0; });
  refused(TransferAct::offer, [](auto& s) { s.offer.to = s.by; });
  refused(TransferAct::offer, [](auto& s) { s.offer.child = {}; });
  refused(TransferAct::offer, [](auto& s) { s.offer.move = "two words"; });
  refused(TransferAct::offer, [](auto& s) { s.who.clear(); });
  refused(TransferAct::offer, [](auto& s) { s.manifest = Hash{1}; });
  refused(TransferAct::offer, [](auto& s) { s.number = 49, s.previous = Hash{1}; });
  refused(TransferAct::offer, [](auto& s) { s.previous = Hash{1}; });
  refused(TransferAct::offer, [](auto& s) { s.at = {}; });
  refused(TransferAct::offer, [](auto& s) { s.text.assign(1001, 'x'); });
  ASSERT_EQ(bradford(TransferAct::offer), "");
  refused(TransferAct::received, [](auto& s) { s.who = "somebody"; });
  refused(TransferAct::received, [](auto& s) { s.held = When::on(*Date::of(2026, 11, 9)); });
  refused(TransferAct::received, [](auto& s) { s.offer.epoch = 1; });
  refused(TransferAct::decline, [](auto& s) { s.text.clear(); });
  refused(TransferAct::conference, [](auto& s) { s.held = {}; });
  refused(TransferAct::complete, [](auto& s) { s.manifest = {}; });
}

TEST_F(TransferTest, the_longest_statement_there_can_be_is_signed) {
  const auto longest = [](TransferStatement& offer) {
    offer.by = *MemberId::parse(std::string(40, 'a'));
    offer.who.assign(limits::name_bytes_max, 'x');
    offer.text.assign(limits::transfer_text_bytes_max, 'x');
    offer.offer.to = *MemberId::parse(std::string(40, 'b'));
    offer.offer.definition.assign(limits::name_bytes_max, 'x');
    offer.offer.move.assign(limits::word_bytes_max, 'x');
  };
  EXPECT_EQ(say("bradford-csc", TransferAct::offer, longest), "transfer-key-unknown");  // which is after its length
}

TEST_F(TransferTest, a_message_reads_back_and_is_not_longer_than_a_frame) {
  TransferMessage message{*TransferId::from(Bytes(16, 0x44)), {}, {}, true};
  message.originator.assign(limits::transfer_statements_max, Bytes(limits::transfer_statement_bytes_max, 1));
  message.receiver = message.originator;
  EXPECT_LE(encode_transfer(message).size(), limits::payload_bytes_max);
  EXPECT_EQ(decode_transfer(encode_transfer(message)).value(), message);
  message.originator.push_back({1});
  EXPECT_FALSE(decode_transfer(encode_transfer(message)));
  std::vector<TransferHeld> held(limits::transfers_recalled_max, TransferHeld{message.transfer, 1, 2});
  EXPECT_LE(encode_recalled(held).size(), limits::payload_bytes_max);
  EXPECT_EQ(decode_recalled(encode_recalled(held)).value(), held);
  EXPECT_TRUE(decode_recall(encode_recall()));
  EXPECT_FALSE(decode_recall(Bytes(7, 0)));
}

}  // namespace
}  // namespace ginnel
