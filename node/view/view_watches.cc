// SPDX-License-Identifier: Apache-2.0
#include "node/view/view_watches.h"

#include <algorithm>
#include <utility>

namespace ginnel {

Expected<void> ViewWatches::add(const UserId& user, const ViewId& view, std::uint32_t seen, SeeNews see) {
  std::erase_if(watches_, [](const Watch& watch) { return !watch.see(nullptr, watch.told); });
  const auto own =
      std::count_if(watches_.begin(), watches_.end(), [&](const Watch& watch) { return watch.user == user; });
  if (watches_.size() >= limits::view_watches_max || std::size_t(own) >= limits::view_watches_per_user_max)
    return fail("too-busy", "cannot keep this page up to date by itself", "too many open views are watched",
                "close other pages, or use `Check again`");
  watches_.push_back({user, view, seen, std::move(see)});
  return {};
}

std::vector<ViewWatches::Told> ViewWatches::look(const CaseViews& views, Instant now) {
  std::vector<Told> told;
  std::erase_if(watches_, [&](Watch& watch) {
    const auto state = views.state_now(watch.view, now);
    if (state && state->open) {
      if (state->revision == watch.told) return false;
      watch.told = state->revision;
      told.push_back({watch.see, ViewNews::changed, state->revision});
      return false;
    }
    told.push_back({std::move(watch.see), ViewNews::closed, state ? state->revision : watch.told});
    return true;
  });
  return told;
}

std::vector<ViewWatches::Told> ViewWatches::end_all() {
  std::vector<Told> told;
  for (auto& watch : std::exchange(watches_, {})) told.push_back({std::move(watch.see), ViewNews::closed, watch.told});
  return told;
}

}  // namespace ginnel
