// SPDX-License-Identifier: Apache-2.0
// Which policy bundle is in force in a node. Putting another in force is an entry of the ledger, and only goes forward:
// whoever could bring back an older one could bring back what it allowed.
//
// Thread: the loop's, before it runs. Failure: `older-bundle`, `other-bundle` (the same version with another content),
// and those of check_cases(): a bundle whose own examples fail is not what its authors meant.
#pragma once

#include <memory>

#include "node/gate/bundle.h"
#include "node/store/store.h"

namespace ginnel {

// Nothing to write when it is in force already.
Expected<void> adopt_bundle(const std::shared_ptr<const Bundle>& bundle, Turn& turn);

struct AdoptedBundle {
  std::uint64_t version = 0;
  Hash hash{};
};
Expected<std::optional<AdoptedBundle>> adopted_bundle(const StoreReader& reader);  // nothing: none was yet

// When the bundle of this version was put in force. Nothing: another one is, or it was done by an earlier version of
// the program, which did not keep where the entry stands.
Expected<std::optional<Instant>> adopted_since(std::uint64_t version, const StoreReader& reader);

}  // namespace ginnel
