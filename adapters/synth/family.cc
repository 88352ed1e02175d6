// SPDX-License-Identifier: Apache-2.0
#include "adapters/synth/family.h"

#include <algorithm>
#include <cstdio>

#include "federation/record/nhs_number.h"
#include "federation/record/upn.h"

namespace ginnel::synth {
namespace {

Date make_birth(int age, Date today, Chance& chance) { return days_before(today, age * 365 + chance.between(20, 360)); }

struct Naming {
  std::string handed_down;  // the father's
  bool to_sons_only = false;
};

void add_children(Family& family, const Naming& naming, int count, bool twins, Date today, Numbers& numbers,
                  Chance& chance) {
  int age = chance.between(count - 1, 16);  // of the eldest
  for (int i = 0; i < count && age >= 0; ++i) {
    Somebody child;
    child.id = numbers.person();
    child.is_child = true;
    child.sex = chance.in_hundred(50) ? Sex::female : Sex::male;
    do {
      child.given = make_given_name(family.community, child.sex, chance);
    } while (std::any_of(family.children.begin(), family.children.end(),
                         [&](const Somebody& sibling) { return sibling.given == child.given; }));
    child.family = family_name_for(naming.handed_down, child.sex);
    if (naming.to_sons_only && child.sex == Sex::female) child.family = own_second_name(chance);
    child.birth = make_birth(age, today, chance);
    if (twins && i == 1) {
      child.birth = family.children[0].birth;
      child.is_twin = family.children[0].is_twin = true;
    }
    child.nhs_number = numbers.nhs();
    if (age >= 4) child.upn = numbers.upn(child.birth.year);
    family.children.push_back(std::move(child));
    if (!twins || i > 0) age -= chance.between(1, 3);
  }
}

void add_homes(Family& family, Date today, Chance& chance) {
  int moves = chance.in_hundred(8) ? 2 : chance.in_hundred(32) ? 1 : 0;
  District district = make_district(chance);
  Date from = days_before(today, chance.between(3200, 6200));
  for (int i = 0; i <= moves; ++i) {
    family.homes.push_back(make_home(district, from, chance));
    if (i == moves) break;
    Date moved = days_before(today, (moves - i) * 1100 - chance.between(0, 900));
    family.homes.back().to = moved;
    from = moved;
    if (chance.in_hundred(70)) district = another_district(district, chance);
  }
}

}  // namespace

std::string Numbers::nhs() {
  constexpr unsigned placeholder = 999'999;  // 9999999999
  for (;;) {
    // 700001 and a million have no common factor: every number comes once, and neighbours are far apart.
    std::uint64_t n = (std::uint64_t(nhs_++) * 700'001 + offset_) % 1'000'000;
    if (n == placeholder) continue;
    char nine[16];
    std::snprintf(nine, sizeof nine, "999%06u", unsigned(n));
    if (auto check = nhs_check_digit(nine)) return std::string(nine) + *check;
  }
}

std::string Numbers::upn(int birth_year) {
  char twelve[24];
  std::uint32_t n = ++upn_;
  std::snprintf(twelve, sizeof twelve, "380%04u%02u%03u", 9000 - n / 1000 % 1000, unsigned((birth_year + 5) % 100),
                n % 1000);
  return *upn_check_letter(twelve) + std::string(twelve);
}

Somebody make_adult(const std::string& family_name, Community community, Sex sex, int age, Date today, Numbers& numbers,
                    Chance& chance) {
  Somebody adult;
  adult.id = numbers.person();
  adult.sex = sex;
  adult.given = make_given_name(community, sex, chance);
  adult.family = family_name;
  adult.birth = make_birth(age, today, chance);
  adult.nhs_number = numbers.nhs();
  return adult;
}

Family make_family(int children_max, Date today, Numbers& numbers, FaultDice& dice) {
  Chance& chance = dice.chance();
  Family family;
  family.community = make_community(chance);
  Naming naming{make_family_name(family.community, chance)};
  // Where surnames are not handed down, a son bears his father's name and a daughter one of her own.
  naming.to_sons_only = family.community == Community::south_asian && chance.in_hundred(25);
  int percent = chance.between(0, 99);
  int count = std::min(percent < 45 ? 1 : percent < 78 ? 2 : percent < 93 ? 3 : 4, children_max);
  bool twins = count > 1 && dice.strikes(Fault::twins);
  add_children(family, naming, count, twins, today, numbers, chance);
  int eldest = age_on(family.children[0].birth, today);
  std::string own_name = own_family_name(family.community, chance);
  bool kept_her_name = naming.to_sons_only || chance.in_hundred(35);
  std::string married_name = family_name_for(naming.handed_down, Sex::female);
  int mother_age = eldest + chance.between(18, 34);
  family.mother = make_adult(kept_her_name ? own_name : married_name, family.community, Sex::female, mother_age, today,
                             numbers, chance);
  if (!kept_her_name) family.mother.former_family = own_name;
  if (chance.in_hundred(75)) {
    int age = mother_age + chance.between(-3, 8);
    family.father = make_adult(naming.handed_down, family.community, Sex::male, age, today, numbers, chance);
    family.father_left = chance.in_hundred(40);
  }
  // Children born before their parents' marriage bore the mother's name.
  if (!kept_her_name && chance.in_hundred(15)) {
    for (Somebody& child : family.children) child.former_family = own_name;
  }
  bool alone = !family.father || family.father_left;
  if (alone && chance.in_hundred(35)) {
    Community community = make_community(chance);
    std::string partner_name = make_family_name(community, chance);
    int age = mother_age + chance.between(-6, 6);
    family.partner = make_adult(partner_name, community, Sex::male, age, today, numbers, chance);
  }
  if (mother_age < 45 && dice.strikes(Fault::unborn)) {
    Somebody unborn;
    unborn.id = numbers.person();
    unborn.given = "Unborn";
    unborn.family = family.mother.family;
    unborn.birth = days_after(today, chance.between(14, 180));
    unborn.is_child = true;
    family.unborn = std::move(unborn);
  }
  add_homes(family, today, chance);
  return family;
}

}  // namespace ginnel::synth
