// SPDX-License-Identifier: Apache-2.0
#include "node/process/engine/running_process.h"

#include <algorithm>

namespace ginnel {
namespace {

tl::unexpected<Error> bad(std::string why) {
  return fail("bad-process-record", "cannot apply a record of the process", std::move(why),
              "read the case again from its first record");
}

When or_recorded(const When& at, Instant recorded) { return at.is_set() ? at : When::at_instant(recorded); }

}  // namespace

bool StepInstance::has(std::string_view contribution) const {
  return std::any_of(contributions.begin(), contributions.end(),
                     [&](const Contribution& one) { return one.name == contribution; });
}

Expected<void> RunningProcess::apply(const ProcessRecord& record) {
  if (!is_started() && !std::holds_alternative<ProcessStarted>(record.what))
    return bad("the case has not been started");
  return std::visit([&](const auto& what) { return take(what, record.recorded); }, record.what);
}

const StepInstance* RunningProcess::find(std::uint32_t number) const {
  return number >= 1 && number <= steps_.size() ? &steps_[number - 1] : nullptr;
}
StepInstance* RunningProcess::instance(std::uint32_t number) {
  return number >= 1 && number <= steps_.size() ? &steps_[number - 1] : nullptr;
}

std::vector<const StepInstance*> RunningProcess::open_steps(std::string_view step) const {
  std::vector<const StepInstance*> out;
  for (const StepInstance& one : steps_)
    if (one.is_open && (step.empty() || one.step == step)) out.push_back(&one);
  return out;
}

std::set<std::string> RunningProcess::states() const {
  std::set<std::string> out;
  for (const auto& [state, holders] : states_) out.insert(state);
  return out;
}

std::set<std::string> RunningProcess::contributors() const {
  std::set<std::string> out;
  for (const StepInstance& step : steps_)
    for (const Contribution& one : step.contributions) out.insert(one.by.member);
  return out;
}

Expected<void> RunningProcess::take(const ProcessStarted& record, Instant) {
  if (is_started()) return bad("the case was started already");
  if (record.lead_member.empty()) return bad("nobody leads it");
  definition_ = record.definition;
  lead_member_ = last_lead_ = record.lead_member;
  return {};
}

Expected<void> RunningProcess::take(const LeadMoved& record, Instant) {
  if (record.lead_member.empty()) {
    if (lead_member_.empty()) return bad("the lead was released already");
    if (record.epoch != lead_epoch_) return bad("another epoch of the lead was released");
    lead_member_.clear();
    return {};
  }
  if (!lead_member_.empty()) return bad("somebody leads it");
  if (record.epoch != lead_epoch_ + 1) return bad("an epoch of the lead is missing before this one");
  lead_member_ = last_lead_ = record.lead_member;
  lead_epoch_ = record.epoch;
  return {};
}

Expected<void> RunningProcess::take(const StepOpened& record, Instant recorded) {
  if (has_ended_) return bad("the case has ended");
  if (record.instance != steps_.size() + 1) return bad("a step is missing before this one");
  if (record.instance > limits::process_instances_max) return bad("there are too many steps");
  if (record.cause >= record.instance) return bad("it was led to by a step that is not there");
  StepInstance step;
  step.number = record.instance;
  step.step = record.step;
  step.cause = record.cause;
  step.opened = or_recorded(record.at, recorded);
  step.opened_recorded = recorded;
  step.state = record.state;
  step.opened_by = record.by;
  if (!record.state.empty()) ++states_[record.state];
  occurrences_.push_back({{record.step, "opened"}, record.instance, step.opened, recorded});
  steps_.push_back(std::move(step));
  return {};
}

Expected<void> RunningProcess::take(const Contributed& record, Instant recorded) {
  StepInstance* step = instance(record.instance);
  if (!step) return bad("there is no such step");
  if (!has_room_to_contribute()) return bad("there are too many contributions");
  ++contributions_;
  const When at = or_recorded(record.at, recorded);
  step->contributions.push_back({record.name, record.text, at, recorded, record.by});
  occurrences_.push_back({{step->step, record.name}, record.instance, at, recorded});
  return {};
}

Expected<void> RunningProcess::take(const StepClosed& record, Instant recorded) {
  StepInstance* step = instance(record.instance);
  if (!step || !step->is_open) return bad("the step is not open");
  step->is_open = false;
  step->outcome = record.outcome;
  step->reason = record.reason;
  step->closed = or_recorded(record.at, recorded);
  step->closed_by = record.by;
  if (!record.outcome.empty())
    occurrences_.push_back({{step->step, record.outcome}, record.instance, step->closed, recorded});
  occurrences_.push_back({{step->step, "closed"}, record.instance, step->closed, recorded});
  if (!step->state.empty() && --states_[step->state] <= 0) states_.erase(step->state);
  for (const std::string& state : record.closes) states_.erase(state);
  for (const std::string& state : record.opens) ++states_[state];
  return {};
}

Expected<void> RunningProcess::take(const ReasonGiven& record, Instant) {
  StepInstance* step = instance(record.instance);
  if (!step) return bad("there is no such step");
  step->late_reasons[record.clock] = record.text;
  return {};
}

Expected<void> RunningProcess::take(const AlertRaised& record, Instant) {
  if (!alerts_.emplace(record.key, record).second) return bad("the alert was raised already");
  covered_.insert(record.covers.begin(), record.covers.end());
  return {};
}

Expected<void> RunningProcess::take(const AlertAcknowledged& record, Instant) {
  if (!alerts_.contains(record.key)) return bad("there is no such alert");
  acknowledged_.insert(record.key);
  return {};
}

Expected<void> RunningProcess::take(const ProcessMigrated& record, Instant) {
  const auto renamed = [](const std::map<std::string, std::string>& names, std::string& name) {
    if (auto found = names.find(name); found != names.end()) name = found->second;
  };
  definition_ = record.to;
  for (StepInstance& step : steps_) renamed(record.steps, step.step), renamed(record.states, step.state);
  for (Occurrence& one : occurrences_) renamed(record.steps, one.name.step);
  std::map<std::string, int> states;
  for (const auto& [state, holders] : states_) {
    std::string name = state;
    renamed(record.states, name);
    states[name] += holders;
  }
  states_ = std::move(states);
  return {};
}

Expected<void> RunningProcess::take(const Looked& record, Instant recorded) {
  last_look_ = LastLook{recorded, record};
  return {};
}

Expected<void> RunningProcess::take(const ProcessEnded&, Instant) {
  if (has_ended_) return bad("the case has ended already");
  has_ended_ = true;
  states_.clear();
  for (StepInstance& step : steps_) step.is_open = false;
  return {};
}

}  // namespace ginnel
