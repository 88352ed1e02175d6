// SPDX-License-Identifier: Apache-2.0
#include "node/replay.h"

#include "tests/node/store_for_tests.h"

namespace ginnel {
namespace {

const MemberId leeds = *MemberId::parse("leeds-csc");
const MemberId police = *MemberId::parse("wy-police");

class StoredReplaysTest : public testing::Test {
 protected:
  StoreForTests store;
  SeededRandom random{5};
  MessageId message = MessageId::make(random);
  StoredReplays replays;

  void remember(const MemberId& from, Instant until, Instant now = noon) {
    auto turn = store.begin(now);
    replays.use(turn.get());
    replays.remember(from, message, until);
    EXPECT_FALSE(replays.failed());
    ASSERT_TRUE(turn->commit());
    replays.use(nullptr);
  }
  bool is_seen(const MemberId& from, Instant now = noon) {
    auto turn = store.begin(now);
    replays.use(turn.get());
    return replays.seen(from, message);
  }
  void next_turn(Instant now) {
    auto turn = store.begin(now);
    ASSERT_TRUE(turn->drop_expired());
    ASSERT_TRUE(turn->commit());
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
  EXPECT_FALSE(is_seen(police));
}

TEST_F(StoredReplaysTest, a_message_of_the_same_turn_is_seen) {
  auto turn = store.begin();
  replays.use(turn.get());
  replays.remember(leeds, message, noon + hour_ms);
  EXPECT_TRUE(replays.seen(leeds, message));
}

TEST_F(StoredReplaysTest, a_turn_that_was_not_committed_remembers_nothing) {
  {
    auto turn = store.begin();
    replays.use(turn.get());
    replays.remember(leeds, message, noon + hour_ms);
  }
  EXPECT_FALSE(is_seen(leeds));
}

TEST_F(StoredReplaysTest, an_id_is_kept_until_its_time_and_not_after) {
  remember(leeds, noon + hour_ms);
  next_turn(noon + hour_ms + -1);
  EXPECT_TRUE(is_seen(leeds));
  next_turn(noon + hour_ms);
  EXPECT_FALSE(is_seen(leeds));
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
