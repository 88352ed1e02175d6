// SPDX-License-Identifier: Apache-2.0
// One past decision of a ledger, with all that it went by, to say why it came out as it did.
//
// Thread: any; a value. Nothing of a person is in it that the ledger's entry does not hold in the clear of its key:
// ids, words of the vocabulary, what rules said.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "node/gate/gate.h"
#include "node/store/store.h"

namespace ginnel {

struct PastDecision {
  EntryHeader header;
  Access entry;
  Asking asking;
  AboutPerson about;                // allocation and consent, as they were known
  std::vector<RecordLabel> labels;  // of entry.items, in their order; none where the ask was refused as a whole
  bool was_refused() const { return !entry.outcome.empty(); }
};

// What the entry of a decision says. Nothing: it is of before a decision kept what it went by.
std::optional<PastDecision> past_decision_of(const EntryHeader& header, Access entry, const MemberId& own);

// Failure: `no-entry` (the ledger is not that long), `no-decision` (the entry is of something else), `erased` (with
// whom it was about), `not-recorded` (of before a decision kept what it went by), the store's own.
Expected<PastDecision> past_decision(std::uint64_t sequence, const StoreReader& reader, const MemberId& own);

}  // namespace ginnel
