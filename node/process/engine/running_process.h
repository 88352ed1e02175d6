// SPDX-License-Identifier: Apache-2.0
// One running case, as what happened to it made it: a fold over its records.
//
// The engine makes records (engine.h); whoever keeps them applies each once, in order, and has the case again after a
// restart or at another member. Applying asks no definition, so that a case outlives the version it began with.
//
// Thread: any; a value. Failure: `bad-process-record` (does not follow from what was before; nothing was changed).
// Limits: below.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <variant>
#include <vector>

#include "node/process/engine/definition.h"

namespace ginnel {

namespace limits {
inline constexpr std::size_t process_text_bytes_max = 4000;      // a contribution's text, a reason
inline constexpr std::size_t process_instances_max = 2000;       // steps begun in one case
inline constexpr std::size_t process_contributions_max = 20000;  // in one case
}  // namespace limits

// Who acts: a worker of a member, in one of the definition's roles.
struct Actor {
  std::string member, kind;  // kind: an agency of the definition
  std::string worker, role;
  bool operator==(const Actor&) const = default;
};

// --- records

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

struct ProcessRecord {
  Instant recorded;
  std::variant<ProcessStarted, StepOpened, Contributed, StepClosed, ReasonGiven, AlertRaised, AlertAcknowledged,
               ProcessMigrated, ProcessEnded>
      what;
  bool operator==(const ProcessRecord&) const = default;
};

// --- the case

struct Contribution {
  std::string name, text;
  When at;
  Instant recorded;
  Actor by;
};

struct StepInstance {
  std::uint32_t number = 0;
  std::string step;
  std::uint32_t cause = 0;
  When opened;
  Instant opened_recorded;
  std::string state;
  bool is_open = true;
  std::string outcome, reason;  // of a closed one; no outcome: cancelled
  When closed;
  Actor closed_by;
  std::vector<Contribution> contributions;
  std::map<std::string, std::string> late_reasons;  // by clock

  bool has(std::string_view contribution) const;
};

// Something that can start a clock or stop one.
struct Occurrence {
  EventName name;
  std::uint32_t instance = 0;
  When at;
  Instant recorded;
};

class RunningProcess {
 public:
  Expected<void> apply(const ProcessRecord& record);

  const DefinitionKey& definition() const { return definition_; }
  const std::string& lead_member() const { return lead_member_; }
  bool is_started() const { return !lead_member_.empty(); }
  bool has_ended() const { return has_ended_; }
  const std::vector<StepInstance>& steps() const { return steps_; }
  const StepInstance* find(std::uint32_t instance) const;
  std::vector<const StepInstance*> open_steps(std::string_view step = {}) const;
  std::set<std::string> states() const;
  bool in_state(std::string_view state) const { return states_.contains(std::string(state)); }
  const std::vector<Occurrence>& occurrences() const { return occurrences_; }
  // Alerts that were raised, by key.
  const std::map<std::string, AlertRaised>& alerts() const { return alerts_; }
  bool was_told(const std::string& key) const { return alerts_.contains(key) || covered_.contains(key); }
  bool is_acknowledged(const std::string& key) const { return acknowledged_.contains(key); }
  // Members that contributed something, the lead's among them if it did.
  std::set<std::string> contributors() const;

 private:
  Expected<void> take(const ProcessStarted& record, Instant recorded);
  Expected<void> take(const StepOpened& record, Instant recorded);
  Expected<void> take(const Contributed& record, Instant recorded);
  Expected<void> take(const StepClosed& record, Instant recorded);
  Expected<void> take(const ReasonGiven& record, Instant recorded);
  Expected<void> take(const AlertRaised& record, Instant recorded);
  Expected<void> take(const AlertAcknowledged& record, Instant recorded);
  Expected<void> take(const ProcessMigrated& record, Instant recorded);
  Expected<void> take(const ProcessEnded& record, Instant recorded);
  StepInstance* instance(std::uint32_t number);

  DefinitionKey definition_;
  std::string lead_member_;
  bool has_ended_ = false;
  std::vector<StepInstance> steps_;
  std::map<std::string, int> states_;  // and how many hold it
  std::vector<Occurrence> occurrences_;
  std::size_t contributions_ = 0;
  std::map<std::string, AlertRaised> alerts_;
  std::set<std::string> covered_, acknowledged_;
};

}  // namespace ginnel
