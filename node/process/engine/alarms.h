// SPDX-License-Identifier: Apache-2.0
// What is told about a case because time passed: clocks, watches, cover. Part of the engine.
//
// INVARIANT: an alert has a key that names its cause and the deadline's day. What was told is in the case; so it comes
// once, also after a restart, and after a day without the node, and comes again only if the deadline itself moved.
//
// Thread: any; lives for one call.
#pragma once

#include <optional>
#include <vector>

#include "node/process/engine/engine.h"

namespace ginnel {

// Where the calendar cannot tell, it is not: whoever is there out of hours is told too.
bool in_office_hours(const Calendar& calendar, Instant now);

class Alarms {
 public:
  // Both must outlive it.
  Alarms(const ProcessEngine& engine, const RunningProcess& process) : engine_(engine), process_(process) {}

  // Adds what is due and was not told: records, and tasks to say why something is late.
  void raise(Instant now, Effects& out) const;
  // When the next of them is due, perhaps before now.
  std::optional<Instant> next(Instant now) const;

 private:
  struct Candidate {
    Instant when;
    AlertRaised alert;
    std::string clock;  // of about::clock
    int percent = 0;    // of about::clock
  };
  std::vector<Candidate> candidates(Instant now) const;  // that were not told, in order of time
  void of_clock(const StepInstance& step, const ClockFace& face, Instant now, std::vector<Candidate>& out) const;
  void of_watch(const Watch& watch, Instant now, std::vector<Candidate>& out) const;
  void of_cover(const StepInstance& step, const StepDefinition& definition, Instant now,
                std::vector<Candidate>& out) const;
  const ProcessEngine& engine_;
  const RunningProcess& process_;
};

}  // namespace ginnel
