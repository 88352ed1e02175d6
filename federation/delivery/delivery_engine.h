// SPDX-License-Identifier: Apache-2.0
// The sending side of notices: releases what waits, in order per peer and child, until each is settled (DESIGN 10).
//
// Sans-I/O. What waits lies in the journal (Outbox), and only what is under way is in memory: a backlog costs nothing.
// A notice goes out again, in a fresh message, until a receipt settles it; retries back off with jitter up to
// limits::delivery_retry_ms_max, and a peer that does not answer is tried with a single notice. Whoever is heard again
// is tried at once. After `give_up_ms` the journal is told, which tells a named person.
//
// Order. Notices about one child are under way in one message at a time, so no loss or reordering of messages can put a
// later one before an earlier. A child whose notice cannot be sent or taken now waits by itself; all others go on.
//
// Thread: the loop. Failure: an Error is the journal's, and the turn must not be kept; what a peer sends never makes
// one. After clear(), wake() each peer for which something waits. Limits: limits::delivery_*.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "federation/ask/ask_engine.h"
#include "federation/base/clock.h"
#include "federation/wire/notice.h"

namespace ginnel {

namespace limits {
inline constexpr std::size_t delivery_messages_per_peer_max = 4;  // under way to one peer
inline constexpr std::size_t delivery_looked_at_max = 512;        // numbers of one peer in one tick
inline constexpr std::size_t delivery_stuck_children_max = 1024;  // of one peer; more, and the peer waits as a whole
inline constexpr std::int64_t delivery_retry_ms_first = 2 * second_ms;  // doubles, jittered ...
inline constexpr std::int64_t delivery_retry_ms_max = 15 * minute_ms;   // ... up to this
// Whether a peer that nothing may be sent to, or that has no keys by our clock, can be reached now.
inline constexpr std::int64_t delivery_reach_again_ms = minute_ms;
inline constexpr std::int64_t delivery_message_life_ms = 2 * minute_ms;
}  // namespace limits

struct DeliverySettings {
  std::int64_t batching_ms =
      20;  // how long a notice waits, at most, for others to join its message, while one is under way
  std::int64_t give_up_ms = 3 * day_ms;  // after it was written down
};

// Stands for one child towards the engine, and says nothing of whom.
using ChildMark = std::array<std::uint8_t, 16>;

struct Queued {
  NoticeId id;
  std::uint64_t number = 0;  // counts the peer's notices, from 1
  ChildMark child{};
  Instant since;
};

enum class Reach : std::uint8_t {
  open,
  wait,   // suspended, or without keys: nothing is sent, nothing is given up before its time
  never,  // revoked, or no member any more
};

struct Settled {
  Queued queued;
  Outcome outcome = Outcome::taken;
};

// The journal. In production it writes to the turn that the engine's messages leave after.
class Outbox {
 public:
  virtual ~Outbox() = default;
  // Every unsettled number of the peer is in [first, end).
  struct Range {
    std::uint64_t first = 1, end = 1;
  };
  virtual Expected<Range> range(const MemberId& peer) = 0;
  virtual Expected<std::optional<Queued>> at(const MemberId& peer, std::uint64_t number) = 0;  // nothing: settled
  virtual Expected<std::optional<Queued>> find(const MemberId& peer, const NoticeId& id) = 0;  // nothing: settled
  virtual Reach reach(const MemberId& peer, Instant now) = 0;
  // What may be told now: policy decides at each release, not when it was written down. Nothing: no longer anything,
  // and it has been settled. An error: not now, for this child.
  virtual Expected<std::optional<Notice>> release(const MemberId& peer, const Queued& queued) = 0;
  virtual Expected<void> settle(const MemberId& peer, const std::vector<Settled>& settled, ByteView signed_receipt) = 0;
  virtual Expected<void> give_up(const MemberId& peer, const Queued& queued) = 0;
};

class DeliveryEngine {
 public:
  DeliveryEngine(Random& random, DeliverySettings settings) : random_(random), settings_(settings) {}

  // Something waits for the peer, or may.
  void wake(const MemberId& peer, Instant now);
  // A message of the peer was opened: it can be reached again.
  void heard(const MemberId& peer);
  // A receipt that verified. What it names and is settled already, or never was, is passed over.
  Expected<void> receive(const MemberId& from, const Receipt& receipt, ByteView signed_receipt, Instant now,
                         Outbox& outbox);
  Expected<void> tick(Instant now, Outbox& outbox);

  std::vector<Outgoing> take_outgoing() { return std::exchange(outgoing_, {}); }
  std::optional<Instant> next_tick() const;
  void clear();

  std::size_t under_way(const MemberId& peer) const;  // notices

 private:
  struct Flight {
    std::vector<Queued> notices;  // by rising number
    Instant sent_at, overdue;
  };
  struct Stuck {
    std::uint64_t first = 0;
    Instant until;
    std::int64_t wait_ms = limits::delivery_retry_ms_first;
    bool is_tried = false;  // not held back now, but not proven well either
  };
  struct Peer {
    std::uint64_t cursor = 1;  // no number below it is to be looked at
    std::vector<Flight> flights;
    std::map<ChildMark, std::uint64_t> behind;  // first number that waits for a flight with the same child
    std::map<ChildMark, Stuck> stuck;
    bool is_silent = false;
    std::int64_t wait_ms = limits::delivery_retry_ms_first;
    std::optional<Instant> due;  // when to look for something to send
  };

  Expected<void> pump(const MemberId& id, Peer& peer, Instant now, Outbox& outbox);
  // One message's worth; false: nothing more can be sent now.
  Expected<bool> fill(const MemberId& id, Peer& peer, Reach reach, std::size_t& looked_at, Instant now, Outbox& outbox);
  bool is_held(Peer& peer, const Queued& queued, const std::set<ChildMark>& in_message, Instant now) const;
  void stick(Peer& peer, const Queued& queued, Instant now);
  void send(const MemberId& id, Peer& peer, std::vector<Notice> notices, std::vector<Queued> queued, Instant now);
  void end_flight(Peer& peer, std::size_t at);
  void expire(Peer& peer, Instant now);
  std::int64_t jittered(std::int64_t wait_ms);

  Random& random_;
  DeliverySettings settings_;
  std::map<MemberId, Peer> peers_;
  std::vector<Outgoing> outgoing_;
};

}  // namespace ginnel
