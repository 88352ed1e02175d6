// SPDX-License-Identifier: Apache-2.0
// Slows guessing of one user's password, without locking the user out for good: a lock is a weapon for whoever knows
// the user's name.
//
// Thread: any; has its own lock. Names are kept as hashes, because people type passwords into the wrong field.
// Limits: sign_in_names_max names; beyond them the one that failed longest ago is forgotten.
#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <string_view>

#include "federation/base/bytes.h"
#include "federation/base/time.h"

namespace ginnel {

class SignInThrottle {
 public:
  // How long this name must wait from now, in ms; 0: it may try, and the attempt counts as failed until succeeded().
  // Counting first keeps a hundred attempts at once from all passing before the first has failed.
  std::int64_t begin(std::string_view username, Instant now);
  void succeeded(std::string_view username);

  std::size_t names() const;

 private:
  struct Failures {
    std::uint32_t count = 0;
    Instant last;
  };
  void make_room(Instant now);

  mutable std::mutex mutex_;
  std::map<Hash, Failures> by_name_;
};

}  // namespace ginnel
