// SPDX-License-Identifier: Apache-2.0
// Messages that may leave, and are kept until their moment.
//
// SECURITY: how long an answer takes must not tell a child who is concealed from one whom nobody holds (DESIGN 7).
//
// Thread: the loop. What is here is committed; it is not kept over a restart, since who asked asks again.
#pragma once

#include <optional>
#include <vector>

#include "federation/wire/outgoing.h"

namespace ginnel {

class HeldBack {
 public:
  // Those of `messages` that may leave now; the others are kept. What has expired, since the clock was put forward, is
  // let fall.
  std::vector<Outgoing> take(std::vector<Outgoing> messages, Instant now);
  // Those that were kept and may leave now.
  std::vector<Outgoing> due(Instant now) { return take(std::exchange(held_, {}), now); }
  std::optional<Instant> next() const;  // nothing: none is kept

  // After a clock was put back too: a message would leave before it was made, and its moment may be hours away.
  void clear() { held_.clear(); }

 private:
  std::vector<Outgoing> held_;  // as they came
};

}  // namespace ginnel
