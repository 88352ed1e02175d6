// SPDX-License-Identifier: Apache-2.0
#include "node/notices/kept_ask.h"

#include "node/notices/involved.h"
#include "node/store/codec.h"

namespace ginnel {

Expected<std::optional<KeptAsk>> kept_ask(const AskId& id, const StoreReader& reader) {
  auto sequences = reader.entries_of(id);
  if (!sequences) return tl::unexpected(sequences.error());
  for (auto sequence : *sequences) {
    auto entry = reader.entry(sequence);
    if (!entry) return tl::unexpected(entry.error());
    const EntryKind kind = entry->header.kind;
    if (entry->erased || (kind != EntryKind::asked && kind != EntryKind::disclosed)) continue;
    auto access = decode_access(entry->body);
    if (!access) return tl::unexpected(access.error());
    auto ask = decode_ask(access->attached);
    if (!ask || !std::holds_alternative<Identity>(ask->about)) continue;
    Identity about = std::get<Identity>(ask->about);
    return std::optional(KeptAsk{entry->header, std::move(*access), std::move(*ask), std::move(about)});
  }
  return std::optional<KeptAsk>();
}

Asking first_contact(const Vocabulary& words, const std::string& purpose, const Session& worker, const OwnPart& own) {
  const Word* interest = interest_of(words, purpose);
  for (const Word& word : words.words("interest"))
    if (!interest && word.in_force) interest = &word;
  Asking out;
  out.agency = own.member;
  out.agency_kind = own.kind;
  out.worker = worker.user.hex();
  out.role = worker.role;
  if (!interest) return out;
  out.purpose = interest->told_purpose;
  out.basis = interest->told_basis;
  return out;
}

Expected<bool> may_know_child(const PartMaker& parts, const PartAsk& ask, const PersonRef& person, Turn& turn) {
  if (person.empty()) return false;
  auto labels = turn.labels(person);
  if (!labels && labels.error().code == "no-person") return false;
  if (!labels) return tl::unexpected(labels.error());
  for (const auto& label : *labels) {
    auto told = parts.tell(ask, person, label.id, turn);
    if (!told) return tl::unexpected(told.error());
    if (*told && (*told)->step > Step::none) return true;
  }
  return false;
}

}  // namespace ginnel
