// SPDX-License-Identifier: Apache-2.0
// ginnel import: an agency's exports into its node. ginnel synth: exports of people who do not exist.
#include <unistd.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "adapters/limits.h"
#include "adapters/synth/synth.h"
#include "node/admin/admin_client.h"
#include "node/cli/commands.h"
#include "node/cli/output.h"
#include "node/cli/passphrase.h"
#include "node/cli/stopped_node.h"
#include "node/gate/bundle.h"
#include "node/import/importer.h"
#include "node/import/open_source.h"
#include "node/setup/data_to.h"

namespace ginnel {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

constexpr std::size_t rejected_shown_max = 20;  // on a terminal the rest is only counted; --json prints none of them

// The reader of the files under the mapping; on failure everything is told.
tl::expected<std::unique_ptr<Adapter>, ExitCode> open_files(Invocation& call, const NodeConfig& config) {
  auto bundle = read_bundle(config.policies);
  if (!bundle) return tl::unexpected(failed_with(call.streams, bundle.error()));
  SourceFiles source{{call.arguments.begin(), call.arguments.end()},
                     call.text("mapping"),
                     config.member,
                     london_date(system_clock()->now())};
  auto adapter = open_source(source, (*bundle)->vocabulary);
  if (!adapter) return tl::unexpected(failed_with(call.streams, adapter.error()));
  return std::move(*adapter);
}

class RejectedRows {
 public:
  explicit RejectedRows(std::ostream& err) : err_(err) {}
  void show(const Rejected& row) {
    if (shown_++ >= rejected_shown_max) return;
    err_ << row.file << ":" << row.line << ": " << (row.field.empty() ? "" : "`" + row.field + "`: ") << row.reason
         << "\n";
  }
  void finish() {
    if (shown_ > rejected_shown_max) err_ << "... and " << shown_ - rejected_shown_max << " more rows\n";
  }

 private:
  std::ostream& err_;
  std::size_t shown_ = 0;
};

// One line that is written over, on a terminal only.
void show_progress(const ImportRun& run, bool is_last) {
  if (!::isatty(STDERR_FILENO)) return;
  std::uint64_t rows = run.people_added + run.people_changed + run.people_unchanged + run.records_added +
                       run.records_changed + run.records_unchanged;
  if (rows > 2000 || is_last) std::fprintf(stderr, "\r%s rows%s", with_commas(rows).c_str(), is_last ? "\n" : "");
}

std::string counted(std::string_view what, std::uint64_t added, std::uint64_t changed, std::uint64_t unchanged) {
  return std::string(what) + with_commas(added) + " added, " + with_commas(changed) + " changed, " +
         with_commas(unchanged) + " unchanged\n";
}

ExitCode report(Invocation& call, const ImportRun& run) {
  if (call.has("json"))
    call.streams.out << import_json(run) << "\n";
  else
    call.streams.out << run.file << " (" << run.system << ")\n"
                     << counted("  people    ", run.people_added, run.people_changed, run.people_unchanged)
                     << counted("  records   ", run.records_added, run.records_changed, run.records_unchanged)
                     << "  rejected  " << with_commas(run.rejected) << " rows\n  flagged   " << with_commas(run.flagged)
                     << " values\n";
  return run.rejected > 0 ? ExitCode::partial : ExitCode::done;
}

ExitCode import_by_node(Invocation& call, const fs::path& socket) {
  admin::ImportRequest request;
  for (const std::string& file : call.arguments) request.files.push_back(fs::absolute(file).string());
  request.mapping = fs::absolute(call.text("mapping")).string();
  RejectedRows rejected(call.streams.err);
  auto reply = ask_node(socket, request, [&](const AdminReply& progress) {
    if (auto* row = std::get_if<Rejected>(&progress.body)) rejected.show(*row);
    if (auto* run = std::get_if<ImportRun>(&progress.body)) show_progress(*run, false);
    if (auto* error = std::get_if<Error>(&progress.body)) print_error(call.streams.err, *error);
  });
  rejected.finish();
  if (!reply) return failed_with(call.streams, reply.error());
  if (auto* run = std::get_if<ImportRun>(&reply->body)) return report(call, *run);
  return failed_with(call.streams, Error{"bad-reply", "cannot read the node's reply", "it sent something else",
                                         "use the same version of both"});
}

// A step a turn, as the running node does it.
Expected<ImportRun> run_import(Importer& importer, StoppedNode& node, RejectedRows& rejected) {
  for (bool more = true; more;) {
    if (node.store().wants_keys())
      if (auto refilled = node.store().refill_keys(limits::import_rows_per_turn_max); !refilled)
        return tl::unexpected(refilled.error());
    auto turn = node.store().begin(node.clock->now());
    if (!turn) return tl::unexpected(turn.error());
    auto stepped = importer.step(**turn);
    if (!stepped) return tl::unexpected(stepped.error());
    more = *stepped;
    if (!more && !importer.reading_error())
      if (auto put = put_data_to(**turn, (*turn)->now()); !put) return tl::unexpected(put.error());
    if (auto committed = (*turn)->commit(); !committed) return tl::unexpected(committed.error());
    for (const Rejected& row : importer.take_rejected()) rejected.show(row);
    show_progress(importer.run(), !more);
  }
  return importer.run();
}

ExitCode import_directly(Invocation& call, const NodeConfig& config) {
  auto adapter = open_files(call, config);
  if (!adapter) return adapter.error();
  auto node = open_stopped_node(call);
  if (!node) return node.error();
  Importer importer(**adapter, {{}, fs::path(call.arguments[0]).filename().string()});
  RejectedRows rejected(call.streams.err);
  auto run = run_import(importer, **node, rejected);
  rejected.finish();
  if (!run) {
    report(call, importer.run());
    return failed_with(call.streams, run.error());
  }
  ExitCode code = report(call, *run);
  return importer.reading_error() ? failed_with(call.streams, *importer.reading_error()) : code;
}

// Reads everything under the mapping and changes nothing. What is new and what changed only the store could tell.
ExitCode import_dry(Invocation& call, const NodeConfig& config) {
  auto adapter = open_files(call, config);
  if (!adapter) return adapter.error();
  RejectedRows rejected(call.streams.err);
  std::uint64_t people = 0, records = 0, rejected_rows = 0, flagged = 0;
  for (;;) {
    auto item = (*adapter)->next();
    if (!item) return failed_with(call.streams, item.error());
    if (!*item) break;
    if (auto* person = std::get_if<SourcePerson>(&**item)) ++people, flagged += person->flags.size();
    if (auto* record = std::get_if<SourceRecord>(&**item)) ++records, flagged += record->flags.size();
    if (auto* row = std::get_if<Rejected>(&**item)) ++rejected_rows, rejected.show(*row);
  }
  rejected.finish();
  if (call.has("json"))
    call.streams.out << Json{{"dryRun", true},
                             {"file", fs::path(call.arguments[0]).filename().string()},
                             {"people", {{"read", people}}},
                             {"records", {{"read", records}}},
                             {"rejected", rejected_rows},
                             {"flagged", flagged}}
                     << "\n";
  else
    call.streams.out << "would bring " << with_commas(people) << " people and " << with_commas(records)
                     << " records; rejected " << with_commas(rejected_rows) << " rows, flagged " << with_commas(flagged)
                     << " values. Nothing was changed.\n";
  return rejected_rows > 0 ? ExitCode::partial : ExitCode::done;
}

ExitCode import_files(Invocation& call) {
  auto config = read_config(call.text("dir"));
  if (!config) return failed_with(call.streams, config.error());
  if (call.has("dry-run")) return import_dry(call, *config);
  if (node_is_running(config->admin_socket())) return import_by_node(call, config->admin_socket());
  return import_directly(call, *config);
}

ExitCode synth(Invocation& call) {
  auto children = call.number("children", 1, std::int64_t(limits::synth_children_max));
  auto seed = call.number("seed", 0, INT64_MAX);
  if (!children || !seed) return ExitCode::usage;
  SynthOptions options;
  options.children = std::uint32_t(*children);
  options.seed = std::uint64_t(*seed);
  options.out_dir = call.text("out");
  auto summary = write_synthetic_world(options);
  if (!summary) return failed_with(call.streams, summary.error());
  for (const SynthNode& node : summary->nodes)
    call.streams.out << node.id << "  " << with_commas(node.people) << " people, " << with_commas(node.records)
                     << " records\n";
  call.streams.out << with_commas(summary->children) << " children, " << with_commas(summary->adults)
                   << " adults, none of whom exists; who is held where, and what is wrong with it: " << call.text("out")
                   << "/truth.json\n";
  return ExitCode::done;
}

}  // namespace

std::vector<Command> import_commands() {
  std::vector<Command> commands;
  commands.push_back(
      {.noun = "import",
       .arguments = "FILE...",
       .arguments_min = 1,
       .arguments_max = limits::import_files_max,
       .title = "bring an agency's exported files into its node",
       .details = "A running node reads the files itself; of a stopped one the store is opened here. The same "
                  "files\nagain change nothing. Ends with 4 when rows were rejected; the others are in.",
       .options = {{"mapping", "FILE", "which column means what, such as config-examples/mappings/police.toml", true},
                   {"dir", "DIR", "the node's folder", true},
                   {"dry-run", "", "read everything, change nothing"},
                   {"json", "", "end with one line of JSON"},
                   passphrase_option(),
                   share_option()},
       .run = import_files});
  commands.push_back({.noun = "synth",
                      .title = "make exports of children, families and agencies that do not exist",
                      .options = {{"out", "DIR", "where to: DIR/NODE/source/*.csv and DIR/truth.json", true},
                                  {"children", "N", "how many", false, "200"},
                                  {"seed", "S", "the same seed gives the same people", false, "1"}},
                      .run = synth});
  return commands;
}

}  // namespace ginnel
