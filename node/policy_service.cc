// SPDX-License-Identifier: Apache-2.0
// The Service's calls about policy bundles: since when the one in force is, who signed it, and what another would have
// told of what this node decided. The last reads the ledger a step a turn, so that nobody waits for it.
#include "federation/directory/sealed_bundle.h"
#include "node/gate/adopted_bundle.h"
#include "node/node.h"
#include "node/posted_call.h"

namespace ginnel {
namespace {

constexpr const char* cannot_try = "cannot compare agreements";

std::vector<PolicySigners> signers_of(const SealedBundle& seal, const Directory& directory, const Directory* held) {
  std::vector<PolicySigners> out;
  for (const GroupSignatures& group : bundle_signatures(seal, directory.rule, held)) {
    PolicySigners& signers = out.emplace_back(PolicySigners{group.group, group.needed, {}});
    for (const MemberId& member : group.have) {
      const Member* found = directory.find(member);
      signers.have.push_back(found ? found->name : member.text());
    }
  }
  return out;
}

struct Trying {
  Done<TriedAgreement> done;
  std::shared_ptr<const Bundle> offered;
  std::unique_ptr<NewestReplay> replay;
  TriedAgreement out;

  void finish(Expected<TriedAgreement> result) {
    if (done) std::exchange(done, {})(std::move(result));
  }
};

// What adopting it looks at beside what is in it.
Expected<void> look_at(const Bundle& offered, const Bundle& in_force, const Directory* directory,
                       const StoreReader& reader, TriedAgreement& out) {
  const Bundle& agreement = offered.agreed();
  out.is_in_force = agreement.hash == in_force.agreed().hash;
  const auto obstacle = [&out](const std::string& what, const Error& error) {
    out.obstacles.push_back(what + ": " + error.why + (error.remedy.empty() ? "" : ". What to do: " + error.remedy));
  };
  if (auto follows = check_follows(agreement, reader); !follows) {
    if (follows.error().code != "older-bundle" && follows.error().code != "other-bundle") return follows;
    obstacle("It cannot follow the one in force", follows.error());
  }
  if (!directory || !agreement.seal) return {};
  const Directory* held = out.is_in_force ? nullptr : directory;  // decision 54
  out.signers = signers_of(*agreement.seal, *directory, held);
  if (auto enough = check_bundle_signatures(*agreement.seal, directory->rule, held); !enough)
    obstacle("Too few have signed it yet", enough.error());
  return {};
}

}  // namespace

void Node::policy_standing(std::string token, Done<PolicyStanding> done) {
  call<PolicyStanding>(*this, std::move(done), [this, token](Work& work) -> Expected<PolicyStanding> {
    auto session = session_of(token, work.turn, work.now);
    if (!session) return tl::unexpected(session.error());
    const Bundle& bundle = gate_.bundle();
    PolicyStanding out;
    out.in_shadow = settings_.in_shadow;
    const auto& seal = bundle.agreed().seal;
    out.is_sealed = seal != nullptr;
    auto since = adopted_since(bundle.agreed(), work.turn);
    if (!since) return tl::unexpected(since.error());
    out.since = since->value_or(Instant());
    const Directory* directory = p_.book.directory();
    // As at the start of the node: a bundle in force stays good when who signed it is revoked later (decision 54).
    if (seal && directory) out.signers = signers_of(*seal, *directory, nullptr);
    return out;
  });
}

void Node::bundle_in_force(std::string token, Done<std::shared_ptr<const Bundle>> done) {
  using Shared = std::shared_ptr<const Bundle>;
  call<Shared>(*this, std::move(done), [this, token](Work& work) -> Expected<Shared> {
    auto session = session_of(token, work.turn, work.now);
    if (!session) return tl::unexpected(session.error());
    if (auto allowed = check_sees_sharing(*session, cannot_try); !allowed) return tl::unexpected(allowed.error());
    return gate_.shared_bundle();
  });
}

void Node::try_agreement(std::string token, std::shared_ptr<const Bundle> offered, Done<TriedAgreement> done) {
  const auto trying = std::make_shared<Trying>();
  trying->done = std::move(done);
  trying->offered = std::move(offered);
  const auto name_of = [this](const MemberId& member) {
    const Member* found = p_.book.find(member);
    return found ? found->name : member.text();
  };
  const auto step = [this, trying, token, name_of](Work& work) -> bool {
    if (!trying->done) return false;
    auto session = session_of(token, work.turn, work.now);
    Expected<void> ready = session ? check_sees_sharing(*session, cannot_try) : tl::unexpected(session.error());
    if (ready && !trying->replay) {
      ready = look_at(*trying->offered, gate_.bundle(), p_.book.directory(), work.turn, trying->out);
      trying->replay = std::make_unique<NewestReplay>(trying->offered, settings_.member);
    }
    Expected<bool> more = ready ? trying->replay->step(work.turn) : tl::unexpected(ready.error());
    if (more && *more) return true;
    if (more) tell_replay(trying->replay->take(), gate_.bundle(), *trying->offered, name_of, trying->out);
    auto made = std::make_shared<Expected<TriedAgreement>>(more ? Expected<TriedAgreement>(std::move(trying->out))
                                                                : tl::unexpected(more.error()));
    work.after([trying, made](const Expected<void>& committed) {
      trying->finish(committed ? std::move(*made) : tl::unexpected(committed.error()));
    });
    return false;
  };
  post_steps(step, [trying](const Error& error) { trying->finish(tl::unexpected(error)); });
}

}  // namespace ginnel
