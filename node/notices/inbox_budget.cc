// SPDX-License-Identifier: Apache-2.0
#include "node/notices/inbox_budget.h"

#include <algorithm>

namespace ginnel {

bool InboxBudget::spend(const MemberId& from, bool takes_back, Instant now) {
  const std::uint64_t full = limits_.at_once * std::uint64_t(hour_ms);  // one notice costs `hour_ms` of these
  Bucket& bucket = buckets_.try_emplace({from, takes_back}, Bucket{full, now}).first->second;
  if (now > bucket.at) {
    const auto passed_ms = std::uint64_t(std::min<std::int64_t>(now - bucket.at, limits::notices_refilled_ms_max));
    bucket.left = std::min(full, bucket.left + passed_ms * limits_.per_hour);
    bucket.at = now;
  }
  if (bucket.left < std::uint64_t(hour_ms)) return false;
  bucket.left -= std::uint64_t(hour_ms);
  return true;
}

}  // namespace ginnel
