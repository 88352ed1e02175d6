// SPDX-License-Identifier: Apache-2.0
// A person as linking sees them: everything in the form in which it is compared, made once for many comparisons.
//
// Holds personal data in the clear; never written anywhere. Thread: any; immutable once made.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "federation/record/link_rules.h"
#include "federation/record/person.h"

namespace ginnel {

struct NameWord {
  std::string text;  // in normal form
  std::string stem;  // a family name without what sex makes of its ending
  std::string sound;
  std::vector<std::uint16_t> given_groups, family_groups;
  double given_rarity = 0, family_rarity = 0;  // bits that agreeing on it is worth more or less than usual
  bool is_weak = false;                        // alone, it says nothing (LinkRules::weak_given)
  bool is_established = false;                 // a name in use among those compared: not a slip of the pen
};

struct DescribedName {
  std::vector<NameWord> given, family;
  std::string given_joined, family_joined;
};

struct DescribedAddress {
  std::string house;                 // "12a"
  std::vector<std::string> streets;  // lines without the house number
  std::string place, postcode, outward;
};

struct DescribedNumber {
  std::string scheme, value;
  bool is_checked = false;  // its check rule holds
};

struct Description {
  std::vector<DescribedName> names;
  Birth birth;
  Sex sex = Sex::unknown;
  std::vector<DescribedAddress> addresses;
  std::vector<DescribedNumber> numbers;
  std::vector<std::string> phones;  // digits
};

// What is compared at most of one person: each their first ones.
inline constexpr std::size_t described_names_max = 6, described_words_max = 6, described_addresses_max = 6,
                             described_numbers_max = 8;

// Source keys are left out: another system's mean something else.
Description describe(const Person& person, const LinkRules& rules);

// The parts, for readers of other forms.
DescribedName describe_name(std::string_view given, std::string_view family, const LinkRules& rules);
// "12a Ginnel Row" is house 12a, street "ginnel row"; `house` where it stands by itself.
DescribedAddress describe_address(std::string_view house, std::span<const std::string> lines, std::string_view place,
                                  std::string_view postcode, const LinkRules& rules);
// Schemes "nhs" and "upn" are checked; every other is text, and so is what fails its check.
DescribedNumber describe_number(std::string_view scheme, std::string_view value);

// What of a name is left when it is only heard.
std::string sound_of(std::string_view normal_word, const LinkRules& rules);

// Counts how common each name is among all of them, and sets rarity and `is_established` by it; too few people:
// nothing.
void count_names(std::span<const std::span<Description>> lists, const LinkRules& rules);

// Under each of these it stands together with descriptions that may be of the same person. Few people share one.
std::vector<std::string> block_keys(const Description& description, const LinkRules& rules);

}  // namespace ginnel
