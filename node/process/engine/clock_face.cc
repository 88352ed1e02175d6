// SPDX-License-Identifier: Apache-2.0
#include "node/process/engine/clock_face.h"

#include <algorithm>

namespace ginnel {
namespace {

// Of what happened in one step: the event that the rule names first, and of that what was recorded last, which is a
// correction of what was recorded before.
const Occurrence* of_instance(const RunningProcess& process, std::uint32_t instance, const ClockRule& rule) {
  for (const EventName& name : rule.events) {
    const auto& all = process.occurrences();
    const auto found = std::find_if(
        all.rbegin(), all.rend(), [&](const Occurrence& one) { return one.instance == instance && one.name == name; });
    if (found != all.rend()) return &*found;
  }
  return nullptr;
}

// When it stopped: the event of its step, or the step's end.
std::optional<When> stopped(const RunningProcess& process, const StepInstance& step, const StepClock& clock) {
  const EventName name{step.step, clock.stops};
  const auto& all = process.occurrences();
  const auto found = std::find_if(
      all.rbegin(), all.rend(), [&](const Occurrence& one) { return one.instance == step.number && one.name == name; });
  if (found != all.rend()) return found->at;
  return step.is_open ? std::optional<When>() : step.closed;
}

}  // namespace

std::string_view name_of(ClockFace::State state) {
  switch (state) {
    case ClockFace::State::waiting:
      return "waiting";
    case ClockFace::State::running:
      return "running";
    case ClockFace::State::overdue:
      return "overdue";
    case ClockFace::State::met:
      return "met";
    case ClockFace::State::met_late:
      return "met-late";
    case ClockFace::State::cannot_compute:
      return "cannot-compute";
  }
  return "cannot-compute";
}

std::optional<Occurrence> Clocks::trigger_of(const RunningProcess& process, const StepInstance& step,
                                             const ClockRule& rule) {
  for (const StepInstance* at = &step; at; at = process.find(at->cause))
    if (const Occurrence* found = of_instance(process, at->number, rule)) return *found;
  const auto& all = process.occurrences();
  const auto last = std::find_if(all.rbegin(), all.rend(), [&](const Occurrence& one) {
    return std::find(rule.events.begin(), rule.events.end(), one.name) != rule.events.end();
  });
  return last == all.rend() ? std::optional<Occurrence>() : *last;
}

ClockFace Clocks::face(const RunningProcess& process, const StepInstance& step, const StepClock& clock,
                       Instant now) const {
  ClockFace out;
  out.instance = step.number;
  out.step = definition_.step(step.step);
  out.clock = &clock;
  if (auto reason = step.late_reasons.find(clock.id); reason != step.late_reasons.end())
    out.late_reason = reason->second;
  auto trigger = trigger_of(process, step, clock.rule);
  if (!trigger) return out;
  out.trigger = *trigger;
  auto end = ginnel::deadline(clock.rule, trigger->at, calendar_);
  if (!end) {
    out.state = ClockFace::State::cannot_compute;
    out.problem = end.error().why;
    return out;
  }
  out.deadline = *end;
  if (auto when = stopped(process, step, clock))
    out.state = end->is_late(*when) ? ClockFace::State::met_late : ClockFace::State::met;
  else
    out.state = end->passed(now) ? ClockFace::State::overdue : ClockFace::State::running;
  return out;
}

std::vector<ClockFace> Clocks::faces(const RunningProcess& process, Instant now) const {
  std::vector<ClockFace> out;
  for (const StepInstance& step : process.steps())
    if (const StepDefinition* definition = definition_.step(step.step))
      for (const StepClock& clock : definition->clocks) out.push_back(face(process, step, clock, now));
  return out;
}

std::string Clocks::explain(const ClockFace& face) const {
  std::string out = face.clock->rule.text();
  if (face.state == ClockFace::State::waiting) return out + ": has not begun (" + face.clock->source + ")";
  out += "; " + face.trigger.name.text() + " was on " + for_people(face.trigger.at);
  if (face.state == ClockFace::State::cannot_compute) return out + ": no date, because " + face.problem;
  out += ": " + face.deadline.for_people();
  if (face.clock->rule.unit == ClockRule::Unit::working_days || face.clock->rule.unit == ClockRule::Unit::school_days)
    if (auto days = calendar_.holidays_between(face.trigger.at.date, face.deadline.last_day); !days.empty()) {
      out += "; not counted:";
      for (const auto& [day, name] : days) out += " " + for_people(day) + " (" + name + ")";
    }
  return out + " [" + face.clock->source + "]";
}

}  // namespace ginnel
