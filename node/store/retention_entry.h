// SPDX-License-Identifier: Apache-2.0
// The body of the entries about how long what is held on a person is kept: a hold, a decision to keep it longer, why it
// waits, and that some of it was erased. Each entry holds the whole as it stands after one act.
//
// Sealed under the person's key, so that erasing the person takes it along; that they were erased, by whom and why is
// the tombstone's to say.
#pragma once

#include <string>
#include <vector>

#include "federation/base/id.h"
#include "federation/base/time.h"

namespace ginnel {

using RetentionId = Id<struct RetentionTag>;  // one hold, or one decision

// A closed set: numbers are part of the stored format.
enum class RetentionAct : std::uint8_t {
  hold = 0,    // nothing of the person is erased until it is released
  kept = 1,    // somebody looked at what was due and keeps it; it is looked at again on `review_on`
  waits = 2,   // the node found it due, and why it is not offered for erasing yet; it looks again on `review_on`
  erased = 3,  // what was due of it was erased, and the rest is kept; it is looked at again as the rest falls due
};
inline constexpr auto last_retention_act = RetentionAct::erased;

struct RetentionEntry {
  RetentionId retention;
  PersonRef person;
  RetentionAct act = RetentionAct::hold;
  std::string reason;              // in the author's words; of `waits`: the node's
  std::string author;              // by name, as they were called then: whom to ask. Empty: the node
  Instant since;                   // when it was done
  Date review_on;                  // when it is looked at again; of a hold: by its author
  std::vector<std::string> rules;  // ids of the retention rules that were at their end
  std::uint32_t records = 0;       // how many records were due, or erased
  Instant released;                // of a hold; not set: it stands
  std::string released_by, why_released;
  bool operator==(const RetentionEntry&) const = default;

  bool holds() const { return act == RetentionAct::hold && !released.is_set(); }
};

}  // namespace ginnel
