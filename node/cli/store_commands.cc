// SPDX-License-Identifier: Apache-2.0
// ginnel store, ginnel ledger: what a stopped node keeps, checked and made again.
#include "node/cli/commands.h"
#include "node/cli/output.h"
#include "node/cli/passphrase.h"
#include "node/cli/stopped_node.h"
#include "node/store/lmdb_kv.h"

namespace ginnel {
namespace {

namespace fs = std::filesystem;

std::uint64_t bytes_in(const fs::path& dir) {
  std::uint64_t bytes = 0;
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(dir, ignored))
    if (entry.is_regular_file()) bytes += entry.file_size();
  return bytes;
}

ExitCode store_stats(Invocation& call) {
  auto node = open_stopped_node(call);
  if (!node) return node.error();
  TreeHead head = (*node)->store().tree_head();
  call.streams.out << "member       " << (*node)->store().member().text() << "\n"
                   << "incarnation  " << (*node)->store().incarnation() << "\n"
                   << "entries      " << with_commas(head.size) << "\n"
                   << "root         " << to_hex(head.root) << "\n"
                   << "ledger       " << with_commas(bytes_in((*node)->config.ledger_dir)) << " bytes\n"
                   << "keys         " << with_commas(bytes_in((*node)->config.keys_dir)) << " bytes\n";
  return ExitCode::done;
}

OptionSpec dir_option() { return {"dir", "DIR", "the node's folder", true}; }

}  // namespace

std::vector<Command> store_commands() {
  std::vector<Command> commands;
  commands.push_back({.noun = "store",
                      .verb = "stats",
                      .title = "how much a stopped node keeps",
                      .options = {dir_option(), passphrase_option()},
                      .run = store_stats});
  return commands;
}

}  // namespace ginnel
