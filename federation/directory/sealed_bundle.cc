// SPDX-License-Identifier: Apache-2.0
#include "federation/directory/sealed_bundle.h"

#include <algorithm>

#include "federation/wire/limits.h"
#include "federation/wire/signed.h"

namespace ginnel {
namespace {

bool is_name_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.';
}

bool is_revoked(const Directory* held, const MemberId& trustee) {
  const Member* member = held ? held->find(trustee) : nullptr;
  return member && member->revoked_since.is_set();
}

}  // namespace

bool is_bundle_file_name(std::string_view name) {
  if (name.empty() || name.size() > limits::bundle_file_name_bytes_max) return false;
  while (true) {
    const auto slash = name.find('/');
    const std::string_view part = name.substr(0, slash);
    if (part.empty() || part == "." || part == ".." || !std::all_of(part.begin(), part.end(), is_name_character))
      return false;
    if (slash == std::string_view::npos) return true;
    name.remove_prefix(slash + 1);
  }
}

std::vector<GroupSignatures> bundle_signatures(const SealedBundle& sealed, const TrusteeRule& rule,
                                               const Directory* held) {
  const Hash digest = signed_digest(sealed.bytes);
  std::vector<GroupSignatures> out;
  for (const TrusteeGroup& group : rule) {
    GroupSignatures state{group.name, group.needed, {}, {}};
    for (const auto& [trustee, key] : group.trustees) {
      const bool counts =
          !is_revoked(held, trustee) && std::any_of(sealed.endorsements.begin(), sealed.endorsements.end(),
                                                    [&, id = trustee, k = key](const Endorsement& one) {
                                                      return one.trustee == id &&
                                                             verify(k, domain::policy_bundle, digest, one.signature);
                                                    });
      (counts ? state.have : state.missing).push_back(trustee);
    }
    out.push_back(std::move(state));
  }
  return out;
}

Expected<void> check_bundle_signatures(const SealedBundle& sealed, const TrusteeRule& rule, const Directory* held) {
  // SECURITY: a rule without groups would be satisfied by nobody's signature.
  if (auto good = TrustAnchor{rule}.check(); !good) return good;
  for (const GroupSignatures& group : bundle_signatures(sealed, rule, held)) {
    if (group.is_met()) continue;
    return fail("too-few-endorsements", "cannot accept the sealed policy bundle",
                "of the trustees `" + group.group + "`, " + std::to_string(group.needed) + " must sign, and " +
                    std::to_string(group.have.size()) + (group.have.size() == 1 ? " has" : " have") +
                    " a signature that counts",
                "collect the missing signatures: ginnel policy sign FILE");
  }
  return {};
}

Expected<SealedBundle> sign_bundle(SealedBundle sealed, const MemberId& me, const SigningKey& identity_key,
                                   const TrustAnchor& anchor) {
  const bool is_trustee = std::any_of(anchor.rule.begin(), anchor.rule.end(), [&](const TrusteeGroup& group) {
    const auto found = group.trustees.find(me);
    return found != group.trustees.end() && found->second == identity_key.public_key;
  });
  if (!is_trustee)
    return fail("not-a-trustee", "cannot sign the policy bundle", "`" + me.text() + "` is no trustee with this key",
                "sign with the identity key that trust.toml names");
  std::erase_if(sealed.endorsements, [&](const Endorsement& one) { return one.trustee == me; });
  if (sealed.endorsements.size() >= limits::endorsements_max)
    return fail("too-long", "cannot sign the policy bundle", "it bears as many signatures as it may already",
                "seal it anew: ginnel policy seal FOLDER --out FILE");
  sealed.endorsements.push_back({me, sign(identity_key, domain::policy_bundle, signed_digest(sealed.bytes))});
  return sealed;
}

}  // namespace ginnel
