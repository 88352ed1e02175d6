// SPDX-License-Identifier: Apache-2.0
// How long what peers answered stays readable here (DESIGN 5, received copies): until a day after its case view was
// last looked at, and a week after it was asked at most. Then the view's key is destroyed, and with it every copy under
// it; what stays is who was asked, what came by id and hash, and what was shown (docs/decisions/0014-view-keys.md).
//
//   keep:     a view began, and its key seals what peers answer
//   use:      somebody looked at it
//   tick:     the tombstones of those whose time is over; from here on nothing opens what they sealed, and their keys
//   go
//             with the next erasures (node/store/erasures.h)
//
// Thread: the loop. A side row a view, so that a restart goes on where it was. Failure: the store's.
#pragma once

#include <map>
#include <optional>
#include <vector>

#include "node/store/erasures.h"
#include "node/store/store.h"
#include "node/view/kept_view_rules.h"

namespace ginnel {

namespace limits {
inline constexpr std::int64_t kept_use_step_ms = hour_ms;  // how finely it is written when a view was last used
inline constexpr std::size_t views_ended_per_turn_max = 64;
}  // namespace limits

class KeptViews {
 public:
  explicit KeptViews(KeptViewRules rules) : rules_(rules) {}

  // Reads the rows, once; every turn begins with it.
  Expected<void> begin(const StoreReader& reader);

  Expected<void> keep(const ViewId& view, const KeyId& key, Turn& turn);
  Expected<void> use(const ViewId& view, Turn& turn);

  // Nothing: it never was, or its time is over.
  std::optional<Instant> until(const ViewId& view, Instant now) const;
  Instant at_most_until(Instant asked_at) const { return asked_at + rules_.at_most_ms; }
  std::optional<KeyId> key(const ViewId& view, Instant now) const;

  // The views that ended.
  Expected<std::vector<ViewId>> tick(Turn& turn, Erasures& erasures);
  std::optional<Instant> next_tick() const { return next_; }

  // Forgets what is in memory, after a turn that was not committed.
  void clear();

 private:
  struct Row {
    KeyId key;
    Instant kept_since, used_at;
  };

  Instant until(const Row& row) const;
  Expected<void> put(const ViewId& view, const Row& row, Turn& turn);
  Expected<void> end(const ViewId& view, const Row& row, Turn& turn, Erasures& erasures);
  const Row* kept(const ViewId& view, Instant now) const;
  void look_again_at(Instant then);

  KeptViewRules rules_;
  bool is_loaded_ = false;
  std::map<ViewId, Row> rows_;
  std::optional<Instant> next_;  // when some row may have something to do
};

}  // namespace ginnel
