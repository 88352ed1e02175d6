// SPDX-License-Identifier: Apache-2.0
// The body of an entry about a transfer of the lead: one signed statement, as it was said. All of a transfer's entries
// together, in order, are what both sides have said (node/transfer/transfer_journal.h).
//
// Sealed under the node's key: who was accountable for a child, and when, must be told also when what was known of the
// child has been erased. A statement names the child by a commitment alone.
#pragma once

#include "federation/base/bytes.h"
#include "federation/base/id.h"

namespace ginnel {

struct TransferEntry {
  TransferId transfer;
  ProcessId process;
  MemberId originator, receiver;
  Bytes statement;  // a Signed of federation/wire/transfer.h
  bool operator==(const TransferEntry&) const = default;
};

}  // namespace ginnel
