// SPDX-License-Identifier: Apache-2.0
// Signs the heads of running processes: an ask about a child whose process is in a state that proves a purpose says so,
// as long as it is in that state and no longer.
//
// A running process comes before the test issuer of a demonstration. Nothing is kept of a head that was issued: its
// number is that of the ledger's next entry, so that a later one is always higher, also after a restart.
//
// Thread: the loop.
#pragma once

#include <functional>

#include "federation/wire/envelope.h"
#include "node/process/head_issuer.h"
#include "node/process/process_book.h"

namespace ginnel {

class ProcessHeads : public HeadIssuer {
 public:
  // Who signs, and with which key at the moment. All outlive it; `otherwise` is asked where no process proves anything,
  // and may be null.
  ProcessHeads(ProcessBook& book, MemberId lead, std::function<SealKey()> key, Random& random, HeadIssuer* otherwise)
      : book_(book), lead_(std::move(lead)), key_(std::move(key)), random_(random), otherwise_(otherwise) {}

  Expected<std::optional<IssuedHead>> issue(const PersonRef& person, const Identity& child, Turn& turn) override;

 private:
  ProcessBook& book_;
  MemberId lead_;
  std::function<SealKey()> key_;
  Random& random_;
  HeadIssuer* otherwise_;
};

}  // namespace ginnel
