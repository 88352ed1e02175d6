// SPDX-License-Identifier: Apache-2.0
// The directory: the signed list of members; key statements beside it; and the book in which a node keeps both.
//
// Trustees sign the directory with their identity keys; which they are and how many must sign is pinned in the node's
// configuration (TrustAnchor). Members sign their own numbered key statements, so keys rotate without the trustees.
//
// Thread: the loop. No I/O: the node stores what signed_directory() and signed_statements() give and hands it back at
// start through adopt() and add_statement(). Failure: Expected with a code; the book is then as it was.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "federation/base/bytes.h"
#include "federation/base/crypto/sign.h"
#include "federation/base/error.h"
#include "federation/base/id.h"
#include "federation/base/time.h"
#include "federation/wire/contact.h"

namespace ginnel {

struct Member {
  MemberId id;
  std::string kind;  // a word of the vocabulary: "social_care"
  std::string name;  // for people: "Bradford Children's Services"
  Contact duty;
  PublicKey identity_key{};
  bool holds_records = true;        // false: never in a view's scope
  std::set<std::string> may_prove;  // purposes that a process head signed by this member can prove
  Instant revoked_since;            // set: not a member any more, whatever the date says
  Instant suspended_since;          // set: not heard until a directory without it
  MemberId acts_for;                // the accountable body that this member operates for; empty: itself
  MemberId hosted_by;               // whose machine runs its node; empty: its own
  bool operator==(const Member&) const = default;
};

// `needed` of these trustees must sign.
struct TrusteeGroup {
  std::string name;  // "authorities"
  std::uint32_t needed = 0;
  std::map<MemberId, PublicKey> trustees;
  bool operator==(const TrusteeGroup&) const = default;
};
// Every group must be satisfied. A trustee need not have a node.
using TrusteeRule = std::vector<TrusteeGroup>;
bool has_same_trustees(const TrusteeRule& one, const TrusteeRule& other);  // whatever the order of the groups

struct Directory {
  std::uint64_t version = 0;  // from 1
  Instant issued_at;
  std::vector<Member> members;  // by id, each once
  TrusteeRule rule;             // that it was signed under
  bool operator==(const Directory&) const = default;
  const Member* find(const MemberId& id) const;
};

struct Endorsement {
  MemberId trustee;
  Signature signature{};
  bool operator==(const Endorsement&) const = default;
};
struct SignedDirectory {
  Bytes bytes;  // an encoded Directory
  std::vector<Endorsement> endorsements;
  bool operator==(const SignedDirectory&) const = default;
};
Endorsement endorse(ByteView directory_bytes, const MemberId& trustee, const SigningKey& identity_key);

// What a node trusts before it has heard anybody.
struct TrustAnchor {
  TrusteeRule rule;
  // `bad-anchor` unless every group can be satisfied and no key stands twice.
  Expected<void> check() const;
};

// `too-few-endorsements` names the group that is not satisfied. Endorsements by strangers, or that do not verify, or
// twice by one trustee, count for nothing.
Expected<void> check_endorsements(const SignedDirectory& signed_directory, const TrusteeRule& rule);

struct KeyStatement {
  MemberId member;
  std::uint32_t number = 0;            // from 1; a higher number replaces a lower
  PublicKey signing_key{};             // Ed25519: messages and process heads
  PublicKey curve_key{};               // Curve25519: the transport, as client and as server
  Bytes oprf_key;                      // ristretto255, 32 bytes; empty: publishes no table
  std::vector<std::string> endpoints;  // "tcp://host:port"; empty: reached by nobody
  std::uint64_t incarnation = 0;
  Instant valid_from, valid_until;
  std::uint32_t supersedes = 0;  // the number that it replaces; 0: none
  Instant superseded_until;      // until when that one is still accepted; not set: until its own valid_until
  bool operator==(const KeyStatement&) const = default;
};
// An encoded Signed, by the identity key (key number 0).
Bytes sign_key_statement(const KeyStatement& statement, const SigningKey& identity_key);

// The ages of DESIGN 8, and which purposes outlive a directory. From the configuration: no code names a purpose.
struct DirectoryRules {
  std::int64_t warn_age_ms = 60 * day_ms;
  std::int64_t closed_age_ms = 90 * day_ms;
  std::int64_t last_age_ms = 180 * day_ms;
  std::set<std::string> purposes_past_closed;  // s46 and s47's
};

enum class Standing : std::uint8_t {
  good,
  good_with_banner,  // the directory is past closed_age_ms; served because of the purpose
  unknown_member,
  no_keys,  // in the directory, but no key statement of it is valid now
  revoked,
  suspended,
  directory_too_old,
  no_directory,
};
constexpr bool is_good(Standing s) { return s == Standing::good || s == Standing::good_with_banner; }
std::string_view name_of(Standing standing);

enum class DirectoryAge : std::uint8_t { none, fresh, warn, closed, past_last };

// What the transport needs of one peer.
struct PeerKeys {
  MemberId id;
  std::vector<std::string> endpoints;
  PublicKey server_key{};              // of the newest statement valid now
  std::vector<PublicKey> client_keys;  // all that are valid now
  bool operator==(const PeerKeys&) const = default;
};

class DirectoryBook {
 public:
  DirectoryBook(TrustAnchor anchor, DirectoryRules rules);

  // An encoded SignedDirectory. True: adopted; false: held already. `bad-directory`, `trustee-rule-differs`,
  // `too-few-endorsements`, `older-directory`, `directory-from-future`, and `directory-conflict` (the same version with
  // other content: an alarm, both are evidence).
  Expected<bool> adopt(ByteView signed_directory, Instant now);

  // An encoded Signed. True: newer; false: held already. `bad-key-statement`, `unknown-member`, `revoked`,
  // `bad-signature`, `older-statement`, `older-incarnation`, `statement-conflict` and `key-in-use` (alarms).
  Expected<bool> add_statement(ByteView signed_statement);

  // Local and at once; not part of the directory. The node stores them.
  void suspend(const MemberId& member) { suspended_here_.insert(member); }
  void lift(const MemberId& member) { suspended_here_.erase(member); }
  const std::set<MemberId>& suspended_here() const { return suspended_here_; }

  const Directory* directory() const { return held_ ? &held_->directory : nullptr; }
  std::uint64_t version() const { return held_ ? held_->directory.version : 0; }
  const Member* find(const MemberId& member) const;
  DirectoryAge age(Instant now) const;

  // Whether `member` may be served for `purpose`. The other form says whether for any purpose at all, which is what
  // can be known before a payload is opened.
  Standing standing(const MemberId& member, std::string_view purpose, Instant now) const;
  Standing standing(const MemberId& member, Instant now) const;

  // The newest statement held, valid now or not; the one with that number if it is accepted now; the newest accepted
  // now. Nullptr if there is none.
  const KeyStatement* newest_statement(const MemberId& member) const;
  const KeyStatement* statement(const MemberId& member, std::uint32_t number, Instant now) const;
  const KeyStatement* current_statement(const MemberId& member, Instant now) const;

  // Everybody whom the transport should admit and reach now, `me` left out, by id.
  std::vector<PeerKeys> peers(const MemberId& me, Instant now) const;

  // CURVE keys of members that are revoked: refused for good, and told so.
  std::vector<PublicKey> revoked_keys() const;

  // To be stored, and to be told to others. Empty: none.
  const Bytes& signed_directory() const;
  std::vector<Bytes> signed_statements() const;

 private:
  struct Held {
    Directory directory;
    Bytes encoded;
  };
  struct HeldStatement {
    KeyStatement statement;
    Bytes encoded;
  };
  bool is_key_of_another(const KeyStatement& statement) const;
  bool is_accepted(const std::vector<HeldStatement>& held, std::size_t at, Instant now) const;
  Standing standing_of_member(const MemberId& member, Instant now) const;
  void forget_statements_that_no_longer_verify();

  TrustAnchor anchor_;
  DirectoryRules rules_;
  std::optional<Held> held_;
  std::map<MemberId, std::vector<HeldStatement>> statements_;  // newest first
  std::set<MemberId> suspended_here_;
};

}  // namespace ginnel
