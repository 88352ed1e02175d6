// SPDX-License-Identifier: Apache-2.0
// ginnel policy: for those who write and adopt the rules of sharing.
#include "adapters/toml_section.h"
#include "node/cli/commands.h"
#include "node/cli/output.h"
#include "node/cli/terminal_text.h"
#include "node/gate/explained.h"
#include "node/gate/plain_words.h"
#include "node/gate/policy_cases.h"
#include "node/gate/share_schema.h"
#include "policy/compare.h"

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

ExitCode policy_test(Invocation& call) {
  auto bundle = read_bundle(call.arguments[0]);
  if (!bundle) return failed_with(call.streams, bundle.error());
  auto cases = cases_of(**bundle);
  if (!cases) return failed_with(call.streams, cases.error());
  const Gate gate(*bundle);
  std::size_t failed = 0;
  for (const PolicyCase& one : *cases) {
    const CaseOutcome outcome = try_case(one, gate);
    if (outcome.differences.empty()) continue;
    ++failed;
    call.streams.out << one.file << ":" << one.line << ": " << one.name << "\n";
    for (const std::string& difference : outcome.differences) call.streams.out << "  " << difference << "\n";
  }
  call.streams.out << cases->size() - failed << " of " << cases->size() << " cases come out as they say\n";
  return failed == 0 ? ExitCode::done : ExitCode::partial;
}

ExitCode policy_show(Invocation& call) {
  auto bundle = read_bundle(call.arguments[0]);
  if (!bundle) return failed_with(call.streams, bundle.error());
  const auto& policies = (*bundle)->policies.policies();
  if ((*bundle)->agreement)
    call.streams.out << "Over " << (*bundle)->agreement->name << ", version " << (*bundle)->agreement->version
                     << ". Who answers for it: " << harmless((*bundle)->author) << ". Looked at again on "
                     << (*bundle)->review_on.iso() << ".\n";
  for (std::size_t i = (*bundle)->first_of_its_own(); i < policies.size(); ++i) {
    const auto& policy = policies[i];
    const auto* title = policy.annotation("title");
    const auto* ask = policy.annotation("ask");
    const auto* basis = policy.annotation("basis");
    call.streams.out << policy.id << "  " << (title ? *title : "") << "\n  "
                     << plain_words(policy, (*bundle)->vocabulary) << "\n";
    if (policy.annotation("conceal")) call.streams.out << "  Nothing tells that such a record exists.\n";
    if (ask) call.streams.out << "  Whom to ask: " << *ask << ".\n";
    if (basis) call.streams.out << "  Basis: " << *basis << ".\n";
  }
  return ExitCode::done;
}

ExitCode policy_coverage(Invocation& call) {
  auto bundle = read_bundle(call.arguments[0]);
  if (!bundle) return failed_with(call.streams, bundle.error());
  auto cases = cases_of(**bundle);
  if (!cases) return failed_with(call.streams, cases.error());
  const auto missing = untried(**bundle, *cases);
  for (const auto& one : missing) call.streams.out << one.text() << "\n";
  call.streams.out << cases->size() << " cases, "
                   << (*bundle)->policies.policies().size() - (*bundle)->first_of_its_own() << " policies, "
                   << missing.size() << " conditions not seen both true and false\n";
  return missing.empty() ? ExitCode::done : ExitCode::partial;
}

ExitCode policy_schema(Invocation& call) {
  auto bundle = read_bundle(call.arguments[0]);
  if (!bundle) return failed_with(call.streams, bundle.error());
  call.streams.out << share_schema_text((*bundle)->vocabulary);
  return ExitCode::done;
}

ExitCode policy_diff(Invocation& call) {
  auto before = read_bundle(call.arguments[0]), after = read_bundle(call.arguments[1]);
  if (!before) return failed_with(call.streams, before.error());
  if (!after) return failed_with(call.streams, after.error());
  auto schema = share_schema((*after)->vocabulary);
  if (!schema) return failed_with(call.streams, schema.error());
  const auto rows = policy::compare_policies((*before)->policies, (*after)->policies, *schema, &(*after)->resident);
  if (!rows)
    return failed_with(call.streams, Error{"cannot-compare", "cannot compare the two bundles", rows.error(),
                                           "make the change in smaller steps; both use the words of the second one"});
  for (const auto& row : *rows) call.streams.out << row.text() << "\n";
  call.streams.out << rows->size() << (rows->size() == 1 ? " difference" : " differences")
                   << " in what is decided, from " << (*before)->ref_text() << " to " << (*after)->ref_text() << "\n";
  return ExitCode::done;
}

// A command about the bundle in FOLDER.
Command about_bundle(std::string verb, std::string title, std::string details, ExitCode (*run)(Invocation&)) {
  Command command;
  command.noun = "policy";
  command.verb = std::move(verb);
  command.arguments = "FOLDER";
  command.arguments_min = command.arguments_max = 1;
  command.title = std::move(title);
  command.details = std::move(details);
  command.run = run;
  return command;
}

}  // namespace

std::vector<Command> policy_commands() {
  std::vector<Command> commands;
  commands.push_back(
      about_bundle("check", "read a policy bundle and say every fault in it",
                   "FOLDER holds bundle.toml, such as config-examples/policies/west-yorkshire. A sealed\n"
                   "bundle does too, wherever one is read.",
                   policy_check));
  commands.push_back(about_bundle("test", "try the cases of a policy bundle and say which do not come out as they say",
                                  "A node refuses to put a bundle in force whose own cases fail. Exit 4 when some do.",
                                  policy_test));
  commands.push_back(about_bundle("coverage", "say which conditions the cases of a policy bundle leave untried",
                                  "Each condition wants a case in which it is true and one in which it is false.\n"
                                  "Exit 4 when some lack one.",
                                  policy_coverage));
  commands.push_back(about_bundle("show", "the policies of a bundle in plain words", "", policy_show));
  commands.push_back(about_bundle("schema", "print what the policies of a bundle may speak of, as a Cedar schema",
                                  "For an editor that knows Cedar, and to see which words there are.", policy_schema));
  commands.push_back(policy_explain_command());
  Command diff =
      about_bundle("diff", "say every request that one bundle decides otherwise than another",
                   "As few rows as can be found, each a condition of the policy language. They hold for all\n"
                   "requests, not for samples; `may` stands before one that may never come.",
                   policy_diff);
  diff.arguments = "OLD NEW";
  diff.arguments_min = diff.arguments_max = 2;
  commands.push_back(std::move(diff));
  for (Command& command : seal_commands()) commands.push_back(std::move(command));
  commands.push_back(policy_replay_command());
  return commands;
}

}  // namespace ginnel
