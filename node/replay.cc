// SPDX-License-Identifier: Apache-2.0
#include "node/replay.h"

#include "federation/base/check.h"

namespace ginnel {
namespace {

Bytes row_key(const MemberId& from, const MessageId& id) {
  Bytes key;
  key.reserve(MessageId::size + from.text().size());
  append(key, id.bytes());
  append(key, view_of(from.text()));
  return key;
}

}  // namespace

bool StoredReplays::seen(const MemberId& from, const MessageId& id) {
  CHECK(turn_ != nullptr);
  auto row = turn_->side(SideTable::replay_ids, row_key(from, id));
  // SECURITY: a row that cannot be read may be one that says "seen".
  return !row || row->has_value();
}

void StoredReplays::remember(const MemberId& from, const MessageId& id, Instant keep_until) {
  CHECK(turn_ != nullptr);
  const std::uint8_t present[1] = {1};
  if (!turn_->put_side(SideTable::replay_ids, row_key(from, id), present, keep_until)) failed_ = true;
}

}  // namespace ginnel
