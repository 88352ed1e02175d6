// SPDX-License-Identifier: Apache-2.0
// The replay window in the store: which messages were opened before, kept in the commit of the turn that opened them.
#pragma once

#include "federation/wire/envelope.h"
#include "node/store/store.h"

namespace ginnel {

class StoredReplays : public ReplayWindow {
 public:
  // Between use() and the turn's end the window reads and writes that turn.
  void use(Turn* turn) {
    turn_ = turn;
    failed_ = false;
  }

  bool seen(const MemberId& from, const MessageId& id) override;
  void remember(const MemberId& from, const MessageId& id, Instant keep_until) override;

  // True once a row could not be written in this turn: it must not be committed.
  bool failed() const { return failed_; }

 private:
  Turn* turn_ = nullptr;
  bool failed_ = false;
};

}  // namespace ginnel
