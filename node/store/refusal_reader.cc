// SPDX-License-Identifier: Apache-2.0
// StoreReader's side of refusals to share: which entries tell of what was decided not to be shared.
#include <set>

#include "node/store/index_refusal.h"
#include "node/store/store_parts.h"

namespace ginnel {

Expected<std::vector<std::uint64_t>> StoreReader::refusals_of(const PersonRef& person) const {
  if (auto readable = parts_->check_readable(); !readable) return tl::unexpected(readable.error());
  auto group = parts_->merged_with(person);
  if (!group) return tl::unexpected(group.error());
  std::set<std::uint64_t> all;
  for (const auto& one : *group) {
    auto found = parts_->store.indexes.sequences(parts_->kv, Index::refusal, refusals_of_key(one));
    if (!found) return found;
    all.insert(found->begin(), found->end());
  }
  return std::vector<std::uint64_t>(all.begin(), all.end());
}

Expected<std::vector<std::uint64_t>> StoreReader::refusal_history(const RefusalId& refusal) const {
  if (auto readable = parts_->check_readable(); !readable) return tl::unexpected(readable.error());
  return parts_->store.indexes.sequences(parts_->kv, Index::refusal, refusal_key(refusal));
}

}  // namespace ginnel
