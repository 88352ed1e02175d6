// SPDX-License-Identifier: Apache-2.0
// The file that an originator gives with the lead: who the child is, the process as it went, and the records that
// policy lets the receiver keep, each part by its hash (docs/protocol/transfer.md).
//
//   process, person -> an ask as the receiver would make it -> PartMaker (gate, permits, disclosed entry) -> parts
//
// What is told of records is the answer to an ask with the words of the kind of move and a head of the process: the
// same gate as for every peer, no second way out. What the receiver may see and not keep is counted among what is not
// given. The same things give the same bytes, so a file that is made again is another one only where something has
// changed.
//
// Thread: the loop. Failure: `no-person`, `not-found` (no such process), `unknown-word` (the kind of move, or it cannot
// be used), `transfer-not-given` (policy lets nothing be told of the child to them, or it cannot be decided now),
// `file-too-large`, and the store's. Limits: limits::transfer_parts_max and its like.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "federation/directory/directory.h"
#include "federation/transfer/transfer_log.h"
#include "federation/wire/transfer_manifest.h"
#include "node/gate/gate.h"
#include "node/process/head_issuer.h"
#include "node/process/process_book.h"
#include "node/transfer/transfer_rows.h"
#include "node/view/part_maker.h"

namespace ginnel {

class TransferFile {
 public:
  struct Parts {  // all outlive it
    const Gate& gate;
    const PartMaker& parts;
    const PersonFinder& finder;
    const DirectoryBook& book;
    const ProcessBook& processes;
    HeadIssuer& heads;
    std::function<OwnPart()> own;
  };
  explicit TransferFile(Parts parts) : p_(std::move(parts)) {}

  // The child's commitment for an offer of this process.
  Expected<Hash> commitment(const ProcessId& process, const Salt& salt, const StoreReader& reader) const;

  // For what is made.
  struct For {
    TransferId transfer;
    Offered offer;
    Salt salt{};      // with which the offer's commitment was made
    Instant offered;  // when
  };
  // Makes it as it would be given now, and keeps its parts. Returns the hash of the manifest. Decided and recorded.
  Expected<Hash> make(const For& wanted, Turn& turn) const;

 private:
  // The parts so far.
  class Making;
  Expected<void> add_process(const For& wanted, Making& making, const StoreReader& reader) const;
  Expected<void> add_records(const PartAsk& ask, const PersonRef& person, Instant as_of, Making& making,
                             Turn& turn) const;
  Expected<void> add_attachments(const PartAsk& ask, const PersonRef& person, std::vector<Item>& items, Making& making,
                                 WithheldCounts& withheld, Turn& turn) const;
  Expected<Identity> identity_of(const PersonRef& person, const StoreReader& reader) const;
  Expected<Ask> ask_of(const For& wanted, const PersonRef& person, const Identity& child, Turn& turn) const;
  Expected<Person> as_told(const PartAsk& ask, const PersonRef& person, Turn& turn) const;

  Parts p_;
};

}  // namespace ginnel
