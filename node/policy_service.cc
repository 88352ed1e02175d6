// SPDX-License-Identifier: Apache-2.0
// The Service's call about the policy bundle in force: since when it is, and who signed it.
#include "federation/directory/sealed_bundle.h"
#include "node/gate/adopted_bundle.h"
#include "node/node.h"
#include "node/posted_call.h"

namespace ginnel {

void Node::policy_standing(std::string token, Done<PolicyStanding> done) {
  call<PolicyStanding>(*this, std::move(done), [this, token](Work& work) -> Expected<PolicyStanding> {
    auto session = session_of(token, work.turn, work.now);
    if (!session) return tl::unexpected(session.error());
    const Bundle& bundle = gate_.bundle();
    PolicyStanding out;
    out.in_shadow = settings_.in_shadow;
    out.is_sealed = bundle.seal != nullptr;
    auto since = adopted_since(bundle.version, work.turn);
    if (!since) return tl::unexpected(since.error());
    out.since = since->value_or(Instant());
    const Directory* directory = p_.book.directory();
    if (!bundle.seal || !directory) return out;
    // As at the start of the node: a bundle in force stays good when who signed it is revoked later (decision 54).
    for (const GroupSignatures& group : bundle_signatures(*bundle.seal, directory->rule, nullptr)) {
      PolicySigners signers{group.group, group.needed, {}};
      for (const MemberId& member : group.have) {
        const Member* found = directory->find(member);
        signers.have.push_back(found ? found->name : member.text());
      }
      out.signers.push_back(std::move(signers));
    }
    return out;
  });
}

}  // namespace ginnel
