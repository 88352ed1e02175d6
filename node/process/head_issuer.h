// SPDX-License-Identifier: Apache-2.0
// Who signs the process heads that a node attaches to its asks (docs/protocol/process-head.md): its running processes
// (process_heads.h), and in demonstrations the test issuer.
//
// Thread: the loop.
#pragma once

#include <optional>

#include "federation/base/clock.h"
#include "federation/wire/ask.h"
#include "federation/wire/process_head.h"
#include "node/store/store.h"

namespace ginnel {

struct IssuedHead {
  ProcessHead head;
  Bytes signed_head;
  Salt salt{};
};

class HeadIssuer {
 public:
  virtual ~HeadIssuer() = default;
  // A fresh head that proves itself for `child`, who is `person` here. Nothing: there is none for them.
  virtual Expected<std::optional<IssuedHead>> issue(const PersonRef& person, const Identity& child, Turn& turn) = 0;
};

// One for each form that names the child, so that a holder who knows one of them can verify.
std::vector<Hash> commitments_of(const Identity& child, const Salt& salt);

}  // namespace ginnel
