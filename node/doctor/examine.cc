// SPDX-License-Identifier: Apache-2.0
#include "node/doctor/examine.h"

#include <algorithm>
#include <map>

#include "federation/wire/directory_codec.h"
#include "node/gate/bundle_seal.h"
#include "node/setup/suspensions.h"
#include "node/start.h"

namespace ginnel {
namespace {

template <class T>
std::optional<T> copy_or_none(const T* value) {
  return value ? std::optional<T>(*value) : std::nullopt;
}

std::vector<MemberId> signers_of(const DirectoryBook& book, const TrustAnchor& anchor) {
  std::vector<MemberId> out;
  auto value = decode_signed_directory(book.signed_directory());
  if (!value) return out;
  for (const GroupSignatures& group : signatures_of(*value, anchor.rule))
    out.insert(out.end(), group.have.begin(), group.have.end());
  return out;
}

PeerFacts facts_of(const Member& member, const DirectoryBook& book, const std::map<MemberId, Suspension>& suspensions,
                   const PeerNews* news, Instant now) {
  PeerFacts peer;
  peer.id = member.id;
  peer.standing = book.standing(member.id, now);
  peer.holds_records = member.holds_records;
  peer.suspended_by_trustees = member.suspended_since.is_set();
  if (auto found = suspensions.find(member.id); found != suspensions.end())
    peer.suspended_here = found->second.reason + " (since " + to_iso_utc(found->second.since) + ")";
  peer.newest = copy_or_none(book.newest_statement(member.id));
  peer.current = copy_or_none(book.current_statement(member.id, now));
  if (!news) return peer;
  if (news->heard_at.is_set()) peer.heard_at = news->heard_at;
  peer.clock_ahead_ms = news->clock_ahead_ms;
  peer.directory_version = news->directory_version;
  peer.dropped = news->dropped;
  if (news->dropped_at.is_set()) peer.dropped_at = news->dropped_at;
  return peer;
}

// What a start would say of its signatures. A trustee revoked since does not matter: the bundle is in force.
std::string bundle_refusal(const NodeConfig& config) {
  std::error_code ignored;
  std::filesystem::path file = config.policies;
  // Adopted since this node started: the next start takes it.
  const auto is_file = [&](const std::filesystem::path& path) {
    return std::filesystem::is_regular_file(path, ignored);
  };
  if (auto adopted = sealed_beside(file); !is_file(file) && is_file(adopted)) file = std::move(adopted);
  if (!is_file(file)) return "no trustee has signed it: it is a folder";
  auto sealed = read_sealed_bundle(file);
  if (!sealed) return sealed.error().why;
  auto good = check_bundle_signatures(*sealed, config.trust.rule, nullptr);
  return good ? "" : good.error().why;
}

}  // namespace

Expected<NodeFacts> gather(const NodeConfig& config, const StoreReader& reader, const DirectoryBook& book,
                           const OwnKeys& keys, const std::function<const PeerNews*(const MemberId&)>& news,
                           Instant now) {
  NodeFacts facts;
  facts.me = config.member;
  facts.dir = config.dir.string();
  facts.now = now;
  facts.in_shadow = config.in_shadow;
  facts.root_key = name_of(config.root_key);
  facts.ledger_entries = reader.tree_head().size;
  facts.directory_rules = config.directory_rules;
  facts.listen = config.listen;
  facts.own_number = keys.statement_number;
  if (keys.next) facts.own_next_from = keys.next->from;
  facts.own_newest = copy_or_none(book.newest_statement(config.member));
  auto suspensions = load_suspensions(reader);
  if (!suspensions) return tl::unexpected(suspensions.error());
  const Directory* directory = book.directory();
  if (!directory) return facts;
  facts.bundle_refusal = bundle_refusal(config);
  if (!config.own_policies.empty())
    if (auto both = read_policies(config); !both) facts.own_policies_refusal = both.error().why;
  facts.directory_version = directory->version;
  facts.directory_issued_at = directory->issued_at;
  facts.directory_age = book.age(now);
  facts.signers = signers_of(book, config.trust);
  for (const Member& member : directory->members) {
    if (member.id == config.member) {
      facts.is_member = true;
      facts.is_revoked = member.revoked_since.is_set();
      continue;
    }
    // A trustee or partner without a node: nobody waits for it.
    if (!member.holds_records && !book.newest_statement(member.id)) continue;
    facts.peers.push_back(facts_of(member, book, *suspensions, news ? news(member.id) : nullptr, now));
  }
  return facts;
}

std::vector<Finding> examine(NodeFacts facts, const CurveKey& own, Random& random) {
  std::vector<ProbeTarget> targets;
  for (const PeerFacts& peer : facts.peers)
    if (peer.current && peer.standing != Standing::revoked && peer.standing != Standing::suspended)
      targets.push_back({peer.id, peer.current->endpoints.empty() ? std::string() : peer.current->endpoints.front(),
                         peer.current->curve_key});
  for (Probe& probe : probe_peers(targets, own, random))
    for (PeerFacts& peer : facts.peers)
      if (peer.id == probe.member) peer.probe = probe;
  return diagnose(facts);
}

}  // namespace ginnel
