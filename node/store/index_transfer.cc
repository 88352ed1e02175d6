// SPDX-License-Identifier: Apache-2.0
#include "node/store/index_transfer.h"

#include <algorithm>

#include "node/store/codec.h"
#include "node/store/index_rows.h"

namespace ginnel {

using namespace index_rows;

Bytes transfer_key(const TransferId& transfer) { return tagged('t', transfer.bytes()); }
Bytes transfers_of_key(const ProcessId& process) { return tagged('p', process.bytes()); }
Bytes transfers_with_key(const MemberId& member) { return tagged('m', view_of(member.text())); }
Bytes all_transfers_key() { return tagged('a', {}); }

Expected<void> index_transfer(const IndexMap& map, KvWrite& kv, const EntryHeader& header, ByteView body) {
  auto entry = decode_transfer_entry(body);
  if (!entry) return tl::unexpected(entry.error());
  const auto put = [&](ByteView key, ByteView suffix) {
    return map.put(kv, map_id(Index::transfer), map.mac(map_id(Index::transfer), key), suffix, {});
  };
  const ByteView id = entry->transfer.bytes();
  // The rows that name it are the same for each of its entries.
  auto done = put(transfer_key(entry->transfer), sequence_bytes(header.sequence));
  if (done) done = put(transfers_of_key(entry->process), id);
  if (done) done = put(transfers_with_key(entry->originator), id);
  if (done) done = put(transfers_with_key(entry->receiver), id);
  if (done) done = put(all_transfers_key(), id);
  return done;
}

Expected<std::vector<TransferId>> Indexes::transfers(const KvRead& kv, ByteView key) const {
  auto rows = map_.find(kv, map_id(Index::transfer), map_.mac(map_id(Index::transfer), key));
  if (!rows) return tl::unexpected(rows.error());
  std::vector<TransferId> out;
  for (const auto& row : *rows) {
    const auto transfer = TransferId::from(row.suffix);
    if (!transfer) return mismatch("a row is not of its index");
    out.push_back(*transfer);
  }
  std::sort(out.begin(), out.end());
  return out;
}

}  // namespace ginnel
