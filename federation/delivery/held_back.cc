// SPDX-License-Identifier: Apache-2.0
#include "federation/delivery/held_back.h"

#include <algorithm>

namespace ginnel {

std::vector<Outgoing> HeldBack::take(std::vector<Outgoing> messages, Instant now) {
  std::erase_if(messages, [now](const Outgoing& message) { return message.expires <= now; });
  const auto later = std::stable_partition(messages.begin(), messages.end(),
                                           [now](const Outgoing& message) { return message.not_before <= now; });
  held_.insert(held_.end(), std::make_move_iterator(later), std::make_move_iterator(messages.end()));
  messages.erase(later, messages.end());
  return messages;
}

std::optional<Instant> HeldBack::next() const {
  const auto first = std::min_element(held_.begin(), held_.end(),
                                      [](const Outgoing& a, const Outgoing& b) { return a.not_before < b.not_before; });
  return first == held_.end() ? std::nullopt : std::optional(first->not_before);
}

}  // namespace ginnel
