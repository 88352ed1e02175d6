// SPDX-License-Identifier: Apache-2.0
// When each process is to be looked at: at its own moment, or sooner because there is news; and never twice at once.
//
// Thread: one at a time.
#pragma once

#include <algorithm>
#include <map>
#include <optional>
#include <set>

#include "node/process/by_moment.h"

namespace ginnel {

class LookAgenda {
 public:
  // Its own moment; nothing: it is not to be looked at as it stands. While it is being looked at, done() asks again.
  void set(const ProcessId& id, std::optional<Instant> own) {
    if (!own || under_way_.contains(id)) return due_.erase(id);
    const auto news = soon_.find(id);
    due_.set(id, news == soon_.end() ? *own : std::min(*own, news->second));
  }
  // For the next set(): not later than then. The first news counts.
  void soon(const ProcessId& id, Instant at) { soon_.emplace(id, at); }
  // The one that is due first is under way from then on. Nothing: none is due.
  std::optional<ProcessId> take(Instant now) {
    const auto first = next();
    if (!first || now < *first) return std::nullopt;
    const ProcessId id = due_.in_order().begin()->second;
    due_.erase(id);
    soon_.erase(id);
    under_way_.insert(id);
    return id;
  }
  void done(const ProcessId& id) { under_way_.erase(id); }
  std::optional<Instant> next() const {
    return due_.in_order().empty() ? std::nullopt : std::optional(due_.in_order().begin()->first);
  }
  void forget(const ProcessId& id) {
    due_.erase(id);
    soon_.erase(id);
    under_way_.erase(id);
  }
  void clear() { *this = LookAgenda(); }

 private:
  ByMoment due_;
  std::map<ProcessId, Instant> soon_;
  std::set<ProcessId> under_way_;
};

}  // namespace ginnel
