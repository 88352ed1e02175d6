// SPDX-License-Identifier: Apache-2.0
// The answering side's memory: which asks were answered, so that each is answered once however often it arrives.
//
// Sans-I/O. The node decides and reads; this class says whether it has to, and keeps the pages for those who ask again.
// It is a cache: what fell out of it, or a restart, is made again by the node from the ledger's decision of the same
// ask.
//
// Thread: the loop. Limits: limits::answers_kept_*; a peer can push out its own answers only.
#pragma once

#include <cstdint>
#include <list>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "federation/base/id.h"
#include "federation/base/time.h"
#include "federation/wire/answer.h"

namespace ginnel {

namespace limits {
inline constexpr std::size_t answers_kept_per_peer_max = 64;
inline constexpr std::size_t answers_kept_bytes_per_peer_max = std::size_t{16} << 20;
inline constexpr std::int64_t answers_kept_ms = 15 * minute_ms;
// An answer that tells of nothing leaves this long after the turn that took its ask. Longer than it takes to decide
// that some thousand concealed records are not told of (decision 55), shorter than anybody notices.
inline constexpr std::int64_t nothing_told_ms = 25;
}  // namespace limits

class AnswerEngine {
 public:
  // What was given to `from` for this ask; null: not answered, or not remembered.
  struct Given {
    std::vector<Bytes> pages;     // encoded
    PersonRef person;             // about whom; empty: nobody is held
    std::vector<RecordId> told;   // items on the pages
    Instant as_known_at{};        // not set: it was asked for what is known now
    Hash standing{};              // of what they were decided by: whoever sends them again compares it first
    bool tells_something = true;  // an item, or that something is withheld; else limits::nothing_told_ms
  };
  const Given* find(const MemberId& from, const AskId& ask) const;
  // Keeps it. An ask id is the asker's: two members may use the same one without seeing each other's answer.
  void keep(const MemberId& from, const AskId& ask, Given given, Instant now);
  void forget(const MemberId& from, const AskId& ask);
  void tick(Instant now);  // forgets what is older than limits::answers_kept_ms
  void clear() { peers_.clear(); }

 private:
  struct Kept {
    AskId ask;
    Given given;
    std::size_t bytes = 0;
    Instant since;
  };
  struct Peer {
    std::list<Kept> answers;  // oldest first
    std::size_t bytes = 0;
  };
  static void drop_oldest(Peer& peer);
  std::map<MemberId, Peer> peers_;
};

}  // namespace ginnel
