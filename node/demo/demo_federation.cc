// SPDX-License-Identifier: Apache-2.0
#include "node/demo/demo_federation.h"

#include <algorithm>

#include "federation/wire/bundle_codec.h"
#include "federation/wire/directory_codec.h"
#include "node/gate/bundle_seal.h"

namespace ginnel {
namespace {

constexpr std::int64_t issued_early_ms = 10 * minute_ms;  // clocks that disagree

TrusteeRule rule_of(const FederationPlan& plan, const std::map<MemberId, OwnKeys>& keys) {
  TrusteeRule rule;
  for (const PlannedTrustees& planned : plan.trustees) {
    TrusteeGroup group{planned.name, planned.needed, {}};
    for (const MemberId& id : planned.members) group.trustees[id] = keys.at(id).identity.public_key;
    rule.push_back(std::move(group));
  }
  return rule;
}

Directory directory_of(const FederationPlan& plan, const std::map<MemberId, OwnKeys>& keys, std::uint64_t version,
                       Instant now) {
  Directory directory;
  directory.version = version;
  directory.issued_at = now + -issued_early_ms;
  directory.rule = rule_of(plan, keys);
  for (const PlannedMember& planned : plan.members) {
    Member member = planned.member;
    member.identity_key = keys.at(member.id).identity.public_key;
    directory.members.push_back(std::move(member));
  }
  std::sort(directory.members.begin(), directory.members.end(), [](auto& a, auto& b) { return a.id < b.id; });
  return directory;
}

}  // namespace

std::map<MemberId, OwnKeys> make_member_keys(const FederationPlan& plan, Random& random) {
  std::map<MemberId, OwnKeys> keys;
  for (const PlannedMember& planned : plan.members) keys.emplace(planned.member.id, OwnKeys::make(random));
  return keys;
}

Expected<DemoFederation> sign_federation(const FederationPlan& plan, std::map<MemberId, OwnKeys> keys,
                                         std::uint64_t version, const std::map<MemberId, std::string>& endpoints,
                                         Instant now, const Directory* held) {
  DemoFederation out;
  Directory directory = held ? *held : directory_of(plan, keys, version, now);
  directory.version = version;
  directory.issued_at = now + -issued_early_ms;
  out.anchor.rule = directory.rule;
  if (auto checked = out.anchor.check(); !checked) return tl::unexpected(checked.error());
  SignedDirectory signed_directory{encode_directory(directory), {}};
  for (const TrusteeGroup& group : directory.rule)
    for (const auto& [trustee, key] : group.trustees)
      if (keys.contains(trustee))
        signed_directory.endorsements.push_back(endorse(signed_directory.bytes, trustee, keys.at(trustee).identity));
  if (auto checked = check_endorsements(signed_directory, out.anchor.rule); !checked)
    return tl::unexpected(checked.error());
  out.directory = encode_signed_directory(signed_directory);
  for (const auto& [id, endpoint] : endpoints) out.statements.push_back(make_statement(id, keys.at(id), endpoint, now));
  out.keys = std::move(keys);
  return out;
}

Expected<void> seal_agreement(DemoFederation& federation, const Bundle& bundle) {
  auto sealed = seal_of(bundle);
  for (const TrusteeGroup& group : federation.anchor.rule)
    for (const auto& [trustee, key] : group.trustees)
      if (sealed && federation.keys.contains(trustee))
        sealed = sign_bundle(std::move(*sealed), trustee, federation.keys.at(trustee).identity, federation.anchor);
  if (!sealed) return tl::unexpected(sealed.error());
  auto bytes = encode_sealed_bundle(*sealed);
  if (!bytes) return tl::unexpected(bytes.error());
  federation.bundle = std::move(*bytes);
  return {};
}

}  // namespace ginnel
