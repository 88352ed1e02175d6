// SPDX-License-Identifier: Apache-2.0
// What the transfer engine remembers, as entries and rows of the turn that it works in.
//
// Thread: the loop; made for one turn. Failure: the store's; `index-mismatch` where an entry is not what its index
// says.
#pragma once

#include <functional>

#include "federation/directory/directory.h"
#include "federation/transfer/transfer_engine.h"
#include "federation/wire/envelope.h"
#include "node/process/process_book.h"
#include "node/store/store.h"

namespace ginnel {

// All that was said of one, in order; not offered: there is none.
Expected<TransferLog> read_transfer_log(const TransferId& transfer, const StoreReader& reader);

class KeptTransfers : public TransferJournal {
 public:
  struct Parts {  // all outlive it
    MemberId member;
    std::uint64_t incarnation = 1;
    const DirectoryBook& book;
    const ProcessBook& processes;
    std::function<SealKey()> key;  // with which the node signs now
  };
  KeptTransfers(const Parts& parts, Turn& turn) : p_(parts), turn_(turn) {}

  Expected<TransferLog> find(const TransferId& id) override { return read_transfer_log(id, turn_); }
  Expected<void> append(const TransferId& id, const SignedAct& said) override;
  Expected<bool> began(const ProcessId& process) override;
  Expected<std::vector<TransferId>> of_process(const ProcessId& process) override {
    return turn_.transfers_of(process);
  }
  Expected<std::vector<TransferId>> with(const MemberId& peer) override;
  Expected<void> shown(const TransferId& id, std::size_t count) override;
  Expected<std::vector<TransferId>> unsettled() override;
  std::vector<MemberId> authorities() override;
  Expected<bool> has_recalled(const MemberId& peer) override;
  Expected<void> recalled(const MemberId& peer) override;
  Expected<SignedAct> sign(const TransferStatement& statement) override;
  Expected<SignedAct> verify(ByteView encoded, Instant now) override;

 private:
  const Parts& p_;
  Turn& turn_;
};

}  // namespace ginnel
