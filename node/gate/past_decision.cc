// SPDX-License-Identifier: Apache-2.0
#include "node/gate/past_decision.h"

#include "node/gate/recorded.h"
#include "node/store/codec.h"

namespace ginnel {
namespace {

tl::unexpected<Error> cannot(std::string code, std::uint64_t sequence, std::string why, std::string remedy) {
  return fail(std::move(code), "cannot explain entry " + std::to_string(sequence) + " of the ledger", std::move(why),
              std::move(remedy));
}

}  // namespace

std::optional<PastDecision> past_decision_of(const EntryHeader& header, Access entry, const MemberId& own) {
  auto asking = recorded_asking(header, entry, own);
  if (!asking) return std::nullopt;
  PastDecision past;
  past.header = header;
  past.asking = std::move(*asking);
  past.about = about_person(entry.allocated, recorded_consents(*entry.decided_by));
  for (const AccessItem& item : entry.items)
    if (auto label = recorded_label(item, entry)) past.labels.push_back(std::move(*label));
  past.entry = std::move(entry);
  if (!past.was_refused() && past.labels.size() != past.entry.items.size()) return std::nullopt;
  return past;
}

Expected<PastDecision> past_decision(std::uint64_t sequence, const StoreReader& reader, const MemberId& own) {
  const std::uint64_t size = reader.tree_head().size;
  if (sequence >= size)
    return cannot("no-entry", sequence, "the ledger has entries 0 to " + std::to_string(size - 1),
                  "take a number that `ginnel policy replay` tells");
  auto opened = reader.entry(sequence);
  if (!opened) return tl::unexpected(opened.error());
  if (opened->header.kind != EntryKind::decided)
    return cannot("no-decision", sequence, "it records something else than a decision about sharing",
                  "take a number that `ginnel policy replay` tells");
  if (opened->erased) return cannot("erased", sequence, "it was erased, with the person whom it was about", "");
  auto entry = decode_access(opened->body);
  if (!entry) return tl::unexpected(entry.error());
  auto past = past_decision_of(opened->header, std::move(*entry), own);
  if (!past)
    return cannot("not-recorded", sequence, "it is of before a decision kept what it went by", "take a later decision");
  return std::move(*past);
}

}  // namespace ginnel
