// SPDX-License-Identifier: Apache-2.0
// How many notices one member may have taken here. What is past it is answered `later`: the sender keeps it, backs off,
// and loses nothing.
//
// A bucket for each member that refills with time, and a second one for what takes something back: no flood of news
// holds up a correction. In memory: a restart fills both, so that nothing durable hangs on it.
//
// Thread: the loop. Time: the turn's; a clock that goes back refills nothing.
#pragma once

#include <cstdint>
#include <map>
#include <utility>

#include "federation/base/id.h"
#include "federation/base/time.h"

namespace ginnel {

namespace limits {
// Of each of the two kinds. A member that comes back after days of partition is not held up, and none can fill a disk
// overnight.
inline constexpr std::uint64_t notices_of_peer_at_once_max = 20'000;
inline constexpr std::uint64_t notices_of_peer_per_hour_max = 20'000;
inline constexpr std::int64_t notices_refilled_ms_max = 400 * day_ms;  // at once: no sum can overflow
}  // namespace limits

struct InboxLimits {
  std::uint64_t at_once = limits::notices_of_peer_at_once_max;
  std::uint64_t per_hour = limits::notices_of_peer_per_hour_max;  // 1 or more
};

class InboxBudget {
 public:
  explicit InboxBudget(InboxLimits limits) : limits_(limits) {}
  // False: it is spent; nothing is counted.
  bool spend(const MemberId& from, bool takes_back, Instant now);

 private:
  struct Bucket {
    std::uint64_t left;  // `hour_ms` for each notice; a millisecond adds `per_hour`
    Instant at;          // when it was last added to
  };
  InboxLimits limits_;
  std::map<std::pair<MemberId, bool>, Bucket> buckets_;  // of members alone: the directory bounds it
};

}  // namespace ginnel
