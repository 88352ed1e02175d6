// SPDX-License-Identifier: Apache-2.0
// The store of a node that does not run, for commands; and of one that does, for those that only read.
//
// Failure: `store-in-use` when the node runs (of open_store), and what Store::open says.
#pragma once

#include <memory>

#include "federation/base/clock.h"
#include "federation/base/crypto/secret.h"
#include "federation/base/error.h"
#include "node/config.h"
#include "node/store/kv.h"
#include "node/store/store.h"

namespace ginnel {

// Of a node that was never restored.
inline constexpr std::uint64_t first_incarnation = 1;

struct OpenedStore {
  std::unique_ptr<Kv> ledger, keys;
  std::unique_ptr<Store> store;  // goes before the two that it stands on
};

// `random` outlives the store.
Expected<OpenedStore> open_store(const NodeConfig& config, const SecretKey& root_key, Random& random);

// Of a node that runs, for reading alone: snapshots for moments, no turn. The ledger goes on meanwhile.
Expected<OpenedStore> open_store_to_read(const NodeConfig& config, const SecretKey& root_key, Random& random);

// The first where the node is stopped, else the second: for commands that only read and do not care.
Expected<OpenedStore> open_store_either_way(const NodeConfig& config, const SecretKey& root_key, Random& random);

// Makes both environments and the empty store in them. `not-empty` if there is anything in their folders.
Expected<OpenedStore> create_store(const NodeConfig& config, const SecretKey& root_key, Random& random, Instant now);

}  // namespace ginnel
