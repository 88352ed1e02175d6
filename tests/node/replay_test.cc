// SPDX-License-Identifier: Apache-2.0
#include "node/replay.h"

#include "tests/node/store_for_tests.h"

namespace ginnel {
namespace {

const MemberId leeds = *MemberId::parse("leeds-csc");
const MemberId from_police = *MemberId::parse("wy-police");

class StoredReplaysTest : public testing::Test {
 protected:
  StoreForTests store;
  SeededRandom random{5};
  MessageId message = MessageId::make(random);
  StoredReplays replays;

  // A message of theirs that was sent so long before its id may go.
  Header header(const MemberId& from, Instant until) {
    Header out;
    out.from = from;
    out.id = message;
    out.expires = until + -limits::replay_kept_after_ms;
    out.sent_at = out.expires + -minute_ms;
    return out;
  }
  void remember(const Header& opened, Instant now = noon) {
    auto turn = store.begin(now);
    replays.use(turn.get());
    replays.remember(opened);
    EXPECT_FALSE(replays.failed());
    ASSERT_TRUE(turn->commit());
    replays.use(nullptr);
  }
  void remember(const MemberId& from, Instant until, Instant now = noon) { remember(header(from, until), now); }
  // That its clock shows so much.
  void hear(const MemberId& from, Instant its_time, Instant now) {
    Header later = header(from, its_time + hour_ms);
    later.sent_at = its_time;
    later.id = MessageId::make(random);
    remember(later, now);
  }
  bool is_seen(const MemberId& from, Instant now = noon) {
    auto turn = store.begin(now);
    replays.use(turn.get());
    return replays.seen(from, message);
  }
  void next_turn(Instant now) {
    auto turn = store.begin(now);
    replays.use(turn.get());
    ASSERT_TRUE(replays.forget());
    EXPECT_FALSE(replays.failed());
    ASSERT_TRUE(turn->commit());
    replays.use(nullptr);
  }
};

TEST_F(StoredReplaysTest, a_message_is_seen_once_it_was_remembered_and_after_a_restart) {
  EXPECT_FALSE(is_seen(leeds));
  remember(leeds, noon + hour_ms);
  EXPECT_TRUE(is_seen(leeds));
  store.reopen();
  EXPECT_TRUE(is_seen(leeds));
}

TEST_F(StoredReplaysTest, an_id_is_its_senders_own) {
  remember(leeds, noon + hour_ms);
  EXPECT_FALSE(is_seen(from_police));
}

TEST_F(StoredReplaysTest, a_message_of_the_same_turn_is_seen) {
  auto turn = store.begin();
  replays.use(turn.get());
  replays.remember(header(leeds, noon + hour_ms));
  EXPECT_TRUE(replays.seen(leeds, message));
}

TEST_F(StoredReplaysTest, a_turn_that_was_not_committed_remembers_nothing) {
  {
    auto turn = store.begin();
    replays.use(turn.get());
    replays.remember(header(leeds, noon + hour_ms));
  }
  EXPECT_FALSE(is_seen(leeds));
}

TEST_F(StoredReplaysTest, an_id_is_kept_until_its_time_and_not_after) {
  remember(leeds, noon + hour_ms);
  hear(leeds, noon + hour_ms, noon + hour_ms + -1);
  next_turn(noon + hour_ms + -1);
  EXPECT_TRUE(is_seen(leeds));
  next_turn(noon + hour_ms);
  EXPECT_FALSE(is_seen(leeds));
}

// Seed 53 of the simulator.
TEST_F(StoredReplaysTest, a_clock_that_runs_ahead_forgets_nothing_of_who_has_the_right_time) {
  remember(leeds, noon + hour_ms);
  const Instant ahead = noon + 30 * hour_ms;
  hear(leeds, noon + minute_ms, ahead);
  next_turn(ahead);
  next_turn(ahead + 10 * hour_ms);
  store.reopen();
  replays = StoredReplays();
  next_turn(ahead + 40 * hour_ms);
  EXPECT_TRUE(is_seen(leeds));
  hear(leeds, noon + hour_ms, noon + hour_ms);
  next_turn(noon + 200 * hour_ms);
  EXPECT_FALSE(is_seen(leeds)) << "its row stays for ever";
}

TEST_F(StoredReplaysTest, what_somebody_else_says_of_the_time_changes_nothing) {
  remember(leeds, noon + hour_ms);
  hear(from_police, noon + 2 * hour_ms, noon + 2 * hour_ms);
  next_turn(noon + 2 * hour_ms);
  EXPECT_TRUE(is_seen(leeds));
}

TEST_F(StoredReplaysTest, what_a_silent_sender_left_is_looked_at_ever_more_seldom) {
  remember(leeds, noon + hour_ms);
  int changes = 0;
  auto before = rows_of(store.ledger(), Table::side_expiry);
  for (Instant now = noon + hour_ms; now < noon + 7 * day_ms; now = now + minute_ms) {
    next_turn(now);
    auto after = rows_of(store.ledger(), Table::side_expiry);
    changes += before != after;
    before = std::move(after);
  }
  EXPECT_TRUE(is_seen(leeds));
  EXPECT_LE(changes, 12);
}

TEST_F(StoredReplaysTest, a_row_that_cannot_be_read_counts_as_seen) {
  remember(leeds, noon + hour_ms);
  for (auto [key, value] : rows_of(store.ledger(), Table::side_rows)) {
    value.back() ^= 1;
    put_row(store.ledger(), Table::side_rows, key, value);
  }
  store.reopen();
  EXPECT_TRUE(is_seen(leeds));
}

TEST_F(StoredReplaysTest, a_failure_is_its_own_turns_and_no_later_ones) {
  auto turn = store.begin();
  replays.use(turn.get());
  SeededRandom other(6);
  ASSERT_FALSE(
      turn->append(EntryKind::decided, ActorId(), KeyId::make(other), Bytes(limits::entry_body_bytes_max + 1)));
  turn.reset();
  remember(leeds, noon + hour_ms);
  EXPECT_FALSE(replays.failed());
}

}  // namespace
}  // namespace ginnel
