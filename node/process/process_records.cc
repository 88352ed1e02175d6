// SPDX-License-Identifier: Apache-2.0
#include "node/process/process_records.h"

#include <algorithm>

#include "federation/base/crypto/hash.h"
#include "federation/base/text.h"

namespace ginnel {
namespace {

constexpr const char* handling = "official_sensitive";
constexpr std::uint8_t contribution_sensitivity = 2;

std::string title_of(const std::string& kind, const Definition& definition) {
  const auto title = definition.agencies.find(kind);
  return title == definition.agencies.end() ? kind : title->second;
}

// The agencies that were there, in the definition's words.
std::string attended(const StepInstance& step, const Definition& definition) {
  std::set<std::string> kinds;
  for (const Contribution& one : step.contributions)
    if (one.name == attendance_evidence) kinds.insert(one.by.kind);
  std::vector<std::string> titles;
  for (const std::string& kind : kinds) titles.push_back(title_of(kind, definition));
  return joined(titles, ", ");
}

// As every record of a process begins. `key`: what it stands for in the process, once.
Record begin_record(const PersonRef& person, const RecordedBy& by, const std::string& key, Random& random,
                    Instant now) {
  Record out;
  out.id = RecordId::make(random);
  out.subjects = {{person, SubjectRole::child}};
  out.recorded_at_source = When::at_instant(now);
  out.received_by_node = now;
  out.label.handling = handling;
  out.label.owner = by.owner;
  out.author = by.author;
  out.source = {process_source, key, {}, 1};
  return out;
}

Record finish_record(Record record) {
  record.source.content_hash = sha256(view_of(record.source.key + "/" + record.headline));
  return record;
}

class Maker {
 public:
  Maker(const ProcessId& id, const PersonRef& person, const RecordedBy& by, Random& random, Instant now)
      : id_(id), person_(person), by_(by), random_(random), now_(now) {}

  Record make(const StepDefinition& step, std::uint32_t number, const char* what, std::string headline,
              const When& at) {
    Record out = begin_record(person_, by_, StepRef{id_, number}.text() + "/" + what, random_, now_);
    out.kind = step.record->kind;
    out.occurred = at;
    out.headline = std::move(headline);
    out.label.category = step.record->category;
    out.label.sensitivity = std::uint8_t(step.record->sensitivity);
    return out;
  }

 private:
  const ProcessId& id_;
  const PersonRef& person_;
  const RecordedBy& by_;
  Random& random_;
  Instant now_;
};

Invitation invitation_to(const StepDefinition& step, const StepRef& at, const Definition& definition,
                         const Effects& done) {
  Invitation out{at, step.title, step.brought, {}, {}};
  for (const std::string& kind : step.invite) out.invited.push_back(title_of(kind, definition));
  for (const TaskWish& task : done.tasks)
    if (task.origin == step_origin(at.number)) out.due = task.due.value_or(Instant());
  return out;
}

// What counts of a step's clocks: the one that ends first, of an open step.
void add_clocks(const OverviewLine& line, OverviewStep& step) {
  for (const ClockFace& face : line.clocks) {
    const bool runs = face.state == ClockFace::State::running || face.state == ClockFace::State::overdue;
    if (!runs || (step.due.is_set() && step.due <= face.deadline.due)) continue;
    step.due = face.deadline.due;
    step.late_because = face.late_reason;
  }
}

}  // namespace

std::vector<Record> records_of(const ProcessId& id, const PersonRef& person, const RunningProcess& process,
                               const Definition& definition, const Effects& done, const RecordedBy& by, Random& random,
                               Instant now) {
  Maker maker(id, person, by, random, now);
  std::vector<Record> out;
  for (const ProcessRecord& record : done.records) {
    if (const auto* opened = std::get_if<StepOpened>(&record.what)) {
      const StepDefinition* step = definition.step(opened->step);
      if (!step || !step->record || step->invite.empty()) continue;
      Record begun = maker.make(*step, opened->instance, "begun", step->title + ": begun", opened->at);
      if (!step->brought.empty()) {
        begun.kind = invitation_kind;
        begun.headline = step->title;
        begun.fields = fields_of(invitation_to(*step, {id, opened->instance}, definition, done));
      }
      out.push_back(finish_record(std::move(begun)));
    }
    const auto* closed = std::get_if<StepClosed>(&record.what);
    const StepInstance* instance = closed ? process.find(closed->instance) : nullptr;
    const StepDefinition* step = instance ? definition.step(instance->step) : nullptr;
    const StepOutcome* outcome = step ? step->outcome(closed->outcome) : nullptr;
    if (!outcome || !step->record) continue;
    Record ended = maker.make(*step, closed->instance, "ended", step->title + ": " + outcome->title, closed->at);
    if (!outcome->record_kind.empty()) ended.kind = outcome->record_kind;
    if (auto there = attended(*instance, definition); !there.empty()) ended.fields.push_back({"attended", there});
    ended.narrative = closed->reason;
    out.push_back(finish_record(std::move(ended)));
  }
  return out;
}

ProcessOverview overview_of(const ProcessId& id, const RunningProcess& process, const Definition& definition,
                            const ProcessEngine& engine, Instant now) {
  ProcessOverview out{id, definition.title, {}, now, process.has_ended(), {}, 0};
  for (const auto& state : process.states()) {
    const StateDefinition* known = definition.state(state);
    out.states.push_back(known ? known->title : state);
  }
  std::vector<OverviewStep> open, ended;
  for (const OverviewLine& line : engine.overview(process, now)) {
    const StepDefinition* defined = definition.step(line.step);
    if (!defined || !defined->record) continue;
    OverviewStep step;
    step.number = line.instance;
    step.title = line.title;
    step.owner = line.owner;
    step.is_open = line.is_open;
    step.is_cancelled = line.is_cancelled;
    step.opened = line.opened;
    step.closed = line.closed;
    step.outcome = line.outcome;
    if (line.is_open) {
      const StepInstance& instance = *process.find(line.instance);
      for (const auto& name : defined->evidence)
        if (!instance.has(name)) step.waits_for.push_back(name);
      for (const auto& kind : line.missing) step.missing.push_back(title_of(kind, definition));
      add_clocks(line, step);
    }
    (line.is_open ? open : ended).push_back(std::move(step));
  }
  const std::size_t room = limits::overview_steps_max - std::min(open.size(), limits::overview_steps_max);
  out.left_out = ended.size() - std::min(ended.size(), room);
  ended.erase(ended.begin(), ended.begin() + std::ptrdiff_t(out.left_out));
  // More open steps at once than there is room for: the newest are told, and the number of the others.
  if (open.size() > limits::overview_steps_max) {
    out.left_out += open.size() - limits::overview_steps_max;
    open.erase(open.begin(), open.end() - std::ptrdiff_t(limits::overview_steps_max));
  }
  out.steps = std::move(ended);
  out.steps.insert(out.steps.end(), open.begin(), open.end());
  std::stable_sort(out.steps.begin(), out.steps.end(),
                   [](const OverviewStep& a, const OverviewStep& b) { return a.number < b.number; });
  return out;
}

const StepRecord* most_sensitive(const ProcessOverview& overview, const RunningProcess& process,
                                 const Definition& definition) {
  const StepRecord* most = nullptr;
  for (const OverviewStep& told : overview.steps) {
    const StepRecord& record = *definition.step(process.find(told.number)->step)->record;
    if (!most || record.sensitivity > most->sensitivity) most = &record;
  }
  return most;
}

Record record_of(const ProcessOverview& overview, const PersonRef& person, const MemberId& participant,
                 const StepRecord& as, const RecordedBy& by, Random& random, Instant now) {
  Record out = begin_record(person, by, overview.process.hex() + "/overview/" + participant.text(), random, now);
  out.kind = overview_kind;
  out.occurred = When::at_instant(now);
  out.headline = overview.title;
  out.fields = fields_of(overview);
  out.label.category = as.category;
  out.label.sensitivity = std::uint8_t(as.sensitivity);
  out.label.addressed_to = participant;
  std::string said = out.headline;
  for (const Field& field : out.fields)
    if (field.name != "as-at") said += "/" + field.name + "=" + field.value;
  out.source.content_hash = sha256(view_of(said));
  return out;
}

Record record_of(const Bringing& bringing, const RecordedBy& by, Random& random, Instant now) {
  const BroughtToStep& brought = bringing.brought;
  Record out = begin_record(bringing.person, by, "", random, now);
  out.source.key = brought.at.text() + "/" + brought.name + "/" + out.id.hex();
  out.kind = contribution_kind;
  out.occurred = brought.when;
  out.headline = bringing.title + ": " + brought.name;
  out.fields = fields_of(brought);
  out.narrative = brought.text;
  out.label.category = bringing.category;
  out.label.addressed_to = bringing.lead;
  out.label.sensitivity = contribution_sensitivity;
  return finish_record(std::move(out));
}

}  // namespace ginnel
