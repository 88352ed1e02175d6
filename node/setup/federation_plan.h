// SPDX-License-Identifier: Apache-2.0
// A federation as somebody plans it, before there are keys: config-examples/west-yorkshire/members.toml.
//
// Thread: any; a value. Failure: read_federation_plan gives every mistake at once (`bad-plan`), each with its line.
#pragma once

#include <cstdint>
#include <filesystem>
#include <set>
#include <string>
#include <vector>

#include "federation/base/error.h"
#include "federation/directory/directory.h"
#include "node/gate/vocabulary.h"

namespace ginnel {

struct PlannedUser {
  std::string username, role, name, team;
};

struct PlannedMember {
  Member member;                   // without its identity key
  std::string own_basis;           // its own lawful basis for answering
  bool has_node = false;           // a demonstration starts one
  bool is_spare = false;           // its keys go into files
  std::vector<PlannedUser> users;  // the first may ask
};

struct PlannedTrustees {
  std::string name;
  std::uint32_t needed = 0;
  std::vector<MemberId> members;
};

// What the demonstration's issuer of process heads says of a child.
struct PlannedHead {
  std::string definition, edition, state;
  std::set<std::string> proves;
};

struct FederationPlan {
  std::vector<PlannedMember> members;
  std::vector<PlannedTrustees> trustees;
  std::set<std::string> purposes_past_closed;
  PlannedHead test_head;

  const PlannedMember* find(const MemberId& id) const;
};

// With a vocabulary every word is checked against it, without only for its form.
tl::expected<FederationPlan, std::vector<Error>> read_federation_plan(const std::filesystem::path& file,
                                                                      const Vocabulary* vocabulary = nullptr);
tl::expected<FederationPlan, std::vector<Error>> parse_federation_plan(std::string_view text, const std::string& file,
                                                                       const Vocabulary* vocabulary = nullptr);

}  // namespace ginnel
