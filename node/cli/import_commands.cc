// SPDX-License-Identifier: Apache-2.0
// ginnel import: an agency's exports into its node. ginnel synth: exports of people who do not exist.
#include <unistd.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "adapters/limits.h"
#include "adapters/synth/synth.h"
#include "node/admin/admin_client.h"
#include "node/cli/commands.h"
#include "node/cli/installed.h"
#include "node/cli/output.h"
#include "node/cli/passphrase.h"
#include "node/cli/stopped_node.h"
#include "node/gate/bundle.h"
#include "node/import/importer.h"
#include "node/import/open_source.h"
#include "node/setup/node_clock.h"
#include "node/setup/source_states.h"
#include "node/store/codec.h"

namespace ginnel {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

constexpr std::size_t rejected_shown_max = 20;  // on a terminal the rest is only counted; --json prints none of them

using Opened = tl::expected<std::unique_ptr<Adapter>, std::vector<Error>>;

// What to import, under which description.
struct Import {
  NodeConfig config;
  std::string mapping;  // the mapping, or the adapter's file
  SourceIdentity source;
};

Opened open_files(const Invocation& call, const Import& import) {
  auto bundle = read_bundle(import.config.policies);
  if (!bundle) return tl::unexpected(std::vector<Error>{bundle.error()});
  return open_source({{call.arguments.begin(), call.arguments.end()},
                      import.mapping,
                      import.config.member,
                      london_date(clock_of(import.config)->now())},
                     (*bundle)->vocabulary);
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

// Values that are left out or doubted; told by a dry run, counted by every import.
class FlaggedValues {
 public:
  explicit FlaggedValues(std::ostream& err) : err_(err) {}
  void show(const SourcePlace& place, const std::vector<Flag>& flags) {
    for (const Flag& flag : flags)
      if (count_++ < rejected_shown_max)
        err_ << place.file << ":" << place.line << ": flagged: " << (flag.field.empty() ? "" : "`" + flag.field + "`: ")
             << flag.reason << "\n";
  }
  void finish() {
    if (count_ > rejected_shown_max) err_ << "... and " << count_ - rejected_shown_max << " more flagged values\n";
  }
  std::uint64_t count() const { return count_; }

 private:
  std::ostream& err_;
  std::uint64_t count_ = 0;
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
  const bool brought = run.people_added + run.people_changed + run.people_unchanged + run.records_added +
                           run.records_changed + run.records_unchanged >
                       0;
  if (!run.quarantine.empty() && !brought) return ExitCode::failed;
  return run.rejected > 0 || !run.quarantine.empty() ? ExitCode::partial : ExitCode::done;
}

// Whoever answers for the source's data, where it could not be read.
void tell_owner(Invocation& call, const Import& import, const ImportRun& run) {
  if (run.quarantine.empty()) return;
  const DataOwner& owner = import.source.owner;
  call.streams.err << "the source `" << import.source.system
                   << "` is quarantined until its next good import; what was sound is in\n  tell    "
                   << (owner.name.empty() ? "its data owner (no `data_owner` is named in " + import.mapping + ")"
                                          : owner.name)
                   << (owner.role.empty() ? "" : ", " + owner.role)
                   << (owner.contact.empty() ? "" : ", " + owner.contact) << "\n";
}

ExitCode import_by_node(Invocation& call, const Import& import, const fs::path& socket) {
  admin::ImportRequest request;
  for (const std::string& file : call.arguments) request.files.push_back(fs::absolute(file).string());
  request.mapping = fs::absolute(import.mapping).string();
  RejectedRows rejected(call.streams.err);
  bool failed = false;
  auto reply = ask_node(socket, request, [&](const AdminReply& progress) {
    if (auto* row = std::get_if<Rejected>(&progress.body)) rejected.show(*row);
    if (auto* run = std::get_if<ImportRun>(&progress.body)) show_progress(*run, false);
    if (auto* error = std::get_if<Error>(&progress.body)) failed = true, print_error(call.streams.err, *error);
  });
  rejected.finish();
  if (!reply) return failed_with(call.streams, reply.error());
  if (auto* run = std::get_if<ImportRun>(&reply->body)) {
    tell_owner(call, import, *run);
    ExitCode code = report(call, *run);
    return failed && code == ExitCode::done ? ExitCode::failed : code;
  }
  return failed_with(call.streams, Error{"bad-reply", "cannot read the node's reply", "it sent something else",
                                         "use the same version of both"});
}

Expected<void> note_outcome(Turn& turn, const ImportOutcome& outcome) {
  auto states = load_source_states(turn);
  if (!states) return tl::unexpected(states.error());
  return put_source_states(turn, with_outcome(std::move(*states), outcome));
}

// Nothing could be read; where that is the source's doing, it is quarantined.
ExitCode cannot_open(Invocation& call, const Import& import, const std::vector<Error>& errors) {
  ImportRun run;
  run.file = fs::path(call.arguments[0]).filename().string();
  run.system = import.source.system;
  for (const Error& error : errors) print_error(call.streams.err, error);
  if (!run.system.empty() && is_of_the_source(errors.front())) {
    run.quarantine = errors.front().what + ": " + errors.front().why;
    auto node = open_stopped_node(call);
    if (!node) return node.error();
    auto turn = (*node)->store().begin((*node)->clock->now());
    if (!turn) return failed_with(call.streams, turn.error());
    auto noted = note_outcome(**turn, {import.source, run.file, (*turn)->now(), std::nullopt, errors.front()});
    if (!noted) return failed_with(call.streams, noted.error());
    auto written = (*turn)->append(EntryKind::import_run, ActorId(), (*turn)->node_key(), encode(run));
    if (!written) return failed_with(call.streams, written.error());
    if (auto committed = (*turn)->commit(); !committed) return failed_with(call.streams, committed.error());
    tell_owner(call, import, run);
  }
  if (call.has("json")) report(call, run);  // a script reads one line, whatever came of it
  return exit_code_for(errors.front());
}

// A step a turn, as the running node does it.
Expected<ImportRun> run_import(Importer& importer, const Adapter& adapter, const Import& import, StoppedNode& node,
                               RejectedRows& rejected) {
  for (bool more = true; more;) {
    if (node.store().wants_keys())
      if (auto refilled = node.store().refill_keys(limits::import_rows_per_turn_max); !refilled)
        return tl::unexpected(refilled.error());
    auto turn = node.store().begin(node.clock->now());
    if (!turn) return tl::unexpected(turn.error());
    auto stepped = importer.step(**turn);
    if (!stepped) return tl::unexpected(stepped.error());
    more = *stepped;
    if (!more) {
      auto noted = note_outcome(
          **turn, {import.source, importer.run().file, (*turn)->now(), adapter.told_up_to(), importer.reading_error()});
      if (!noted) return tl::unexpected(noted.error());
    }
    if (auto committed = (*turn)->commit(); !committed) return tl::unexpected(committed.error());
    for (const Rejected& row : importer.take_rejected()) rejected.show(row);
    show_progress(importer.run(), !more);
  }
  return importer.run();
}

ExitCode import_directly(Invocation& call, const Import& import) {
  auto adapter = open_files(call, import);
  if (!adapter) return cannot_open(call, import, adapter.error());
  auto node = open_stopped_node(call);
  if (!node) return node.error();
  Importer importer(
      **adapter,
      {{}, fs::path(call.arguments[0]).filename().string(), import.source.system, import.config.link_rules.get()});
  RejectedRows rejected(call.streams.err);
  auto run = run_import(importer, **adapter, import, **node, rejected);
  rejected.finish();
  if (!run) {
    report(call, importer.run());
    return failed_with(call.streams, run.error());
  }
  if (importer.reading_error()) print_error(call.streams.err, *importer.reading_error());
  tell_owner(call, import, *run);
  return report(call, *run);
}

// Reads everything under the mapping and changes nothing. What is new and what changed only the store could tell.
ExitCode import_dry(Invocation& call, const Import& import) {
  auto adapter = open_files(call, import);
  if (!adapter) return failed_with(call.streams, adapter.error());
  FlaggedValues told(call.streams.err);
  RejectedRows rejected(call.streams.err);
  std::uint64_t people = 0, records = 0, rejected_rows = 0;
  std::optional<Error> reading_error;
  for (;;) {
    auto item = (*adapter)->next();
    if (!item) {
      reading_error = item.error();
      break;
    }
    if (!*item) break;
    if (auto* person = std::get_if<SourcePerson>(&**item)) ++people, told.show(person->place, person->flags);
    if (auto* record = std::get_if<SourceRecord>(&**item)) ++records, told.show(record->place, record->flags);
    if (auto* row = std::get_if<Rejected>(&**item)) ++rejected_rows, rejected.show(*row);
  }
  rejected.finish();
  told.finish();
  const std::uint64_t flagged = told.count();
  if (reading_error) print_error(call.streams.err, *reading_error);
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
  return rejected_rows > 0 || reading_error ? ExitCode::partial : ExitCode::done;
}

ExitCode import_files(Invocation& call) {
  if (call.has("mapping") == call.has("adapter")) {
    print_error(call.streams.err, {"usage", "cannot import the files", "give either --mapping or --adapter",
                                   "--mapping FILE for an agency's own export, --adapter cin, annex-a or ssda903"});
    return ExitCode::usage;
  }
  auto config = read_config(call.text("dir"));
  if (!config) return failed_with(call.streams, config.error());
  Import import{std::move(*config), call.text("mapping"), {}};
  if (call.has("adapter")) {
    auto file = adapter_file(call.text("adapter"), import.config.dir);
    if (!file) return failed_with(call.streams, file.error());
    import.mapping = *file;
  }
  import.source = read_source_identity(import.mapping).value_or(SourceIdentity());
  if (call.has("dry-run")) return import_dry(call, import);
  if (node_is_running(import.config.admin_socket())) return import_by_node(call, import, import.config.admin_socket());
  return import_directly(call, import);
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
       .details =
           "A running node reads the files itself; of a stopped one the store is opened here. The same "
           "files\nagain change nothing. Ends with 4 when rows were rejected or a file was cut; the others are in.",
       .options = {{"mapping", "FILE", "which column means what, such as config-examples/mappings/police.toml"},
                   {"adapter", "NAME", "in place of a mapping: cin, annex-a or ssda903, the statutory formats"},
                   node_dir_option(),
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
