// SPDX-License-Identifier: Apache-2.0
#include "federation/transfer/transfer_log.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/federation/transfer_sides.h"

namespace ginnel {
namespace {

using samples::member;

class TransferLogTest : public samples::TransferSides {};

TEST_F(TransferLogTest, the_lead_moves_after_conference_and_written_acceptance) {
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

TEST_F(TransferLogTest, nothing_is_released_before_acceptance_in_writing) {
  ASSERT_EQ(bradford(TransferAct::offer), "");
  EXPECT_EQ(bradford(TransferAct::release), "transfer-not-now");
  for (const TransferAct said : {TransferAct::received, TransferAct::accept}) ASSERT_EQ(leeds(said), "");
  EXPECT_EQ(bradford(TransferAct::release), "transfer-not-now");
  EXPECT_EQ(leeds(TransferAct::acceptance), "transfer-not-now");  // no conference
  ASSERT_EQ(leeds(TransferAct::conference), "");
  EXPECT_EQ(bradford(TransferAct::release), "transfer-not-now");
  EXPECT_EQ(leeds(TransferAct::assume), "transfer-not-now");
}

TEST_F(TransferLogTest, a_release_cannot_be_taken_back_and_a_cancelled_offer_not_released) {
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

TEST_F(TransferLogTest, who_has_not_seen_a_cancellation_may_still_decline) {
  ASSERT_EQ(bradford(TransferAct::offer), "");
  ASSERT_EQ(leeds(TransferAct::received), "");
  const auto before = log.next(member("leeds-csc"), TransferAct::decline, now).seen;
  ASSERT_EQ(bradford(TransferAct::cancel), "");
  EXPECT_EQ(say("leeds-csc", TransferAct::decline, [&](auto& next) { next.seen = before; }), "");
  EXPECT_EQ(log.state(), TransferState::declined);
}

TEST_F(TransferLogTest, who_has_seen_a_cancellation_acknowledges_it_and_goes_no_further) {
  ASSERT_EQ(bradford(TransferAct::offer), "");
  ASSERT_EQ(leeds(TransferAct::received), "");
  ASSERT_EQ(bradford(TransferAct::cancel), "");
  EXPECT_EQ(leeds(TransferAct::accept), "transfer-not-now");
  EXPECT_EQ(leeds(TransferAct::decline), "transfer-not-now");
  EXPECT_EQ(leeds(TransferAct::cancelled), "");
}

TEST_F(TransferLogTest, what_was_seen_once_stays_seen) {
  ASSERT_EQ(bradford(TransferAct::offer), "");
  const auto before = log.said_by(member("bradford-csc")).back().hash;
  ASSERT_EQ(bradford(TransferAct::cancel), "");
  ASSERT_EQ(leeds(TransferAct::received), "");
  // It pretends to know nothing of the cancellation.
  EXPECT_EQ(say("leeds-csc", TransferAct::accept, [&](auto& next) { next.seen = before; }), "transfer-not-now");
}

TEST_F(TransferLogTest, an_accepted_lead_is_not_declined_any_more) {
  until_agreed();
  EXPECT_EQ(leeds(TransferAct::decline), "transfer-not-now");
}

TEST_F(TransferLogTest, each_says_its_own_and_nothing_twice) {
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

TEST_F(TransferLogTest, something_else_under_the_same_number_is_a_conflict) {
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

TEST_F(TransferLogTest, what_it_follows_must_be_here_and_not_lie_after_it) {
  ASSERT_EQ(bradford(TransferAct::offer), "");
  EXPECT_EQ(say("leeds-csc", TransferAct::received, [](auto& next) { next.seen = Hash{1}; }), "transfer-gap");
  EXPECT_EQ(say("leeds-csc", TransferAct::received, [](auto& next) { next.number = 2, next.previous = Hash{1}; }),
            "transfer-gap");
  EXPECT_EQ(say("leeds-csc", TransferAct::received, [&](auto& next) { next.at = now + -1; }), "transfer-not-now");
  EXPECT_EQ(say("leeds-csc", TransferAct::received, [](auto& next) { next.seen = {}; }), "transfer-not-now");
}

TEST_F(TransferLogTest, it_is_not_before_its_own_side_and_follows_on_it_in_the_same_transfer) {
  ASSERT_EQ(bradford(TransferAct::offer), "");
  EXPECT_EQ(say("bradford-csc", TransferAct::bundle, [&](auto& next) { next.at = now + -1; }), "transfer-not-now");
  EXPECT_EQ(say("bradford-csc", TransferAct::bundle, [](auto& next) { next.previous = Hash{5}; }), "transfer-conflict");
  EXPECT_EQ(
      say("bradford-csc", TransferAct::bundle, [](auto& next) { next.transfer = *TransferId::from(Bytes(16, 0x45)); }),
      "transfer-not-now");
}

TEST_F(TransferLogTest, a_clock_that_is_behind_says_the_time_of_what_it_follows) {
  ASSERT_EQ(bradford(TransferAct::offer), "");
  const Instant offered = now;
  now = now + -10 * minute_ms;
  ASSERT_EQ(leeds(TransferAct::received), "");
  EXPECT_EQ(log.find(TransferAct::received)->at, offered);
}

TEST_F(TransferLogTest, the_node_assumes_with_the_whole_bundle_and_a_person_without) {
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

TEST_F(TransferLogTest, what_is_only_talk_leaves_room_for_what_decides) {
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

}  // namespace
}  // namespace ginnel
