// SPDX-License-Identifier: Apache-2.0
// A federation in which some members run another version: nobody is harmed, and what is common is answered.
#include <gtest/gtest.h>

#include "federation/wire/signed.h"
#include "tests/federation/later_schema.h"
#include "tests/sim/world.h"

namespace ginnel::sim {
namespace {

class LaterPeer : public testing::Test {
 protected:
  void SetUp() override {
    t.ten_agencies().with_story(Story::moved_twice);
    t.node("bradford-csc").ask(Story::moved_twice).expect_complete();
    t.network().log.clear();
  }
  // What wy-police sent back, opened by nobody else.
  std::vector<Message> replies() {
    std::vector<Message> out;
    for (const auto& packet : t.network().log)
      if (packet.from.text() == "wy-police")
        if (auto opened = t.opened(packet)) out.push_back(*opened);
    return out;
  }
  World t{seed()};
};

TEST_F(LaterPeer, that_adds_fields_everywhere_is_answered_as_if_it_had_not) {
  Message message = t.ask_message("leeds-csc", "wy-police");
  message.payload = samples::with_added_fields(message.payload);
  const Bytes plain = t.sealed(message);
  const OwnKeys& keys = t.machine("leeds-csc").keys();
  const Bytes envelope = samples::with_added_fields(decode_signed(plain)->bytes);
  const auto framed = [&](std::size_t filler_bytes) {
    const Signed value = sign_bytes(envelope, domain::message, keys.signing, keys.statement_number);
    return samples::with_added_fields(encode_signed(value), filler_bytes);
  };
  const Bytes frame = framed(8 + 16384 - framed(8).size());
  ASSERT_EQ(frame.size(), 16384u);
  t.inject("leeds-csc", "wy-police", frame);
  t.run_for(1s);
  ASSERT_EQ(replies().size(), 1u);
  EXPECT_EQ(replies()[0].header.kind, Kind::answer);
  EXPECT_EQ(replies()[0].header.correlation, message.header.id);
}

TEST_F(LaterPeer, whose_messages_are_of_unknown_kinds_is_told_so_each_time_and_holds_up_nobody) {
  const auto ledger_before = t.node("wy-police").ledger_size();
  constexpr std::size_t many = 3 * limits::turn_frames_max;
  for (std::size_t i = 0; i < many; ++i) {
    t.inject("leeds-csc", "wy-police",
             t.sealed(t.message("leeds-csc", "wy-police", static_cast<Kind>(900 + i), Bytes(i % 64 * 8, 0xee))));
    if (i % limits::turn_frames_max == limits::turn_frames_max - 1) t.run_for(1s);  // more do not fit into a queue
  }
  t.node("bradford-csc").ask(Story::moved_twice).expect_complete();
  t.run_for(1s);
  EXPECT_EQ(t.machine("wy-police").node().unsupported_kinds(), many);
  std::size_t told = 0;
  for (const auto& message : replies()) {
    if (message.header.kind != Kind::error) continue;
    EXPECT_EQ(decode_problem(message.payload)->code, unsupported_kind_code);
    ++told;
  }
  EXPECT_EQ(told, many);
  EXPECT_EQ(t.node("wy-police").ledger_size(), ledger_before + 2) << "only what bradford-csc's ask took";
}

TEST_F(LaterPeer, of_a_version_beyond_is_dropped_and_one_that_is_right_after_it_is_answered) {
  for (std::uint16_t version : {std::uint16_t(0), std::uint16_t(protocol_version + 1)}) {
    Message message = t.ask_message("leeds-csc", "wy-police");
    message.header.version = version;
    t.inject("leeds-csc", "wy-police", t.sealed(message));
  }
  t.inject("leeds-csc", "wy-police", t.sealed(t.ask_message("leeds-csc", "wy-police")));
  t.run_for(1s);
  EXPECT_EQ(t.node("wy-police").dropped(Drop::unsupported_version), 2u);
  EXPECT_EQ(replies().size(), 1u);
}

TEST_F(LaterPeer, with_an_unknown_enum_value_in_its_ask_is_dropped_and_not_guessed_at) {
  Message message = t.ask_message("leeds-csc", "wy-police");
  auto ask = decode_ask(message.payload).value();
  const auto differing = [&](Step step) {
    ask.highest = step;
    return encode_ask(ask).value();
  };
  const Bytes one = differing(Step::exists), two = differing(Step::headline);
  const auto at = std::mismatch(one.begin(), one.end(), two.begin()).first - one.begin();
  message.payload[std::size_t(at)] = 99;
  t.inject("leeds-csc", "wy-police", t.sealed(message));
  t.run_for(1s);
  EXPECT_EQ(t.node("wy-police").dropped(Drop::bad_payload), 1u);
  EXPECT_TRUE(replies().empty());
}

}  // namespace
}  // namespace ginnel::sim
