// SPDX-License-Identifier: Apache-2.0
// Whose open page is told that its inbox changed. Tells them to look again and shows nothing itself, so that every
// showing goes through InboxReader.
//
// Thread: the loop, but for the watcher's own `see`. Failure: `too-busy` over a limit. Limits: limits::inbox_watches_*.
#pragma once

#include <cstddef>
#include <set>
#include <vector>

#include "node/notices/inbox_view.h"

namespace ginnel {

namespace limits {
inline constexpr std::size_t inbox_watches_max = 256;         // of one node
inline constexpr std::size_t inbox_watches_per_user_max = 8;  // open pages of one worker
}  // namespace limits

class InboxWatches {
 public:
  // `list`: whose list is watched; empty: that of whoever oversees.
  Expected<void> add(const UserId& user, const UserId& list, SeeInbox see);
  // Whom to tell, once the turn is durable.
  std::vector<SeeInbox> look(const std::set<UserId>& changed);
  // Whoever listens is told to ask again.
  void end_all();
  bool empty() const { return watches_.empty(); }

 private:
  struct Watch {
    UserId user, list;
    SeeInbox see;
  };
  std::vector<Watch> watches_;
};

}  // namespace ginnel
