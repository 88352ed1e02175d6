// SPDX-License-Identifier: Apache-2.0
#include "node/notices/corrections.h"

#include <algorithm>

#include "node/notices/involved.h"
#include "node/store/codec.h"

namespace ginnel {
namespace {

constexpr std::string_view correction_kind = "correction", retraction_kind = "retraction",
                           wrong_child_kind = "wrong-child";

tl::unexpected<Error> nothing_to_correct() {
  return fail("not-found", "there is no such item to correct", "it never was, or it is not yours to correct",
              "open the case view again, and name the view and an item of your own agency");
}

Expected<void> check(const Correction& correction) {
  const auto bad = [](const char* why, const char* remedy) {
    return fail("bad-correction", "cannot correct the item", why, remedy);
  };
  const bool is_change = correction.kind == correction_kind;
  if (!is_change && correction.kind != retraction_kind && correction.kind != wrong_child_kind)
    return bad("`kind` is none of the three", "say `correction`, `retraction` or `wrong-child`");
  if (correction.reason.empty() || correction.reason.size() > limits::correction_reason_bytes_max)
    return bad("`reason` is empty or too long",
               "say in a few words what was wrong; everybody who was told it reads it");
  if (correction.headline.size() > limits::correction_headline_bytes_max ||
      correction.narrative.size() > limits::correction_narrative_bytes_max)
    return bad("a text is too long", "shorten it");
  const bool has_text = !correction.headline.empty() || !correction.narrative.empty();
  if (is_change && !has_text) return bad("it does not say what is right", "give `headline`, `narrative` or both");
  if (!is_change && has_text) return bad("what is taken back has no new text", "leave `headline` and `narrative` out");
  return {};
}

}  // namespace

// By what the worker asked, and for whom, when they saw the item.
Expected<PartAsk> Corrections::ask_of(const Session& worker, const Correction& correction, const OwnPart& own,
                                      PersonRef& person, const Turn& turn) const {
  auto sequences = turn.entries_of(correction.view);
  if (!sequences) return tl::unexpected(sequences.error());
  PartAsk ask;
  bool was_shown = false;
  for (auto sequence : *sequences) {
    auto entry = turn.entry(sequence);
    if (!entry) return tl::unexpected(entry.error());
    const EntryKind kind = entry->header.kind;
    if (entry->erased || (kind != EntryKind::asked && kind != EntryKind::view_shown)) continue;
    if (entry->header.actor != actor_of(worker)) return nothing_to_correct();
    auto access = decode_access(entry->body);
    if (!access) return tl::unexpected(access.error());
    if (kind == EntryKind::view_shown)
      was_shown = was_shown || std::any_of(access->items.begin(), access->items.end(),
                                           [&](const AccessItem& item) { return item.record == correction.item; });
    if (kind != EntryKind::asked) continue;
    auto asked = decode_ask(access->attached);
    if (!asked || !std::holds_alternative<Identity>(asked->about)) return nothing_to_correct();
    person = access->person;
    ask.about = std::get<Identity>(asked->about);
    ask.asking.agency = own.member;
    ask.asking.agency_kind = own.kind;
    ask.asking.worker = worker.user.hex();
    ask.asking.role = worker.role;
    ask.asking.purpose = access->purpose;
    ask.asking.basis = access->basis;
    ask.asking.break_glass = !asked->break_glass_reason.empty();
    ask.actor = entry->header.actor;
    ask.access.view = correction.view;
    ask.access.worker = worker.user.hex();
    ask.access.reason = correction.reason;
  }
  if (!was_shown || person.empty()) return nothing_to_correct();
  return ask;
}

Expected<Corrected> Corrections::make(const Session& worker, const Correction& correction, const OwnPart& own,
                                      Turn& turn) const {
  if (auto good = check(correction); !good) return tl::unexpected(good.error());
  PersonRef person;
  auto ask = ask_of(worker, correction, own, person, turn);
  if (!ask) return tl::unexpected(ask.error());
  // The gate lets them read it, as it is now.
  auto told = parts_.tell(*ask, person, correction.item, turn);
  if (!told) return tl::unexpected(told.error());
  if (!*told || (*told)->step < Step::content || (*told)->item->label.owner != own.member) return nothing_to_correct();
  auto given = given_to(person, correction.item, turn);
  if (!given) return tl::unexpected(given.error());
  Corrected out{RecordId(), given->size()};
  if (correction.kind != correction_kind) {
    auto retracted = turn.retract(correction.item, correction.kind, correction.reason, ask->actor);
    if (!retracted) return tl::unexpected(retracted.error());
    return out;
  }
  RecordChange change;
  change.headline = correction.headline;
  change.narrative = correction.narrative;
  change.reason = correction.reason;
  change.author = {worker.display_name, worker.role, worker.team, ""};
  auto put = turn.correct(correction.item, change, ask->actor);
  if (!put) return tl::unexpected(put.error());
  out.item = *put;
  return out;
}

}  // namespace ginnel
