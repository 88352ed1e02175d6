// SPDX-License-Identifier: Apache-2.0
// Finds whom an ask is about among the people this node holds, and says who they are when the node itself asks.
//
// SECURITY: it alone reads identities without a record permit (LinkToken): to compare them, and to complete an identity
// that a named ask will carry. Nothing it reads reaches a page.
#pragma once

#include <optional>

#include "federation/base/error.h"
#include "federation/record/identity.h"
#include "node/store/store.h"

namespace ginnel {

class PersonFinder {
 public:
  // Nothing: verified, nobody. Errors: `several-people` (the asker is asked for more, nobody answers), and the store's:
  // the caller's status is `unknown`.
  Expected<std::optional<PersonRef>> find(const Identity& about, const StoreReader& store) const;

  // What was asked, with what this node knows of the same person filled in.
  Expected<Identity> complete(const Identity& about, const PersonRef& person, const StoreReader& store) const;
};

}  // namespace ginnel
