// SPDX-License-Identifier: Apache-2.0
// What a decision goes by, into its ledger entry and out of it again: so that a past decision can be made once more, by
// other policies, without the records, which may have changed or gone since.
//
// Thread: any; values. Alike labels are written once: an entry about fifty records names a handful.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>

#include "node/gate/gate.h"
#include "node/store/entry.h"

namespace ginnel {

// Role, purpose, basis and all else that is claimed by who asks.
void record_asking(const Asking& asking, Access& entry);

// What held of consent; and the same from an entry again.
void record_consents(const Consents& consents, DecidedBy& by);
Consents recorded_consents(const DecidedBy& by);

// Gives each label its place among DecidedBy::labels of an entry that record_asking() has begun. The labels outlive it.
class LabelsRecorded {
 public:
  explicit LabelsRecorded(DecidedBy& by) : by_(by) {}
  std::uint16_t place_of(const RecordLabel& record);  // for AccessItem::label

 private:
  struct Less {
    bool operator()(const RecordLabel* a, const RecordLabel* b) const;
  };
  DecidedBy& by_;
  std::map<const RecordLabel*, std::uint16_t, Less> places_;
};

// Who asked for what, as the entry of a decision holds it; `own` is this node's member. Nothing: it was not recorded.
std::optional<Asking> recorded_asking(const EntryHeader& header, const Access& entry, const MemberId& own);

// The label by which an item of it was decided. Nothing: it was not recorded.
std::optional<RecordLabel> recorded_label(const AccessItem& item, const Access& entry);

}  // namespace ginnel
