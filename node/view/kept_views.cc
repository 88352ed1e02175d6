// SPDX-License-Identifier: Apache-2.0
#include "node/view/kept_views.h"

#include <algorithm>

#include "node/store/row_text.h"

namespace ginnel {
namespace {

constexpr std::uint8_t kept_view_layout = 1;
constexpr const char* reason = "the time of what peers answered is over";

}  // namespace

Expected<void> KeptViews::begin(const StoreReader& reader) {
  if (is_loaded_) return {};
  auto all = reader.side_all(SideTable::kept_views);
  if (!all) return tl::unexpected(all.error());
  rows_.clear();
  for (const Bytes& bytes : *all) {
    RowReader from(bytes, kept_view_layout);
    const auto view = from.id<ViewId>();
    Row row;
    row.key = from.id<KeyId>();
    row.kept_since = from.instant();
    row.used_at = from.instant();
    // Until erasures had a queue of their own, a row stayed after its tombstone: such a view is over, and buried again.
    const auto was_buried = from.number();
    if (!from.at_end() || was_buried > 1)
      return fail("bad-row", "cannot read how long a view is kept", "the row has another layout", "");
    if (was_buried == 1) row.used_at = {};
    rows_.emplace(view, row);
  }
  is_loaded_ = true;
  next_ = rows_.empty() ? std::nullopt : std::optional(Instant{1});
  return {};
}

Expected<void> KeptViews::put(const ViewId& view, const Row& row, Turn& turn) {
  const Bytes bytes =
      RowWriter(kept_view_layout).id(view).id(row.key).instant(row.kept_since).instant(row.used_at).number(0).take();
  return turn.put_side(SideTable::kept_views, view.bytes(), bytes);
}

Expected<void> KeptViews::keep(const ViewId& view, const KeyId& key, Turn& turn) {
  const Row row{key, turn.now(), turn.now()};
  rows_.insert_or_assign(view, row);
  look_again_at(until(row));
  return put(view, row, turn);
}

Expected<void> KeptViews::use(const ViewId& view, Turn& turn) {
  auto found = rows_.find(view);
  if (found == rows_.end() || turn.now() - found->second.used_at < limits::kept_use_step_ms) return {};
  found->second.used_at = turn.now();
  return put(view, found->second, turn);
}

Instant KeptViews::until(const Row& row) const {
  return std::min(row.used_at + rules_.after_use_ms, row.kept_since + rules_.at_most_ms);
}

const KeptViews::Row* KeptViews::kept(const ViewId& view, Instant now) const {
  auto found = rows_.find(view);
  return found != rows_.end() && now < until(found->second) ? &found->second : nullptr;
}

std::optional<Instant> KeptViews::until(const ViewId& view, Instant now) const {
  const Row* row = kept(view, now);
  return row ? std::optional(until(*row)) : std::nullopt;
}

std::optional<KeyId> KeptViews::key(const ViewId& view, Instant now) const {
  const Row* row = kept(view, now);
  return row ? std::optional(row->key) : std::nullopt;
}

Expected<std::vector<ViewId>> KeptViews::tick(Turn& turn, Erasures& erasures) {
  std::vector<ViewId> ended;
  if (!next_ || turn.now() < *next_) return ended;
  next_.reset();
  for (auto at = rows_.begin(); at != rows_.end();) {
    const auto& [view, row] = *at;
    if (turn.now() < until(row) || ended.size() == limits::views_ended_per_turn_max) {
      look_again_at(until(row));
      ++at;
      continue;
    }
    if (auto done = end(view, row, turn, erasures); !done) return tl::unexpected(done.error());
    ended.push_back(view);
    at = rows_.erase(at);
  }
  return ended;
}

void KeptViews::look_again_at(Instant then) {
  if (!next_ || then < *next_) next_ = then;
}

// INVARIANT: the tombstone, the end of the row and that its key is to go are one commit.
Expected<void> KeptViews::end(const ViewId& view, const Row& row, Turn& turn, Erasures& erasures) {
  if (auto buried = turn.bury_view(view, row.key, reason, ActorId()); !buried) return buried;
  if (auto gone = turn.erase_side(SideTable::kept_views, view.bytes()); !gone) return gone;
  return erasures.queue(std::span(&row.key, 1), turn);
}

void KeptViews::clear() {
  rows_.clear();
  next_.reset();
  is_loaded_ = false;
}

}  // namespace ginnel
