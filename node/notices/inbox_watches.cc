// SPDX-License-Identifier: Apache-2.0
#include "node/notices/inbox_watches.h"

#include <algorithm>
#include <utility>

namespace ginnel {

Expected<void> InboxWatches::add(const UserId& user, const UserId& list, SeeInbox see) {
  std::erase_if(watches_, [](const Watch& watch) { return !watch.see(InboxNews::listening); });
  const auto own =
      std::count_if(watches_.begin(), watches_.end(), [&](const Watch& watch) { return watch.user == user; });
  if (watches_.size() >= limits::inbox_watches_max || std::size_t(own) >= limits::inbox_watches_per_user_max)
    return fail("too-busy", "cannot keep this page up to date by itself", "too many open pages are watched",
                "close other pages, or load this one again");
  watches_.push_back({user, list, std::move(see)});
  return {};
}

std::vector<SeeInbox> InboxWatches::look(const std::set<UserId>& changed) {
  std::vector<SeeInbox> told;
  if (changed.empty()) return told;
  for (const auto& watch : watches_)
    if (changed.contains(watch.list)) told.push_back(watch.see);
  return told;
}

void InboxWatches::end_all() {
  for (auto& watch : std::exchange(watches_, {})) watch.see(InboxNews::closed);
}

}  // namespace ginnel
