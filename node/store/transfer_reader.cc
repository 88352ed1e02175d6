// SPDX-License-Identifier: Apache-2.0
// StoreReader's side of transfers of the lead: which there are, and which entries tell of one.
#include "node/store/index_transfer.h"
#include "node/store/store_parts.h"

namespace ginnel {

Expected<std::vector<std::uint64_t>> StoreReader::transfer_entries(const TransferId& transfer) const {
  if (auto readable = parts_->check_readable(); !readable) return tl::unexpected(readable.error());
  return parts_->store.indexes.sequences(parts_->kv, Index::transfer, transfer_key(transfer));
}

Expected<std::vector<TransferId>> StoreReader::transfers_of(const ProcessId& process) const {
  if (auto readable = parts_->check_readable(); !readable) return tl::unexpected(readable.error());
  return parts_->store.indexes.transfers(parts_->kv, transfers_of_key(process));
}

Expected<std::vector<TransferId>> StoreReader::transfers_with(const MemberId& member) const {
  if (auto readable = parts_->check_readable(); !readable) return tl::unexpected(readable.error());
  return parts_->store.indexes.transfers(parts_->kv, transfers_with_key(member));
}

Expected<std::vector<TransferId>> StoreReader::transfers() const {
  if (auto readable = parts_->check_readable(); !readable) return tl::unexpected(readable.error());
  return parts_->store.indexes.transfers(parts_->kv, all_transfers_key());
}

}  // namespace ginnel
