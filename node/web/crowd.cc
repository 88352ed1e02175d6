// SPDX-License-Identifier: Apache-2.0
#include "node/web/crowd.h"

#include <algorithm>
#include <utility>

namespace ginnel {

Crowd::Entry Crowd::enter(const std::shared_ptr<Guest>& guest) {
  std::shared_ptr<Guest> leaving;  // its last reference may go here, and not under the lock
  {
    std::lock_guard lock(mutex_);
    std::weak_ptr<Guest>* chosen = nullptr;
    if (is_full()) {
      // Those that leave are still here until they are gone: there is an end to them too.
      chosen = guests_.size() < 2 * most_ ? longest_waiting() : nullptr;
      if (chosen == nullptr) return Entry::full;
      leaving = chosen->lock();
    }
    guests_.emplace(guest.get(), guest);
    if (chosen == nullptr) return Entry::alone;
  }
  if (leaving) leaving->give_way();
  return Entry::another_gave_way;
}

bool Crowd::is_full() const {
  if (guests_.size() < most_) return false;
  const auto leaving = std::count_if(guests_.begin(), guests_.end(), [](auto& one) { return one.first->is_leaving_; });
  return guests_.size() - std::size_t(leaving) >= most_;
}

std::weak_ptr<Guest>* Crowd::longest_waiting() {
  Guest* chosen = nullptr;
  std::pair<bool, std::int64_t> least;
  for (auto& [guest, ignored] : guests_) {
    const std::pair<bool, std::int64_t> rank{guest->was_served_, guest->waits_since_ms_};
    if (guest->is_leaving_ || rank.second == 0 || (chosen != nullptr && rank >= least)) continue;
    chosen = guest;
    least = rank;
  }
  if (chosen == nullptr) return nullptr;
  chosen->is_leaving_ = true;
  return &guests_.at(chosen);
}

void Crowd::leave(Guest* guest) {
  std::lock_guard lock(mutex_);
  guests_.erase(guest);
  is_empty_.notify_all();
}

std::vector<std::shared_ptr<Guest>> Crowd::all() const {
  std::vector<std::shared_ptr<Guest>> out;
  std::lock_guard lock(mutex_);
  for (const auto& [ignored, one] : guests_)
    if (auto alive = one.lock()) out.push_back(std::move(alive));
  return out;
}

void Crowd::wait_until_empty(std::chrono::milliseconds longest) {
  std::unique_lock lock(mutex_);
  is_empty_.wait_for(lock, longest, [this] { return guests_.empty(); });
}

}  // namespace ginnel
