// SPDX-License-Identifier: Apache-2.0
// ginnel policy: for those who write and adopt the rules of sharing.
#include "node/cli/commands.h"
#include "node/cli/output.h"
#include "node/gate/bundle.h"

namespace ginnel {
namespace {

ExitCode policy_check(Invocation& call) {
  auto bundle = read_bundle(call.arguments[0]);
  if (!bundle) return failed_with(call.streams, bundle.error());
  call.streams.out << "ok: " << (*bundle)->name << ", version " << (*bundle)->version << ", " << (*bundle)->ref_text()
                   << "\n";
  return ExitCode::done;
}

}  // namespace

std::vector<Command> policy_commands() {
  return {{
      .noun = "policy",
      .verb = "check",
      .arguments = "FOLDER",
      .arguments_min = 1,
      .arguments_max = 1,
      .title = "read a policy bundle and say every fault in it",
      .details = "FOLDER holds bundle.toml, such as config-examples/policies/west-yorkshire.",
      .run = policy_check,
  }};
}

}  // namespace ginnel
