// SPDX-License-Identifier: Apache-2.0
// ginnel node doctor: why a peer is silent, hop by hop, and what to do.
#include "federation/base/text.h"
#include "node/admin/admin_client.h"
#include "node/cli/commands.h"
#include "node/cli/output.h"
#include "node/cli/passphrase.h"
#include "node/cli/stopped_node.h"
#include "node/cli/terminal_text.h"
#include "node/doctor/examine.h"

namespace ginnel {
namespace {

constexpr std::int64_t diagnosis_ms_max = 60'000;  // names are looked up by the system, in its own time
constexpr std::size_t health_columns = 9, hop_columns = 16;

Expected<std::vector<Finding>> ask_running(const NodeConfig& config) {
  auto reply = ask_node(config.admin_socket(), admin::DoctorRequest{}, {}, diagnosis_ms_max);
  if (!reply) return tl::unexpected(reply.error());
  if (auto* diagnosis = std::get_if<admin::Diagnosis>(&reply->body)) return std::move(diagnosis->findings);
  return fail("bad-reply", "cannot read what the doctor found", "the node sent something else",
              "use the same version of both");
}

Expected<std::vector<Finding>> examine_stopped(StoppedNode& node) {
  auto snapshot = node.store().snapshot();
  if (!snapshot) return tl::unexpected(snapshot.error());
  auto keys = load_own_keys(**snapshot);
  if (!keys) return tl::unexpected(keys.error());
  const Instant now = node.clock->now();
  DirectoryBook book(node.config.trust, node.config.directory_rules);
  if (auto restored = restore_book(book, **snapshot, now); !restored) return tl::unexpected(restored.error());
  auto facts = gather(node.config, **snapshot, book, *keys, {}, now);
  if (!facts) return tl::unexpected(facts.error());
  auto report = (*snapshot)->verify();
  if (!report) return tl::unexpected(report.error());
  facts->verified_to = report->entries;
  facts->ledger_problems = report->problem_count;
  const StoredReport stored = (*snapshot)->verify_stored();
  facts->stored_problems = stored.problem_count;
  if (!stored.problems.empty()) facts->first_problem = stored.problems.front();
  if (!report->problems.empty()) facts->first_problem = report->problems.front();
  return examine(std::move(*facts), keys->curve, *node.random);
}

void print_finding(std::ostream& out, const Finding& finding) {
  out << "  " << fitted(name_of(finding.health), health_columns) << finding.about;
  // What is well takes one line.
  if (finding.health == Health::ok) {
    for (const auto& [hop, what] : finding.hops) out << "; " << hop << ": " << harmless(what);
    out << "\n";
    return;
  }
  out << "\n";
  for (const auto& [hop, what] : finding.hops)
    out << "    " << std::string(health_columns, ' ') << fitted(hop, hop_columns) << harmless(what) << "\n";
  if (!finding.remedy.empty())
    out << "    " << std::string(health_columns, ' ') << fitted("do", hop_columns) << harmless(finding.remedy) << "\n";
}

ExitCode node_doctor(Invocation& call) {
  auto config = read_config(call.text("dir"));
  if (!config) return failed_with(call.streams, config.error());
  auto findings = ask_running(*config);
  if (!findings && findings.error().code == "node-not-running") {
    auto node = open_stopped_node(call);
    if (!node) return node.error();
    findings = examine_stopped(**node);
  }
  if (!findings) return failed_with(call.streams, findings.error());
  std::size_t warnings = 0, failures = 0;
  for (const Finding& one : *findings) {
    warnings += one.health == Health::warning;
    failures += one.health == Health::failed;
  }
  if (call.has("json")) {
    call.streams.out << diagnosis_json({*findings}) << "\n";
  } else {
    for (const Finding& one : *findings) print_finding(call.streams.out, one);
    call.streams.out << "  " << counted(warnings, "warning", "warnings") << ", "
                     << counted(failures, "failure", "failures") << "\n";
  }
  return failures > 0 ? ExitCode::failed : ExitCode::done;
}

}  // namespace

Command node_doctor_command() {
  return {.noun = "node",
          .verb = "doctor",
          .title = "why a peer is silent, and what to do; 1 when something failed",
          .details =
              "Tries to reach each peer with this node's keys, hop by hop. Works on a stopped node too, as far as\n"
              "that goes: then its ledger is verified as well, and nobody was heard.",
          .options = {node_dir_option(), {"json", "", "as JSON"}, passphrase_option(), share_option()},
          .run = node_doctor};
}

}  // namespace ginnel
