// SPDX-License-Identifier: Apache-2.0
// Brings every member the newest directory and everybody's key statements, from peer to peer, without a centre
// (DESIGN 8; docs/protocol/directory.md).
//
//   A directory goes to whoever shows, in any message, that it holds an older one; a newly adopted one goes to a few
//   peers at once. The key statements that were learnt last go with it: whoever was out of reach when somebody joined
//   hears of both together. Whoever hears of a newer one than its own shows its own by a message.
//   A key statement goes to a few peers when it is new here; and again and again in small rounds, the own one to
//   everybody, another member's to a few: a member whose keys changed while somebody was cut off is so learnt of from
//   third parties, which alone can reach both.
//
// Sans-I/O: the caller stores learnt() in its turn, and after the commit says stored() and sends take_outgoing().
//
// Thread: the loop. Neither directory nor statement trusts its bringer: DirectoryBook judges both.
// Failure: what does not decode is a Drop; what the book refuses is let fall, but two genuine documents that contradict
//          each other are an alarm with both as evidence. Limits: limits::gossip_*.
#pragma once

#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "federation/base/clock.h"
#include "federation/directory/directory.h"
#include "federation/wire/directory_codec.h"
#include "federation/wire/outgoing.h"

namespace ginnel {

namespace limits {
inline constexpr std::size_t gossip_peers_at_once = 8;                     // told of something new, or in one round
inline constexpr std::int64_t gossip_first_round_ms = 20 * second_ms;      // connections stand by then
inline constexpr std::int64_t gossip_round_ms = minute_ms;                 // a round of other members' statements
inline constexpr std::int64_t gossip_own_again_ms = 10 * minute_ms;        // the own statement, to each peer
inline constexpr std::int64_t gossip_directory_again_ms = 10 * second_ms;  // the same directory, to the same peer
inline constexpr std::size_t gossip_recent_statements_max = 8;             // learnt last: they go with a directory
inline constexpr std::int64_t gossip_message_life_ms = 5 * minute_ms;
inline constexpr std::size_t gossip_alarms_max = 64;  // kept until somebody takes them
}  // namespace limits

// What the book took up and the store does not hold yet.
struct Learnt {
  Bytes directory;  // an encoded SignedDirectory; empty: none
  std::uint64_t directory_version = 0;
  struct Statement {
    MemberId member;
    std::uint32_t number = 0;
    Bytes bytes;
  };
  std::vector<Statement> statements;
  bool empty() const { return directory.empty() && statements.empty(); }
};

// Two genuine documents that contradict each other: somebody's key, or the trustees' process, is not what it should be.
struct GossipAlarm {
  MemberId from;        // who brought the second; says nothing of who made it
  Error error;          // `directory-conflict`, `statement-conflict` or `key-in-use`
  Bytes held, brought;  // both, as signed; `held` is empty where it is one of several
};

class Gossip {
 public:
  // The first round is limits::gossip_first_round_ms after `started`.
  Gossip(MemberId me, DirectoryBook& book, Random& random, Instant started)
      : me_(std::move(me)), book_(book), random_(random), next_round_(started + limits::gossip_first_round_ms) {}

  // Every opened message tells which directory its sender holds.
  void heard(const MemberId& from, std::uint64_t directory_version, Instant now);
  // Opened payloads of the kinds `directory` and `key_statement`.
  std::optional<Drop> receive_directory(const MemberId& from, ByteView payload, Instant now);
  std::optional<Drop> receive_statement(const MemberId& from, ByteView payload, Instant now);

  // The same from an operator's file or from this node itself (a rotated key): judged alike, told on alike. Errors: the
  // book's.
  Expected<bool> take_directory(ByteView signed_directory, Instant now);
  Expected<bool> take_statement(ByteView signed_statement, Instant now);

  void tick(Instant now);
  Instant next_tick() const { return next_round_; }

  std::vector<Outgoing> take_outgoing() { return std::exchange(outgoing_, {}); }
  const Learnt& learnt() const { return learnt_; }
  void stored() { learnt_ = {}; }
  std::vector<GossipAlarm> take_alarms() { return std::exchange(alarms_, {}); }
  // The turn was not kept. What it learnt stays to be stored by a later one, because the book holds it already.
  void clear();
  // Rounds go on, and peers are told again what they were told at a time that has not come yet.
  void clock_went_back(Instant now);

 private:
  struct Peer {
    std::uint64_t told_directory = 0;
    Instant told_directory_at, told_own_at, shown_older_at;
    DirectoryAssembly assembly;
  };

  std::vector<MemberId> peers(Instant now) const;  // whom this node can reach
  std::vector<MemberId> some_peers(Instant now, const MemberId& but);
  void send(const MemberId& to, Kind kind, Bytes payload, Instant now);
  void send_directory(const MemberId& to, Instant now);
  void show_own(const MemberId& to, Instant now);
  void spread_directory(const MemberId& but, Instant now);
  void alarm(const MemberId& from, const Error& error, ByteView held, ByteView brought);

  MemberId me_;
  DirectoryBook& book_;
  Random& random_;
  std::map<MemberId, Peer> known_;
  Instant next_round_;
  std::vector<Outgoing> outgoing_;
  Learnt learnt_;
  std::vector<Bytes> recent_;  // statements, the last learnt last
  std::vector<GossipAlarm> alarms_;
};

}  // namespace ginnel
