// SPDX-License-Identifier: Apache-2.0
// What a node keeps of transfers beside the ledger: how much of its own words the other side has shown, and the file
// that goes with the lead, part by part, as it was made or came.
//
// A part is sealed under a key of the key table: at the originator the child's own, at the receiver one of the
// transfer. Who destroys that key makes the part unreadable, in a backup too.
//
// Thread: the loop. Failure: the store's; `part-damaged`: a part is not what its hash says.
#pragma once

#include <optional>
#include <vector>

#include "federation/wire/ask.h"
#include "node/store/store.h"

namespace ginnel {

// Of how many of our words the other side shows that it holds them. No row: of all.
Expected<std::optional<std::uint32_t>> unshown_of(const TransferId& transfer, const StoreReader& reader);
Expected<void> put_unshown(const TransferId& transfer, std::uint32_t shown, Turn& turn);
Expected<void> drop_unshown(const TransferId& transfer, Turn& turn);
Expected<std::vector<TransferId>> all_unshown(const StoreReader& reader);

// How it stands with the file at this node.
struct TransferFileRow {
  TransferId transfer;
  Salt salt{};               // originator: with which the offer's commitment was made
  KeyId key;                 // receiver: under which the parts are sealed
  bool has_process = false;  // receiver: the process and the records have become its own
  bool is_own = false;       // and the attachments
};
Expected<std::optional<TransferFileRow>> file_row_of(const TransferId& transfer, const StoreReader& reader);
Expected<void> put_file_row(const TransferFileRow& row, Turn& turn);

Expected<bool> has_part(const TransferId& transfer, const Hash& sha256, const StoreReader& reader);
// Nothing: there is none, or its key was destroyed.
Expected<std::optional<Bytes>> find_part(const TransferId& transfer, const Hash& sha256, const Turn& turn);
Expected<void> put_part(const TransferId& transfer, const Hash& sha256, ByteView content, const KeyId& key, Turn& turn);
Expected<void> drop_part(const TransferId& transfer, const Hash& sha256, Turn& turn);

}  // namespace ginnel
