// SPDX-License-Identifier: Apache-2.0
// What a node holds of the federation, for commands: asked of the running node, or read from a stopped one's store.
#pragma once

#include <map>
#include <optional>

#include "federation/directory/papers.h"
#include "node/admin/admin_message.h"
#include "node/cli/command.h"
#include "node/config.h"

namespace ginnel {

struct FederationView {
  NodeConfig config;
  bool is_running = false;
  admin::Members members;
  std::optional<Directory> directory;
  std::map<MemberId, KeyStatement> newest;  // key statement of each member, valid now or not

  Held held() const { return {members.signed_directory, members.statements, members.version_signed}; }
  const admin::MemberState* state(const MemberId& member) const;
};

// Reads --dir. On failure everything is told; exit with the code.
tl::expected<FederationView, ExitCode> view_federation(Invocation& call);

// A whole file of at most `bytes_max`. `unreadable`, `too-long`.
Expected<Bytes> read_bytes(const std::string& file, std::size_t bytes_max);

// "2 of 3: leeds-csc, kirklees-csc; missing ..." for each group.
void print_signatures(std::ostream& out, const std::vector<GroupSignatures>& groups);

}  // namespace ginnel
