// SPDX-License-Identifier: Apache-2.0
#include "federation/ask/answer_engine.h"

#include <gtest/gtest.h>

namespace ginnel {
namespace {

const MemberId bradford = *MemberId::parse("bradford-csc");
const MemberId leeds = *MemberId::parse("leeds-csc");

AnswerEngine::Given page(Bytes bytes) { return {{std::move(bytes)}, {}, {}, {}}; }

TEST(AnswerEngine, the_first_answer_to_an_ask_is_the_one_that_stays) {
  SeededRandom random(5);
  AnswerEngine engine;
  AskId ask = AskId::make(random);
  EXPECT_EQ(engine.find(bradford, ask), nullptr);
  engine.keep(bradford, ask, page(Bytes{1}), Instant{1});
  engine.keep(bradford, ask, page(Bytes{2}), Instant{2});
  ASSERT_NE(engine.find(bradford, ask), nullptr);
  EXPECT_EQ(engine.find(bradford, ask)->pages.front(), Bytes{1});
}

TEST(AnswerEngine, one_member_never_gets_another_members_answer_by_its_ask_id) {
  SeededRandom random(5);
  AnswerEngine engine;
  AskId ask = AskId::make(random);
  engine.keep(bradford, ask, page(Bytes{1}), Instant{1});
  EXPECT_EQ(engine.find(leeds, ask), nullptr);
}

TEST(AnswerEngine, what_is_forgotten_leaves_room_and_the_others) {
  SeededRandom random(5);
  AnswerEngine engine;
  const AskId first = AskId::make(random), second = AskId::make(random);
  engine.keep(bradford, first, page(Bytes(limits::answers_kept_bytes_per_peer_max - 1)), Instant{1});
  engine.forget(leeds, first);
  EXPECT_NE(engine.find(bradford, first), nullptr);
  engine.forget(bradford, first);
  EXPECT_EQ(engine.find(bradford, first), nullptr);
  engine.keep(bradford, first, page(Bytes{2}), Instant{2});
  engine.keep(bradford, second, page(Bytes(limits::answers_kept_bytes_per_peer_max - 1)), Instant{2});
  EXPECT_NE(engine.find(bradford, first), nullptr);
}

TEST(AnswerEngine, a_peer_pushes_out_its_own_answers_only) {
  SeededRandom random(5);
  AnswerEngine engine;
  AskId quiet = AskId::make(random), first = AskId::make(random);
  engine.keep(leeds, quiet, page(Bytes{1}), Instant{1});
  engine.keep(bradford, first, page(Bytes{1}), Instant{1});
  for (std::size_t i = 0; i < limits::answers_kept_per_peer_max; ++i)
    engine.keep(bradford, AskId::make(random), page(Bytes{1}), Instant{1});
  EXPECT_EQ(engine.find(bradford, first), nullptr);
  EXPECT_NE(engine.find(leeds, quiet), nullptr);
}

TEST(AnswerEngine, answers_are_bounded_by_bytes_and_by_age) {
  SeededRandom random(5);
  AnswerEngine engine;
  AskId first = AskId::make(random), second = AskId::make(random);
  engine.keep(bradford, first, page(Bytes(limits::answers_kept_bytes_per_peer_max)), Instant{1});
  EXPECT_NE(engine.find(bradford, first), nullptr);
  engine.keep(bradford, second, page(Bytes{1}), Instant{2});
  EXPECT_EQ(engine.find(bradford, first), nullptr);
  engine.tick(Instant{2 + limits::answers_kept_ms});
  EXPECT_NE(engine.find(bradford, second), nullptr);
  engine.tick(Instant{3 + limits::answers_kept_ms});
  EXPECT_EQ(engine.find(bradford, second), nullptr);
}

}  // namespace
}  // namespace ginnel
