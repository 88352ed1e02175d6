// SPDX-License-Identifier: Apache-2.0
// Families as they are, before any agency writes down its own version of them.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "adapters/synth/chance.h"
#include "adapters/synth/faults.h"
#include "adapters/synth/names.h"
#include "adapters/synth/places.h"
#include "federation/record/person.h"

namespace ginnel::synth {

struct Somebody {
  std::uint32_t id = 0;  // in this world, from 1
  std::string given, family, nhs_number, upn;
  std::string former_family;  // before a marriage, or its end; empty: never another
  Date birth;
  Sex sex = Sex::unknown;
  bool is_child = false;
  bool is_twin = false;
};

struct Family {
  Community community = Community::english;
  std::vector<Somebody> children;  // eldest first
  std::optional<Somebody> unborn;  // `birth` is expected; no number yet
  Somebody mother;
  std::optional<Somebody> father;  // lives with them unless `father_left`
  bool father_left = false;
  std::optional<Somebody> partner;  // of the mother, in the household
  std::vector<Home> homes;          // in order of time; the last is the current one

  const Home& home() const { return homes.back(); }
  bool lived_there(const Somebody& child, const Home& home) const {  // after birth
    return !home.to.is_set() || child.birth < home.to;
  }
};

// Gives out numbers that nobody else has.
class Numbers {
 public:
  explicit Numbers(std::uint64_t seed) : offset_(seed % 1'000'000) {}
  std::uint32_t person() { return ++people_; }
  std::string nhs();  // of the 999 range, not in order
  std::string upn(int birth_year);

 private:
  std::uint64_t offset_;
  std::uint32_t people_ = 0, nhs_ = 0, upn_ = 0;
};

// At most `children_max` children, at least one.
Family make_family(int children_max, Date today, Numbers& numbers, FaultDice& dice);

Somebody make_adult(const std::string& family_name, Community community, Sex sex, int age, Date today, Numbers& numbers,
                    Chance& chance);

}  // namespace ginnel::synth
