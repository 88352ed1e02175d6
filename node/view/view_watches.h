// SPDX-License-Identifier: Apache-2.0
// Who watches which open case view, and what they were told last. Tells them to look again; shows nothing itself, so
// every showing still goes through CaseViews::show and is decided and recorded there.
//
// Thread: the loop, but for the watcher's own `see`. Ownership: plain values. Failure: `too-busy` over a limit; whose
// `see` says false is forgotten. Limits: limits::view_watches_*.
#pragma once

#include <cstddef>
#include <vector>

#include "node/view/case_views.h"

namespace ginnel {

namespace limits {
inline constexpr std::size_t view_watches_max = 128;         // of one node
inline constexpr std::size_t view_watches_per_user_max = 8;  // open pages of one practitioner
}  // namespace limits

class ViewWatches {
 public:
  // `seen`: the revision that the watcher's page shows.
  Expected<void> add(const UserId& user, const ViewId& view, std::uint32_t seen, SeeNews see);

  struct Told {
    SeeNews see;
    ViewNews news;
    std::uint32_t revision;
  };
  // Whom to tell what, once the turn is durable. A view that closed is watched no longer.
  std::vector<Told> look(const CaseViews& views, Instant now);

  // Whoever listens is told that the view closed: the page asks again, and finds what there is.
  std::vector<Told> end_all();

  bool empty() const { return watches_.empty(); }
  std::size_t size() const { return watches_.size(); }

 private:
  struct Watch {
    UserId user;
    ViewId view;
    std::uint32_t told = 0;
    SeeNews see;
  };
  std::vector<Watch> watches_;
};

}  // namespace ginnel
