// SPDX-License-Identifier: Apache-2.0
// Which policies are in force in a node: the agreement, and the agency's own over it. Putting others in force is an
// entry of the ledger, and only goes forward: whoever could bring back older ones could bring back what they allowed.
//
// Thread: the loop's, before it runs. Failure: `older-bundle`, `other-bundle` (the same version with another content),
// `own-policies-missing`, and those of check_cases(): policies whose own examples fail are not what their authors
// meant.
#pragma once

#include <memory>

#include "node/gate/bundle.h"
#include "node/store/store.h"

namespace ginnel {

// Nothing to write when it is in force already. Own policies that are in force end by a newer version without policies,
// not by leaving them out.
Expected<void> adopt_bundle(const std::shared_ptr<const Bundle>& bundle, Turn& turn);

struct AdoptedBundle {
  std::uint64_t version = 0;
  Hash hash{};
};
Expected<std::optional<AdoptedBundle>> adopted_bundle(const StoreReader& reader);  // nothing: none was yet
Expected<std::optional<AdoptedBundle>> adopted_own_policies(const StoreReader& reader);

// Whether this agreement could follow the one in force; what is in force itself could. `older-bundle`, `other-bundle`.
Expected<void> check_follows(const Bundle& agreement, const StoreReader& reader);

// When this layer (own policies: they) was put in force. Nothing: another one is, or it was done by an earlier version
// of the program, which did not keep where the entry stands.
Expected<std::optional<Instant>> adopted_since(const Bundle& bundle, const StoreReader& reader);

}  // namespace ginnel
