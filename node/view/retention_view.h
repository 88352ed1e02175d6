// SPDX-License-Identifier: Apache-2.0
// How long what is held is kept, as people see and decide it: what Service gives to pages, API and command line, and
// takes from them.
//
// Thread: any; values. Why something is held or kept is a record about a person: shown to roles with `sees_sharing`
// alone.
#pragma once

#include <string>
#include <vector>

#include "federation/base/id.h"
#include "federation/base/time.h"
#include "node/store/retention_entry.h"
#include "node/store/work_entry.h"
#include "node/view/own_people.h"

namespace ginnel {

namespace limits {
inline constexpr std::size_t retention_rows_shown_max = 100;      // of each list; `more` says that there are others
inline constexpr std::size_t retention_entries_read_max = 4'000;  // for one showing, the newest
}  // namespace limits

// A review that somebody has to do.
struct RetentionDue {
  TaskId task;
  FoundPerson person;
  Instant opened, due;
  bool is_late = false, may_decide = false;  // may_decide: whoever looks may act on the task
  std::string says;                          // what is due today, by which rule; lines
  std::string obstacle;                      // why nothing of it may be erased now; empty: nothing stands in the way
  bool whole = false;                        // all that is held on the person would be erased
  std::size_t records = 0;
};

// What is due, or was, and is kept: by somebody's decision, or because something stands in the way.
struct RetentionKept {
  FoundPerson person;
  RetentionEntry entry;
};

// One rule of the agency's schedule, as it counts today.
struct RetentionRuleShown {
  std::string id, title, source;
};

struct RetentionDesk {
  bool is_on = false;   // the node looks at review dates
  std::string edition;  // of the schedule; empty: there is none, only records' own review dates count
  std::vector<RetentionRuleShown> rules;
  std::vector<RetentionRuleShown> standing_holds;
  std::vector<RetentionDue> due;    // the soonest first
  std::vector<RetentionKept> kept;  // the newest first
  std::vector<RetentionKept> held;  // holds that stand, the newest first
  bool more = false;                // there are others than are shown
  Date today;
};

// How one review ends.
struct NewRetentionDecision {
  TaskId task;
  std::string outcome;  // "keep" or "erase"
  std::string reason;
  Date review_on;  // of "keep"
};

struct NewHold {
  PersonRef person;
  std::string reason;
  Date review_on;
};

struct HoldRelease {
  RetentionId hold;
  std::string reason;
};

}  // namespace ginnel
