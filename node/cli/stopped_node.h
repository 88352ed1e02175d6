// SPDX-License-Identifier: Apache-2.0
// What commands need that open a node's folder themselves, because the node does not run.
#pragma once

#include "node/cli/command.h"
#include "node/setup/node_clock.h"
#include "node/setup/open_store.h"
#include "node/setup/own_keys.h"
#include "node/setup/suspensions.h"

namespace ginnel {

// Configuration, clock, chance and store of one folder, in the order in which they stand on each other.
struct StoppedNode {
  NodeConfig config;
  std::unique_ptr<Clock> clock;
  std::unique_ptr<Random> random = system_random();
  SecretKey root_key;
  OpenedStore opened;
  Store& store() { return *opened.store; }
};

// Reads --dir, asks for the passphrase where one is needed, and opens the store. `store-in-use` when the node runs.
// On failure everything is told; exit with the code.
tl::expected<std::unique_ptr<StoppedNode>, ExitCode> open_stopped_node(Invocation& call);

// Configuration and root key alone, for what opens the environments itself.
tl::expected<std::unique_ptr<StoppedNode>, ExitCode> unlock_stopped_node(Invocation& call);

}  // namespace ginnel
