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
#include <set>
#include <string>
#include <vector>

#include "node/process/engine/definition.h"
#include "node/process/engine/process_record.h"

namespace ginnel {

namespace limits {
inline constexpr std::size_t process_text_bytes_max = 4000;      // a contribution's text, a reason
inline constexpr std::size_t process_instances_max = 2000;       // steps begun in one case
inline constexpr std::size_t process_contributions_max = 20000;  // in one case
}  // namespace limits

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
  Actor opened_by, closed_by;
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
  // Who orders steps; empty: nobody, until another has assumed the lead.
  const std::string& lead_member() const { return lead_member_; }
  // Who led last, and answers for it while nobody leads.
  const std::string& last_lead() const { return last_lead_; }
  std::uint64_t lead_epoch() const { return lead_epoch_; }  // from 1
  bool is_started() const { return !last_lead_.empty(); }
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
  // When the records of all agencies were last looked at, and how that went; nothing: never.
  struct LastLook {
    Instant at;
    Looked what;
  };
  const std::optional<LastLook>& last_look() const { return last_look_; }
  bool has_room_to_contribute() const { return contributions_ < limits::process_contributions_max; }
  bool has_room_for_steps(std::size_t more) const { return steps_.size() + more <= limits::process_instances_max; }
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
  Expected<void> take(const Looked& record, Instant recorded);
  Expected<void> take(const LeadMoved& record, Instant recorded);
  StepInstance* instance(std::uint32_t number);

  DefinitionKey definition_;
  std::string lead_member_, last_lead_;
  std::uint64_t lead_epoch_ = 1;
  bool has_ended_ = false;
  std::vector<StepInstance> steps_;
  std::map<std::string, int> states_;  // and how many hold it
  std::vector<Occurrence> occurrences_;
  std::size_t contributions_ = 0;
  std::map<std::string, AlertRaised> alerts_;
  std::set<std::string> covered_, acknowledged_;
  std::optional<LastLook> last_look_;
};

}  // namespace ginnel
