// SPDX-License-Identifier: Apache-2.0
// How the list of members changes: an organisation asks to be a member, a trustee proposes the next directory, and the
// papers with it go from trustee to trustee until the trustee rule is met (docs/protocol/joining.md).
//
//   request --(check phrase by telephone)--> propose_admission() --> papers --> review(), add_signature() --> ... -->
//   adopt
//
// A proposal changes one thing: it admits the requests that lie beside it, or revokes one member, or renews the list.
// review() finds every difference from the directory held and refuses what nobody asked for, so that a trustee signs
// what was shown and nothing else.
//
// Thread: any; values and pure functions. Failure: Expected with a code. Limits: limits::papers_*.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "federation/directory/directory.h"

namespace ginnel {

// What an organisation asks to be, signed by the identity key that it names.
struct MemberRequest {
  Member member;
  Bytes statement;  // its key statement, an encoded Signed
  Instant made_at;
  bool operator==(const MemberRequest&) const = default;
};
Bytes sign_member_request(const MemberRequest& request, const SigningKey& identity_key);
// `bad-member-request` unless the identity key in it signed it, and its key statement too, of the same member.
Expected<MemberRequest> read_member_request(ByteView file);

struct Papers {
  Bytes base;                     // the signed directory that the proposal changes; empty: there is none yet
  Bytes proposal;                 // an encoded SignedDirectory, with the signatures so far
  std::vector<Bytes> requests;    // of everybody whom it admits
  std::vector<Bytes> statements;  // key statements of members, for a node that starts from these papers
  std::string reason;             // of a revocation
  bool operator==(const Papers&) const = default;
};

// What a proposal is made from.
struct Held {
  Bytes signed_directory;            // empty: the first directory is proposed
  std::vector<Bytes> statements;     // of its members
  std::uint64_t version_signed = 0;  // the highest version that this trustee signed, adopted or not
};

// The next directory: with these members, or as they now ask to be. `bad-member-request`, `bad-directory`.
Expected<Papers> propose_admission(const Held& held, const TrustAnchor& anchor, const std::vector<Bytes>& requests,
                                   Instant now);
// Without this one, at once. `unknown-member`, `revoked` (it is already).
Expected<Papers> propose_revocation(const Held& held, const TrustAnchor& anchor, const MemberId& member,
                                    std::string reason, Instant now);
// With the same members and today's date: a list that nobody signs again grows too old.
Expected<Papers> propose_renewal(const Held& held, const TrustAnchor& anchor, Instant now);

// How one group of trustees stands to a proposal.
struct GroupSignatures {
  std::string group;
  std::uint32_t needed = 0;
  std::vector<MemberId> have, missing;
  bool is_met() const { return have.size() >= needed; }
  bool operator==(const GroupSignatures&) const = default;
};
std::vector<GroupSignatures> signatures_of(const SignedDirectory& proposal, const TrusteeRule& rule);
bool is_signed_by_enough(const std::vector<GroupSignatures>& groups);

struct Change {
  enum class Kind : std::uint8_t { admitted, changed, readmitted, revoked };
  Kind kind = Kind::admitted;
  Member member;                    // as proposed
  std::vector<std::string> fields;  // what of it is another than before: "identity key", "duty contact"
  Bytes request;                    // that asks for it; empty: a revocation
};
// "admit bradford-youth", "change ...", "readmit ...", "revoke ...": what a trustee approves, word for word.
std::string words_of(const Change& change);

struct Review {
  Directory proposed;
  std::uint64_t base_version = 0;  // 0: there was no directory
  std::vector<Change> changes;     // none: a renewal
  std::vector<GroupSignatures> signatures;
};
// The papers held against the directory that the reviewer holds, or, where it holds none, against their own base, which
// must be valid under `anchor`. Errors: `bad-papers`, `bad-member-request`, `trustee-rule-differs`, `older-directory`
// (as old as the one held, or older), `directory-from-future`, `unrequested-change` (a difference that no request in
// them asks for), `too-few-endorsements` (of the base).
Expected<Review> review(const Papers& papers, const Directory* held, const TrustAnchor& anchor, Instant now);

// `not-a-trustee` unless `anchor` names `me` with this key. A second signature of one trustee replaces the first.
Expected<Papers> add_signature(Papers papers, const MemberId& me, const SigningKey& identity_key,
                               const TrustAnchor& anchor);

// The hash of what the trustees sign: two papers of one proposal have it in common, whatever signatures they bear.
Expected<Hash> proposal_hash(const Papers& papers);

// The same proposal with the signatures of both. `bad-papers` if they are of two proposals.
Expected<Papers> join_signatures(Papers one, const Papers& other);

}  // namespace ginnel
