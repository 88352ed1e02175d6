// SPDX-License-Identifier: Apache-2.0
// Signs process heads for the demonstration, for children without a process of their own.
//
// An operator of a node with `test_head_issuer = true` opens a head on a child whom the node holds; from then on each
// ask of that node about the child carries a fresh, genuine head: same format, same key, same verifier as a real one.
// What is open stands sealed in the store (side table `settings`, key "head/<person>").
//
// Thread: the loop.
#pragma once

#include <functional>

#include "federation/wire/envelope.h"
#include "node/process/head_issuer.h"

namespace ginnel {

class TestHeadIssuer : public HeadIssuer {
 public:
  // Who signs, and with which key at the moment.
  TestHeadIssuer(MemberId lead, std::function<SealKey()> key, Random& random)
      : lead_(std::move(lead)), key_(std::move(key)), random_(random) {}

  // `plan` gives definition, edition, state and proves; the rest is filled in at each issue.
  Expected<void> open(const PersonRef& person, const Identity& child, const ProcessHead& plan, Turn& turn);

  Expected<std::optional<IssuedHead>> issue(const PersonRef& person, const Identity& child, Turn& turn) override;

 private:
  MemberId lead_;
  std::function<SealKey()> key_;
  Random& random_;
};

}  // namespace ginnel
