// SPDX-License-Identifier: Apache-2.0
#include "federation/directory/papers.h"

#include <algorithm>

#include "federation/base/crypto/hash.h"
#include "federation/wire/directory_codec.h"
#include "federation/wire/limits.h"
#include "federation/wire/papers_codec.h"
#include "federation/wire/signed.h"

namespace ginnel {
namespace {

constexpr const char* cannot_read = "cannot read the trustees' papers";
constexpr const char* cannot_propose = "cannot propose a new list of members";
constexpr const char* cannot_sign = "cannot sign the list of members";

tl::unexpected<Error> bad_request(std::string why) {
  return fail("bad-member-request", "cannot use a request for membership", std::move(why),
              "have it made again with `ginnel member request`, and sent again");
}

struct Base {
  std::optional<Directory> directory;
  Bytes encoded;
};

// Valid under the anchor, or none.
Expected<Base> read_base(ByteView signed_directory, const TrustAnchor& anchor) {
  Base base;
  if (signed_directory.empty()) return base;
  auto value = decode_signed_directory(signed_directory);
  if (!value) return tl::unexpected(value.error());
  if (auto good = check_endorsements(*value, anchor.rule); !good) return tl::unexpected(good.error());
  auto directory = decode_directory(value->bytes);
  if (!directory) return tl::unexpected(directory.error());
  base.directory = std::move(*directory);
  base.encoded = copy_of(signed_directory);
  return base;
}

Directory next_of(const Base& base, const Held& held, const TrustAnchor& anchor, Instant now) {
  Directory next = base.directory.value_or(Directory());
  // A version that this trustee signed and that was not adopted may yet be: it is not given to another list.
  next.version = std::max(next.version, held.version_signed) + 1;
  next.issued_at = now;
  next.rule = anchor.rule;
  return next;
}

Expected<Papers> papers_of(const Directory& next, Base base, const Held& held, std::vector<Bytes> requests,
                           std::string reason) {
  // What this directory cannot be is told by the trustee who proposes it, not by everybody who would adopt it.
  const Bytes bytes = encode_directory(next);
  if (auto read = decode_directory(bytes); !read) return tl::unexpected(read.error());
  Papers papers;
  papers.base = std::move(base.encoded);
  papers.proposal = encode_signed_directory(SignedDirectory{bytes, {}});
  papers.requests = std::move(requests);
  papers.reason = std::move(reason);
  for (const Bytes& statement : held.statements) papers.statements.push_back(statement);
  for (const Bytes& file : papers.requests) {
    auto request = read_member_request(file);
    if (!request) return tl::unexpected(request.error());
    papers.statements.push_back(std::move(request->statement));
  }
  return papers;
}

std::vector<std::string> fields_changed(const Member& before, const Member& after) {
  std::vector<std::string> out;
  const auto note = [&out](bool differs, const char* field) {
    if (differs) out.emplace_back(field);
  };
  note(before.identity_key != after.identity_key, "identity key");
  note(before.kind != after.kind, "kind");
  note(before.name != after.name, "name");
  note(!(before.duty == after.duty), "duty contact");
  note(before.holds_records != after.holds_records, "holds records");
  note(before.may_prove != after.may_prove, "may prove");
  note(before.acts_for != after.acts_for, "acts for");
  note(before.hosted_by != after.hosted_by, "hosted by");
  note(before.suspended_since != after.suspended_since, "suspended since");
  note(before.revoked_since != after.revoked_since, "revoked since");
  return out;
}

bool is_only_revoked(const Member& before, const Member& after) {
  Member same = after;
  same.revoked_since = before.revoked_since;
  return same == before && !before.revoked_since.is_set() && after.revoked_since.is_set();
}

// SECURITY: whatever differs from what the reviewer holds must be asked for by a signed request, or be a revocation:
// otherwise a proposer could slip a key or a right in beside the change that everybody talks about.
Expected<std::vector<Change>> changes_of(const Directory* before, const Directory& after,
                                         const std::map<MemberId, std::pair<MemberRequest, Bytes>>& requests) {
  const auto unrequested = [](const MemberId& member, const std::string& what) {
    return fail("unrequested-change", cannot_sign, "it " + what + " `" + member.text() + "`, and nobody asks for that",
                "do not sign it: ring the trustee who sent it");
  };
  std::vector<Change> changes;
  std::size_t requests_used = 0;
  for (const Member& member : after.members) {
    const Member* old = before ? before->find(member.id) : nullptr;
    if (old && *old == member) continue;
    auto asked = requests.find(member.id);
    if (asked != requests.end() && asked->second.first.member == member) {
      ++requests_used;
      const bool is_back = old && old->revoked_since.is_set();
      changes.push_back({!old      ? Change::Kind::admitted
                         : is_back ? Change::Kind::readmitted
                                   : Change::Kind::changed,
                         member, old ? fields_changed(*old, member) : std::vector<std::string>(),
                         asked->second.second});
    } else if (old && is_only_revoked(*old, member)) {
      changes.push_back({Change::Kind::revoked, member, {}, {}});
    } else {
      return unrequested(member.id, old ? "changes" : "admits");
    }
  }
  if (before)
    for (const Member& old : before->members)
      if (!after.find(old.id)) return unrequested(old.id, "leaves out");
  if (requests_used != requests.size())
    return fail("bad-papers", cannot_read, "a request lies in them that the proposal does not grant",
                "ring the trustee who sent them");
  return changes;
}

}  // namespace

Bytes sign_member_request(const MemberRequest& request, const SigningKey& identity_key) {
  return encode_signed(sign_bytes(encode_member_request(request), domain::member_request, identity_key, 0));
}

Expected<MemberRequest> read_member_request(ByteView file) {
  if (file.size() > limits::member_request_bytes_max) return bad_request("it is longer than a request may be");
  auto outer = decode_signed(file);
  if (!outer) return bad_request("it is no request: " + outer.error().why);
  auto request = decode_member_request(outer->bytes);
  if (!request) return tl::unexpected(request.error());
  const PublicKey& key = request->member.identity_key;
  if (outer->key_number != 0 || !verify_signed(*outer, domain::member_request, key))
    return bad_request("the identity key that it names did not sign it");
  auto statement = decode_signed(request->statement);
  auto inner = read_key_statement(request->statement);
  if (!statement || !inner) return bad_request("its key statement cannot be read");
  if (inner->member != request->member.id || statement->key_number != 0 ||
      !verify_signed(*statement, domain::key_statement, key))
    return bad_request("its key statement is another member's, or signed by another key");
  return request;
}

Expected<Papers> propose_admission(const Held& held, const TrustAnchor& anchor, const std::vector<Bytes>& requests,
                                   Instant now) {
  auto base = read_base(held.signed_directory, anchor);
  if (!base) return tl::unexpected(base.error());
  Directory next = next_of(*base, held, anchor, now);
  std::set<MemberId> asking;
  for (const Bytes& file : requests) {
    auto request = read_member_request(file);
    if (!request) return tl::unexpected(request.error());
    Member& member = request->member;
    if (!asking.insert(member.id).second) return bad_request("`" + member.id.text() + "` asks twice");
    auto at = std::lower_bound(next.members.begin(), next.members.end(), member,
                               [](const Member& a, const Member& b) { return a.id < b.id; });
    if (at != next.members.end() && at->id == member.id) {
      if (*at == member)
        return fail("already-a-member", cannot_propose, "`" + member.id.text() + "` is a member as it asks to be",
                    "nothing to do; `ginnel member list` shows the members");
      *at = std::move(member);
    } else {
      next.members.insert(at, std::move(member));
    }
  }
  return papers_of(next, std::move(*base), held, requests, "");
}

Expected<Papers> propose_revocation(const Held& held, const TrustAnchor& anchor, const MemberId& member,
                                    std::string reason, Instant now) {
  auto base = read_base(held.signed_directory, anchor);
  if (!base) return tl::unexpected(base.error());
  Directory next = next_of(*base, held, anchor, now);
  auto at = std::find_if(next.members.begin(), next.members.end(), [&](const Member& m) { return m.id == member; });
  if (at == next.members.end())
    return fail("unknown-member", cannot_propose, "`" + member.text() + "` is not in the directory",
                "`ginnel member list` shows the members");
  if (at->revoked_since.is_set())
    return fail("revoked", cannot_propose, "`" + member.text() + "` is revoked already", "nothing to do");
  at->revoked_since = now;
  return papers_of(next, std::move(*base), held, {}, std::move(reason));
}

Expected<Papers> propose_renewal(const Held& held, const TrustAnchor& anchor, Instant now) {
  auto base = read_base(held.signed_directory, anchor);
  if (!base) return tl::unexpected(base.error());
  if (!base->directory)
    return fail("no-directory", cannot_propose, "there is none to renew", "admit the first members");
  const Directory next = next_of(*base, held, anchor, now);
  return papers_of(next, std::move(*base), held, {}, "");
}

std::vector<GroupSignatures> signatures_of(const SignedDirectory& proposal, const TrusteeRule& rule) {
  const Hash digest = signed_digest(proposal.bytes);
  std::vector<GroupSignatures> out;
  for (const TrusteeGroup& group : rule) {
    GroupSignatures state{group.name, group.needed, {}, {}};
    for (const auto& [trustee, key] : group.trustees) {
      const bool has_signed = std::any_of(
          proposal.endorsements.begin(), proposal.endorsements.end(), [&, id = trustee, k = key](auto& one) {
            return one.trustee == id && verify(k, domain::directory, digest, one.signature);
          });
      (has_signed ? state.have : state.missing).push_back(trustee);
    }
    out.push_back(std::move(state));
  }
  return out;
}

bool is_signed_by_enough(const std::vector<GroupSignatures>& groups) {
  return !groups.empty() && std::all_of(groups.begin(), groups.end(), [](const auto& group) { return group.is_met(); });
}

std::string words_of(const Change& change) {
  switch (change.kind) {
    case Change::Kind::admitted:
      return "admit " + change.member.id.text();
    case Change::Kind::changed:
      return "change " + change.member.id.text();
    case Change::Kind::readmitted:
      return "readmit " + change.member.id.text();
    case Change::Kind::revoked:
      return "revoke " + change.member.id.text();
  }
  return "";
}

Expected<Review> review(const Papers& papers, const Directory* held, const TrustAnchor& anchor, Instant now) {
  auto proposal = decode_signed_directory(papers.proposal);
  if (!proposal) return tl::unexpected(proposal.error());
  auto proposed = decode_directory(proposal->bytes);
  if (!proposed) return tl::unexpected(proposed.error());
  std::optional<Directory> base;
  if (!held) {
    auto read = read_base(papers.base, anchor);
    if (!read) return tl::unexpected(read.error());
    base = std::move(read->directory);
    if (base) held = &*base;
  }
  if (!has_same_trustees(proposed->rule, anchor.rule))
    return fail("trustee-rule-differs", cannot_sign, "it is made under other trustees than this node trusts",
                "ask the trustees which rule holds");
  if (held && proposed->version <= held->version)
    return fail("older-directory", cannot_sign,
                "version " + std::to_string(held->version) + " is in force, and this is version " +
                    std::to_string(proposed->version),
                "propose the change anew on top of the list in force");
  if (proposed->issued_at - now > limits::directory_ahead_ms_max)
    return fail("directory-from-future", cannot_sign, "it is dated more than a day from now",
                "set this machine's clock");
  if (held && proposed->issued_at < held->issued_at)
    return fail("older-directory", cannot_sign, "it is dated before the list in force",
                "the trustee who proposed it should set the clock and propose it anew");
  std::map<MemberId, std::pair<MemberRequest, Bytes>> requests;
  for (const Bytes& file : papers.requests) {
    auto request = read_member_request(file);
    if (!request) return tl::unexpected(request.error());
    const MemberId member = request->member.id;
    if (!requests.emplace(member, std::pair(std::move(*request), file)).second)
      return fail("bad-papers", cannot_read, "`" + member.text() + "` asks twice", "ring the trustee who sent them");
  }
  auto changes = changes_of(held, *proposed, requests);
  if (!changes) return tl::unexpected(changes.error());
  Review out;
  out.signatures = signatures_of(*proposal, anchor.rule);
  out.base_version = held ? held->version : 0;
  out.changes = std::move(*changes);
  out.proposed = std::move(*proposed);
  return out;
}

Expected<Papers> add_signature(Papers papers, const MemberId& me, const SigningKey& identity_key,
                               const TrustAnchor& anchor) {
  const bool is_trustee = std::any_of(anchor.rule.begin(), anchor.rule.end(), [&](const TrusteeGroup& group) {
    auto found = group.trustees.find(me);
    return found != group.trustees.end() && found->second == identity_key.public_key;
  });
  if (!is_trustee)
    return fail("not-a-trustee", cannot_sign, "`" + me.text() + "` with this key is no trustee of trust.toml",
                "have a trustee sign it");
  auto proposal = decode_signed_directory(papers.proposal);
  if (!proposal) return tl::unexpected(proposal.error());
  std::erase_if(proposal->endorsements, [&](const Endorsement& one) { return one.trustee == me; });
  if (proposal->endorsements.size() >= limits::endorsements_max)
    return fail("bad-papers", cannot_sign, "it bears more signatures than there may be", "propose it anew");
  proposal->endorsements.push_back(endorse(proposal->bytes, me, identity_key));
  papers.proposal = encode_signed_directory(*proposal);
  return papers;
}

Expected<Hash> proposal_hash(const Papers& papers) {
  auto proposal = decode_signed_directory(papers.proposal);
  if (!proposal) return tl::unexpected(proposal.error());
  return sha256(proposal->bytes);
}

Expected<Papers> join_signatures(Papers one, const Papers& other) {
  auto mine = decode_signed_directory(one.proposal), theirs = decode_signed_directory(other.proposal);
  if (!mine) return tl::unexpected(mine.error());
  if (!theirs) return tl::unexpected(theirs.error());
  if (mine->bytes != theirs->bytes)
    return fail("bad-papers", "cannot put the papers together", "they propose two different lists",
                "ask the trustees which one holds");
  for (const Endorsement& theirs_one : theirs->endorsements) {
    const bool has = std::any_of(mine->endorsements.begin(), mine->endorsements.end(),
                                 [&](const Endorsement& have) { return have.trustee == theirs_one.trustee; });
    if (!has && mine->endorsements.size() < limits::endorsements_max) mine->endorsements.push_back(theirs_one);
  }
  one.proposal = encode_signed_directory(*mine);
  return one;
}

}  // namespace ginnel
