// SPDX-License-Identifier: Apache-2.0
// By what rules two descriptions are compared: dated configuration, read by adapters/link_rules_reader.h from a file
// like config-examples/linking/west-yorkshire.toml, which says what each number is.
//
// Thread: any; immutable once read.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "federation/base/time.h"

namespace ginnel {

enum class LinkField : std::uint8_t {
  given_name,
  family_name,
  birth,
  sex,
  house,
  street,
  place,
  postcode,
  phone,
  checked_number,
  other_number,
};
inline constexpr std::size_t link_field_count = 11;
inline constexpr std::array<std::string_view, link_field_count> link_field_names = {
    "given_name", "family_name", "birth",          "sex",         "house", "street", "place",
    "postcode",   "phone",       "checked_number", "other_number"};

// How far a field of two descriptions agrees; what it means for each field stands in the configuration.
enum class Level : std::uint8_t { unknown, exact, equivalent, close, alike, part, different };
inline constexpr std::size_t level_count = 7;
inline constexpr std::array<std::string_view, level_count> level_names = {"unknown", "exact", "equivalent", "close",
                                                                          "alike",   "part",  "different"};

// Where a pair was found: among how many people, and the score from which it is one person there.
struct LinkPlace {
  double people = 1;
  double same = 0;
};

struct LinkRules {
  using NameGroups = std::unordered_map<std::string, std::vector<std::uint16_t>>;
  using Shares = std::unordered_map<std::string, double>;

  std::string edition, source;
  Date effective_from;

  std::array<std::array<double, level_count>, link_field_count> weights{};  // log2(m / u)
  double swapped = 0;  // added where given and family name agree the wrong way round
  double household_max = 0;
  double same = 0, same_in_node = 0, ask = 0;  // least scores of the bands
  double people = 0, people_least = 0;
  int agreeing = 0, years_apart_max = 0;
  double alike_close = 0, alike_near = 0;  // Jaro-Winkler

  double usual_given = 0, usual_family = 0, less_at_most = 0, more_at_most = 0;
  std::size_t counted_from = 0, established_from = 0;
  Shares common_given, common_family;  // of people who have the name, in normal form

  std::set<std::string> never_markings;
  NameGroups given_groups, family_groups;              // a name in normal form -> the lines it stands in
  std::vector<std::string> given_heads, family_heads;  // the first name of each line
  std::set<std::string> weak_given;
  std::vector<std::pair<std::string, std::string>> family_endings, sounds;  // from -> to, the longest first
  std::unordered_map<std::string, std::string> street_words;
  std::string vowels;
  std::size_t sound_length = 0;

  LinkPlace in_files(std::size_t rows) const { return {std::max(double(rows), people_least), same}; }
  LinkPlace in_node() const { return {people, same_in_node}; }
  // Whom somebody looks for is more likely held than anybody else: as among few people, and told apart as in a node.
  LinkPlace in_search() const { return {people_least, same_in_node}; }
  double weight(LinkField field, Level level) const { return weights[std::size_t(field)][std::size_t(level)]; }
};

}  // namespace ginnel
