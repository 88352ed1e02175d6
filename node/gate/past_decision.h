// SPDX-License-Identifier: Apache-2.0
// One past decision of a ledger, with all that it went by, to say why it came out as it did.
//
// Thread: any; a value. Nothing of a person is in it that the ledger's entry does not hold in the clear of its key:
// ids, words of the vocabulary, what rules said.
#pragma once

#include <cstdint>
#include <vector>

#include "node/gate/gate.h"
#include "node/store/store.h"

namespace ginnel {

struct PastDecision {
  std::uint64_t sequence = 0;
  Instant time;
  Access entry;
  Asking asking;
  AboutPerson about;                // allocation and consent, as they were known
  std::vector<RecordLabel> labels;  // of entry.items, in their order; none where the ask was refused as a whole
  bool was_refused() const { return !entry.outcome.empty(); }
};

// Failure: `no-entry` (the ledger is not that long), `no-decision` (the entry is of something else), `erased` (with
// whom it was about), `not-recorded` (of before a decision kept what it went by), the store's own.
Expected<PastDecision> past_decision(std::uint64_t sequence, const StoreReader& reader, const MemberId& own);

}  // namespace ginnel
