// SPDX-License-Identifier: Apache-2.0
// The keys and signed documents of a demonstration's federation: what trustees and members make between them in
// earnest is here made in one place, for people who do not exist.
//
// Thread: any; a value.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "federation/base/clock.h"
#include "federation/base/error.h"
#include "federation/directory/directory.h"
#include "node/gate/bundle.h"
#include "node/setup/federation_plan.h"
#include "node/setup/init_node.h"

namespace ginnel {

struct DemoFederation {
  std::map<MemberId, OwnKeys> keys;  // of every member, with a node or without
  TrustAnchor anchor;
  Bytes directory;  // an encoded SignedDirectory, signed by every trustee
  std::vector<SignedStatement> statements;
  Bytes bundle;  // an encoded SealedBundle, signed by every trustee; empty: seal_agreement() was not called
};

std::map<MemberId, OwnKeys> make_member_keys(const FederationPlan& plan, Random& random);

// Signs the directory as `version` and a key statement for each member in `endpoints`. `held`: the list that is in
// force, whose members and trustees stay as they are; null: the plan's.
Expected<DemoFederation> sign_federation(const FederationPlan& plan, std::map<MemberId, OwnKeys> keys,
                                         std::uint64_t version, const std::map<MemberId, std::string>& endpoints,
                                         Instant now, const Directory* held = nullptr);

// Makes one document of the bundle, which every trustee of the federation signs.
Expected<void> seal_agreement(DemoFederation& federation, const Bundle& bundle);

}  // namespace ginnel
