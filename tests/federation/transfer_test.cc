// SPDX-License-Identifier: Apache-2.0
#include "federation/wire/transfer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>

#include "federation/transfer/transfer_log.h"
#include "federation/wire/signed.h"
#include "tests/federation/members.h"

namespace ginnel {
namespace {

using samples::member;
using samples::noon;

class TransferTest : public testing::Test {
 protected:
  // Signed and taken; the code of what was wrong with it.
  std::string say(const char* who, TransferAct said, const std::function<void(TransferStatement&)>& change = {}) {
    TransferStatement next = log.next(member(who), said, now);
    next.transfer = *TransferId::from(Bytes(16, 0x44));
    if (!is_automatic(said) && said != TransferAct::assume)
      next.who = "A. Manager, team manager", next.text = "as agreed";
    if (said == TransferAct::offer)
      next.offer = {*ProcessId::from(Bytes(16, 0x11)), 1, member("leeds-csc"), "child-protection", "planned", Hash{7}};
    if (said == TransferAct::bundle || said == TransferAct::complete || said == TransferAct::release ||
        said == TransferAct::assume)
      next.manifest = Hash{3};
    if (said == TransferAct::conference) next.held = When::on(*Date::of(2026, 11, 9));
    if (change) change(next);
    auto done = sign_statement(next, members.keys(who).signing, 1);
    if (!done) return done.error().code;
    auto read = verify_statement(done->encoded, book, now);
    if (!read) return read.error().code;
    EXPECT_EQ(*read, *done);
    auto added = log.add(*read);
    return added ? "" : added.error().code;
  }
  std::string bradford(TransferAct said) { return say("bradford-csc", said); }
  std::string leeds(TransferAct said) { return say("leeds-csc", said); }
  void until_agreed() {
    for (const TransferAct said : {TransferAct::offer, TransferAct::bundle}) ASSERT_EQ(bradford(said), "");
    for (const TransferAct said : {TransferAct::received, TransferAct::accept, TransferAct::conference,
                                   TransferAct::complete, TransferAct::acceptance})
      ASSERT_EQ(leeds(said), "");
  }

  samples::Members members;
  DirectoryBook book = members.book();
  TransferLog log;
  Instant now = noon + hour_ms;
};

TEST_F(TransferTest, the_lead_moves_after_conference_and_written_acceptance) {
  until_agreed();
  EXPECT_EQ(log.state(), TransferState::agreed);
  EXPECT_EQ(log.lead(), member("bradford-csc"));
  now = now + hour_ms;
  ASSERT_EQ(bradford(TransferAct::release), "");
  EXPECT_EQ(log.state(), TransferState::released);
  EXPECT_EQ(log.lead(), std::nullopt);
  EXPECT_THAT(log.accountable(), testing::ElementsAre(Accountable{member("bradford-csc"), 1, {}, {}}));
  now = now + hour_ms;
  ASSERT_EQ(leeds(TransferAct::assume), "");
  const Instant assumed = now;
  EXPECT_EQ(log.lead(), member("leeds-csc"));
  now = now + hour_ms;
  ASSERT_EQ(bradford(TransferAct::discharged), "");
  EXPECT_EQ(log.state(), TransferState::moved);
  EXPECT_THAT(log.accountable(), testing::ElementsAre(Accountable{member("bradford-csc"), 1, {}, now},
                                                      Accountable{member("leeds-csc"), 2, assumed, {}}));
}

TEST_F(TransferTest, nothing_is_released_before_acceptance_in_writing) {
  ASSERT_EQ(bradford(TransferAct::offer), "");
  EXPECT_EQ(bradford(TransferAct::release), "transfer-not-now");
  for (const TransferAct said : {TransferAct::received, TransferAct::accept}) ASSERT_EQ(leeds(said), "");
  EXPECT_EQ(bradford(TransferAct::release), "transfer-not-now");
  EXPECT_EQ(leeds(TransferAct::acceptance), "transfer-not-now");  // no conference
  ASSERT_EQ(leeds(TransferAct::conference), "");
  EXPECT_EQ(bradford(TransferAct::release), "transfer-not-now");
  EXPECT_EQ(leeds(TransferAct::assume), "transfer-not-now");
}

TEST_F(TransferTest, a_release_cannot_be_taken_back_and_a_cancelled_offer_not_released) {
  until_agreed();
  TransferLog agreed = log;
  ASSERT_EQ(bradford(TransferAct::release), "");
  EXPECT_EQ(bradford(TransferAct::cancel), "transfer-not-now");
  EXPECT_EQ(leeds(TransferAct::decline), "transfer-not-now");
  log = agreed;
  ASSERT_EQ(bradford(TransferAct::cancel), "");
  EXPECT_EQ(log.state(), TransferState::cancelling);
  EXPECT_EQ(bradford(TransferAct::release), "transfer-not-now");
  EXPECT_EQ(leeds(TransferAct::assume), "transfer-not-now");
  ASSERT_EQ(leeds(TransferAct::cancelled), "");
  EXPECT_EQ(log.state(), TransferState::cancelled);
  EXPECT_EQ(log.lead(), member("bradford-csc"));
}

TEST_F(TransferTest, who_has_not_seen_a_cancellation_may_still_decline) {
  ASSERT_EQ(bradford(TransferAct::offer), "");
  ASSERT_EQ(leeds(TransferAct::received), "");
  const auto before = log.next(member("leeds-csc"), TransferAct::decline, now).seen;
  ASSERT_EQ(bradford(TransferAct::cancel), "");
  EXPECT_EQ(say("leeds-csc", TransferAct::decline, [&](auto& next) { next.seen = before; }), "");
  EXPECT_EQ(log.state(), TransferState::declined);
}

TEST_F(TransferTest, who_has_seen_a_cancellation_acknowledges_it_and_goes_no_further) {
  ASSERT_EQ(bradford(TransferAct::offer), "");
  ASSERT_EQ(leeds(TransferAct::received), "");
  ASSERT_EQ(bradford(TransferAct::cancel), "");
  EXPECT_EQ(leeds(TransferAct::accept), "transfer-not-now");
  EXPECT_EQ(leeds(TransferAct::decline), "transfer-not-now");
  EXPECT_EQ(leeds(TransferAct::cancelled), "");
}

TEST_F(TransferTest, what_was_seen_once_stays_seen) {
  ASSERT_EQ(bradford(TransferAct::offer), "");
  const auto before = log.said_by(member("bradford-csc")).back().hash;
  ASSERT_EQ(bradford(TransferAct::cancel), "");
  ASSERT_EQ(leeds(TransferAct::received), "");
  // It pretends to know nothing of the cancellation.
  EXPECT_EQ(say("leeds-csc", TransferAct::accept, [&](auto& next) { next.seen = before; }), "transfer-not-now");
}

TEST_F(TransferTest, an_accepted_lead_is_not_declined_any_more) {
  until_agreed();
  EXPECT_EQ(leeds(TransferAct::decline), "transfer-not-now");
}

TEST_F(TransferTest, each_says_its_own_and_nothing_twice) {
  ASSERT_EQ(bradford(TransferAct::offer), "");
  EXPECT_EQ(bradford(TransferAct::accept), "transfer-not-yours");
  EXPECT_EQ(leeds(TransferAct::cancel), "transfer-not-yours");
  EXPECT_EQ(leeds(TransferAct::accept), "transfer-not-now");  // not received
  EXPECT_EQ(say("wakefield-csc", TransferAct::note), "transfer-not-yours");
  ASSERT_EQ(leeds(TransferAct::received), "");
  EXPECT_EQ(leeds(TransferAct::received), "transfer-not-now");
  ASSERT_EQ(leeds(TransferAct::accept), "");
  EXPECT_EQ(leeds(TransferAct::accept), "transfer-not-now");
}

TEST_F(TransferTest, something_else_under_the_same_number_is_a_conflict) {
  ASSERT_EQ(bradford(TransferAct::offer), "");
  const TransferLog before = log;
  ASSERT_EQ(bradford(TransferAct::bundle), "");
  EXPECT_EQ(say("bradford-csc", TransferAct::cancel,
                [&](auto& next) {
                  next = before.next(member("bradford-csc"), TransferAct::cancel, now);
                  next.who = next.text = "x";
                }),
            "transfer-conflict");
}

TEST_F(TransferTest, what_it_follows_must_be_here_and_not_lie_after_it) {
  ASSERT_EQ(bradford(TransferAct::offer), "");
  EXPECT_EQ(say("leeds-csc", TransferAct::received, [](auto& next) { next.seen = Hash{1}; }), "transfer-gap");
  EXPECT_EQ(say("leeds-csc", TransferAct::received, [](auto& next) { next.number = 2, next.previous = Hash{1}; }),
            "transfer-gap");
  EXPECT_EQ(say("leeds-csc", TransferAct::received, [&](auto& next) { next.at = now + -1; }), "transfer-not-now");
  EXPECT_EQ(say("leeds-csc", TransferAct::received, [](auto& next) { next.seen = {}; }), "transfer-not-now");
}

TEST_F(TransferTest, it_is_not_before_its_own_side_and_follows_on_it_in_the_same_transfer) {
  ASSERT_EQ(bradford(TransferAct::offer), "");
  EXPECT_EQ(say("bradford-csc", TransferAct::bundle, [&](auto& next) { next.at = now + -1; }), "transfer-not-now");
  EXPECT_EQ(say("bradford-csc", TransferAct::bundle, [](auto& next) { next.previous = Hash{5}; }), "transfer-conflict");
  EXPECT_EQ(
      say("bradford-csc", TransferAct::bundle, [](auto& next) { next.transfer = *TransferId::from(Bytes(16, 0x45)); }),
      "transfer-not-now");
}

TEST_F(TransferTest, a_clock_that_is_behind_says_the_time_of_what_it_follows) {
  ASSERT_EQ(bradford(TransferAct::offer), "");
  const Instant offered = now;
  now = now + -10 * minute_ms;
  ASSERT_EQ(leeds(TransferAct::received), "");
  EXPECT_EQ(log.find(TransferAct::received)->at, offered);
}

TEST_F(TransferTest, the_node_assumes_with_the_whole_bundle_and_a_person_without) {
  ASSERT_EQ(bradford(TransferAct::offer), "");
  for (const TransferAct said :
       {TransferAct::received, TransferAct::accept, TransferAct::conference, TransferAct::acceptance})
    ASSERT_EQ(leeds(said), "");
  ASSERT_EQ(bradford(TransferAct::release), "");
  const TransferLog released = log;
  EXPECT_EQ(leeds(TransferAct::assume), "transfer-not-now");
  EXPECT_EQ(say("leeds-csc", TransferAct::assume, [](auto& next) { next.who = "C. Manager"; }),
            "bad-transfer-statement");
  EXPECT_EQ(
      say("leeds-csc", TransferAct::assume, [](auto& next) { next.who = "C. Manager", next.text = "they are down"; }),
      "");
  log = released;
  EXPECT_EQ(say("leeds-csc", TransferAct::complete, [](auto& next) { next.manifest = Hash{4}; }), "transfer-not-now");
  ASSERT_EQ(leeds(TransferAct::complete), "");
  EXPECT_EQ(leeds(TransferAct::assume), "");
}

TEST_F(TransferTest, what_is_only_talk_leaves_room_for_what_decides) {
  ASSERT_EQ(bradford(TransferAct::offer), "");
  ASSERT_EQ(leeds(TransferAct::received), "");
  std::string left;
  int notes = 0;
  while ((left = leeds(TransferAct::note)).empty()) ++notes;
  EXPECT_EQ(left, "transfer-not-now");
  EXPECT_EQ(notes, 15);
  std::uint8_t manifest = 0;
  while (say("bradford-csc", TransferAct::bundle, [&](auto& next) { next.manifest = Hash{++manifest}; }).empty())
    if (say("leeds-csc", TransferAct::complete, [&](auto& next) { next.manifest = Hash{manifest}; }) != "") break;
  for (const TransferAct said : {TransferAct::accept, TransferAct::conference, TransferAct::acceptance})
    ASSERT_EQ(leeds(said), "");
  const auto last = [](TransferStatement& next) { next.manifest = Hash{99}; };
  ASSERT_EQ(say("bradford-csc", TransferAct::release, last), "");
  ASSERT_EQ(say("leeds-csc", TransferAct::complete, last), "");
  ASSERT_EQ(say("leeds-csc", TransferAct::assume, last), "");
  EXPECT_EQ(bradford(TransferAct::discharged), "");
}

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
