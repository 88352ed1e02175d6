// SPDX-License-Identifier: Apache-2.0
// The keys of who and what was buried, until they are destroyed: Turn::bury(), bury_records() and bury_view() write the
// tombstone, and what it names is found by nobody from that commit on; this makes it unreadable for good.
//
//   queue:    in the turn of the tombstone, so that a crash in between ends it later
//   destroy:  after the commit, and once an hour at most: it wraps all other keys anew
//   tick:     forgets those that are gone
//
// Thread: the loop. A side row a key. Failure: the store's; why keys are still there that should not be tells
// problem().
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>

#include "node/store/store.h"

namespace ginnel {

namespace limits {
inline constexpr std::int64_t erased_keys_destroyed_every_ms = hour_ms;
}  // namespace limits

class Erasures {
 public:
  // Reads the rows, once; every turn begins with it.
  Expected<void> begin(const StoreReader& reader);

  Expected<void> queue(std::span<const KeyId> keys, Turn& turn);
  Expected<void> tick(Turn& turn);
  void destroy(Store& store, Instant now);

  const std::string& problem() const { return problem_; }  // empty: no key is there for longer than it should
  std::optional<Instant> next_tick() const { return next_; }
  std::size_t waiting() const { return rows_.size(); }
  void clear();  // the turn was not committed

 private:
  bool is_loaded_ = false;
  std::map<KeyId, bool> rows_;  // whether it is destroyed, and its row may go
  std::optional<Instant> next_;
  Instant destroyed_at_;
  std::string problem_;
};

}  // namespace ginnel
