// SPDX-License-Identifier: Apache-2.0
// What the entries about transfers of the lead put into their index. For index_apply.cc alone, but for the logical
// keys, by which readers find the rows again. No erasure takes them out: they name nobody.
#pragma once

#include "node/store/index.h"

namespace ginnel {

// Logical keys of transfer: its entries; those of a process; those with a member on either side; all.
Bytes transfer_key(const TransferId& transfer);
Bytes transfers_of_key(const ProcessId& process);
Bytes transfers_with_key(const MemberId& member);
Bytes all_transfers_key();

// Puts the rows of one entry.
Expected<void> index_transfer(const IndexMap& map, KvWrite& kv, const EntryHeader& header, ByteView body);

}  // namespace ginnel
