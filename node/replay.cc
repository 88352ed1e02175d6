// SPDX-License-Identifier: Apache-2.0
#include "node/replay.h"

#include <algorithm>

#include "federation/base/check.h"
#include "node/store/row_text.h"

namespace ginnel {
namespace {

constexpr std::uint8_t replay_layout = 1;

Bytes row_key(const MemberId& from, const MessageId& id) {
  Bytes key;
  key.reserve(MessageId::size + from.text().size());
  append(key, id.bytes());
  append(key, view_of(from.text()));
  return key;
}

std::string latest_row(const MemberId& from) { return "latest-message-of/" + from.text(); }

}  // namespace

bool StoredReplays::seen(const MemberId& from, const MessageId& id) {
  CHECK(turn_ != nullptr);
  auto row = turn_->side(SideTable::replay_ids, row_key(from, id));
  // SECURITY: a row that cannot be read may be one that says "seen".
  return !row || row->has_value();
}

void StoredReplays::remember(const Header& opened) {
  CHECK(turn_ != nullptr);
  const Instant until = kept_until(opened);
  const Bytes row = RowWriter(replay_layout).instant(until).text(opened.from.text()).take();
  if (!turn_->put_side(SideTable::replay_ids, row_key(opened.from, opened.id), row, until)) failed_ = true;

  Instant& latest = latest_.try_emplace(opened.from, latest_of(opened.from)).first->second;
  if (opened.sent_at - latest < limits::replay_step_ms) return;
  latest = opened.sent_at;
  const Bytes told = RowWriter(replay_layout).instant(latest).take();
  if (!turn_->put_side(SideTable::settings, view_of(latest_row(opened.from)), told)) failed_ = true;
}

Instant StoredReplays::latest_of(const MemberId& from) {
  if (auto known = latest_.find(from); known != latest_.end()) return known->second;
  auto row = turn_->side(SideTable::settings, view_of(latest_row(from)));
  if (!row) failed_ = true;
  if (!row || !*row) return Instant();
  RowReader told(**row, replay_layout);
  const Instant latest = told.instant();
  failed_ = failed_ || !told.at_end();
  return latest;
}

std::optional<Instant> StoredReplays::stays_until(ByteView bytes) {
  RowReader row(bytes, replay_layout);
  const Instant until = row.instant();
  const auto from = MemberId::parse(row.text());
  if (!row.at_end() || !from) failed_ = true;
  if (failed_ || latest_of(*from) >= until) return std::nullopt;
  return turn_->now() + std::max(turn_->now() - until, limits::replay_linger_ms_min);
}

Expected<void> StoredReplays::forget() {
  CHECK(turn_ != nullptr);
  const Turn::Linger linger{SideTable::replay_ids, [this](ByteView row) { return stays_until(row); }};
  auto dropped = turn_->drop_expired(&linger);
  if (!dropped) return tl::unexpected(dropped.error());
  return {};
}

}  // namespace ginnel
