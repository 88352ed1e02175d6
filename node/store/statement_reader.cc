// SPDX-License-Identifier: Apache-2.0
// StoreReader's side of consent, of refusals to share and of keeping: which entries tell of what was said about a
// person.
#include <set>

#include "node/store/index_statements.h"
#include "node/store/store_parts.h"

namespace ginnel {

Expected<std::vector<std::uint64_t>> StoreReader::Parts::statements_of(Index index, const PersonRef& person) const {
  if (auto readable = check_readable(); !readable) return tl::unexpected(readable.error());
  auto group = merged_with(person);
  if (!group) return tl::unexpected(group.error());
  std::set<std::uint64_t> all;
  for (const auto& one : *group) {
    auto found = store.indexes.sequences(kv, index, statements_of_key(one));
    if (!found) return found;
    all.insert(found->begin(), found->end());
  }
  return std::vector<std::uint64_t>(all.begin(), all.end());
}

Expected<std::vector<std::uint64_t>> StoreReader::Parts::statement_history(Index index, ByteView id) const {
  if (auto readable = check_readable(); !readable) return tl::unexpected(readable.error());
  return store.indexes.sequences(kv, index, statement_key(id));
}

Expected<std::vector<std::uint64_t>> StoreReader::Parts::all_statements(Index index) const {
  if (auto readable = check_readable(); !readable) return tl::unexpected(readable.error());
  return store.indexes.statements(kv, index);
}

Expected<std::vector<std::uint64_t>> StoreReader::consents_of(const PersonRef& person) const {
  return parts_->statements_of(Index::consent, person);
}
Expected<std::vector<std::uint64_t>> StoreReader::consent_history(const ConsentId& consent) const {
  return parts_->statement_history(Index::consent, consent.bytes());
}
Expected<std::vector<std::uint64_t>> StoreReader::refusals_of(const PersonRef& person) const {
  return parts_->statements_of(Index::refusal, person);
}
Expected<std::vector<std::uint64_t>> StoreReader::refusal_history(const RefusalId& refusal) const {
  return parts_->statement_history(Index::refusal, refusal.bytes());
}

Expected<std::vector<std::uint64_t>> StoreReader::consents() const { return parts_->all_statements(Index::consent); }
Expected<std::vector<std::uint64_t>> StoreReader::refusals() const { return parts_->all_statements(Index::refusal); }

}  // namespace ginnel
