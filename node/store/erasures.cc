// SPDX-License-Identifier: Apache-2.0
#include "node/store/erasures.h"

#include <vector>

#include "node/store/row_text.h"

namespace ginnel {
namespace {

constexpr std::uint8_t erasure_layout = 1;

}  // namespace

Expected<void> Erasures::begin(const StoreReader& reader) {
  if (is_loaded_) return {};
  auto all = reader.side_all(SideTable::erasures);
  if (!all) return tl::unexpected(all.error());
  rows_.clear();
  for (const Bytes& bytes : *all) {
    RowReader from(bytes, erasure_layout);
    const auto key = from.id<KeyId>();
    if (!from.at_end())
      return fail("bad-row", "cannot read which keys are to be destroyed", "a row has another layout", "");
    rows_.emplace(key, false);
  }
  is_loaded_ = true;
  next_ = rows_.empty() ? std::nullopt : std::optional(Instant{1});
  return {};
}

// INVARIANT: the row is in the commit of the tombstone and outlives the key: a crash in between ends it later.
Expected<void> Erasures::queue(std::span<const KeyId> keys, Turn& turn) {
  for (const KeyId& key : keys) {
    if (auto put = turn.put_side(SideTable::erasures, key.bytes(), RowWriter(erasure_layout).id(key).take()); !put)
      return put;
    rows_.emplace(key, false);
  }
  if (!keys.empty()) next_ = turn.now();
  return {};
}

Expected<void> Erasures::tick(Turn& turn) {
  if (!next_ || turn.now() < *next_) return {};
  for (auto at = rows_.begin(); at != rows_.end();) {
    if (!at->second) {
      ++at;
      continue;
    }
    if (auto gone = turn.erase_side(SideTable::erasures, at->first.bytes()); !gone) return gone;
    at = rows_.erase(at);
  }
  next_.reset();
  if (!rows_.empty()) next_ = std::max(turn.now(), destroyed_at_ + limits::erased_keys_destroyed_every_ms);
  return {};
}

void Erasures::destroy(Store& store, Instant now) {
  if (now - destroyed_at_ < limits::erased_keys_destroyed_every_ms && now >= destroyed_at_) return;
  std::vector<KeyId> keys;
  for (const auto& [key, is_gone] : rows_)
    if (!is_gone) keys.push_back(key);
  if (keys.empty()) return;
  destroyed_at_ = now;
  auto gone = store.destroy_keys(keys);
  problem_ = gone ? ""
                  : "keys of what was erased, or of answers whose time is over, could not be destroyed in time: " +
                        gone.error().why;
  if (!gone) {
    next_ = now + limits::erased_keys_destroyed_every_ms;
    return;
  }
  for (const KeyId& key : keys) rows_[key] = true;
  next_ = now;  // their rows go
}

void Erasures::clear() {
  rows_.clear();
  next_.reset();
  is_loaded_ = false;
}

}  // namespace ginnel
