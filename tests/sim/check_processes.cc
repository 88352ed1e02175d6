// SPDX-License-Identifier: Apache-2.0
// Promise 8: somebody is told before a deadline passes; and of promise 6, that what people and agencies bring to a
// process counts once.
//
// From the ledger of whoever leads, folded anew: each thing that was confirmed to whoever did it stands there once;
// each alert once, as somebody's task; nothing that was due is untold; all agencies' records were looked at while the
// process proves a purpose; and what the node has of it in memory is the same.
#include <algorithm>
#include <map>
#include <set>

#include "node/process/engine/engine.h"
#include "node/process/invitation.h"
#include "node/process/process_origin.h"
#include "node/store/codec.h"
#include "tests/node/process_rules_for_tests.h"
#include "tests/sim/promises.h"

namespace ginnel::sim {
namespace {

constexpr std::int64_t slack_ms = 60'000;

class Processes {
 public:
  explicit Processes(const Evidence& evidence) : evidence_(evidence) {
    for (const auto& [text, one] : evidence.truth().contributions) promised_[one.process].insert(text);
  }

  Findings run() {
    for (const auto& lead : evidence_.honest()) {
      Machine& machine = evidence_.world().machine(lead.text());
      if (!machine.is_up() || machine.store().read_only()) continue;  // promise 11 says so
      auto snapshot = machine.store().snapshot();
      if (!snapshot) continue;
      read_tasks(machine, **snapshot);
      std::set<ProcessId> ids;
      for (const TrueProcess& one : evidence_.truth().processes)
        if (one.lead == lead) ids.insert(one.id);
      const auto open = (*snapshot)->open_processes();
      if (!open) found(8, lead.text() + " cannot read which processes are open");
      if (open) ids.insert(open->begin(), open->end());
      for (const ProcessId& id : ids) check(machine, id, **snapshot);
    }
    return std::move(findings_);
  }

 private:
  void found(int promise, const std::string& what) { findings_.push_back({promise, what}); }

  // Origins of all tasks that were ever opened.
  void read_tasks(Machine& machine, const Snapshot& snapshot) {
    tasks_.clear();
    for (std::uint64_t sequence = 0; sequence < machine.ledger_size(); ++sequence) {
      const auto entry = snapshot.entry(sequence);
      if (!entry || entry->erased || entry->header.kind != EntryKind::task) continue;
      if (const auto task = decode_task(entry->body)) tasks_.insert(task->origin);
    }
  }

  void check(Machine& machine, const ProcessId& id, const Snapshot& snapshot) {
    const std::string of = machine.id().text() + "'s process " + id.hex().substr(0, 8);
    const auto sequences = snapshot.process_entries(id);
    if (!sequences || sequences->empty()) return found(6, of + " was begun, and is nowhere");
    RunningProcess process;
    std::map<std::string, int> texts;
    for (const auto sequence : *sequences) {
      const auto entry = snapshot.entry(sequence);
      const auto kept = entry ? decode_process_entry(entry->body) : tl::unexpected(entry.error());
      if (!kept) return found(6, of + " cannot be read: " + kept.error().text());
      if (const auto applied = process.apply(kept->record); !applied)
        return found(8, of + " does not follow: " + applied.error().text());
      if (const auto* one = std::get_if<Contributed>(&kept->record.what))
        if (one->text.starts_with("BROUGHT-")) ++texts[one->text.substr(0, one->text.find(' '))];
    }
    counts_once(of, id, process, texts);
    // A minute ago: its last turn may have been that long before now.
    const auto rules = child_protection_rules();
    const ProcessEngine engine(*rules->definitions.find(process.definition()), rules->calendar);
    const Instant then = machine.now() + -slack_ms;
    is_told(of, id, process, engine, then);
    const auto look = engine.next_look(process, machine.now());
    const auto& last = process.last_look();
    if (look && (!last || machine.now() < last->at || *look <= then))
      found(8, of + " proves a purpose, and nobody has looked at what all agencies hold");
    const auto in_memory = machine.node().processes().find(id, snapshot);
    if (!in_memory) return found(8, of + " is not there for its people: " + in_memory.error().text());
    if (in_memory->process.states() != process.states() ||
        in_memory->process.steps().size() != process.steps().size() ||
        in_memory->process.alerts().size() != process.alerts().size())
      found(8, of + " is another in memory than in the ledger");
  }

  void counts_once(const std::string& of, const ProcessId& id, const RunningProcess& process,
                   const std::map<std::string, int>& texts) {
    for (const std::string& text : promised_[id]) {
      const TrueContribution& one = evidence_.truth().contributions.at(text);
      const auto there = texts.find(text);
      const int times = there == texts.end() ? 0 : there->second;
      if (times > 1) found(6, of + " counts " + text + " of " + one.by.text() + " twice");
      if (times == 1 || !one.kept) continue;
      const StepInstance* step = process.find(one.step);
      const bool by_lead = process.lead_member() == one.by.text();
      // What another agency brings to a step that has ended meanwhile stays a notice; and policy decides when it
      // leaves.
      if (by_lead || (step && step->is_open && is_open_about(process, id, one.by)))
        found(6, of + " has not " + text + ", which was confirmed to " + one.by.text());
    }
  }

  // Held openly and in one file, at both.
  bool is_open_about(const RunningProcess& process, const ProcessId& id, const MemberId& by) const {
    const Truth& truth = evidence_.truth();
    for (const TrueProcess& one : truth.processes) {
      if (one.id != id) continue;
      for (const MemberId& member : {one.lead, by}) {
        const TrueHolding* held = truth.holding(member, one.child);
        if (!held || held->concealed || held->had_second) return false;
      }
      return evidence_.honest().contains(by) && !process.has_ended();
    }
    return false;
  }

  void is_told(const std::string& of, const ProcessId& id, const RunningProcess& process, const ProcessEngine& engine,
               Instant then) {
    for (const AlertRaised& alert : engine.tick(process, then).alerts())
      found(8, of + " told nobody: " + alert.title + " (" + alert.key + ")");
    const auto& roles = child_protection_rules()->roles;
    for (const auto& [key, alert] : process.alerts()) {
      if (alert.about == AlertRaised::About::outcome) continue;  // tells, and asks for nothing
      const bool is_task = std::any_of(roles.begin(), roles.end(), [&](const auto& role) {
        return tasks_.contains(process_origin(id, "alert/" + key + "/" + role.second));
      });
      if (!is_task) found(8, of + " told " + key + " and gave it nobody to do");
    }
  }

  const Evidence& evidence_;
  std::map<ProcessId, std::set<std::string>> promised_;
  std::set<std::string> tasks_;
  Findings findings_;
};

}  // namespace

Findings check_processes(const Evidence& evidence) { return Processes(evidence).run(); }

}  // namespace ginnel::sim
