// SPDX-License-Identifier: Apache-2.0
#include "federation/directory/directory.h"

#include <algorithm>

#include "federation/wire/directory_codec.h"
#include "federation/wire/limits.h"
#include "federation/wire/signed.h"

namespace ginnel {
namespace {

constexpr const char* cannot_adopt = "cannot adopt a directory";
constexpr const char* cannot_add = "cannot accept a key statement";

TrusteeRule in_order(TrusteeRule rule) {
  std::sort(rule.begin(), rule.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
  return rule;
}

bool is_satisfied(const TrusteeGroup& group, const SignedDirectory& signed_directory, ByteView digest) {
  std::set<MemberId> signed_by;
  for (const auto& endorsement : signed_directory.endorsements) {
    auto trustee = group.trustees.find(endorsement.trustee);
    if (trustee == group.trustees.end() || signed_by.contains(endorsement.trustee)) continue;
    if (verify(trustee->second, domain::directory, digest, endorsement.signature))
      signed_by.insert(endorsement.trustee);
  }
  return signed_by.size() >= group.needed;
}

}  // namespace

bool has_same_trustees(const TrusteeRule& one, const TrusteeRule& other) { return in_order(one) == in_order(other); }

const Member* Directory::find(const MemberId& id) const {
  auto at = std::lower_bound(members.begin(), members.end(), id,
                             [](const Member& member, const MemberId& wanted) { return member.id < wanted; });
  return at != members.end() && at->id == id ? &*at : nullptr;
}

Endorsement endorse(ByteView directory_bytes, const MemberId& trustee, const SigningKey& identity_key) {
  return {trustee, sign(identity_key, domain::directory, signed_digest(directory_bytes))};
}

Expected<void> TrustAnchor::check() const {
  const auto bad = [](std::string why) {
    return fail("bad-anchor", "cannot use the trust anchor", std::move(why), "correct it in the node's configuration");
  };
  // SECURITY: a rule without groups would be satisfied by nobody's signature.
  if (rule.empty()) return bad("it names no trustees");
  std::set<PublicKey> keys;
  std::set<std::string> names;
  for (const auto& group : rule) {
    if (!names.insert(group.name).second) return bad("two groups are named `" + group.name + "`");
    if (group.needed == 0 || group.needed > group.trustees.size())
      return bad("group `" + group.name + "` cannot be satisfied, or always is");
    for (const auto& [id, key] : group.trustees)
      if (!keys.insert(key).second) return bad("the key of `" + id.text() + "` stands twice");
  }
  return {};
}

Expected<void> check_endorsements(const SignedDirectory& signed_directory, const TrusteeRule& rule) {
  if (auto good = TrustAnchor{rule}.check(); !good) return good;
  const Hash digest = signed_digest(signed_directory.bytes);
  for (const auto& group : rule) {
    if (is_satisfied(group, signed_directory, digest)) continue;
    return fail("too-few-endorsements", cannot_adopt,
                "of the trustees `" + group.name + "`, " + std::to_string(group.needed) + " must sign and did not",
                "collect the missing signatures");
  }
  return {};
}

Bytes sign_key_statement(const KeyStatement& statement, const SigningKey& identity_key) {
  return encode_signed(sign_bytes(encode_key_statement(statement), domain::key_statement, identity_key, 0));
}

std::string_view name_of(Standing standing) {
  switch (standing) {
    case Standing::good:
      return "good";
    case Standing::good_with_banner:
      return "good-with-banner";
    case Standing::unknown_member:
      return "unknown-member";
    case Standing::no_keys:
      return "no-keys";
    case Standing::revoked:
      return "revoked";
    case Standing::suspended:
      return "suspended";
    case Standing::directory_too_old:
      return "directory-too-old";
    case Standing::no_directory:
      return "no-directory";
  }
  return "unknown-member";
}

DirectoryBook::DirectoryBook(TrustAnchor anchor, DirectoryRules rules)
    : anchor_(std::move(anchor)), rules_(std::move(rules)) {}

Expected<bool> DirectoryBook::adopt(ByteView signed_directory, Instant now) {
  auto value = decode_signed_directory(signed_directory);
  if (!value) return tl::unexpected<Error>(value.error());
  auto directory = decode_directory(value->bytes);
  if (!directory) return tl::unexpected<Error>(directory.error());
  // SECURITY: the rule that counts is the pinned one; the document's own only explains why it was refused.
  if (!has_same_trustees(directory->rule, anchor_.rule)) {
    return fail("trustee-rule-differs", cannot_adopt, "it was signed under other trustees than this node trusts",
                "ask the trustees which rule holds; then change the trust anchor in the configuration");
  }
  if (auto good = check_endorsements(*value, anchor_.rule); !good) return tl::unexpected<Error>(good.error());
  if (directory->issued_at - now > limits::directory_ahead_ms_max) {
    return fail("directory-from-future", cannot_adopt, "it was issued more than a day from now",
                "set this machine's clock");
  }
  if (directory->version < version()) {
    return fail("older-directory", cannot_adopt,
                "version " + std::to_string(version()) + " is held, and this is " + std::to_string(directory->version),
                "nothing to do here; whoever sent it should adopt the newer one");
  }
  if (directory->version == version()) {
    if (*directory == held_->directory) return false;
    return fail("directory-conflict", cannot_adopt,
                "two directories of version " + std::to_string(version()) + " are both signed by the trustees",
                "keep both files and ring the trustees at once");
  }
  held_ = Held{std::move(*directory), copy_of(signed_directory)};
  forget_statements_that_no_longer_verify();
  return true;
}

// A member that is gone or has a new identity key starts again; its old statements prove nothing now.
void DirectoryBook::forget_statements_that_no_longer_verify() {
  for (auto at = statements_.begin(); at != statements_.end();) {
    const Member* member = find(at->first);
    auto& held = at->second;
    std::erase_if(held, [&](const HeldStatement& statement) {
      auto outer = decode_signed(statement.encoded);
      return member == nullptr || !outer || !verify_signed(*outer, domain::key_statement, member->identity_key);
    });
    at = held.empty() ? statements_.erase(at) : std::next(at);
  }
}

Expected<bool> DirectoryBook::add_statement(ByteView signed_statement) {
  if (signed_statement.size() > limits::key_statement_bytes_max)
    return fail("bad-key-statement", cannot_add, "it is longer than it may be");
  auto outer = decode_signed(signed_statement);
  if (!outer) return fail("bad-key-statement", cannot_add, outer.error().why);
  auto statement = decode_key_statement(outer->bytes);
  if (!statement) return tl::unexpected<Error>(statement.error());
  const std::string& name = statement->member.text();
  const Member* member = find(statement->member);
  if (member == nullptr)
    return fail("unknown-member", cannot_add, "`" + name + "` is not in the directory", "adopt the newest directory");
  if (member->revoked_since.is_set()) return fail("revoked", cannot_add, "`" + name + "` is revoked");
  if (outer->key_number != 0 || !verify_signed(*outer, domain::key_statement, member->identity_key))
    return fail("bad-signature", cannot_add, "it is not signed by the identity key of `" + name + "`");

  if (is_key_of_another(*statement)) {
    return fail("key-in-use", cannot_add, "another member's statement holds one of the keys of `" + name + "`",
                "ring both duty contacts: one of them claims a key that is not its own");
  }

  auto& held = statements_[statement->member];
  for (const auto& other : held) {
    if (other.statement.number != statement->number) continue;
    if (other.statement == *statement) return false;
    return fail(
        "statement-conflict", cannot_add,
        "two statements with number " + std::to_string(statement->number) + " are both signed by `" + name + "`",
        "keep both and ring its duty contact: its identity key may be stolen");
  }
  if (!held.empty()) {
    const KeyStatement& newest = held.front().statement;
    if (statement->number < newest.number)
      return fail("older-statement", cannot_add, "number " + std::to_string(newest.number) + " is held");
    if (statement->incarnation < newest.incarnation)
      return fail("older-incarnation", cannot_add, "it goes back behind a restore");
  }
  held.insert(held.begin(), HeldStatement{std::move(*statement), copy_of(signed_statement)});
  if (held.size() > limits::key_statements_kept_max) held.resize(limits::key_statements_kept_max);
  return true;
}

// SECURITY: nobody proves possession of the keys it states, so a member could state another's CURVE key and have that
// member's frames taken for its own. Who came first keeps the key.
bool DirectoryBook::is_key_of_another(const KeyStatement& statement) const {
  for (const auto& [id, held] : statements_) {
    if (id == statement.member) continue;
    for (const auto& other : held)
      if (other.statement.curve_key == statement.curve_key || other.statement.signing_key == statement.signing_key)
        return true;
  }
  return false;
}

const Member* DirectoryBook::find(const MemberId& member) const {
  return held_ ? held_->directory.find(member) : nullptr;
}

DirectoryAge DirectoryBook::age(Instant now) const {
  if (!held_) return DirectoryAge::none;
  const auto age_ms = now - held_->directory.issued_at;
  if (age_ms > rules_.last_age_ms) return DirectoryAge::past_last;
  if (age_ms > rules_.closed_age_ms) return DirectoryAge::closed;
  if (age_ms > rules_.warn_age_ms) return DirectoryAge::warn;
  return DirectoryAge::fresh;
}

// All but the directory's age.
Standing DirectoryBook::standing_of_member(const MemberId& member, Instant now) const {
  if (!held_) return Standing::no_directory;
  const Member* found = find(member);
  if (found == nullptr) return Standing::unknown_member;
  if (found->revoked_since.is_set()) return Standing::revoked;
  if (found->suspended_since.is_set() || suspended_here_.contains(member)) return Standing::suspended;
  if (current_statement(member, now) == nullptr) return Standing::no_keys;
  return Standing::good;
}

Standing DirectoryBook::standing(const MemberId& member, std::string_view purpose, Instant now) const {
  const Standing of_member = standing_of_member(member, now);
  if (of_member != Standing::good) return of_member;
  switch (age(now)) {
    case DirectoryAge::fresh:
    case DirectoryAge::warn:
      return Standing::good;
    case DirectoryAge::closed:
      return rules_.purposes_past_closed.contains(std::string(purpose)) ? Standing::good_with_banner
                                                                        : Standing::directory_too_old;
    case DirectoryAge::past_last:
      return Standing::directory_too_old;
    case DirectoryAge::none:
      break;
  }
  return Standing::no_directory;
}

Standing DirectoryBook::standing(const MemberId& member, Instant now) const {
  const auto& purposes = rules_.purposes_past_closed;
  return standing(member, purposes.empty() ? std::string_view() : std::string_view(*purposes.begin()), now);
}

const KeyStatement* DirectoryBook::newest_statement(const MemberId& member) const {
  auto at = statements_.find(member);
  return at == statements_.end() ? nullptr : &at->second.front().statement;
}

// Both clocks may be off by message_ahead_ms_max: a key is accepted a little before its time, never after.
bool DirectoryBook::is_accepted(const std::vector<HeldStatement>& held, std::size_t at, Instant now) const {
  const KeyStatement& statement = held[at].statement;
  if (statement.valid_from - now > limits::message_ahead_ms_max || statement.valid_until <= now) return false;
  for (std::size_t newer = 0; newer < at; ++newer) {
    const KeyStatement& other = held[newer].statement;
    const bool is_superseded = other.supersedes >= statement.number && other.superseded_until.is_set();
    if (is_superseded && other.superseded_until <= now) return false;
  }
  return true;
}

const KeyStatement* DirectoryBook::statement(const MemberId& member, std::uint32_t number, Instant now) const {
  auto found = statements_.find(member);
  if (found == statements_.end()) return nullptr;
  for (std::size_t at = 0; at < found->second.size(); ++at)
    if (found->second[at].statement.number == number)
      return is_accepted(found->second, at, now) ? &found->second[at].statement : nullptr;
  return nullptr;
}

const KeyStatement* DirectoryBook::current_statement(const MemberId& member, Instant now) const {
  auto found = statements_.find(member);
  if (found == statements_.end()) return nullptr;
  const KeyStatement* early = nullptr;
  for (std::size_t at = 0; at < found->second.size(); ++at) {
    if (!is_accepted(found->second, at, now)) continue;
    const KeyStatement& statement = found->second[at].statement;
    if (statement.valid_from <= now) return &statement;
    if (early == nullptr) early = &statement;
  }
  return early;
}

std::vector<PeerKeys> DirectoryBook::peers(const MemberId& me, Instant now) const {
  std::vector<PeerKeys> out;
  for (const auto& [id, held] : statements_) {
    if (id == me || !is_good(standing(id, now))) continue;
    const KeyStatement* current = current_statement(id, now);
    PeerKeys peer{id, current->endpoints, current->curve_key, {}};
    for (std::size_t at = 0; at < held.size(); ++at)
      if (is_accepted(held, at, now)) peer.client_keys.push_back(held[at].statement.curve_key);
    out.push_back(std::move(peer));
  }
  return out;
}

std::vector<PublicKey> DirectoryBook::revoked_keys() const {
  std::vector<PublicKey> out;
  for (const auto& [id, held] : statements_) {
    const Member* member = find(id);
    if (!member || !member->revoked_since.is_set()) continue;
    for (const auto& one : held) out.push_back(one.statement.curve_key);
  }
  return out;
}

const Bytes& DirectoryBook::signed_directory() const {
  static const Bytes none;
  return held_ ? held_->encoded : none;
}

std::vector<Bytes> DirectoryBook::signed_statements() const {
  std::vector<Bytes> out;
  for (const auto& [id, held] : statements_)
    for (auto at = held.rbegin(); at != held.rend(); ++at)
      out.push_back(at->encoded);  // oldest first, to be added again
  return out;
}

}  // namespace ginnel
