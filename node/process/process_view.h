// SPDX-License-Identifier: Apache-2.0
// Processes as people see and change them: what Service gives to API, pages and command line, and takes from them.
//
// Whom a process is about stands as an opaque id; no name, number or birth date. What people wrote in it is shown with
// the one process alone, never in a list.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "federation/base/id.h"
#include "federation/base/time.h"
#include "federation/wire/notice_id.h"

namespace ginnel {

namespace limits {
inline constexpr std::size_t processes_shown_max = 200;  // of one list; `more` says that there are others
}

// --- what is wished

struct NewProcess {
  std::string definition;  // "child-protection"
  PersonRef person;
  When at;  // of the first step; not set: now
};
struct NewProcessStep {
  ProcessId process;
  std::string step;
  When at;
};
struct NewContribution {
  ProcessId process;
  std::uint32_t step = 0;
  std::string name, text;
  When at;
  // Of another agency, as whoever leads wrote it down: the member, and which of the definition's agencies it is; empty:
  // the one that the directory says. Both empty: our own.
  std::string member, agency;
};
// What somebody brings to a step of another agency's process, by the notice that invites them.
struct NewAnswer {
  NoticeId notice;
  std::string name, text;  // name: one of what is wanted
  When at;                 // not set: now
};
struct NewOutcome {
  ProcessId process;
  std::uint32_t step = 0;
  std::string outcome, reason;
  When at;
};
struct NewLateReason {
  ProcessId process;
  std::uint32_t step = 0;
  std::string clock, text;
};

// --- what is shown

struct ProcessClock {
  std::string id, state;  // "running", "overdue", ...
  Instant due;            // not set: its event has not happened, or it cannot be computed
  std::string why;        // the rule, its event and the days that were not counted
  std::string late_reason;
  bool is_late = false, needs_reason = false;
};
// What a step takes from those who contribute.
struct ProcessTakes {
  std::string name;
  bool has_date = false;    // a day or a moment must be given with it
  bool is_missing = false;  // the step does not end without it
};
struct ProcessContribution {
  std::string name, text, member;
  When at;
};
struct ProcessStepLine {
  std::uint32_t number = 0;
  std::string step, title, owner;
  bool is_open = false, is_cancelled = false;
  When opened, closed;
  std::string outcome, reason, done_by;
  std::vector<std::string> present, missing;                  // agencies, in words
  std::vector<std::string> waits_for;                         // of an open one: evidence that is not recorded yet
  std::vector<std::pair<std::string, std::string>> outcomes;  // of an open one: id, title
  std::vector<ProcessTakes> takes;                            // of an open one; what is missing stands first
  std::vector<ProcessContribution> contributions;
  std::vector<ProcessClock> clocks;
};
struct ProcessAlert {
  std::string key, title, why, proposes;
  std::vector<std::string> told;  // roles, in words
  Instant due;
  bool is_acknowledged = false;
};
struct ProcessSummary {
  ProcessId id;
  std::string definition, title, lead;
  PersonRef person;
  std::vector<std::string> states;  // in words
  std::vector<std::string> open;    // steps, in words
  Instant due;                      // the next that is due in it; not set: nothing
  bool is_late = false, has_ended = false;
};
struct ProcessList {
  std::vector<ProcessSummary> processes;  // what is due first stands first
  bool more = false;
};
// When the node last looked at what all agencies hold, for the patterns of the definition.
struct ProcessLook {
  Instant at;
  std::vector<std::string> unanswered, withheld;  // agencies: that did not answer; that hold something back
  std::string problem;                            // why it could not; empty: it could
};
// The version that is in effect today, of a process that runs by another.
struct NewerDefinition {
  std::string definition, edition;
  Date since;
};
struct ProcessDetail {
  ProcessSummary process;
  std::string lead_name;  // as its people know the agency
  std::string edition;
  std::optional<NewerDefinition> newer;  // of one that has not ended
  std::vector<ProcessStepLine> steps;
  std::vector<ProcessAlert> alerts;
  std::optional<ProcessLook> look;                             // nothing: not yet, or no pattern is looked for
  std::vector<std::pair<std::string, std::string>> may_begin;  // steps: id, title
  std::vector<std::pair<std::string, std::string>> members;    // that may have contributed, beside our own: id, name
  std::vector<std::pair<std::string, std::string>> leads;      // members to whom the lead can be offered: id, name
  bool is_ours = true;                                         // this node orders its steps now
  Instant as_at;
};

}  // namespace ginnel
