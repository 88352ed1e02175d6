// SPDX-License-Identifier: Apache-2.0
#include "tests/sim/transfers_checked.h"

#include <algorithm>
#include <map>
#include <set>

#include "node/store/codec.h"
#include "node/transfer/transfer_journal.h"

namespace ginnel::sim {
namespace {

struct Held {
  std::string at;
  TransferLog log;
};

std::vector<Held> all_held(World& world, std::vector<std::string>& problems) {
  std::vector<Held> out;
  for (const auto& agency : world.agencies()) {
    Machine& machine = world.machine(agency);
    if (!machine.is_up()) continue;
    auto snapshot = machine.store().snapshot();
    if (!snapshot) continue;
    const auto ids = (*snapshot)->transfers();
    if (!ids) problems.push_back(agency + " cannot say which transfers there are: " + ids.error().text());
    for (const auto& id : ids.value_or(std::vector<TransferId>())) {
      auto log = read_transfer_log(id, **snapshot);
      if (!log) problems.push_back(agency + " cannot read a transfer: " + log.error().text());
      if (log) out.push_back({agency, std::move(*log)});
    }
  }
  return out;
}

// Of each transfer, the longest of what its sides hold of either list.
std::map<TransferId, TransferLog> joined(const std::vector<Held>& held) {
  std::map<TransferId, TransferLog> out;
  for (const auto& one : held) {
    TransferLog& log = out[one.log.id()];
    // By turns, as far as each goes on.
    for (bool goes_on = true; goes_on;) {
      const std::size_t before = log.size();
      for (const auto* side : {&one.log.by_originator(), &one.log.by_receiver()})
        for (const auto& said : *side) (void)log.add(said);
      goes_on = log.size() > before;
    }
  }
  return out;
}

void check_numbers(const std::vector<Held>& held, std::vector<std::string>& problems) {
  std::map<std::pair<TransferId, std::pair<MemberId, std::uint32_t>>, Hash> said;
  for (const auto& one : held)
    for (const auto* side : {&one.log.by_originator(), &one.log.by_receiver()})
      for (const auto& statement : *side) {
        const auto key = std::pair(one.log.id(), std::pair(statement.statement.by, statement.statement.number));
        const auto [found, is_new] = said.emplace(key, statement.hash);
        if (!is_new && found->second != statement.hash)
          problems.push_back(statement.statement.by.text() + " said two things under one number");
      }
}

void check_epochs(const std::map<TransferId, TransferLog>& logs, std::vector<std::string>& problems) {
  std::map<std::pair<ProcessId, std::uint64_t>, std::set<MemberId>> leads;
  for (const auto& [id, log] : logs) {
    const Offered& offer = log.offer();
    leads[{offer.process, offer.epoch}].insert(log.originator());
    if (log.find(TransferAct::assume)) leads[{offer.process, offer.epoch + 1}].insert(log.receiver());
  }
  for (const auto& [epoch, members] : leads)
    if (members.size() > 1)
      problems.push_back("epoch " + std::to_string(epoch.second) + " of a process has " +
                         std::to_string(members.size()) + " leads");
}

// Of one transfer: no gap between its offer and now.
void check_accountable(const TransferLog& log, std::vector<std::string>& problems) {
  Instant covered;
  bool is_open = false;
  for (const auto& one : log.accountable()) {
    if (covered.is_set() && one.since.is_set() && covered < one.since)
      problems.push_back("nobody was accountable from " + for_people(covered) + " to " + for_people(one.since));
    covered = std::max(covered, one.until);
    is_open = is_open || !one.until.is_set();
  }
  if (!is_open) problems.push_back("nobody is accountable now");
}

// Without what time brings to each node by itself.
std::vector<ProcessRecord> by_people(std::vector<ProcessRecord> records) {
  std::erase_if(records, [](const ProcessRecord& one) {
    return std::holds_alternative<AlertRaised>(one.what) || std::holds_alternative<Looked>(one.what);
  });
  return records;
}

bool waits_for_a_person(const TransferLog& log) {
  switch (log.state()) {
    case TransferState::offered:
    case TransferState::accepted:
    case TransferState::agreed:
      return true;
    case TransferState::released:
      return !log.is_complete();
    default:
      return false;
  }
}

}  // namespace

std::vector<std::string> broken_leads(World& world) {
  std::vector<std::string> problems;
  const auto held = all_held(world, problems);
  check_numbers(held, problems);
  const auto logs = joined(held);
  check_epochs(logs, problems);
  for (const auto& [id, log] : logs) check_accountable(log, problems);
  return problems;
}

std::vector<std::string> unsettled_leads(World& world) {
  std::vector<std::string> problems = broken_leads(world);
  const auto held = all_held(world, problems);
  std::map<TransferId, std::vector<const Held*>> sides;
  for (const auto& one : held) sides[one.log.id()].push_back(&one);
  for (const auto& [id, both] : sides) {
    if (both.size() != 2) {
      problems.push_back("a transfer is held by " + std::to_string(both.size()) + " nodes");
      continue;
    }
    const TransferLog& log = both.front()->log;
    if (!(log == both.back()->log)) problems.push_back(both.front()->at + " and " + both.back()->at + " differ");
    if (!has_ended(log.state()) && !waits_for_a_person(log))
      problems.push_back("a transfer hangs in " + std::string(name_of(log.state())));
  }

  // Who orders each process, by what every node's own records say.
  std::map<ProcessId, std::set<std::string>> ordered_by;
  std::map<ProcessId, std::map<std::string, std::vector<ProcessRecord>>> records;
  for (const auto& [id, log] : joined(held)) {
    const ProcessId& process = log.offer().process;
    for (const auto& agency : world.agencies()) {
      Machine& machine = world.machine(agency);
      if (!machine.is_up()) continue;
      auto snapshot = machine.store().snapshot();
      if (!snapshot) continue;
      const auto kept = machine.node().processes().kept_records(process, **snapshot);
      if (!kept) continue;
      RunningProcess running;
      for (const auto& record : *kept)
        if (!running.apply(record)) problems.push_back(agency + " holds a process that is none");
      if (running.lead_member() == agency) ordered_by[process].insert(agency);
      records[process][agency] = *kept;
    }
    // The lead of the newest epoch that was assumed.
    if (log.find(TransferAct::assume) && log.find(TransferAct::discharged)) {
      const auto& of = records[process];
      const auto from = of.find(log.originator().text()), to = of.find(log.receiver().text());
      if (from == of.end() || to == of.end()) {
        problems.push_back("the process did not come to " + log.receiver().text());
        continue;
      }
      // Up to the release, record by record.
      const auto theirs = by_people(from->second), ours = by_people(to->second);
      for (std::size_t i = 0; i < theirs.size(); ++i) {
        const auto* moved = std::get_if<LeadMoved>(&theirs[i].what);
        if (moved && moved->lead_member.empty() && moved->epoch == log.offer().epoch) break;
        if (i >= ours.size() || ours[i] != theirs[i]) {
          problems.push_back("record " + std::to_string(i) + " of a process did not come to " + log.receiver().text() +
                             " as it was");
          break;
        }
      }
    }
  }
  for (const auto& [process, members] : ordered_by)
    if (members.size() > 1) problems.push_back("a process is ordered by " + std::to_string(members.size()) + " nodes");
  return problems;
}

}  // namespace ginnel::sim
