// SPDX-License-Identifier: Apache-2.0
#include "federation/directory/gossip.h"

#include <algorithm>
#include <utility>

namespace ginnel {
namespace {

// Both documents are genuine, so one of them should not be there.
bool is_alarm(const Error& error) {
  return error.code == "directory-conflict" || error.code == "statement-conflict" || error.code == "key-in-use";
}

}  // namespace

void Gossip::heard(const MemberId& from, std::uint64_t directory_version, Instant now) {
  if (directory_version > book_.version()) return show_own(from, now);
  if (directory_version == book_.version()) return;
  Peer& peer = known_[from];
  const bool is_told =
      peer.told_directory == book_.version() && now - peer.told_directory_at < limits::gossip_directory_again_ms;
  if (!is_told) send_directory(from, now);
}

// Any message tells the version held; the own statement is the shortest that means no harm.
void Gossip::show_own(const MemberId& to, Instant now) {
  Peer& peer = known_[to];
  // Once a round: a directory that is refused here would else go back and forth.
  if (peer.shown_older_at.is_set() && now - peer.shown_older_at < limits::gossip_round_ms) return;
  peer.shown_older_at = now;
  for (const auto& bytes : book_.signed_statements())
    if (auto statement = read_key_statement(bytes); statement && statement->member == me_)
      send(to, Kind::key_statement, bytes, now);
}

std::optional<Drop> Gossip::receive_directory(const MemberId& from, ByteView payload, Instant now) {
  auto part = decode_directory_part(payload);
  if (!part) return Drop::bad_payload;
  // Its parts would be put together in vain.
  if (part->version < book_.version()) return std::nullopt;
  auto whole = known_[from].assembly.add(*part);
  if (!whole) return std::nullopt;
  const Bytes held = book_.signed_directory();
  auto adopted = book_.adopt(*whole, now);
  if (!adopted && is_alarm(adopted.error())) alarm(from, adopted.error(), held, *whole);
  if (!adopted || !*adopted) return std::nullopt;
  learnt_.directory = std::move(*whole);
  learnt_.directory_version = book_.version();
  spread_directory(from, now);
  return std::nullopt;
}

Expected<bool> Gossip::take_directory(ByteView signed_directory, Instant now) {
  auto adopted = book_.adopt(signed_directory, now);
  if (!adopted || !*adopted) return adopted;
  learnt_.directory = copy_of(signed_directory);
  learnt_.directory_version = book_.version();
  spread_directory(me_, now);
  return adopted;
}

std::optional<Drop> Gossip::receive_statement(const MemberId& from, ByteView payload, Instant now) {
  auto taken = take_statement(payload, now);
  if (taken) return std::nullopt;
  if (is_alarm(taken.error())) alarm(from, taken.error(), {}, payload);
  // What else the book refuses is old, or of somebody whom a newer directory than ours names: it comes again.
  return taken.error().code == "bad-key-statement" ? std::optional(Drop::bad_payload) : std::nullopt;
}

Expected<bool> Gossip::take_statement(ByteView signed_statement, Instant now) {
  auto added = book_.add_statement(signed_statement);
  if (!added || !*added) return added;
  auto statement = read_key_statement(signed_statement);
  if (!statement) return tl::unexpected(statement.error());
  learnt_.statements.push_back({statement->member, statement->number, copy_of(signed_statement)});
  recent_.push_back(copy_of(signed_statement));
  if (recent_.size() > limits::gossip_recent_statements_max) recent_.erase(recent_.begin());
  for (const auto& peer : some_peers(now, statement->member))
    send(peer, Kind::key_statement, copy_of(signed_statement), now);
  return added;
}

void Gossip::tick(Instant now) {
  if (now < next_round_) return;
  // Nodes that were started together do not speak together.
  next_round_ = now + limits::gossip_round_ms + std::int64_t(random_.below(limits::gossip_round_ms / 4));
  const std::vector<Bytes> all = book_.signed_statements();
  std::vector<const Bytes*> own, others;
  for (const auto& bytes : all) {
    auto statement = read_key_statement(bytes);
    if (statement) (statement->member == me_ ? own : others).push_back(&bytes);
  }
  for (const auto& id : peers(now)) {
    Peer& peer = known_[id];
    if (own.empty() || (peer.told_own_at.is_set() && now - peer.told_own_at < limits::gossip_own_again_ms)) continue;
    peer.told_own_at = now;
    for (const Bytes* bytes : own) send(id, Kind::key_statement, *bytes, now);
  }
  if (others.empty()) return;
  for (const auto& id : some_peers(now, me_)) send(id, Kind::key_statement, *others[random_.below(others.size())], now);
}

void Gossip::clear() {
  outgoing_.clear();
  known_.clear();
}

void Gossip::clock_went_back(Instant now) {
  next_round_ = std::min(next_round_, now + limits::gossip_round_ms);
  known_.clear();
}

std::vector<MemberId> Gossip::peers(Instant now) const {
  std::vector<MemberId> out;
  for (const auto& peer : book_.peers(me_, now)) out.push_back(peer.id);
  return out;
}

std::vector<MemberId> Gossip::some_peers(Instant now, const MemberId& but) {
  std::vector<MemberId> all = peers(now);
  std::erase(all, but);
  for (std::size_t i = 0; i < std::min(all.size(), limits::gossip_peers_at_once); ++i)
    std::swap(all[i], all[i + random_.below(all.size() - i)]);
  all.resize(std::min(all.size(), limits::gossip_peers_at_once));
  return all;
}

void Gossip::send(const MemberId& to, Kind kind, Bytes payload, Instant now) {
  outgoing_.push_back(outgoing_to(to, kind, std::move(payload), now + limits::gossip_message_life_ms, random_));
}

void Gossip::send_directory(const MemberId& to, Instant now) {
  Peer& peer = known_[to];
  peer.told_directory = book_.version();
  peer.told_directory_at = now;
  for (const auto& part : split_directory(book_.version(), book_.signed_directory()))
    send(to, Kind::directory, encode_directory_part(part), now);
  for (const auto& statement : recent_) send(to, Kind::key_statement, statement, now);
}

void Gossip::spread_directory(const MemberId& but, Instant now) {
  for (const auto& peer : some_peers(now, but)) send_directory(peer, now);
}

void Gossip::alarm(const MemberId& from, const Error& error, ByteView held, ByteView brought) {
  if (alarms_.size() >= limits::gossip_alarms_max) return;
  alarms_.push_back({from, error, copy_of(held), copy_of(brought)});
}

}  // namespace ginnel
