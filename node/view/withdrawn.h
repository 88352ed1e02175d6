// SPDX-License-Identifier: Apache-2.0
// Records of some member, or of this node itself, that were taken back: no view and no notice shows them from here on
// (promise 12). Rows of the side table `inbox`, kept for good.
//
// Thread: the loop. Failure: the store's; then it cannot be said what holds, and nothing may be shown.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "node/store/store.h"

namespace ginnel {

struct Withdrawal {
  Instant at;
  std::string kind;    // word of the list `notice_kind`
  std::string reason;  // for people; may be empty
  bool operator==(const Withdrawal&) const = default;
};

Expected<void> put_withdrawn(Turn& turn, const MemberId& owner, const RecordId& record, const Withdrawal& withdrawal);

// Asks once for each member whether anything of theirs was ever taken back.
class WithdrawnReader {
 public:
  explicit WithdrawnReader(const StoreReader& reader) : reader_(reader) {}
  Expected<std::optional<Withdrawal>> find(const MemberId& owner, const RecordId& record);

 private:
  const StoreReader& reader_;
  std::map<MemberId, bool> any_;
};

}  // namespace ginnel
