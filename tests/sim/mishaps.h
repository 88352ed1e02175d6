// SPDX-License-Identifier: Apache-2.0
// What goes wrong in a run: the network, the power, the disks, the clocks, and one member that means harm.
//
// Everything is from the seed. heal() ends all of it but the hostile member: nobody heals that.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "tests/sim/world.h"

namespace ginnel::sim {

class Mishaps {
 public:
  Mishaps(World& world, std::uint64_t seed) : world_(world), dice_(seed) {}

  // Loss, doubling and delays for the whole of the run; perhaps a hostile member.
  void set_weather();
  void some_mishap();
  // Somebody on the wires: an old frame again, to its recipient or to another, as it was or with a bit changed.
  void tamper();
  void heal();

 private:
  std::uint64_t roll(std::uint64_t sides) { return dice_.below(sides); }
  Machine& some_machine();
  void note(const std::string& who, const std::string& what);
  Instant later(std::int64_t ms_max) { return world_.now() + 50 + std::int64_t(roll(std::uint64_t(ms_max))); }
  void crash(Machine& machine, Instant until);
  void crash_and_replay(Machine& machine);
  void part_two(bool both_ways);
  std::vector<Answer> hostile_answers(const Ask& ask);

  World& world_;
  SeededRandom dice_;
};

}  // namespace ginnel::sim
