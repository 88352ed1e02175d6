// SPDX-License-Identifier: Apache-2.0
#include "tests/sim/process_work.h"

#include <algorithm>
#include <set>

namespace ginnel::sim {
namespace {

constexpr const char* orders = "m.manager";
constexpr const char* discussion = "strategy-discussion";
constexpr std::int64_t run_ms = 4 * 60'000;

}  // namespace

Machine* ProcessWork::some_machine(bool leads) {
  std::vector<Machine*> fitting;
  for (const auto& agency : world_.agencies()) {
    Machine& machine = world_.machine(agency);
    const Member* member = machine.runs() ? machine.book().find(machine.id()) : nullptr;
    if (member && !world_.is_hostile(machine.id()) && (member->kind == "social_care") == leads)
      fitting.push_back(&machine);
  }
  return fitting.empty() ? nullptr : fitting[roll(fitting.size())];
}

void ProcessWork::note(Machine& machine, const std::string& what) {
  world_.trace().event(world_.now(), machine.id().text(), [&] { return "* " + what; });
}

void ProcessWork::some_act() {
  const auto what = roll(10);
  Machine* machine = some_machine(what < 7);
  if (!machine) return;
  if (what >= 7) return bring(*machine);
  const bool leads_one = std::any_of(truth_.processes.begin(), truth_.processes.end(),
                                     [&](const TrueProcess& one) { return one.lead == machine->id(); });
  if (what == 0 || !leads_one) return begin(*machine);
  advance(*machine);
}

void ProcessWork::begin(Machine& machine) {
  std::vector<std::size_t> held;
  for (const auto& [key, holding] : truth_.holdings)
    if (key.first == machine.id()) held.push_back(key.second);
  if (held.empty()) return;
  const std::size_t child = held[roll(held.size())];
  NewProcess wish{"child-protection", truth_.holding(machine.id(), child)->person,
                  When::at_instant(machine.now() + -std::int64_t(roll(3 * day_ms)))};
  note(machine, "begins a process about child " + std::to_string(child));
  machine.node().begin_process(machine.token(orders), wish,
                               [=, this, lead = machine.id()](const Expected<ProcessId>& id) {
                                 if (!id) return;
                                 truth_.processes.push_back({*id, lead, child});
                                 Machine& again = world_.machine(lead.text());
                                 if (again.runs() && roll(4) > 0) begin_discussion(again, *id);
                               });
}

void ProcessWork::begin_discussion(Machine& machine, const ProcessId& process) {
  // Half, four fifths and all of its 24 hours.
  static constexpr std::int64_t parts[] = {12 * hour_ms, 19 * hour_ms + 12 * 60'000, 24 * hour_ms, 0};
  const Instant began = machine.now() + (std::int64_t(roll(run_ms)) - parts[roll(std::size(parts))]);
  note(machine, "begins the strategy discussion");
  machine.node().begin_process_step(machine.token(orders),
                                    {process, discussion, When::at_instant(std::min(began, machine.now()))},
                                    [](const Expected<std::uint64_t>&) {});
}

void ProcessWork::advance(Machine& machine) {
  std::vector<TrueProcess> led;
  for (const TrueProcess& one : truth_.processes)
    if (one.lead == machine.id()) led.push_back(one);
  const TrueProcess process = led[roll(led.size())];
  const bool takes_up = roll(5) == 0;
  machine.node().read_process(machine.token(orders), process.id, [=, this](const Expected<ProcessDetail>& detail) {
    Machine& again = world_.machine(process.lead.text());
    if (!detail || !again.runs()) return;
    if (takes_up) return take_up(again, process, *detail);
    std::vector<const ProcessStepLine*> open;
    for (const auto& step : detail->steps)
      if (step.is_open) open.push_back(&step);
    if (open.empty()) return;
    const ProcessStepLine& step = *open[roll(open.size())];
    std::vector<const ProcessTakes*> missing;
    for (const auto& one : step.takes)
      if (one.is_missing || roll(8) == 0) missing.push_back(&one);
    if (missing.empty() || roll(6) == 0) return close(again, process, step);
    contribute(again, process, step, *missing[roll(missing.size())]);
  });
}

std::string ProcessWork::promised(const TrueContribution& contribution) {
  const std::string text = "BROUGHT-" + std::to_string(1000 + truth_.contributions.size());
  truth_.contributions.emplace(text, contribution);
  return text;
}

void ProcessWork::contribute(Machine& machine, const TrueProcess& process, const ProcessStepLine& step,
                             const ProcessTakes& wanted) {
  const std::string text = promised({process.id, step.number, process.lead, wanted.name, {}});
  note(machine, "writes " + wanted.name + " of step " + std::to_string(step.number) + ": " + text);
  NewContribution wish{process.id, step.number, wanted.name, text, {}, "", ""};
  if (wanted.has_date) wish.at = When::at_instant(machine.now());
  machine.node().contribute_to_process(machine.token(orders), wish, [=, this](const Expected<bool>& done) {
    if (done) truth_.contributions.at(text).kept = evidence_.now();
  });
}

void ProcessWork::close(Machine& machine, const TrueProcess& process, const ProcessStepLine& step) {
  if (step.outcomes.empty()) return;
  // Mostly what leads on to an enquiry, a conference and a plan.
  static const std::set<std::string> onwards = {"referral", "strategy", "s47", "continuing-risk",
                                                "plan",     "seen",     "done"};
  std::string outcome = step.outcomes[roll(step.outcomes.size())].first;
  for (const auto& [id, title] : step.outcomes)
    if (onwards.contains(id) && roll(5) > 0) outcome = id;
  note(machine, "ends step " + std::to_string(step.number) + " with " + outcome);
  machine.node().close_process_step(machine.token(orders), {process.id, step.number, outcome, "as discussed", {}},
                                    [](const Expected<bool>&) {});
}

void ProcessWork::take_up(Machine& machine, const TrueProcess& process, const ProcessDetail& detail) {
  for (const auto& alert : detail.alerts)
    if (!alert.is_acknowledged) {
      note(machine, "takes up " + alert.key);
      return machine.node().acknowledge_alert(machine.token(orders), process.id, alert.key,
                                              [](const Expected<bool>&) {});
    }
  for (const auto& step : detail.steps)
    for (const auto& clock : step.clocks)
      if (clock.needs_reason) {
        note(machine, "says why step " + std::to_string(step.number) + " is late");
        return machine.node().give_late_reason(machine.token(orders), {process.id, step.number, clock.id, "snow"},
                                               [](const Expected<bool>&) {});
      }
}

void ProcessWork::bring(Machine& machine) {
  const MemberId at = machine.id();
  machine.node().list_notices(machine.token(orders), [=, this](const Expected<InboxList>& list) {
    Machine& again = world_.machine(at.text());
    if (!list || !again.runs()) return;
    evidence_.saw(InboxScreen{evidence_.now(), at, orders, *list});
    std::vector<const InboxItem*> invitations;
    for (const auto& item : list->items)
      if (item.invitation) invitations.push_back(&item);
    if (invitations.empty()) return;
    const InboxItem& item = *invitations[roll(invitations.size())];
    const Invitation& to = *item.invitation;
    const std::string name = to.wanted[roll(to.wanted.size())];
    const std::string text = promised({to.at.process, to.at.number, at, name, {}});
    note(again, "brings " + name + " to step " + std::to_string(to.at.number) + ": " + text);
    const auto id = NoticeId::parse(item.id);
    if (!id) return;
    again.node().answer_invitation(again.token(orders), {*id, name, text, {}},
                                   [=, this](const Expected<RecordId>& made) {
                                     if (made) truth_.contributions.at(text).kept = evidence_.now();
                                   });
  });
}

}  // namespace ginnel::sim
