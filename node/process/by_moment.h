// SPDX-License-Identifier: Apache-2.0
// Processes by one moment of each, the earliest first.
//
// Thread: one at a time.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <utility>

#include "federation/base/id.h"
#include "federation/base/time.h"

namespace ginnel {

class ByMoment {
 public:
  // Instead of the moment that it had.
  void set(const ProcessId& id, Instant at) {
    erase(id);
    order_.emplace(at, id);
    moments_.emplace(id, at);
  }
  void erase(const ProcessId& id) {
    const auto found = moments_.find(id);
    if (found == moments_.end()) return;
    order_.erase({found->second, id});
    moments_.erase(found);
  }
  void clear() {
    order_.clear();
    moments_.clear();
  }
  std::optional<Instant> of(const ProcessId& id) const {
    const auto found = moments_.find(id);
    return found == moments_.end() ? std::optional<Instant>() : found->second;
  }
  const std::set<std::pair<Instant, ProcessId>>& in_order() const { return order_; }

 private:
  std::set<std::pair<Instant, ProcessId>> order_;
  std::map<ProcessId, Instant> moments_;
};

}  // namespace ginnel
