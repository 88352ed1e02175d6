// SPDX-License-Identifier: Apache-2.0
// What is shown of a case, what it proves, and how it comes to another version of its definition.
#include <algorithm>

#include "node/process/engine/engine.h"

namespace ginnel {

std::vector<OverviewLine> ProcessEngine::overview(const RunningProcess& process, Instant now) const {
  std::vector<OverviewLine> out;
  for (const StepInstance& step : process.steps()) {
    OverviewLine line;
    line.instance = step.number;
    line.step = step.step;
    line.is_open = step.is_open;
    line.is_cancelled = !step.is_open && step.outcome.empty();
    line.opened = step.opened;
    line.closed = step.closed;
    line.outcome = step.outcome;
    line.reason = step.reason;
    line.done_by = step.closed_by.member;
    line.title = step.step;
    if (const StepDefinition* definition = definition_.step(step.step)) {
      line.title = definition->title;
      line.owner = definition_.roles.at(definition->lead);
      if (const StepOutcome* outcome = definition->outcome(step.outcome)) line.outcome = outcome->title;
      for (const Contribution& one : step.contributions)
        if (one.name == attendance_evidence) line.present.insert(one.by.kind);
      for (const auto& [kind, count] : definition->quorum.kinds)
        if (!line.present.contains(kind)) line.missing.insert(kind);
      for (const StepClock& clock : definition->clocks) line.clocks.push_back(clocks_.face(process, step, clock, now));
    }
    out.push_back(std::move(line));
  }
  return out;
}

std::optional<Instant> ProcessEngine::next_due(const RunningProcess& process, Instant now) const {
  std::optional<Instant> out;
  for (const ClockFace& face : clocks_.faces(process, now)) {
    const bool stands = face.state == ClockFace::State::running || face.state == ClockFace::State::overdue;
    const StepInstance* step = process.find(face.instance);
    if (!stands || !step || !step->is_open || !face.deadline.due.is_set()) continue;
    if (!out || face.deadline.due < *out) out = face.deadline.due;
  }
  return out;
}

std::optional<HeadFacts> ProcessEngine::head(const RunningProcess& process) const {
  if (process.has_ended()) return std::nullopt;
  HeadFacts head;
  head.definition = definition_.key.id + "/" + definition_.key.authority;
  head.edition = definition_.edition;
  for (const StateDefinition& state : definition_.states) {
    if (!process.in_state(state.id)) continue;
    head.proves.insert(state.proves.begin(), state.proves.end());
    head.state += (head.state.empty() ? "" : "; ") + state.title;
  }
  return head.proves.empty() ? std::optional<HeadFacts>() : head;
}

Expected<Effects> ProcessEngine::migrate(const RunningProcess& process, const Actor& by, Instant now) const {
  const DefinitionKey& from = process.definition();
  const auto cannot = [](std::string why, std::string remedy) {
    return fail("cannot-migrate", "cannot move the case to another version", std::move(why), std::move(remedy));
  };
  const bool manages = !by.role.empty() && (by.role == definition_.manager || by.role == definition_.deputy);
  if (by.member != process.lead_member() || !manages || by.worker.empty())
    return fail("not-the-lead", "cannot move the case to another version",
                "the manager of the process's lead, or their deputy, decides that", "ask them");
  if (from.id != definition_.key.id) return cannot("it is another process", "choose a version of `" + from.id + "`");
  if (from == definition_.key) return cannot("it follows this version already", "there is nothing to do");
  const Migration* way = definition_.migration_from(from.version);
  if (!way)
    return cannot(
        "`" + definition_.key.text() + "` does not say how a case comes from version " + std::to_string(from.version),
        "add a [[migrate]] with from = " + std::to_string(from.version));
  const auto renamed = [](const std::map<std::string, std::string>& names, const std::string& name) {
    const auto found = names.find(name);
    return found == names.end() ? name : found->second;
  };
  // What is over may have no place in the new version; what is open must.
  std::string lost;
  for (const StepInstance* step : process.open_steps()) {
    const StepDefinition* place = definition_.step(renamed(way->steps, step->step));
    if (!place) lost += (lost.empty() ? "" : "; ") + ("the open step `" + step->step + "` has no place there");
    if (place && renamed(way->states, step->state) != place->holds)
      lost += (lost.empty() ? "" : "; ") + ("`" + place->id + "` holds another state there");
  }
  for (const std::string& state : process.states())
    if (!definition_.state(renamed(way->states, state)))
      lost += (lost.empty() ? "" : "; ") + ("the open state `" + state + "` has no place there");
  if (!lost.empty()) return cannot(lost, "name each in [[migrate]] of the new version, or end it first");
  Effects out;
  ProcessRecord moved{now, ProcessMigrated{definition_.key, way->steps, way->states, by}};
  RunningProcess after = process;
  if (auto applied = after.apply(moved); !applied) return tl::unexpected(applied.error());
  out.records.push_back(std::move(moved));
  // Its clocks may have other ends now.
  Effects told = tick(after, now);
  for (ProcessRecord& record : told.records) out.records.push_back(std::move(record));
  out.tasks = std::move(told.tasks);
  return out;
}

}  // namespace ginnel
