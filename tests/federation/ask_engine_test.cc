// SPDX-License-Identifier: Apache-2.0
#include "federation/ask/ask_engine.h"

#include <gtest/gtest.h>

namespace ginnel {
namespace {

const MemberId police = *MemberId::parse("wy-police");
const MemberId health = *MemberId::parse("leeds-health");

class AskEngineTest : public testing::Test {
 protected:
  SeededRandom random{11};
  AskEngine engine{random};
  Instant now{1'795'000'000'000};
  ViewId view = ViewId::make(random);
  Ask ask = make_ask();

  Ask make_ask() {
    Ask made;
    made.id = AskId::make(random);
    made.about = Identity{"9990000018", "", "", {}, ""};
    made.claims.role = "practitioner";
    made.claims.purpose = "first_contact";
    made.claims.basis = "public_task";
    made.deadline = now + 5000;
    return made;
  }
  Answer page_of(const AskId& id, std::uint32_t page, std::uint32_t pages) {
    Answer answer;
    answer.ask = id;
    answer.page = page;
    answer.pages = pages;
    answer.status = PartStatus::answered;
    Item item;
    item.headline = "page " + std::to_string(page);
    answer.items.push_back(item);
    return answer;
  }
};

TEST_F(AskEngineTest, an_ask_goes_out_again_in_fresh_messages_until_it_is_answered) {
  ASSERT_TRUE(engine.start(view, police, ask, now));
  auto first = engine.take_outgoing();
  ASSERT_EQ(first.size(), 1u);
  engine.tick(now + limits::ask_resend_ms_first + -1);
  EXPECT_TRUE(engine.take_outgoing().empty());
  engine.tick(now + limits::ask_resend_ms_first);
  auto second = engine.take_outgoing();
  ASSERT_EQ(second.size(), 1u);
  EXPECT_NE(first[0].id, second[0].id);
  EXPECT_EQ(first[0].payload, second[0].payload);
  EXPECT_FALSE(engine.receive(police, page_of(ask.id, 0, 1), now + 900));
  engine.tick(now + minute_ms);
  EXPECT_TRUE(engine.take_outgoing().empty());
  EXPECT_EQ(engine.take_parts().size(), 1u);
  EXPECT_FALSE(engine.is_waiting(view));
}

TEST_F(AskEngineTest, only_the_member_that_was_asked_may_answer) {
  ASSERT_TRUE(engine.start(view, police, ask, now));
  EXPECT_EQ(engine.receive(health, page_of(ask.id, 0, 1), now), Drop::unsolicited);
  EXPECT_EQ(engine.receive(police, page_of(AskId::make(random), 0, 1), now), Drop::unsolicited);
  EXPECT_TRUE(engine.take_parts().empty());
  EXPECT_TRUE(engine.is_waiting(view));
}

TEST_F(AskEngineTest, pages_join_in_order_whatever_the_order_of_their_arrival) {
  ASSERT_TRUE(engine.start(view, police, ask, now));
  engine.take_outgoing();
  EXPECT_FALSE(engine.receive(police, page_of(ask.id, 0, 7), now));
  EXPECT_EQ(engine.take_outgoing().size(), limits::ask_pages_in_flight_max);
  for (std::uint32_t page : {3u, 2u, 2u, 1u, 6u, 5u})
    EXPECT_FALSE(engine.receive(police, page_of(ask.id, page, 7), now));
  EXPECT_TRUE(engine.take_parts().empty());
  EXPECT_FALSE(engine.receive(police, page_of(ask.id, 4, 7), now));
  auto parts = engine.take_parts();
  ASSERT_EQ(parts.size(), 1u);
  ASSERT_EQ(parts[0].answer.items.size(), 7u);
  for (std::size_t i = 0; i < 7; ++i) EXPECT_EQ(parts[0].answer.items[i].headline, "page " + std::to_string(i));
}

TEST_F(AskEngineTest, a_lost_page_is_asked_for_again) {
  ASSERT_TRUE(engine.start(view, police, ask, now));
  EXPECT_FALSE(engine.receive(police, page_of(ask.id, 0, 2), now));
  engine.take_outgoing();
  engine.tick(now + minute_ms);
  auto again = engine.take_outgoing();
  ASSERT_EQ(again.size(), 1u);
  EXPECT_EQ(again[0].kind, Kind::page_request);
  EXPECT_EQ(decode_page_request(again[0].payload)->page, 1u);
}

TEST_F(AskEngineTest, a_peer_that_gives_no_more_pages_is_asked_again_from_the_start) {
  ASSERT_TRUE(engine.start(view, police, ask, now));
  EXPECT_FALSE(engine.receive(police, page_of(ask.id, 0, 3), now));
  engine.tick(now + minute_ms);
  engine.take_outgoing();
  engine.tick(now + 2 * minute_ms);
  auto again = engine.take_outgoing();
  ASSERT_EQ(again.size(), 1u);
  EXPECT_EQ(again[0].kind, Kind::ask);
}

TEST_F(AskEngineTest, pages_of_an_answer_that_was_remade_are_not_mixed_with_earlier_ones) {
  ASSERT_TRUE(engine.start(view, police, ask, now));
  const auto remade = [&](std::uint32_t page) {
    Answer answer = page_of(ask.id, page, 2);
    answer.answered_at = now + 10;
    answer.items[0].headline += " remade";
    return answer;
  };
  EXPECT_FALSE(engine.receive(police, page_of(ask.id, 0, 2), now));
  EXPECT_FALSE(engine.receive(police, remade(1), now));
  EXPECT_TRUE(engine.take_parts().empty());
  EXPECT_FALSE(engine.receive(police, remade(0), now));
  auto parts = engine.take_parts();
  ASSERT_EQ(parts.size(), 1u);
  ASSERT_EQ(parts[0].answer.items.size(), 2u);
  EXPECT_EQ(parts[0].answer.items[0].headline, "page 0 remade");
  EXPECT_EQ(parts[0].answer.items[1].headline, "page 1 remade");
}

TEST_F(AskEngineTest, a_page_number_past_the_end_is_a_bad_payload) {
  ASSERT_TRUE(engine.start(view, police, ask, now));
  EXPECT_EQ(engine.receive(police, page_of(ask.id, 2, 2), now), Drop::bad_payload);
  EXPECT_TRUE(engine.is_waiting(view));
}

TEST_F(AskEngineTest, a_problem_about_any_transmission_makes_the_part_unknown) {
  ASSERT_TRUE(engine.start(view, police, ask, now));
  engine.tick(now + minute_ms);
  auto sent = engine.take_outgoing();
  Problem problem{"unsupported-kind", "this node does not answer asks", "", "id-1"};
  EXPECT_EQ(engine.receive_problem(health, sent[0].id, problem, now), Drop::unsolicited);
  EXPECT_EQ(engine.receive_problem(police, MessageId::make(random), problem, now), Drop::unsolicited);
  EXPECT_FALSE(engine.receive_problem(police, sent[0].id, problem, now));
  auto parts = engine.take_parts();
  ASSERT_EQ(parts.size(), 1u);
  EXPECT_EQ(parts[0].answer.status, PartStatus::unknown);
  EXPECT_EQ(parts[0].answer.reason.code, "unsupported-kind");
}

TEST_F(AskEngineTest, a_late_answer_joins_until_the_view_closes_and_not_after) {
  ASSERT_TRUE(engine.start(view, police, ask, now));
  engine.tick(ask.deadline + limits::view_open_after_deadline_ms + -1);
  EXPECT_EQ(engine.open_asks(), 1u);
  EXPECT_FALSE(engine.receive(police, page_of(ask.id, 0, 1), now));
  ASSERT_TRUE(engine.start(view, health, make_ask(), now));
  engine.tick(ask.deadline + limits::view_open_after_deadline_ms);
  EXPECT_EQ(engine.open_asks(), 0u);
  EXPECT_EQ(engine.receive(police, page_of(ask.id, 0, 1), now), Drop::unsolicited);
}

TEST_F(AskEngineTest, what_was_answered_does_not_keep_others_from_being_asked) {
  for (std::size_t i = 0; i < limits::asks_open_max + 10; ++i) {
    const Ask one = make_ask();
    ASSERT_TRUE(engine.start(view, police, one, now)) << i;
    ASSERT_FALSE(engine.receive(police, page_of(one.id, 0, 1), now));
  }
  EXPECT_FALSE(engine.is_waiting(view));
  EXPECT_FALSE(engine.next_tick() && *engine.next_tick() < ask.deadline) << "it would be looked at for nothing";
  for (std::size_t i = 0; i < limits::asks_open_max; ++i) ASSERT_TRUE(engine.start(view, police, make_ask(), now)) << i;
  EXPECT_EQ(engine.start(view, police, make_ask(), now).error().code, "too-busy");
  engine.close(view);
  EXPECT_EQ(engine.open_asks(), 0u);
  EXPECT_FALSE(engine.next_tick());
}

}  // namespace
}  // namespace ginnel
