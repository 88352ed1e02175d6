// SPDX-License-Identifier: Apache-2.0
// Refusals to share as people record, see and review them: what Service gives to the API and the command line, and
// takes from them.
//
// Thread: any; values. What was not shared and why is a record about a person: shown to the agency's own workers alone.
#pragma once

#include <string>
#include <vector>

#include "node/store/refusal_entry.h"
#include "node/view/registers.h"

namespace ginnel {

namespace limits {
inline constexpr std::size_t refusals_shown_max = 200;  // of one person, the newest; `more` says that there are others
}

struct NewRefusal {
  RefusalEntry entry;                 // its id is made, and it is decided now
  std::vector<std::string> mistakes;  // found while it was read
};

struct NewRefusalReview {
  RefusalId refusal;
  std::string outcome, reason;
  Instant next;
};

struct RefusalRow {
  RefusalEntry entry;
  std::string test_title;
  std::string recorded_by, reviewed_by;  // names; the second empty: nobody yet
  Instant reviewed_at;
  bool is_due = false;  // its review is
};

struct RefusalList {
  std::vector<RefusalRow> rows;  // newest first
  bool more = false;
  DecisionsAbout about;  // for pages
};

using RefusalRegister = RegisterPage<RefusalRow>;

}  // namespace ginnel
