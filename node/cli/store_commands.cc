// SPDX-License-Identifier: Apache-2.0
// ginnel store, ginnel ledger: what a stopped node keeps, checked and made again.
#include "node/cli/commands.h"
#include "node/cli/output.h"
#include "node/cli/passphrase.h"
#include "node/cli/stopped_node.h"
#include "node/store/lmdb_kv.h"
#include "node/store/rebuild.h"

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

// True: it is whole. What is wrong with it is told.
Expected<bool> verify(StoppedNode& node, Streams& streams) {
  auto snapshot = node.store().snapshot();
  if (!snapshot) return tl::unexpected(snapshot.error());
  auto report = (*snapshot)->verify();
  if (!report) return tl::unexpected(report.error());
  streams.out << with_commas(report->entries) << " entries, root " << to_hex(report->root) << "\n"
              << with_commas(report->opened) << " opened, " << with_commas(report->erased) << " erased for good, "
              << with_commas(report->problem_count) << " problems\n";
  for (const std::string& problem : report->problems) streams.out << "  " << problem << "\n";
  return report->good();
}

// The same of what stands beside the ledger.
Expected<bool> verify_beside(StoppedNode& node, Streams& streams) {
  auto snapshot = node.store().snapshot();
  if (!snapshot) return tl::unexpected(snapshot.error());
  const StoredReport report = (*snapshot)->verify_stored();
  if (report.good()) return true;
  streams.out << with_commas(report.problem_count) << " problems beside the ledger\n";
  for (const std::string& problem : report.problems) streams.out << "  " << problem << "\n";
  streams.out << (report.only_indexes ? "  do      ginnel store rebuild --dir " + node.config.dir.string()
                                      : "  do      restore the node from a copy of both of the store's folders")
              << "\n";
  return false;
}

ExitCode ledger_verify(Invocation& call) {
  auto node = open_stopped_node(call);
  if (!node) return node.error();
  auto good = verify(**node, call.streams);
  if (!good) return failed_with(call.streams, good.error());
  auto stored = verify_beside(**node, call.streams);
  if (!stored) return failed_with(call.streams, stored.error());
  return *good && *stored ? ExitCode::done : ExitCode::failed;
}

void print_comparison(std::ostream& out, const RebuildReport& report) {
  out << with_commas(report.entries) << " entries applied, " << with_commas(report.erased) << " erased\n";
  for (const IndexComparison& index : report.indexes)
    out << "  " << index.index << ": " << with_commas(index.rows_rebuilt) << " rows, " << with_commas(index.differing)
        << " differed\n";
}

// The scratch environment goes with it.
struct Scratch {
  fs::path dir;
  ~Scratch() {
    std::error_code ignored;
    fs::remove_all(dir, ignored);
  }
};

ExitCode store_rebuild(Invocation& call) {
  auto node = open_stopped_node(call);
  if (!node) return node.error();
  auto good = verify(**node, call.streams);
  if (!good) return failed_with(call.streams, good.error());
  if (!*good)
    return failed_with(call.streams,
                       Error{"ledger-damaged", "cannot rebuild the store from this ledger", "its entries do not verify",
                             "restore the node from its backup; the indexes were left as they are"});
  Scratch scratch{(*node)->config.ledger_dir.parent_path() / "rebuild"};
  std::error_code ignored;
  fs::remove_all(scratch.dir, ignored);
  auto kv = open_lmdb(scratch.dir.string(), {(*node)->config.map_bytes});
  if (!kv) return failed_with(call.streams, kv.error());
  Rebuild rebuild((*node)->store(), **kv);
  auto report = rebuild.run();
  if (!report) return failed_with(call.streams, report.error());
  print_comparison(call.streams.out, *report);
  if (call.has("dry-run")) return report->equal() ? ExitCode::done : ExitCode::failed;
  if (auto adopted = rebuild.adopt(); !adopted) return failed_with(call.streams, adopted.error());
  call.streams.err << "the indexes were made again from the ledger\n";
  return ExitCode::done;
}

}  // namespace

std::vector<Command> store_commands() {
  std::vector<Command> commands;
  commands.push_back({.noun = "store",
                      .verb = "rebuild",
                      .title = "make a stopped node's indexes again from its ledger",
                      .details = "The ledger is verified first. Tells how the indexes in use differed.",
                      .options = {node_dir_option(),
                                  {"dry-run", "", "compare and change nothing; 1 when something differs"},
                                  passphrase_option(),
                                  share_option()},
                      .run = store_rebuild});
  commands.push_back({.noun = "store",
                      .verb = "stats",
                      .title = "how much a stopped node keeps",
                      .options = {node_dir_option(), passphrase_option(), share_option()},
                      .run = store_stats});
  commands.push_back({.noun = "ledger",
                      .verb = "verify",
                      .title = "compute a stopped node's ledger again, entry by entry",
                      .options = {node_dir_option(), passphrase_option(), share_option()},
                      .run = ledger_verify});
  return commands;
}

}  // namespace ginnel
