// SPDX-License-Identifier: Apache-2.0
// StoreReader's side of consent: which entries tell of what was decided about sharing.
#include <set>

#include "node/store/index_consent.h"
#include "node/store/store_parts.h"

namespace ginnel {

Expected<std::vector<std::uint64_t>> StoreReader::consents_of(const PersonRef& person) const {
  if (auto readable = parts_->check_readable(); !readable) return tl::unexpected(readable.error());
  auto group = parts_->merged_with(person);
  if (!group) return tl::unexpected(group.error());
  std::set<std::uint64_t> all;
  for (const auto& one : *group) {
    auto found = parts_->store.indexes.sequences(parts_->kv, Index::consent, consents_of_key(one));
    if (!found) return found;
    all.insert(found->begin(), found->end());
  }
  return std::vector<std::uint64_t>(all.begin(), all.end());
}

Expected<std::vector<std::uint64_t>> StoreReader::consent_history(const ConsentId& consent) const {
  if (auto readable = parts_->check_readable(); !readable) return tl::unexpected(readable.error());
  return parts_->store.indexes.sequences(parts_->kv, Index::consent, consent_key(consent));
}

}  // namespace ginnel
