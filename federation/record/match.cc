// SPDX-License-Identifier: Apache-2.0
#include "federation/record/match.h"

#include <algorithm>
#include <set>

#include "federation/record/name.h"
#include "federation/record/nhs_number.h"

namespace ginnel {
namespace {

constexpr std::string_view nhs_scheme = "nhs";

void add_demographic(std::set<std::string>& keys, std::string_view family, std::string_view given, Date born,
                     const std::string& postcode) {
  std::string family_form = normal_name(family), given_form = normal_name(given);
  if (family_form.empty() || given_form.empty() || !born.is_set() || postcode.empty()) return;
  keys.insert("demographic:" + family_form + "|" + given_form + "|" + born.iso() + "|" + postcode);
}

// Empty unless both names and the day of birth are known.
std::string names_key(std::string_view family, std::string_view given, Date born) {
  std::string family_form = normal_name(family), given_form = normal_name(given);
  if (family_form.empty() || given_form.empty() || !born.is_set()) return {};
  return "names:" + family_form + "|" + given_form + "|" + born.iso();
}

std::set<std::string> nhs_numbers(const Person& person) {
  std::set<std::string> numbers;
  for (const auto& identifier : person.identifiers) {
    if (identifier.scheme == nhs_scheme) numbers.insert(identifier.value);
  }
  return numbers;
}

}  // namespace

std::vector<std::string> link_keys(const Person& person) {
  std::set<std::string> keys;
  for (const auto& number : nhs_numbers(person)) keys.insert("nhs:" + number);
  if (person.birth.precision == Precision::day) {
    for (const auto& name : person.names) {
      for (const auto& address : person.addresses) {
        add_demographic(keys, name.family, name.given, person.birth.date, address.postcode);
      }
    }
  }
  return {keys.begin(), keys.end()};
}

std::vector<std::string> link_keys(const Identity& identity) {
  std::set<std::string> keys;
  if (!identity.nhs_number.empty()) keys.insert("nhs:" + identity.nhs_number);
  add_demographic(keys, identity.family, identity.given, identity.birth_date, identity.postcode);
  return {keys.begin(), keys.end()};
}

std::vector<std::string> find_keys(const Person& person) {
  auto keys = link_keys(person);
  if (person.birth.precision != Precision::day) return keys;
  std::set<std::string> by_name;
  for (const auto& name : person.names)
    if (auto key = names_key(name.family, name.given, person.birth.date); !key.empty()) by_name.insert(key);
  keys.insert(keys.end(), by_name.begin(), by_name.end());
  return keys;
}

std::vector<std::vector<std::string>> find_keys(const Identity& identity) {
  std::vector<std::vector<std::string>> groups;
  for (const auto& key : link_keys(identity)) groups.push_back({key});
  std::reverse(groups.begin(), groups.end());  // "nhs:" sorts after "demographic:", and counts for more
  if (auto key = names_key(identity.family, identity.given, identity.birth_date); !key.empty()) groups.push_back({key});
  return groups;
}

bool contradict(const Person& a, const Person& b) {
  auto in_a = nhs_numbers(a), in_b = nhs_numbers(b);
  if (!in_a.empty() && !in_b.empty()) {
    return std::none_of(in_a.begin(), in_a.end(), [&](const std::string& number) { return in_b.count(number) > 0; });
  }
  bool days_known = a.birth.precision == Precision::day && b.birth.precision == Precision::day;
  return days_known && a.birth.date != b.birth.date;
}

bool contradict_by_number(const Person& a, const Person& b) {
  const auto verified = [](const Person& person) {
    std::set<std::string> numbers;
    for (const auto& identifier : person.identifiers)
      if (identifier.scheme == nhs_scheme && identifier.verified && parse_nhs_number(identifier.value))
        numbers.insert(identifier.value);
    return numbers;
  };
  const auto in_a = verified(a), in_b = verified(b);
  if (in_a.empty() || in_b.empty()) return false;
  return std::none_of(in_a.begin(), in_a.end(), [&](const std::string& number) { return in_b.contains(number); });
}

}  // namespace ginnel
