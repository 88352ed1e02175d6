// SPDX-License-Identifier: Apache-2.0
// One running node: everything is wired here, in the order of construction, which is the order of starting; the
// reverse is the order of stopping.
#pragma once

#include "federation/base/error.h"
#include "node/config.h"

namespace ginnel {

// Runs until `options.stop` is requested or an operator says stop; then finishes its turn and returns. Errors are those
// of starting: the store, the keys, the ports. What people wrote was read before, by read_start (node/start.h). Nothing
// was answered then.
Expected<void> run_node(const NodeConfig& config, const RunOptions& options);

}  // namespace ginnel
