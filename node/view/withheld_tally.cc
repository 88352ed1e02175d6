// SPDX-License-Identifier: Apache-2.0
#include "node/view/withheld_tally.h"

#include <algorithm>

#include "federation/wire/part_status.h"
#include "node/store/codec.h"
#include "node/store/ledger.h"
#include "node/view/view_words.h"

namespace ginnel {
namespace {

constexpr const char* unknown_word = "a word of it is in no list of the agreement";

// What a node's clock may have been put back by without an entry of the period being passed over.
constexpr std::int64_t clock_slack_ms = day_ms;

}  // namespace

WithheldTally::WithheldTally(Date from, Date to, const Vocabulary& words)
    : words_(words), since_(london_instant(from, 0)), until_(london_instant(Date::from_days(to.days() + 1), 0)) {
  out_.from = from;
  out_.to = to;
}

Expected<bool> WithheldTally::step(const StoreReader& reader) {
  if (!next_) next_ = reader.tree_head().size;
  for (std::uint64_t n = 0; n < limits::withheld_entries_per_turn; ++n) {
    if (*next_ == 0) return false;
    if (reads_ == limits::withheld_entries_read_max) {
      out_.read_from = oldest_;
      return false;
    }
    ++reads_;
    auto go_on = take_entry(--*next_, reader);
    if (!go_on || !*go_on) return go_on;
  }
  return true;
}

Expected<bool> WithheldTally::take_entry(std::uint64_t sequence, const StoreReader& reader) {
  auto sealed = reader.sealed_entry(sequence);
  if (!sealed) return tl::unexpected(sealed.error());
  auto header = decode_header(*sealed);
  if (!header) return tl::unexpected(header.error());
  oldest_ = header->time;
  if (header->time < since_ + -clock_slack_ms) return false;
  if (header->kind != EntryKind::decided || header->time < since_ || header->time >= until_) return true;
  auto entry = reader.entry(sequence);
  auto decided = !entry || entry->erased ? Expected<Access>(Access()) : decode_access(entry->body);
  if (!entry || !decided)
    ++out_.unreadable;
  else if (entry->erased)
    ++out_.erased;
  else
    count(*decided);
  return true;
}

void WithheldTally::count(const Access& decided) {
  const bool is_for_own_worker = decided.peer.empty(), is_unasked = !decided.notice.empty();
  if (is_for_own_worker || is_unasked) return;
  ++out_.asks;
  if (!decided.outcome.empty()) {
    if (decided.outcome != name_of(PartStatus::refused)) return;  // it could not be answered
    // A rule's own code; the sentence beside it may repeat what the asker wrote.
    const auto& policies = decided.items.empty() ? std::vector<std::string>() : decided.items.front().policies;
    const std::string code = policies.empty() ? decided.outcome : policies.front();
    ++refused_[{decided.peer, "", code == "unknown-word" ? std::string(unknown_word) : without_hyphens(code)}];
    return;
  }
  if (decided.in_shadow) {
    ++out_.in_shadow;
    return;
  }
  bool has_withheld = false;
  for (const AccessItem& item : decided.items) {
    if (item.step != Step::exists) continue;
    const Word* category = words_.find("category", item.category);
    ++withheld_[{decided.peer, category ? category->title : std::string("not in the lists"), item.reason}];
    has_withheld = true;
  }
  out_.asks_withheld_from += has_withheld ? 1 : 0;
}

WithheldAccount WithheldTally::take(const std::function<std::string(const MemberId&)>& name_of) {
  const auto rows_of = [&](const std::map<Key, std::uint64_t>& counts) {
    std::vector<WithheldRow> rows;
    for (const auto& [key, count] : counts) {
      const auto& [member, category, reason] = key;
      rows.push_back({member, name_of(member), category, reason, count});
    }
    std::stable_sort(rows.begin(), rows.end(),
                     [](const WithheldRow& a, const WithheldRow& b) { return a.count > b.count; });
    return rows;
  };
  out_.withheld = rows_of(withheld_);
  out_.refused = rows_of(refused_);
  return std::move(out_);
}

}  // namespace ginnel
