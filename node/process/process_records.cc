// SPDX-License-Identifier: Apache-2.0
#include "node/process/process_records.h"

#include "federation/base/crypto/hash.h"

namespace ginnel {
namespace {

constexpr const char* source_system = "ginnel-process";
constexpr const char* handling = "official_sensitive";

// The agencies that were there, in the definition's words.
std::string attended(const StepInstance& step, const Definition& definition) {
  std::set<std::string> kinds;
  for (const Contribution& one : step.contributions)
    if (one.name == attendance_evidence) kinds.insert(one.by.kind);
  std::string out;
  for (const std::string& kind : kinds) {
    const auto title = definition.agencies.find(kind);
    out += (out.empty() ? "" : ", ") + (title == definition.agencies.end() ? kind : title->second);
  }
  return out;
}

class Maker {
 public:
  Maker(const ProcessId& id, const PersonRef& person, const RecordedBy& by, Random& random, Instant now)
      : id_(id), person_(person), by_(by), random_(random), now_(now) {}

  Record make(const StepDefinition& step, std::uint32_t number, const char* what, std::string headline,
              const When& at) {
    Record out;
    out.id = RecordId::make(random_);
    out.subjects = {{person_, SubjectRole::child}};
    out.kind = step.record->kind;
    out.occurred = at;
    out.recorded_at_source = When::at_instant(now_);
    out.received_by_node = now_;
    out.headline = std::move(headline);
    out.label.category = step.record->category;
    out.label.sensitivity = std::uint8_t(step.record->sensitivity);
    out.label.handling = handling;
    out.label.owner = by_.owner;
    out.author = by_.author;
    const std::string key = id_.hex() + "/" + std::to_string(number) + "/" + what;
    out.source = {source_system, key, sha256(view_of(key + "/" + out.headline)), 1};
    return out;
  }

 private:
  const ProcessId& id_;
  const PersonRef& person_;
  const RecordedBy& by_;
  Random& random_;
  Instant now_;
};

}  // namespace

std::vector<Record> records_of(const ProcessId& id, const PersonRef& person, const RunningProcess& process,
                               const Definition& definition, const std::vector<ProcessRecord>& records,
                               const RecordedBy& by, Random& random, Instant now) {
  Maker maker(id, person, by, random, now);
  std::vector<Record> out;
  for (const ProcessRecord& record : records) {
    if (const auto* opened = std::get_if<StepOpened>(&record.what)) {
      const StepDefinition* step = definition.step(opened->step);
      if (!step || !step->record || step->invite.empty()) continue;
      out.push_back(maker.make(*step, opened->instance, "begun", step->title + ": begun", opened->at));
    }
    const auto* closed = std::get_if<StepClosed>(&record.what);
    const StepInstance* instance = closed ? process.find(closed->instance) : nullptr;
    const StepDefinition* step = instance ? definition.step(instance->step) : nullptr;
    const StepOutcome* outcome = step ? step->outcome(closed->outcome) : nullptr;
    if (!outcome || !step->record) continue;
    Record ended = maker.make(*step, closed->instance, "ended", step->title + ": " + outcome->title, closed->at);
    if (auto there = attended(*instance, definition); !there.empty()) ended.fields.push_back({"attended", there});
    ended.narrative = closed->reason;
    out.push_back(std::move(ended));
  }
  return out;
}

}  // namespace ginnel
