// SPDX-License-Identifier: Apache-2.0
// ginnel user: who signs in at a node.
#include <filesystem>

#include "federation/base/crypto/password.h"
#include "node/admin/admin_client.h"
#include "node/cli/commands.h"
#include "node/cli/output.h"
#include "node/cli/passphrase.h"
#include "node/cli/stopped_node.h"
#include "node/gate/bundle.h"
#include "node/people/password_rules.h"
#include "node/setup/accounts.h"

namespace ginnel {
namespace {

constexpr std::int64_t account_ms_max = 10'000;

Expected<std::string> password_of(const Invocation& call) {
  std::string file = call.text("password-file");
  auto password =
      file.empty() ? type_secret("password for " + call.text("username")) : read_secret_file(file, "the password");
  return password ? check_password(*password, call.text("username")) : password;
}

Expected<void> check_role(const NodeConfig& config, const std::string& role) {
  auto bundle = read_bundle(config.policies);
  if (!bundle) return tl::unexpected(bundle.error());
  if ((*bundle)->vocabulary.knows("role", role)) return {};
  std::string roles;
  for (const Word& word : (*bundle)->vocabulary.words("role")) roles += (roles.empty() ? "" : ", ") + word.id;
  return fail("unknown-word", "cannot add a user with the role `" + role + "`", "the policy bundle has no such role",
              "one of: " + roles);
}

Expected<AddedUser> add(StoppedNode& node, const NewUser& user) {
  auto turn = node.store().begin(node.clock->now());
  if (!turn) return tl::unexpected(turn.error());
  auto added = add_user(**turn, user, *node.random);
  if (!added) return added;
  if (auto committed = (*turn)->commit(); !committed) return tl::unexpected(committed.error());
  return added;
}

ExitCode user_add(Invocation& call) {
  auto node = open_stopped_node(call);
  if (!node) return node.error();
  if (auto known = check_role((*node)->config, call.text("role")); !known)
    return failed_with(call.streams, known.error());
  auto password = password_of(call);
  if (!password) return failed_with(call.streams, password.error());
  NewUser user{call.text("username"), call.text("name"), call.text("role"), call.text("team"),
               hash_password(*password)};
  wipe(password->data(), password->size());
  auto added = add(**node, user);
  if (!added) return failed_with(call.streams, added.error());
  call.streams.err << "added " << added->account.username << ". Below is their API token, for one year; it is not kept "
                   << "and cannot be shown again.\n";
  call.streams.out << added->api_token.token << "\n";
  return ExitCode::done;
}

ExitCode change_account(Invocation& call, bool enable) {
  auto reply = ask_node(std::filesystem::absolute(call.text("dir")) / "admin.sock",
                        admin::AccountRequest{call.arguments.front(), call.text("reason"), enable}, {}, account_ms_max);
  if (!reply) return failed_with(call.streams, reply.error());
  if (auto* refused = std::get_if<Error>(&reply->body)) return failed_with(call.streams, *refused);
  if (auto* done = std::get_if<admin::Done>(&reply->body)) call.streams.err << done->what << "\n";
  return ExitCode::done;
}
ExitCode user_disable(Invocation& call) { return change_account(call, false); }
ExitCode user_enable(Invocation& call) { return change_account(call, true); }

Command account_command(const char* verb, const char* title, ExitCode (*run)(Invocation&)) {
  return {.noun = "user",
          .verb = verb,
          .arguments = "USERNAME",
          .arguments_min = 1,
          .arguments_max = 1,
          .title = title,
          .options = {{"dir", "DIR", "the running node's folder", true},
                      {"reason", "TEXT", "one line, for the ledger", true}},
          .run = run};
}

}  // namespace

std::vector<Command> user_commands() {
  return {
      account_command("disable", "shut somebody out at once: sessions and API tokens too", user_disable),
      account_command("enable", "let somebody sign in again", user_enable),
      {
          .noun = "user",
          .verb = "add",
          .title = "add somebody who signs in; prints their API token",
          .details = "The node must be stopped. The password is typed, or stands in the first line of --password-file.",
          .options = {node_dir_option(),
                      {"username", "NAME", "how they sign in", true},
                      {"role", "ROLE", "practitioner, manager, operator, ...", true},
                      {"name", "NAME", "as others see it, such as \"S. Worker\"", true},
                      {"team", "TEAM", "their team"},
                      {"password-file", "FILE", "its first line is the password; else it is asked for on the terminal"},
                      passphrase_option(),
                      share_option()},
          .run = user_add,
      }};
}

}  // namespace ginnel
