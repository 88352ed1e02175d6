// SPDX-License-Identifier: Apache-2.0
#include "node/cli/federation_view.h"

#include <fstream>

#include "federation/wire/directory_codec.h"
#include "node/admin/admin_client.h"
#include "node/admin/member_desk.h"
#include "node/cli/output.h"
#include "node/cli/stopped_node.h"
#include "node/cli/terminal_text.h"

namespace ginnel {
namespace {

constexpr std::int64_t members_ms_max = 10'000;

Expected<admin::Members> members_of_running(const NodeConfig& config) {
  auto reply = ask_node(config.admin_socket(), admin::MembersRequest{}, {}, members_ms_max);
  if (!reply) return tl::unexpected(reply.error());
  if (const auto* members = std::get_if<admin::Members>(&reply->body)) return *members;
  return fail("bad-reply", "cannot read the list of members", "the node sent something else",
              "use the same version of both");
}

Expected<admin::Members> members_of_stopped(StoppedNode& node) {
  auto snapshot = node.store().snapshot();
  if (!snapshot) return tl::unexpected(snapshot.error());
  const Instant now = node.clock->now();
  DirectoryBook book(node.config.trust, node.config.directory_rules);
  if (auto restored = restore_book(book, **snapshot, now); !restored) return tl::unexpected(restored.error());
  return members_of(node.config, **snapshot, book, {}, now);
}

std::string names_of(const std::vector<MemberId>& members) {
  std::string out;
  for (const MemberId& member : members) out += (out.empty() ? "" : ", ") + member.text();
  return out;
}

}  // namespace

const admin::MemberState* FederationView::state(const MemberId& member) const {
  for (const auto& one : members.members)
    if (one.member == member.text()) return &one;
  return nullptr;
}

tl::expected<FederationView, ExitCode> view_federation(Invocation& call) {
  FederationView view;
  auto config = read_config(call.text("dir"));
  if (!config) return tl::unexpected(failed_with(call.streams, config.error()));
  view.config = std::move(*config);
  auto members = members_of_running(view.config);
  view.is_running = members.has_value();
  if (!members && members.error().code == "node-not-running") {
    auto node = open_stopped_node(call);
    if (!node) return tl::unexpected(node.error());
    members = members_of_stopped(**node);
  }
  if (!members) return tl::unexpected(failed_with(call.streams, members.error()));
  view.members = std::move(*members);
  if (auto value = decode_signed_directory(view.members.signed_directory))
    if (auto directory = decode_directory(value->bytes)) view.directory = std::move(*directory);
  for (const Bytes& bytes : view.members.statements) {
    auto statement = read_key_statement(bytes);
    if (!statement) continue;
    KeyStatement& newest = view.newest[statement->member];
    if (statement->number > newest.number) newest = std::move(*statement);
  }
  return view;
}

Expected<Bytes> read_bytes(const std::string& file, std::size_t bytes_max) {
  std::ifstream in(file, std::ios::binary);
  if (!in) return fail("unreadable", "cannot read " + file, "it is not there, or not for you", "check the path");
  Bytes bytes;
  char chunk[1 << 16];
  while (in.read(chunk, sizeof chunk) || in.gcount() > 0) {
    bytes.insert(bytes.end(), chunk, chunk + in.gcount());
    if (bytes.size() > bytes_max)
      return fail("too-long", "cannot read " + file, "it is longer than such a file may be", "check the path");
  }
  return bytes;
}

void print_signatures(std::ostream& out, const std::vector<GroupSignatures>& groups) {
  for (const GroupSignatures& group : groups) {
    out << "  " << fitted(group.group, 14) << group.have.size() << " of " << group.needed << " needed";
    if (!group.have.empty()) out << ": " << names_of(group.have);
    if (!group.is_met()) out << "; missing " << group.needed - group.have.size() << " of " << names_of(group.missing);
    out << "\n";
  }
}

}  // namespace ginnel
