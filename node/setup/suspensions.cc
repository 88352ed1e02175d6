// SPDX-License-Identifier: Apache-2.0
#include "node/setup/suspensions.h"

#include "node/setup/peer_rows.h"

namespace ginnel {
namespace {

std::string key_of(const MemberId& member) { return "suspension/" + member.text(); }

// After the row's kind: since i64 ms, length of the member id u16, the id, the reason.
constexpr std::size_t head_bytes = 1 + 8 + 2;

}  // namespace

Expected<void> put_suspension(Turn& turn, const Suspension& suspension) {
  Bytes row = {static_cast<std::uint8_t>(PeerRow::suspension)};
  put_u64(row, std::uint64_t(suspension.since.ms));
  put_u16(row, std::uint16_t(suspension.member.text().size()));
  append(row, view_of(suspension.member.text()));
  append(row, view_of(suspension.reason));
  return turn.put_side(SideTable::peers, view_of(key_of(suspension.member)), row);
}

Expected<void> erase_suspension(Turn& turn, const MemberId& member) {
  return turn.erase_side(SideTable::peers, view_of(key_of(member)));
}

Expected<std::map<MemberId, Suspension>> load_suspensions(const StoreReader& reader) {
  auto rows = reader.side_all(SideTable::peers);
  if (!rows) return tl::unexpected(rows.error());
  std::map<MemberId, Suspension> out;
  for (const Bytes& row : *rows) {
    if (row.size() < head_bytes || row[0] != static_cast<std::uint8_t>(PeerRow::suspension)) continue;
    const std::size_t length = *read_u16(row, 9);
    if (row.size() < head_bytes + length) continue;
    const std::string_view text = text_of(ByteView(row).subspan(head_bytes));
    auto member = MemberId::parse(text.substr(0, length));
    if (!member) continue;
    out[*member] = {*member, {std::int64_t(*read_u64(row, 1))}, std::string(text.substr(length))};
  }
  return out;
}

}  // namespace ginnel
