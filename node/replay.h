// SPDX-License-Identifier: Apache-2.0
// The replay window in the store: which messages were opened before, kept in the commit of the turn that opened them.
//
// A message's id goes when its time is over by this node's clock, and by its sender's: a later message of theirs says
// so. A clock that runs ahead here drops the ids of nobody whose clock is right, so nothing is answered twice when it
// is put back (docs/decisions/0049-the-senders-clock-counts-too.md). What a silent sender leaves is looked at ever more
// seldom.
#pragma once

#include <map>

#include "federation/wire/envelope.h"
#include "node/store/store.h"

namespace ginnel {

namespace limits {
inline constexpr std::int64_t replay_step_ms = minute_ms;            // how finely a sender's latest time is written
inline constexpr std::int64_t replay_linger_ms_min = 5 * minute_ms;  // until an id that had to stay is looked at again
}  // namespace limits

class StoredReplays : public ReplayWindow {
 public:
  // Between use() and the turn's end the window reads and writes that turn.
  void use(Turn* turn) {
    turn_ = turn;
    failed_ = false;
  }

  bool seen(const MemberId& from, const MessageId& id) override;
  void remember(const Header& opened) override;

  // Forgets what is over, in this turn's commit: with all other rows of side tables that are.
  Expected<void> forget();

  // True once a row could not be read or written in this turn: it must not be committed.
  bool failed() const { return failed_; }
  // After a turn that was not committed.
  void clear() { latest_.clear(); }

 private:
  Instant latest_of(const MemberId& from);
  std::optional<Instant> stays_until(ByteView row);

  Turn* turn_ = nullptr;
  bool failed_ = false;
  std::map<MemberId, Instant> latest_;  // as in the store
};

}  // namespace ginnel
