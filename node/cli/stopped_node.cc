// SPDX-License-Identifier: Apache-2.0
#include "node/cli/stopped_node.h"

#include "node/cli/output.h"
#include "node/cli/passphrase.h"

namespace ginnel {

tl::expected<std::unique_ptr<StoppedNode>, ExitCode> unlock_stopped_node(Invocation& call) {
  auto node = std::make_unique<StoppedNode>();
  auto config = read_config(call.text("dir"));
  if (!config) return tl::unexpected(failed_with(call.streams, config.error()));
  node->config = std::move(*config);
  node->clock = clock_of(node->config);
  auto root = unlock(node->config, ask_secret_of(call));
  if (!root) return tl::unexpected(failed_with(call.streams, root.error()));
  node->root_key = root->key;
  return node;
}

tl::expected<std::unique_ptr<StoppedNode>, ExitCode> open_stopped_node(Invocation& call) {
  auto node = unlock_stopped_node(call);
  if (!node) return node;
  auto opened = open_store((*node)->config, (*node)->root_key, *(*node)->random);
  if (!opened) return tl::unexpected(failed_with(call.streams, opened.error()));
  (*node)->opened = std::move(*opened);
  return node;
}

}  // namespace ginnel
