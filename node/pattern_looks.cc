// SPDX-License-Identifier: Apache-2.0
// The node looks by itself at what all agencies hold, for the patterns of its processes (docs/decisions/0069).
//
// It asks as the worker who did something in the process last, for the purpose that the process proves: through both
// gates, recorded like any view, and shown to nobody. The engine gets of it what happened and when, and no word of what
// it was.
#include <algorithm>

#include "node/node.h"
#include "node/people/session.h"
#include "node/setup/accounts.h"
#include "node/view/chronology.h"

namespace ginnel {
namespace {

constexpr const char* look_form = "patterns";  // as what a view was shown, in the ledger
constexpr const char* look_reason = "the node looked for patterns of the process";

Seen seen_of(CaseView view) {
  Seen out;
  std::map<MemberId, std::string> names;
  for (const ViewPart& part : view.parts) {
    names[part.agency] = part.agency_name;
    if (!is_complete({part})) out.unanswered.insert(part.agency_name);
    if (part.withheld > 0 || part.status == PartStatus::withheld || part.status == PartStatus::refused)
      out.withheld.insert(part.agency_name);
  }
  // What two agencies recorded alike happened once.
  for (const ChronologyEntry& entry : chronology_of(std::move(view), "").entries) {
    SeenRecord record{entry.told().kind, entry.told().occurred, {}};
    for (const ViewItem& source : entry.sources) record.agencies.insert(names[source.agency]);
    out.records.push_back(std::move(record));
  }
  return out;
}

}  // namespace

std::size_t Node::looks_in_flight() const {
  return std::size_t(
      std::count_if(looks_.begin(), looks_.end(), [](const auto& one) { return !one.second.told_revision; }));
}

std::optional<Instant> Node::next_look() const {
  std::optional<Instant> next;
  for (const auto& [view, look] : looks_)
    if (auto deadline = views_.deadline(view); deadline && !look.told_revision && (!next || *deadline < *next))
      next = deadline;
  if (looks_in_flight() >= limits::looks_at_once_max) return next;
  if (auto due = processes_.next_look(); due && (!next || *due < *next)) next = due;
  return next;
}

Expected<void> Node::look_for_patterns(Turn& turn) {
  for (auto at = looks_.begin(); at != looks_.end();) {
    const auto state = views_.state_now(at->first, turn.now());
    Look& look = at->second;
    const bool is_first = !look.told_revision;
    if (is_first && !views_.is_due(at->first, turn.now())) {
      ++at;
      continue;
    }
    // What comes late is looked at too, while the view is open for it.
    if (is_first || (state && state->revision != *look.told_revision)) {
      auto view = views_.show(look.worker, at->first, own_part(), turn, look_form);
      if (!view) {
        auto told = processes_.cannot_look(look.process, view.error().why, turn);
        if (!told) return told;
        at = looks_.erase(at);
        continue;
      }
      look.told_revision = view->revision;
      if (auto told = processes_.looked(look.process, seen_of(std::move(*view)), turn); !told) return told;
    }
    if (state && state->open) {
      ++at;
      continue;
    }
    views_.end(at->first);
    at = looks_.erase(at);
  }
  while (looks_in_flight() < limits::looks_at_once_max) {
    const auto wish = processes_.take_look(turn.now());
    if (!wish) break;
    if (auto begun = begin_look(*wish, turn); !begun) return begun;
  }
  return {};
}

Expected<void> Node::begin_look(const LookWish& wish, Turn& turn) {
  auto accounts = load_accounts(turn);
  if (!accounts) return tl::unexpected(accounts.error());
  std::string why = "nobody who worked in this process has an account here any more";
  // SECURITY: start() asks nobody about whom this agency shows the worker nothing of.
  for (const UserId& user : wish.workers) {
    const auto account =
        std::find_if(accounts->begin(), accounts->end(), [&](const Account& one) { return one.id == user; });
    if (account == accounts->end() || account->disabled) continue;
    Session worker = in_name_of(*account);
    ViewRequest request;
    request.held = wish.person;
    request.purpose = wish.purpose;
    request.basis = wish.basis;
    request.reason = look_reason;
    auto view = views_.start(worker, request, own_part(), turn);
    if (view) {
      looks_.emplace(*view, Look{wish.process, std::move(worker)});
      return {};
    }
    why = view.error().why;
  }
  return processes_.cannot_look(wish.process, why, turn);
}

}  // namespace ginnel
