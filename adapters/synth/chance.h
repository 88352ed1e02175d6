// SPDX-License-Identifier: Apache-2.0
// Choices out of a seed, the same on every machine.
#pragma once

#include <span>
#include <vector>

#include "federation/base/clock.h"
#include "federation/base/time.h"

namespace ginnel::synth {

class Chance {
 public:
  explicit Chance(std::uint64_t seed) : random_(seed) {}

  int between(int least, int most) { return least + int(random_.below(std::uint64_t(most - least + 1))); }
  bool in_hundred(int percent) { return between(0, 99) < percent; }
  bool in_thousand(int thousandths) { return between(0, 999) < thousandths; }
  template <class List>
  const auto& one_of(const List& list) {
    return list[std::size_t(between(0, int(std::size(list)) - 1))];
  }
  std::uint64_t next() { return random_.next(); }

 private:
  SeededRandom random_;
};

inline Date days_before(Date day, int days) { return Date::from_days(day.days() - days); }
inline Date days_after(Date day, int days) { return Date::from_days(day.days() + days); }

}  // namespace ginnel::synth
