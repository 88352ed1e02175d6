// SPDX-License-Identifier: Apache-2.0
#include "node/membership/membership.h"

#include <algorithm>
#include <utility>

#include "federation/base/crypto/hash.h"
#include "node/setup/suspensions.h"
#include "node/store/codec.h"

namespace ginnel {

void Membership::heard(const Header& header, Instant now) {
  heard_at_ = now;
  PeerNews& news = news_[header.from];
  news.heard_at = now;
  news.clock_ahead_ms = header.sent_at - now;
  news.directory_version = header.directory_version;
  news.speaks = header.highest_spoken();
  gossip_.heard(header.from, header.directory_version, now);
}

std::optional<Drop> Membership::receive(const Message& message, Instant now) {
  if (message.header.kind == Kind::directory)
    return gossip_.receive_directory(message.header.from, message.payload, now);
  return gossip_.receive_statement(message.header.from, message.payload, now);
}

Expected<bool> Membership::adopt_directory(ByteView signed_directory, Turn& turn) {
  auto adopted = gossip_.take_directory(signed_directory, turn.now());
  if (adopted && *adopted)
    if (auto noted = note(turn, "directory-given", "operator", "version " + std::to_string(book_.version())); !noted)
      return tl::unexpected(noted.error());
  return adopted;
}

void Membership::dropped(const MemberId& from, Drop drop, Instant now) {
  // SECURITY: only members have news, so nobody else can fill the map.
  if (!book_.find(from)) return;
  PeerNews& news = news_[from];
  news.dropped = drop;
  news.dropped_at = now;
}

const PeerNews* Membership::news_of(const MemberId& member) const {
  auto found = news_.find(member);
  return found == news_.end() ? nullptr : &found->second;
}

Expected<bool> Membership::adopt_papers(const Papers& papers, Turn& turn) {
  auto adopted = adopt_directory(papers.proposal, turn);
  if (!adopted) return adopted;
  bool is_new = *adopted;
  for (const Bytes& statement : papers.statements)
    if (auto taken = gossip_.take_statement(statement, turn.now()); taken && *taken) is_new = true;
  if (*adopted && !papers.reason.empty())
    if (auto noted = note(turn, "directory-reason", "papers", papers.reason); !noted)
      return tl::unexpected(noted.error());
  return is_new;
}

Expected<void> Membership::check_other(const MemberId& member) const {
  if (member == me_)
    return fail("own-member", "cannot suspend `" + member.text() + "`", "that is this node itself",
                "to take it out of the federation the trustees revoke it");
  if (!book_.find(member))
    return fail("unknown-member", "cannot suspend `" + member.text() + "`", "it is not in the directory",
                "`ginnel member list` shows the members");
  return {};
}

Expected<void> Membership::suspend(const MemberId& member, std::string reason, Turn& turn) {
  if (auto good = check_other(member); !good) return good;
  if (auto put = put_suspension(turn, {member, turn.now(), reason}); !put) return put;
  suspending_[member] = true;
  return note(turn, "peer-suspended", "operator", member.text() + ": " + reason);
}

Expected<void> Membership::lift(const MemberId& member, std::string reason, Turn& turn) {
  if (auto good = check_other(member); !good) return good;
  if (!book_.suspended_here().contains(member))
    return fail("not-suspended", "cannot lift the suspension of `" + member.text() + "`",
                "this node has not suspended it", "`ginnel member show " + member.text() + "` tells its standing");
  if (auto erased = erase_suspension(turn, member); !erased) return erased;
  suspending_[member] = false;
  return note(turn, "peer-suspension-lifted", "operator", member.text() + ": " + reason);
}

Expected<void> Membership::tick(Turn& turn) {
  may_peers_differ_ = may_peers_differ_ || turn.now() >= gossip_.next_tick();
  gossip_.tick(turn.now());
  if (auto rotated = rotate(turn); !rotated) return rotated;
  if (auto stored = store_learnt(turn); !stored) return stored;
  return note_alarms(turn);
}

void Membership::committed(Instant now) {
  may_peers_differ_ = may_peers_differ_ || !gossip_.learnt().empty();
  gossip_.stored();
  for (const auto& [member, is_suspended] : std::exchange(suspending_, {})) {
    is_suspended ? book_.suspend(member) : book_.lift(member);
    may_peers_differ_ = true;
  }
  if (changed_keys_) {
    const bool is_other_curve = changed_keys_->curve.public_key != keys_.curve.public_key;
    keys_ = std::move(*changed_keys_);
    changed_keys_.reset();
    if (is_other_curve && curve_key_changed_) curve_key_changed_(keys_.curve);
  }
  if (book_.version() != std::exchange(version_told_, book_.version()) && directory_changed_) directory_changed_();
  if (!std::exchange(may_peers_differ_, false)) return;
  std::vector<PeerKeys> peers = book_.peers(me_, now);
  if (peers == peers_) return;
  peers_ = std::move(peers);
  if (peers_changed_) peers_changed_();
}

void Membership::clear() {
  gossip_.clear();
  changed_keys_.reset();
  suspending_.clear();
}

// The keys of the statement that is to begin are made and announced in one turn, and used in a later one. A node that
// hears nobody keeps its old ones until their end: those are what everybody else knows it by.
Expected<void> Membership::rotate(Turn& turn) {
  const Instant now = turn.now();
  const bool is_told = keys_.next && heard_at_ > keys_.next->from + -rules_.announced_ms;
  if (keys_.next && now >= (is_told ? keys_.next->from : keys_.next->at_last)) {
    OwnKeys now_used = keys_;
    now_used.signing = keys_.next->signing;
    now_used.curve = keys_.next->curve;
    now_used.statement_number = keys_.next->statement_number;
    now_used.next.reset();
    if (auto put = put_own_keys(turn, now_used); !put) return put;
    if (auto noted = note(turn, "own-keys-changed", "rotation",
                          "key statement " + std::to_string(now_used.statement_number) + " is in use");
        !noted)
      return noted;
    changed_keys_ = std::move(now_used);
    return {};
  }
  const KeyStatement* newest = book_.newest_statement(me_);
  if (keys_.next || !newest || newest->number != keys_.statement_number) return {};
  if (now < rotates_at(*newest, rules_)) return {};
  return announce_next(*newest, turn);
}

Expected<void> Membership::announce_next(const KeyStatement& current, Turn& turn) {
  KeyStatement statement = statement_after(current, turn.now(), rules_);
  NextKeys next{SigningKey::make(random_), CurveKey::make(random_), statement.number, statement.valid_from,
                std::max(statement.valid_from, current.valid_until)};
  statement.signing_key = next.signing.public_key;
  statement.curve_key = next.curve.public_key;
  auto taken = gossip_.take_statement(sign_key_statement(statement, keys_.identity), turn.now());
  if (!taken) return tl::unexpected(taken.error());
  // The book holds it from here on, so the keys stay even if this turn is not kept: store_learnt() writes both or none.
  keys_.next = std::move(next);
  return note(turn, "own-keys-announced", "rotation",
              "key statement " + std::to_string(statement.number) + " begins at " + to_iso_utc(statement.valid_from));
}

Expected<void> Membership::store_learnt(Turn& turn) {
  const Learnt& learnt = gossip_.learnt();
  if (!learnt.directory.empty()) {
    if (auto put = put_directory(turn, learnt.directory); !put) return put;
    auto adopted = turn.append(EntryKind::directory_adopted, {}, turn.node_key(),
                               encode(Adopted{learnt.directory_version, sha256(learnt.directory), {}}));
    if (!adopted) return tl::unexpected(adopted.error());
  }
  for (const auto& statement : learnt.statements) {
    // INVARIANT: a statement of this node's own is stored with the keys that it names, in one commit.
    if (statement.member == me_)
      if (auto put = put_own_keys(turn, keys_); !put) return put;
    if (auto put = put_statement(turn, statement.member, statement.number, statement.bytes); !put) return put;
    if (auto erased = erase_dropped(statement.member, turn); !erased) return erased;
  }
  return {};
}

// What the book has forgotten of a member goes from the store too, whatever numbers the member chose.
Expected<void> Membership::erase_dropped(const MemberId& member, Turn& turn) {
  auto stored = load_federation_documents(turn);
  if (!stored) return tl::unexpected(stored.error());
  const std::vector<Bytes> held = book_.signed_statements();
  for (const auto& bytes : stored->statements) {
    auto statement = read_key_statement(bytes);
    if (!statement || statement->member != member) continue;
    if (std::find(held.begin(), held.end(), bytes) != held.end()) continue;
    if (auto erased = erase_statement(turn, member, statement->number); !erased) return erased;
  }
  return {};
}

Expected<void> Membership::note_alarms(Turn& turn) {
  for (const auto& alarm : gossip_.take_alarms()) {
    // SECURITY: whoever brings the same documents again, or makes ever new ones, must not fill the ledger.
    if (alarms_.size() >= limits::gossip_alarms_max) continue;
    auto is_known = has_evidence(turn, alarm.brought);
    if (!is_known) return tl::unexpected(is_known.error());
    if (*is_known) continue;
    if (auto put = put_evidence(turn, alarm.held, alarm.brought); !put) return put;
    auto noted = note(turn, "federation-alarm", alarm.error.code,
                      "brought by " + alarm.from.text() + ", evidence " + to_hex(sha256(alarm.brought)));
    if (!noted) return noted;
    alarms_.push_back(alarm.error.why + "; " + alarm.error.remedy);
  }
  return {};
}

Expected<void> Membership::note(Turn& turn, std::string act, std::string method, std::string detail) {
  auto written = turn.append(EntryKind::operator_act, {}, turn.node_key(),
                             encode(OperatorAct{std::move(act), std::move(method), UserId(), std::move(detail)}));
  return written ? Expected<void>() : tl::unexpected(written.error());
}

}  // namespace ginnel
