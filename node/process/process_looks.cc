// SPDX-License-Identifier: Apache-2.0
// The book's side of looking at what all agencies hold: for which process, for whom, and what came of it.
#include <algorithm>

#include "node/process/process_book.h"

namespace ginnel {

std::optional<LookWish> ProcessBook::take_look(Instant now) {
  const auto id = looks_.take(now);
  if (!id) return std::nullopt;
  const KeptProcess& kept = open_.at(*id);
  const LookRule& rule = *definition_of(kept.process)->look;
  LookWish wish{*id, kept.person, rule.purpose, rule.basis, {}};
  const auto add = [&](const Actor& by) {
    const auto user = by.member == p_.member.text() ? UserId::parse(by.worker) : std::nullopt;
    if (user && std::find(wish.workers.begin(), wish.workers.end(), *user) == wish.workers.end())
      wish.workers.push_back(*user);
  };
  for (auto step = kept.process.steps().rbegin(); step != kept.process.steps().rend(); ++step) {
    add(step->closed_by);
    for (auto one = step->contributions.rbegin(); one != step->contributions.rend(); ++one) add(one->by);
    add(step->opened_by);
  }
  return wish;
}

Expected<void> ProcessBook::write_look(const ProcessId& id, const std::function<Effects(const ProcessEngine&)>& look,
                                       Turn& turn) {
  looks_.done(id);
  const auto found = open_.find(id);
  const auto engine = found == open_.end() ? std::nullopt : engine_of(found->second.process);
  if (!engine) return {};
  auto done = write(found->second, look(*engine), nullptr, turn);
  if (done || done.error().code != "no-person") return done;
  forget(id);  // erased with the person it was about
  return {};
}

Expected<void> ProcessBook::looked(const ProcessId& process, const Seen& seen, Turn& turn) {
  return write_look(
      process, [&](const ProcessEngine& engine) { return engine.look(open_.at(process).process, seen, turn.now()); },
      turn);
}

Expected<void> ProcessBook::cannot_look(const ProcessId& process, const std::string& why, Turn& turn) {
  return write_look(
      process,
      [&](const ProcessEngine& engine) { return engine.cannot_look(open_.at(process).process, why, turn.now()); },
      turn);
}

Expected<void> ProcessBook::look_soon(const PersonRef& person, const Turn& turn) {
  if (person.empty() || open_.empty()) return {};
  auto group = turn.merged_with(person);
  if (!group) return tl::unexpected(group.error());
  for (const auto& one : *group) {
    const auto theirs = of_person_.find(one);
    if (theirs == of_person_.end()) continue;
    for (const auto& id : theirs->second) {
      const KeptProcess& kept = open_.at(id);
      Instant at = turn.now() + limits::look_soon_ms;
      if (const auto& last = kept.process.last_look()) at = std::max(at, last->at + limits::look_gap_ms);
      looks_.soon(id, at);
      schedule(kept, turn.now());
    }
  }
  return {};
}

}  // namespace ginnel
