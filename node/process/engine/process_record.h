// SPDX-License-Identifier: Apache-2.0
// What happened to a running case, one record for each thing: what the engine makes, and what is kept of a case.
//
// Values alone, of no definition and no store, so that whoever keeps them needs nothing else of the engine.
//
// Thread: any.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <variant>

#include "federation/base/time.h"

namespace ginnel {

// Which definition, and which of its versions.
struct DefinitionKey {
  std::string id;         // "child-protection"
  std::string authority;  // whose it is: "west-yorkshire", or one authority's own
  std::int64_t version = 0;
  auto operator<=>(const DefinitionKey&) const = default;
  std::string text() const { return id + "/" + authority + "/" + std::to_string(version); }
};

// Who acts: a worker of a member, in one of the definition's roles.
struct Actor {
  std::string member, kind;  // kind: an agency of the definition
  std::string worker, role;
  bool operator==(const Actor&) const = default;
};

struct ProcessStarted {
  DefinitionKey definition;
  std::string lead_member;
  Actor by;
  bool operator==(const ProcessStarted&) const = default;
};
struct StepOpened {
  std::uint32_t instance = 0;  // from 1, without gaps
  std::string step;
  std::uint32_t cause = 0;  // the instance that led here; 0: somebody began it
  std::string outcome;      // of the cause
  std::string state;        // that it opens; empty: none
  When at;
  Actor by;
  bool operator==(const StepOpened&) const = default;
};
struct Contributed {
  std::uint32_t instance = 0;
  std::string name;
  When at;  // when it happened, or the date that it sets; not set: when it was recorded
  std::string text;
  Actor by;
  bool operator==(const Contributed&) const = default;
};
struct StepClosed {
  std::uint32_t instance = 0;
  std::string outcome;  // empty: cancelled by another step's
  When at;
  std::string reason;
  std::set<std::string> opens, closes;  // states
  Actor by;
  bool operator==(const StepClosed&) const = default;
};
// Why a clock was missed. Nothing waits for it.
struct ReasonGiven {
  std::uint32_t instance = 0;
  std::string clock, text;
  Actor by;
  bool operator==(const ReasonGiven&) const = default;
};
struct AlertRaised {
  std::string key;  // what fired, once: "clock/7/guidance/2026-04-27/80"
  enum class About : std::uint8_t { clock, escalation, watch, cover, outcome, cannot_compute };
  About about = About::clock;
  std::uint32_t instance = 0;     // 0: of the case as a whole
  std::string title;              // free of personal data
  std::string why;                // the rule, its event, the days that were not counted, where the rule comes from
  std::set<std::string> roles;    // of the lead's member
  std::set<std::string> members;  // others who are told
  std::set<std::string> covers;   // keys of lesser alerts that this one makes needless
  std::string proposes;           // a step; a person decides
  std::optional<Instant> due;
  bool operator==(const AlertRaised&) const = default;
};
struct AlertAcknowledged {
  std::string key;
  Actor by;
  bool operator==(const AlertAcknowledged&) const = default;
};
struct ProcessMigrated {
  DefinitionKey to;
  std::map<std::string, std::string> steps, states;
  Actor by;
  bool operator==(const ProcessMigrated&) const = default;
};
struct ProcessEnded {
  When at;
  bool operator==(const ProcessEnded&) const = default;
};

// What all agencies hold was looked at for patterns. What was found is an alert; this is that somebody looked, and at
// how much.
struct Looked {
  std::set<std::string> unanswered, withheld;  // agencies: that did not answer; that hold something back
  std::string problem;                         // why it could not be done; empty: it was
  bool operator==(const Looked&) const = default;
};

// The lead moves to another member (docs/protocol/transfer.md). Nobody orders steps between two of these.
struct LeadMoved {
  std::string lead_member;  // empty: released, and nobody has assumed it yet
  std::uint64_t epoch = 0;  // of that lead; of none: the one that was released
  bool operator==(const LeadMoved&) const = default;
};

struct ProcessRecord {
  Instant recorded;
  std::variant<ProcessStarted, StepOpened, Contributed, StepClosed, ReasonGiven, AlertRaised, AlertAcknowledged,
               ProcessMigrated, ProcessEnded, Looked, LeadMoved>
      what;
  bool operator==(const ProcessRecord&) const = default;
};

}  // namespace ginnel
