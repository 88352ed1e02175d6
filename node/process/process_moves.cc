// SPDX-License-Identifier: Apache-2.0
// ProcessBook's side of a lead that moves: what it does to a process here, and to its records when they come.
#include <algorithm>

#include "node/process/process_book.h"
#include "node/store/codec.h"

namespace ginnel {
namespace {

// What time brings by itself, at each node that leads.
bool is_of_time(const ProcessRecord& record) {
  return std::holds_alternative<AlertRaised>(record.what) || std::holds_alternative<Looked>(record.what);
}

// Those of the records that came which are not known here, an alert by its key. Nothing: they are of another process.
std::optional<std::vector<ProcessRecord>> unknown_among(const std::vector<ProcessRecord>& known,
                                                        const std::vector<ProcessRecord>& came) {
  std::set<std::string> alerts;
  for (const auto& record : known)
    if (const auto* alert = std::get_if<AlertRaised>(&record.what)) alerts.insert(alert->key);
  std::vector<ProcessRecord> fresh;
  std::size_t at = 0;
  for (const auto& record : came) {
    while (at < known.size() && known[at] != record && is_of_time(known[at])) ++at;
    if (at < known.size() && known[at] == record) {
      ++at;
      continue;
    }
    if (at < known.size() && !is_of_time(record)) return std::nullopt;
    const auto* alert = std::get_if<AlertRaised>(&record.what);
    if (!alert || alerts.insert(alert->key).second) fresh.push_back(record);
  }
  while (at < known.size() && is_of_time(known[at])) ++at;
  return at == known.size() ? std::optional(std::move(fresh)) : std::nullopt;
}

}  // namespace

Expected<void> ProcessBook::move_lead(const ProcessId& id, const LeadMoved& moved, Instant at, Turn& turn) {
  auto kept = find(id, turn);
  if (!kept) return tl::unexpected(kept.error());
  const bool is_written = moved.lead_member.empty()
                              ? kept->process.lead_member().empty() || kept->process.lead_epoch() > moved.epoch
                              : kept->process.lead_epoch() >= moved.epoch;
  if (is_written) return {};
  RunningProcess after = kept->process;
  if (auto applied = after.apply({at, moved}); !applied)
    return fail("bad-process", "cannot move the lead of a process", applied.error().why, "");
  // Where the definition is missing the lead moves all the same; there are no tasks then.
  const auto engine = engine_of(kept->process);
  Effects effects;
  if (engine)
    effects = engine->move_lead(kept->process, moved, at, turn.now());
  else
    effects.records.push_back({at, moved});
  const bool is_ours = moved.lead_member == p_.member.text();
  if (!is_ours) effects.tasks.clear();
  const KeptProcess before = *kept;
  if (auto written = write(std::move(*kept), effects, nullptr, turn); !written) return written;
  const Definition* definition = definition_of(before.process);
  if (!definition || moved.lead_member.empty()) return {};
  Expected<void> done;
  if (!is_ours) done = close_tasks(before, *definition, "another authority leads it now", turn);
  for (const auto& [key, alert] : before.process.alerts())
    if (done && is_ours && !before.process.is_acknowledged(key))
      done = open_alert_tasks(before, alert, *definition, turn);
  if (!done) failure_ = done.error();
  return done;
}

Expected<void> ProcessBook::take_over(const ProcessId& id, const PersonRef& person,
                                      const std::vector<ProcessRecord>& records, Turn& turn) {
  const auto bad = [](const std::string& why) -> tl::unexpected<Error> {
    return fail("bad-process", "cannot take over a process", why, "ring the authority that led it");
  };
  KeptProcess kept{id, person, {}};
  auto before = entries_of(id, turn);
  if (!before && before.error().code != "not-found") return tl::unexpected(before.error());
  std::vector<ProcessRecord> known;
  for (auto& entry : before ? *before : std::vector<ProcessEntry>()) {
    kept.person = entry.person;
    known.push_back(std::move(entry.record));
  }
  const auto fresh = unknown_among(known, records);
  if (!fresh) return bad("it is not the one that this node knows already");
  // All of it, before anything is written.
  known.insert(known.end(), fresh->begin(), fresh->end());
  for (const auto& record : known)
    if (auto applied = kept.process.apply(record); !applied) return bad(applied.error().why);
  auto key = turn.person_key(kept.person);
  if (!key) return tl::unexpected(key.error());
  for (const auto& record : *fresh) {
    auto sequence =
        turn.append(EntryKind::process_step, ActorId(), *key, encode(ProcessEntry{id, kept.person, record}));
    if (!sequence) {
      failure_ = sequence.error();
      return tl::unexpected(sequence.error());
    }
  }
  forget(id);  // read again when somebody leads it here
  return {};
}

std::string ProcessBook::managing_role(std::string_view definition, Instant now) const {
  const Definition* in_force = in_effect(definition, now);
  return in_force ? user_role(in_force->manager) : std::string();
}

}  // namespace ginnel
