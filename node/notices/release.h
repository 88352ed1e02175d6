// SPDX-License-Identifier: Apache-2.0
// What a notice may say at the moment in which it leaves: what an ask by the same member, with the claims that it made
// then and as far as they still hold, would be told of the record now. Nothing else, and never more.
//
// Thread: the loop. Success: the decision and, where anything is told, the disclosure are in the turn (promise 3).
// Failure: an error of `undecided` or `not-in-standing`: not now, for this child; others are the store's.
#pragma once

#include <optional>

#include "federation/directory/directory.h"
#include "federation/wire/notice.h"
#include "node/notices/outbox_row.h"
#include "node/view/part_maker.h"

namespace ginnel {

class Release {
 public:
  // All outlive the object. `duty`: whom the recipient is to ring.
  Release(const Gate& gate, const PartMaker& parts, const DirectoryBook& book, Contact duty)
      : gate_(gate), parts_(parts), book_(book), duty_(std::move(duty)) {}

  // Nothing: nothing may be told any more. Fills in row.told.
  Expected<std::optional<Notice>> make(const MemberId& peer, OutboxRow& row, Turn& turn) const;

 private:
  Expected<std::optional<PartAsk>> claims_of(const MemberId& peer, const OutboxRow& row, const Turn& turn) const;

  const Gate& gate_;
  const PartMaker& parts_;
  const DirectoryBook& book_;
  Contact duty_;
};

}  // namespace ginnel
