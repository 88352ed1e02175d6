// SPDX-License-Identifier: Apache-2.0
// The simulator's clock and network: loss, duplication, reordering, delay and partitions, all from one seed.
//
// Thread: one. A packet that is due lies in its recipient's inbox until the recipient takes it, however long that is
// frozen; one whose recipient is down when it arrives is lost.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "federation/base/clock.h"
#include "federation/transport/transport.h"
#include "federation/wire/limits.h"

namespace ginnel::sim {

class SimClock : public Clock {
 public:
  explicit SimClock(Instant start) : now_(start) {}
  Instant now() override { return now_; }
  void advance_to(Instant then) { now_ = std::max(now_, then); }

 private:
  Instant now_;
};

// What one machine takes for the time: the world's, and by how much it is wrong.
class SteppedClock : public Clock {
 public:
  explicit SteppedClock(SimClock& true_time) : true_time_(true_time) {}
  Instant now() override { return true_time_.now() + ahead_ms_; }
  void step_to(std::int64_t ahead_ms) { ahead_ms_ = ahead_ms; }
  std::int64_t ahead_ms() const { return ahead_ms_; }

 private:
  SimClock& true_time_;
  std::int64_t ahead_ms_ = 0;
};

// Delays differ from packet to packet, and that is what reorders them.
struct Faults {
  unsigned loss_percent = 0, duplication_percent = 0;
  std::int64_t delay_ms_min = 5, delay_ms_max = 5;
};

struct Packet {
  MemberId from, to;
  Bytes frame;
  Instant sent_at;
};

class SimNetwork {
 public:
  SimNetwork(std::uint64_t seed, SimClock& clock) : random_(seed), clock_(clock) {}

  void set_faults(const Faults& faults) { faults_ = faults; }
  void cut(const MemberId& a, const MemberId& b) { cut_one_way(a, b), cut_one_way(b, a); }
  void mend(const MemberId& a, const MemberId& b) { mend_one_way(a, b), mend_one_way(b, a); }
  void cut_one_way(const MemberId& from, const MemberId& to) { cut_.insert({from, to}); }
  void mend_one_way(const MemberId& from, const MemberId& to) { cut_.erase({from, to}); }
  void mend_all() { cut_.clear(); }
  // The next `count` frames from one to the other are lost, whatever the faults are.
  void lose_next(const MemberId& from, const MemberId& to, unsigned count) { lose_[{from, to}] = count; }

  void send(const MemberId& from, const MemberId& to, ByteView frame);
  // As if a member that `from` stands for had put these bytes on its authenticated connection.
  void inject(const MemberId& from, const MemberId& to, Bytes frame);

  // Moves what is due by now into the inboxes; nothing is due: false.
  bool deliver();
  std::optional<Instant> next_arrival() const;
  std::vector<Frame> take(const MemberId& to, std::size_t frames_max);
  bool has_frames_for(const MemberId& to) const;
  std::size_t waiting_for(const MemberId& to) const;
  std::size_t on_the_way() const { return on_the_way_.size(); }
  void set_down(const MemberId& member, bool is_down);

  // Called for each frame that a node sends, before the network does anything to it.
  std::function<void(const Packet&)> on_send;
  // Called for each frame that a node takes.
  std::function<void(const MemberId& by, const Frame&)> on_take;
  // Every frame sent so far, in order; cleared by whoever counts.
  std::vector<Packet> log;

 private:
  void enqueue(Packet packet);

  SeededRandom random_;
  SimClock& clock_;
  Faults faults_;
  std::set<std::pair<MemberId, MemberId>> cut_;  // from, to
  std::map<std::pair<MemberId, MemberId>, unsigned> lose_;
  std::multimap<Instant, Packet> on_the_way_;
  std::map<MemberId, std::deque<Frame>> inboxes_;
  std::set<MemberId> down_;
};

class SimTransport : public Transport {
 public:
  SimTransport(MemberId me, SimNetwork& network) : me_(std::move(me)), network_(network) {}
  Sent send(const MemberId& to, ByteView frame) override;
  std::vector<Frame> receive(std::size_t frames_max) override;
  TransportCounters counters() const override { return counters_; }

 private:
  MemberId me_;
  SimNetwork& network_;
  TransportCounters counters_;
};

}  // namespace ginnel::sim
