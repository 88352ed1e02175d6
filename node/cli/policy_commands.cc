// SPDX-License-Identifier: Apache-2.0
// ginnel policy: for those who write and adopt the rules of sharing.
#include "node/cli/commands.h"
#include "node/cli/output.h"
#include "node/gate/bundle.h"
#include "node/gate/share_schema.h"

namespace ginnel {
namespace {

ExitCode policy_check(Invocation& call) {
  auto bundle = read_bundle(call.arguments[0]);
  if (!bundle) return failed_with(call.streams, bundle.error());
  for (const auto& warning : (*bundle)->warnings) call.streams.err << "warning: " << warning.text() << "\n";
  call.streams.out << "ok: " << (*bundle)->name << ", version " << (*bundle)->version << ", " << (*bundle)->ref_text()
                   << "\n";
  return ExitCode::done;
}

ExitCode policy_schema(Invocation& call) {
  auto bundle = read_bundle(call.arguments[0]);
  if (!bundle) return failed_with(call.streams, bundle.error());
  call.streams.out << share_schema_text((*bundle)->vocabulary);
  return ExitCode::done;
}

}  // namespace

std::vector<Command> policy_commands() {
  std::vector<Command> commands;
  commands.push_back({
      .noun = "policy",
      .verb = "check",
      .arguments = "FOLDER",
      .arguments_min = 1,
      .arguments_max = 1,
      .title = "read a policy bundle and say every fault in it",
      .details = "FOLDER holds bundle.toml, such as config-examples/policies/west-yorkshire.",
      .run = policy_check,
  });
  commands.push_back({
      .noun = "policy",
      .verb = "schema",
      .arguments = "FOLDER",
      .arguments_min = 1,
      .arguments_max = 1,
      .title = "print what the policies of a bundle may speak of, as a Cedar schema",
      .details = "For an editor that knows Cedar, and to see which words there are.",
      .run = policy_schema,
  });
  return commands;
}

}  // namespace ginnel
