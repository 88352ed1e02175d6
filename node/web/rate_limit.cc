// SPDX-License-Identifier: Apache-2.0
#include "node/web/rate_limit.h"

#include <algorithm>

#include "federation/base/crypto/hash.h"
#include "node/web/limits.h"

namespace ginnel {
namespace {

std::int64_t delay_ms(std::uint32_t failures) {
  if (failures < limits::sign_in_free_failures) return 0;
  auto doublings = std::min<std::uint32_t>(failures - limits::sign_in_free_failures, 16);
  return std::min(limits::sign_in_delay_ms_first << doublings, limits::sign_in_delay_ms_max);
}

}  // namespace

std::int64_t SignInThrottle::begin(std::string_view username, Instant now) {
  std::lock_guard lock(mutex_);
  auto key = sha256(view_of(username));
  auto found = by_name_.find(key);
  if (found != by_name_.end() && now - found->second.last > limits::sign_in_forget_ms) {
    by_name_.erase(found);
    found = by_name_.end();
  }
  if (found == by_name_.end()) {
    make_room(now);
    found = by_name_.emplace(key, Failures{}).first;
  } else if (auto wait_ms = found->second.last + delay_ms(found->second.count) - now; wait_ms > 0) {
    return wait_ms;  // waiting does not count: only attempts lengthen the wait
  }
  ++found->second.count;
  found->second.last = now;
  return 0;
}

void SignInThrottle::succeeded(std::string_view username) {
  std::lock_guard lock(mutex_);
  by_name_.erase(sha256(view_of(username)));
}

std::size_t SignInThrottle::names() const {
  std::lock_guard lock(mutex_);
  return by_name_.size();
}

void SignInThrottle::make_room(Instant now) {
  if (by_name_.size() < limits::sign_in_names_max) return;
  std::erase_if(by_name_, [&](const auto& entry) { return now - entry.second.last > limits::sign_in_forget_ms; });
  if (by_name_.size() < limits::sign_in_names_max) return;
  by_name_.erase(std::min_element(by_name_.begin(), by_name_.end(),
                                  [](const auto& a, const auto& b) { return a.second.last < b.second.last; }));
}

}  // namespace ginnel
