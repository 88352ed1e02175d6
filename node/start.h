// SPDX-License-Identifier: Apache-2.0
// Everything that people wrote and a start reads, read before anything is opened: node.toml, trust.toml, bundle.toml,
// the vocabulary and the policies. Words of node.toml are looked for in that vocabulary.
//
// Thread: any; blocks on the disk. Failure: every mistake of every file at once; nothing was touched then.
#pragma once

#include <filesystem>
#include <memory>
#include <vector>

#include "federation/base/error.h"
#include "node/config.h"
#include "node/gate/bundle.h"

namespace ginnel {

struct Start {
  NodeConfig config;
  std::shared_ptr<const Bundle> bundle;  // the agreement, with the agency's own policies over it
};

tl::expected<Start, std::vector<Error>> read_start(const std::filesystem::path& dir);

// The policies alone, of a node.toml that was read.
Expected<std::shared_ptr<const Bundle>> read_policies(const NodeConfig& config);

}  // namespace ginnel
