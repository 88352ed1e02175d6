// SPDX-License-Identifier: Apache-2.0
// What a node knows of the federation, kept current: it learns directories and key statements from peers and operators,
// tells them on, stores them, changes its own keys in time, and sees to it that the transport admits who may be.
//
// Thread: the loop. Everything here happens in a turn; the callbacks run after that turn's commit, so that no key is
// used and nobody is admitted by what is not durable.
// Failure: what peers send wrongly is a Drop. Two genuine documents that contradict each other are an alarm: an
//          operator_act entry, both documents in the side table `peers`, and ginnel_federation_alarms_total. The same
//          documents are one alarm, and limits::gossip_alarms_max are noted between two starts.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "federation/directory/gossip.h"
#include "federation/directory/papers.h"
#include "federation/directory/rotation.h"
#include "node/setup/own_keys.h"
#include "node/store/store.h"

namespace ginnel {

// What a peer's own messages told, since the start.
struct PeerNews {
  Instant heard_at;                     // its last good message
  std::int64_t clock_ahead_ms = 0;      // of this one's, as far as that message tells: its way took time too
  std::uint64_t directory_version = 0;  // that it held then
  std::uint16_t speaks = 0;             // the highest protocol version that it said it speaks; 0: not heard yet
  std::optional<Drop> dropped;          // why its last bad message was let fall
  Instant dropped_at;
};

class Membership {
 public:
  // Both outlive the object. `keys` is changed when this node's keys rotate.
  Membership(MemberId me, DirectoryBook& book, OwnKeys& keys, Random& random, Instant started, RotationRules rules)
      : me_(std::move(me)),
        book_(book),
        keys_(keys),
        random_(random),
        rules_(rules),
        gossip_(me_, book, random, started) {}

  // After the commit in which whom to admit or reach, or this node's CURVE key, changed.
  void on_peers_changed(std::function<void()> then) { peers_changed_ = std::move(then); }
  void on_curve_key_changed(std::function<void(const CurveKey&)> then) { curve_key_changed_ = std::move(then); }

  // After the commit in which another directory came into force.
  void on_directory_changed(std::function<void()> then) { directory_changed_ = std::move(then); }

  // Every opened message; and those of the kinds `directory` and `key_statement`.
  void heard(const Header& header, Instant now);
  std::optional<Drop> receive(const Message& message, Instant now);

  // A message of a peer that was let fall.
  void dropped(const MemberId& from, Drop drop, Instant now);
  // Nothing: neither since the start.
  const PeerNews* news_of(const MemberId& member) const;

  // A directory that the operator brings, with its entry. Errors: the book's.
  Expected<bool> adopt_directory(ByteView signed_directory, Turn& turn);
  // The same from trustees' papers, with the key statements in them; those that do not count are let fall.
  Expected<bool> adopt_papers(const Papers& papers, Turn& turn);

  // This node alone neither hears the member nor sends to it, from this turn's commit on and over restarts; each with
  // its entry. `unknown-member`, `own-member`, `not-suspended` (by this node).
  Expected<void> suspend(const MemberId& member, std::string reason, Turn& turn);
  Expected<void> lift(const MemberId& member, std::string reason, Turn& turn);

  // Once a turn: rounds, this node's own keys, and the rows and entries of what was learnt.
  Expected<void> tick(Turn& turn);
  Instant next_tick() const { return gossip_.next_tick(); }
  std::vector<Outgoing> take_outgoing() { return gossip_.take_outgoing(); }
  void committed(Instant now);
  void clear();

  const OwnKeys& keys() const { return keys_; }

  // For operators: contradictions since the start, newest last.
  const std::vector<std::string>& alarms() const { return alarms_; }

 private:
  Expected<void> rotate(Turn& turn);
  Expected<void> announce_next(const KeyStatement& current, Turn& turn);
  Expected<void> store_learnt(Turn& turn);
  Expected<void> erase_dropped(const MemberId& member, Turn& turn);
  Expected<void> note_alarms(Turn& turn);
  Expected<void> check_other(const MemberId& member) const;
  Expected<void> note(Turn& turn, std::string act, std::string method, std::string detail);

  MemberId me_;
  DirectoryBook& book_;
  OwnKeys& keys_;
  Random& random_;
  RotationRules rules_;
  Gossip gossip_;
  std::function<void()> peers_changed_;
  std::function<void(const CurveKey&)> curve_key_changed_;
  std::function<void()> directory_changed_;
  std::uint64_t version_told_ = 0;       // of the directory, by directory_changed_
  Instant heard_at_;                     // the last message of anybody since the start
  std::vector<PeerKeys> peers_;          // as last told
  bool may_peers_differ_ = true;         // since then: something was learnt, or a round's time has passed
  std::optional<OwnKeys> changed_keys_;  // of this turn; in force once it is committed
  std::map<MemberId, bool> suspending_;  // of this turn: suspended or lifted, once it is committed
  std::map<MemberId, PeerNews> news_;
  std::vector<std::string> alarms_;
};

}  // namespace ginnel
