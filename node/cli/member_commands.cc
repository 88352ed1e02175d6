// SPDX-License-Identifier: Apache-2.0
// ginnel member: the table of its verbs, and those that are no trustee's: request, adopt, suspend.
#include <filesystem>

#include "federation/directory/check_phrase.h"
#include "federation/wire/directory_codec.h"
#include "federation/wire/limits.h"
#include "federation/wire/papers_codec.h"
#include "node/admin/admin_client.h"
#include "node/cli/commands.h"
#include "node/cli/federation_view.h"
#include "node/cli/installed.h"
#include "node/cli/member_list.h"
#include "node/cli/output.h"
#include "node/cli/passphrase.h"
#include "node/cli/signer.h"
#include "node/cli/stopped_node.h"
#include "node/cli/trustee_commands.h"
#include "node/gate/bundle.h"
#include "node/setup/member_request.h"
#include "node/setup/private_file.h"

namespace ginnel {
namespace {

namespace fs = std::filesystem;

// --- the organisation that asks

Expected<std::optional<Bytes>> request_of_running(const fs::path& dir, const fs::path& plan,
                                                  std::vector<Error>& mistakes) {
  const auto see = [&](const AdminReply& one) {
    if (const auto* error = std::get_if<Error>(&one.body)) mistakes.push_back(*error);
  };
  auto reply = ask_node(dir / "admin.sock", admin::MemberFileRequest{fs::absolute(plan).string()}, see, reply_ms_max);
  if (!reply && reply.error().code == "node-not-running") return std::optional<Bytes>();
  if (!reply) return tl::unexpected(reply.error());
  if (auto* made = std::get_if<admin::SignedPapers>(&reply->body)) return std::optional(std::move(made->papers));
  return fail("bad-reply", "cannot read the node's reply", "it sent something else", "use the same version of both");
}

tl::expected<Bytes, std::vector<Error>> request_of_stopped(Invocation& call, const fs::path& plan, ExitCode& failed) {
  auto node = open_stopped_node(call);
  if (!node) {
    failed = node.error();
    return tl::unexpected(std::vector<Error>());
  }
  const NodeConfig& config = (*node)->config;
  auto bundle = read_bundle(config.policies);
  if (!bundle) return tl::unexpected(std::vector{bundle.error()});
  auto snapshot = (*node)->store().snapshot();
  if (!snapshot) return tl::unexpected(std::vector{snapshot.error()});
  return make_member_request(config, plan, (*bundle)->vocabulary, **snapshot, (*node)->clock->now());
}

ExitCode member_request(Invocation& call) {
  auto home = home_dir(call.text("config-dir"));
  if (!home) return failed_with(call.streams, home.error());
  const fs::path plan =
      call.has("plan") ? fs::path(call.text("plan")) : *home / "config-examples/west-yorkshire/members.toml";
  const fs::path dir = fs::absolute(call.text("dir"));
  std::vector<Error> mistakes;
  auto made = request_of_running(dir, plan, mistakes);
  if (!made) {
    mistakes.push_back(made.error());
    return failed_with(call.streams, mistakes);
  }
  if (!*made) {
    ExitCode failed = ExitCode::failed;
    auto stopped = request_of_stopped(call, plan, failed);
    if (!stopped) return stopped.error().empty() ? failed : failed_with(call.streams, stopped.error());
    *made = std::move(*stopped);
  }
  const Bytes& file = **made;
  const fs::path to = call.has("out") ? fs::path(call.text("out")) : dir / "member-request";
  if (auto written = write_file(to, text_of(file)); !written) return failed_with(call.streams, written.error());
  call.streams.out << "request       " << to.string() << "\ncheck phrase  " << check_phrase(file) << "\n";
  call.streams.err << "Send the file to the trustees by any way. They will ring you: read the ten words out to them,\n"
                      "and never send the words along with the file.\n";
  return ExitCode::done;
}

// --- every node

Expected<std::string> done_of(const Expected<AdminReply>& reply) {
  if (!reply) return tl::unexpected(reply.error());
  if (const auto* done = std::get_if<admin::Done>(&reply->body)) return done->what;
  return fail("bad-reply", "cannot read the node's reply", "it sent something else", "use the same version of both");
}

ExitCode tell_done(Invocation& call, const Expected<AdminReply>& reply) {
  auto done = done_of(reply);
  if (!done) return failed_with(call.streams, done.error());
  call.streams.out << *done << "\n";
  return ExitCode::done;
}

ExitCode member_adopt(Invocation& call) {
  std::optional<Papers> all;
  for (const std::string& file : call.arguments) {
    auto papers = read_papers_file(file);
    if (!papers) return failed_with(call.streams, papers.error());
    auto both = all ? join_signatures(std::move(*all), *papers) : std::move(papers);
    if (!both) return failed_with(call.streams, both.error());
    all = std::move(*both);
  }
  auto bytes = encode_papers(*all);
  if (!bytes) return failed_with(call.streams, bytes.error());
  return tell_done(call, ask_node(fs::absolute(call.text("dir")) / "admin.sock",
                                  admin::AdoptPapersRequest{std::move(*bytes)}, {}, reply_ms_max));
}

ExitCode member_suspend(Invocation& call) {
  return tell_done(call, ask_node(fs::absolute(call.text("dir")) / "admin.sock",
                                  admin::SuspendRequest{call.arguments.front(), call.text("reason"), call.has("lift")},
                                  {}, reply_ms_max));
}

OptionSpec dir_option(bool is_needed, const char* help) { return {"dir", "DIR", help, is_needed}; }

std::vector<OptionSpec> trustee_options() {
  return {dir_option(false, "the folder of a trustee's running node"),
          {"identity-key", "FILE", "instead: the key file of a trustee without a node (ginnel member key)"},
          {"as", "MEMBER", "whose key that is"},
          {"trust", "FILE", "trust.toml, with an identity key"},
          {"out", "FILE", "where the papers go (version-N.papers, or the same file again)"},
          {"instead", "", "give up a list that you signed and that is not in force"},
          {"dry-run", "", "show what it would change and who has signed, and sign nothing"},
          passphrase_option(),
          share_option()};
}

std::vector<OptionSpec> with(std::vector<OptionSpec> first, std::vector<OptionSpec> more) {
  first.insert(first.end(), more.begin(), more.end());
  return first;
}

}  // namespace

std::vector<Command> member_commands() {
  std::vector<Command> commands;
  commands.push_back(
      {.noun = "member",
       .verb = "request",
       .title = "write a node's request to be a member, and its check phrase; it may be running",
       .details = "Kind and name come from the plan. The trustees ring you and have the phrase read out.",
       .options = {dir_option(true, "the node's folder"),
                   {"plan", "FILE", "the federation's plan, with this member in it (the shipped one)"},
                   {"out", "FILE", "where the request goes (DIR/member-request)"},
                   {"config-dir", "FOLDER", "where config-examples is"},
                   passphrase_option(),
                   share_option()},
       .run = member_request});
  commands.push_back(
      {.noun = "member",
       .verb = "admit",
       .arguments = "FILE...",
       .arguments_min = 1,
       .arguments_max = limits::papers_requests_max,
       .title = "as a trustee, sign for those who ask to be members",
       .details = "FILE is a request, or the papers that another trustee signed. Asks for each check phrase,\n"
                  "as the organisation reads it out by telephone.",
       .options =
           with(trustee_options(), {{"phrase", "FILE", "lines with the phrases, by member id; else they are typed"}}),
       .run = member_admit});
  commands.push_back({.noun = "member",
                      .verb = "revoke",
                      .arguments = "MEMBER",
                      .arguments_min = 1,
                      .arguments_max = 1,
                      .title = "as a trustee, sign that a member is none any more",
                      .options = with(trustee_options(), {{"reason", "TEXT", "one line; names nobody but the member"},
                                                          {"papers", "FILE", "that another trustee signed for this"}}),
                      .run = member_revoke});
  commands.push_back({.noun = "member",
                      .verb = "renew",
                      .title = "as a trustee, sign the same list again before it is too old",
                      .options = with(trustee_options(), {{"papers", "FILE", "that another trustee signed for this"}}),
                      .run = member_renew});
  commands.push_back({.noun = "member",
                      .verb = "key",
                      .title = "make the identity key of a trustee without a node",
                      .options = {{"out", "FILE", "where it goes, readable by you only", true}},
                      .run = member_key});
  commands.push_back({.noun = "member",
                      .verb = "adopt",
                      .arguments = "PAPERS...",
                      .arguments_min = 1,
                      .arguments_max = 16,
                      .title = "give a running node the papers that enough trustees signed",
                      .details = "Several files are put together, if they are of one proposal.",
                      .options = {dir_option(true, "the node's folder")},
                      .run = member_adopt});
  commands.push_back({.noun = "member",
                      .verb = "suspend",
                      .arguments = "MEMBER",
                      .arguments_min = 1,
                      .arguments_max = 1,
                      .title = "neither hear a member nor ask it, at this node alone",
                      .options = {dir_option(true, "the running node's folder"),
                                  {"reason", "TEXT", "one line, for the ledger", true},
                                  {"lift", "", "hear it again"}},
                      .run = member_suspend});
  const std::vector<OptionSpec> looking = {
      dir_option(true, "the node's folder"), {"json", "", "as JSON"}, passphrase_option(), share_option()};
  commands.push_back({.noun = "member",
                      .verb = "list",
                      .title = "who is a member, and how each stands to this node",
                      .options = looking,
                      .run = member_list});
  commands.push_back({.noun = "member",
                      .verb = "show",
                      .arguments = "MEMBER",
                      .arguments_min = 1,
                      .arguments_max = 1,
                      .title = "everything that this node holds of one member",
                      .options = looking,
                      .run = member_show});
  return commands;
}

}  // namespace ginnel
