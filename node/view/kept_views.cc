// SPDX-License-Identifier: Apache-2.0
#include "node/view/kept_views.h"

#include <algorithm>

#include "node/store/row_text.h"

namespace ginnel {
namespace {

constexpr std::uint8_t layout = 1;
constexpr const char* reason = "the time of what peers answered is over";

}  // namespace

Expected<void> KeptViews::begin(const StoreReader& reader) {
  if (is_loaded_) return {};
  auto all = reader.side_all(SideTable::kept_views);
  if (!all) return tl::unexpected(all.error());
  rows_.clear();
  for (const Bytes& bytes : *all) {
    RowReader from(bytes, layout);
    const auto view = from.id<ViewId>();
    Row row;
    row.key = from.id<KeyId>();
    row.kept_since = from.instant();
    row.used_at = from.instant();
    const auto stage = from.number();
    if (!from.at_end() || stage > std::uint64_t(Stage::buried))
      return fail("bad-row", "cannot read how long a view is kept", "the row has another layout", "");
    row.stage = Stage(stage);
    rows_.emplace(view, row);
  }
  is_loaded_ = true;
  next_ = rows_.empty() ? std::nullopt : std::optional(Instant{1});
  return {};
}

Expected<void> KeptViews::put(const ViewId& view, const Row& row, Turn& turn) {
  const Bytes bytes = RowWriter(layout)
                          .id(view)
                          .id(row.key)
                          .instant(row.kept_since)
                          .instant(row.used_at)
                          .number(std::uint64_t(row.stage))
                          .take();
  return turn.put_side(SideTable::kept_views, view.bytes(), bytes);
}

Expected<void> KeptViews::keep(const ViewId& view, const KeyId& key, Turn& turn) {
  const Row row{key, turn.now(), turn.now(), Stage::kept};
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
  const bool is_kept = found != rows_.end() && found->second.stage == Stage::kept && now < until(found->second);
  return is_kept ? &found->second : nullptr;
}

std::optional<Instant> KeptViews::until(const ViewId& view, Instant now) const {
  const Row* row = kept(view, now);
  return row ? std::optional(until(*row)) : std::nullopt;
}

std::optional<KeyId> KeptViews::key(const ViewId& view, Instant now) const {
  const Row* row = kept(view, now);
  return row ? std::optional(row->key) : std::nullopt;
}

Expected<std::vector<ViewId>> KeptViews::tick(Turn& turn) {
  std::vector<ViewId> ended;
  if (!next_ || turn.now() < *next_) return ended;
  next_.reset();
  for (auto at = rows_.begin(); at != rows_.end();) {
    auto& [view, row] = *at;
    if (row.stage == Stage::destroyed) {
      if (auto gone = turn.erase_side(SideTable::kept_views, view.bytes()); !gone) return tl::unexpected(gone.error());
      at = rows_.erase(at);
      continue;
    }
    if (row.stage == Stage::kept && turn.now() >= until(row) && ended.size() < limits::views_ended_per_turn_max) {
      if (auto buried = end(view, row, turn); !buried) return tl::unexpected(buried.error());
      ended.push_back(view);
    }
    look_again_at(row.stage == Stage::kept ? until(row) : destroyed_at_ + limits::view_keys_destroyed_every_ms);
    ++at;
  }
  return ended;
}

void KeptViews::look_again_at(Instant then) {
  if (!next_ || then < *next_) next_ = then;
}

// INVARIANT: the tombstone is durable before the key goes, and the row outlives both: a crash in between ends it later.
Expected<void> KeptViews::end(const ViewId& view, Row& row, Turn& turn) {
  if (auto buried = turn.bury_view(view, row.key, reason, ActorId()); !buried) return buried;
  row.stage = Stage::buried;
  return put(view, row, turn);
}

void KeptViews::destroy(Store& store, Instant now) {
  if (now - destroyed_at_ < limits::view_keys_destroyed_every_ms && now >= destroyed_at_) return;
  std::vector<KeyId> keys;
  for (const auto& [view, row] : rows_)
    if (row.stage == Stage::buried) keys.push_back(row.key);
  if (keys.empty()) return;
  destroyed_at_ = now;
  look_again_at(now + limits::view_keys_destroyed_every_ms);
  auto gone = store.destroy_keys(keys);
  problem_ = gone ? "" : "copies of other agencies' answers could not be destroyed in time: " + gone.error().why;
  if (!gone) return;
  for (auto& [view, row] : rows_)
    if (row.stage == Stage::buried) row.stage = Stage::destroyed;
  look_again_at(now);  // their rows go
}

void KeptViews::clear() {
  rows_.clear();
  next_.reset();
  is_loaded_ = false;
}

}  // namespace ginnel
