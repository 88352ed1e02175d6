// SPDX-License-Identifier: Apache-2.0
#include "node/view/withdrawn.h"

#include "node/store/row_text.h"

namespace ginnel {
namespace {

constexpr std::uint8_t withdrawn_layout = 1;

Bytes any_key(const MemberId& owner) { return copy_of(view_of("withdrawn-any/" + owner.text())); }

Bytes key_of(const MemberId& owner, const RecordId& record) {
  Bytes key = copy_of(view_of("withdrawn/" + owner.text() + "/"));
  append(key, record.bytes());
  return key;
}

}  // namespace

Expected<void> put_withdrawn(Turn& turn, const MemberId& owner, const RecordId& record, const Withdrawal& withdrawal) {
  const Bytes row =
      RowWriter(withdrawn_layout).instant(withdrawal.at).text(withdrawal.kind).text(withdrawal.reason).take();
  if (auto put = turn.put_side(SideTable::inbox, any_key(owner), Bytes{withdrawn_layout}); !put) return put;
  return turn.put_side(SideTable::inbox, key_of(owner, record), row);
}

Expected<std::optional<Withdrawal>> WithdrawnReader::find(const MemberId& owner, const RecordId& record) {
  auto known = any_.find(owner);
  if (known == any_.end()) {
    auto any = reader_.side(SideTable::inbox, any_key(owner));
    if (!any) return tl::unexpected(any.error());
    known = any_.emplace(owner, any->has_value()).first;
  }
  if (!known->second) return std::optional<Withdrawal>();
  auto bytes = reader_.side(SideTable::inbox, key_of(owner, record));
  if (!bytes) return tl::unexpected(bytes.error());
  if (!*bytes) return std::optional<Withdrawal>();
  RowReader row(**bytes, withdrawn_layout);
  Withdrawal out{row.instant(), row.text(), row.text()};
  if (!row.at_end()) return fail("index-mismatch", "cannot read what was taken back", "the row has another layout", "");
  return std::optional(std::move(out));
}

}  // namespace ginnel
