// SPDX-License-Identifier: Apache-2.0
// What each clock of a running case shows at a moment, with the reason for it.
//
// Which of many events starts a clock: the nearest one on the way that led to the step, so that a second strategy
// discussion does not move the conference of the first; failing that, the last one of the case. Of events of one step,
// the one that the rule names first.
//
// Thread: any; pure. Failure: none; what cannot be computed is a state of the clock, and says why.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "node/process/engine/running_process.h"

namespace ginnel {

struct ClockFace {
  enum class State : std::uint8_t {
    waiting,  // its event has not happened
    running,
    overdue,         // it ran out, and the step goes on: nothing is locked
    met,             // stopped in time
    met_late,        // stopped after its end
    cannot_compute,  // `problem` says why
  };
  std::uint32_t instance = 0;
  const StepDefinition* step = nullptr;
  const StepClock* clock = nullptr;
  State state = State::waiting;
  Occurrence trigger;       // unless waiting
  Deadline deadline;        // unless waiting or cannot_compute
  std::string problem;      // cannot_compute
  std::string late_reason;  // what somebody said; empty: nobody has yet
  bool needs_reason() const { return (state == State::overdue || state == State::met_late) && late_reason.empty(); }
};
std::string_view name_of(ClockFace::State state);

class Clocks {
 public:
  Clocks(const Definition& definition, const Calendar& calendar) : definition_(definition), calendar_(calendar) {}

  ClockFace face(const RunningProcess& process, const StepInstance& step, const StepClock& clock, Instant now) const;
  // Of every step that was begun, in order.
  std::vector<ClockFace> faces(const RunningProcess& process, Instant now) const;
  // "15 working days after strategy-discussion.held on 2 Apr 2026: the end of Mon 27 Apr 2026; not counted: ...
  // (source)"
  std::string explain(const ClockFace& face) const;

  // The event that starts `rule` for the step; nothing: none has happened.
  static std::optional<Occurrence> trigger_of(const RunningProcess& process, const StepInstance& step,
                                              const ClockRule& rule);

 private:
  const Definition& definition_;
  const Calendar& calendar_;
};

}  // namespace ginnel
