// SPDX-License-Identifier: Apache-2.0
#include "federation/record/description.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <set>

#include "federation/base/ascii.h"
#include "federation/record/name.h"
#include "federation/record/nhs_number.h"
#include "federation/record/postcode.h"
#include "federation/record/upn.h"

namespace ginnel {
namespace {

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
char lower(char c) { return c >= 'A' && c <= 'Z' ? char(c - 'A' + 'a') : c; }

std::vector<std::string> split(std::string_view text, std::string_view separators) {
  std::vector<std::string> words;
  while (!text.empty()) {
    const auto end = std::min(text.find_first_of(separators), text.size());
    if (end > 0) words.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return words;
}

const std::vector<std::uint16_t>* groups_of(const LinkRules::NameGroups& groups, const std::string& name) {
  auto found = groups.find(name);
  return found == groups.end() ? nullptr : &found->second;
}

double rarity(double share, double usual, const LinkRules& rules) {
  return std::clamp(std::log2(usual / share), -rules.less_at_most, rules.more_at_most);
}

double rarity_in(const LinkRules::Shares& shares, const std::string& name, double usual, const LinkRules& rules) {
  auto found = shares.find(name);
  return found == shares.end() ? 0 : rarity(found->second, usual, rules);
}

NameWord describe_word(std::string text, const LinkRules& rules) {
  NameWord word;
  word.stem = text;
  for (const auto& [from, to] : rules.family_endings)
    if (text.size() > from.size() && text.ends_with(from)) {
      word.stem = text.substr(0, text.size() - from.size()) + to;
      break;
    }
  word.sound = sound_of(word.stem, rules);
  if (auto* groups = groups_of(rules.given_groups, text)) word.given_groups = *groups;
  if (auto* groups = groups_of(rules.family_groups, text)) word.family_groups = *groups;
  word.given_rarity = rarity_in(rules.common_given, text, rules.usual_given, rules);
  word.family_rarity = rarity_in(rules.common_family, text, rules.usual_family, rules);
  word.is_weak = rules.weak_given.contains(text);
  word.text = std::move(text);
  return word;
}

// Hyphens part a name here, other than in its normal form: either half may stand alone elsewhere.
std::vector<NameWord> describe_words(std::string_view name, const LinkRules& rules) {
  std::vector<NameWord> words;
  for (const auto& piece : split(name, "-/"))
    for (auto& word : split(normal_name(piece), " "))
      if (words.size() < described_words_max) words.push_back(describe_word(std::move(word), rules));
  return words;
}

std::string joined(const std::vector<NameWord>& words) {
  std::string out;
  for (const auto& word : words) out += word.text;
  return out;
}

// Letters and digits in lower case, all else a single space.
std::string normal_line(std::string_view line) {
  std::string out;
  for (char c : line) {
    if (is_letter(c) || is_digit(c))
      out += lower(c);
    else if (c != '\'' && !out.empty() && out.back() != ' ')
      out += ' ';
  }
  while (!out.empty() && out.back() == ' ') out.pop_back();
  return out;
}

// The last number of a line stands before its street: "flat 2 12a ginnel row".
void take_line(DescribedAddress& address, std::string_view line, const LinkRules& rules) {
  auto words = split(normal_line(line), " ");
  std::string street;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (is_digit(words[i][0])) {
      if (i + 1 < words.size() || words.size() == 1) {
        if (address.house.empty() || street.empty()) address.house = words[i];
        continue;
      }
    }
    auto meant = rules.street_words.find(words[i]);
    street += (street.empty() ? "" : " ") + (meant == rules.street_words.end() ? words[i] : meant->second);
  }
  if (!street.empty()) address.streets.push_back(std::move(street));
}

std::string date_key(Date date) {
  const auto [low, high] = std::minmax(date.day, date.month);
  return std::to_string(date.year) + "-" + std::to_string(low) + "-" + std::to_string(high);
}

// A name's own sound, and that of the first of each line that it stands in.
void add_sounds(std::set<std::string>& out, const NameWord& word, const LinkRules& rules, bool is_given) {
  if (!word.sound.empty()) out.insert(word.sound);
  const auto& heads = is_given ? rules.given_heads : rules.family_heads;
  for (auto group : is_given ? word.given_groups : word.family_groups) out.insert(sound_of(heads[group], rules));
}

}  // namespace

std::string sound_of(std::string_view word, const LinkRules& rules) {
  std::string heard;
  while (!word.empty()) {
    auto rule = std::find_if(rules.sounds.begin(), rules.sounds.end(),
                             [&](const auto& one) { return word.starts_with(one.first); });
    if (rule == rules.sounds.end()) {
      heard += word.front();
      word.remove_prefix(1);
    } else {
      heard += rule->second;
      word.remove_prefix(rule->first.size());
    }
  }
  std::string out;
  for (std::size_t i = 0; i < heard.size() && out.size() < rules.sound_length; ++i) {
    const bool is_vowel = rules.vowels.find(heard[i]) != std::string::npos;
    if (i > 0 && (is_vowel || heard[i] == out.back())) continue;
    out += is_vowel ? rules.vowels.front() : heard[i];
  }
  return out;
}

DescribedName describe_name(std::string_view given, std::string_view family, const LinkRules& rules) {
  DescribedName name{describe_words(given, rules), describe_words(family, rules), {}, {}};
  name.given_joined = joined(name.given);
  name.family_joined = joined(name.family);
  return name;
}

DescribedAddress describe_address(std::string_view house, std::span<const std::string> lines, std::string_view place,
                                  std::string_view postcode, const LinkRules& rules) {
  DescribedAddress address;
  for (const auto& line : lines) take_line(address, line, rules);
  if (auto alone = normal_line(house); !alone.empty()) {
    std::erase(alone, ' ');
    address.house = std::move(alone);
  }
  address.place = normal_name(place);
  if (auto uk = parse_postcode(postcode)) {
    address.outward = uk->substr(0, uk->find(' '));
    address.postcode = address.outward + uk->substr(address.outward.size() + 1);
  } else {
    for (char c : postcode)
      if (is_letter(c) || is_digit(c)) address.postcode += char(is_letter(c) ? lower(c) - 'a' + 'A' : c);
  }
  return address;
}

DescribedNumber describe_number(std::string_view scheme, std::string_view value) {
  DescribedNumber number{std::string(scheme), {}, false};
  std::optional<std::string> checked;
  if (scheme == "nhs") checked = parse_nhs_number(value);
  if (scheme == "upn") checked = parse_upn(value);
  number.is_checked = checked.has_value();
  number.value = checked.value_or(std::string());
  if (!checked)
    for (char c : value)
      if (is_letter(c) || is_digit(c)) number.value += lower(c);
  return number;
}

Description describe(const Person& person, const LinkRules& rules) {
  Description out;
  for (const auto& name : person.names)
    if (out.names.size() < described_names_max) out.names.push_back(describe_name(name.given, name.family, rules));
  out.birth = person.birth;
  out.sex = person.sex;
  for (const auto& address : person.addresses) {
    if (out.addresses.size() == described_addresses_max) break;
    out.addresses.push_back(describe_address({}, address.lines, {}, address.postcode, rules));
  }
  for (const auto& identifier : person.identifiers) {
    if (out.numbers.size() == described_numbers_max) break;
    if (!identifier.scheme.starts_with("source:"))
      out.numbers.push_back(describe_number(identifier.scheme, identifier.value));
  }
  return out;
}

void count_names(std::span<const std::span<Description>> lists, const LinkRules& rules) {
  std::unordered_map<std::string, std::size_t> given, family;
  std::size_t people = 0;
  const auto each_word = [&](auto&& of_given, auto&& of_family) {
    for (auto list : lists)
      for (auto& one : list)
        for (auto& name : one.names) {
          for (auto& word : name.given) of_given(word);
          for (auto& word : name.family) of_family(word);
        }
  };
  for (auto list : lists) people += list.size();
  if (people < rules.counted_from) return;
  each_word([&](NameWord& word) { ++given[word.text]; }, [&](NameWord& word) { ++family[word.text]; });
  const auto share = [&](std::size_t count) { return double(std::max<std::size_t>(count, 1)) / double(people); };
  const auto set = [&](NameWord& word) {
    word.given_rarity = rarity(share(given[word.text]), rules.usual_given, rules);
    word.family_rarity = rarity(share(family[word.text]), rules.usual_family, rules);
    word.is_established = given[word.text] >= rules.established_from;
  };
  each_word(set, set);
}

std::vector<std::string> block_keys(const Description& one, const LinkRules& rules) {
  std::set<std::string> keys;
  const bool has_day = one.birth.precision == Precision::day;
  const bool has_year = has_day || one.birth.precision == Precision::month || one.birth.precision == Precision::year;
  const std::string day = has_day ? date_key(one.birth.date) : std::string();
  for (const auto& name : one.names) {
    std::set<std::string> given, family;
    if (!name.given.empty()) add_sounds(given, name.given.front(), rules, true);
    for (const auto& word : name.family) add_sounds(family, word, rules, false);
    for (const auto& a : given)
      for (const auto& b : family) {
        const auto [low, high] = std::minmax(a, b);  // whichever way round the names were written
        const std::string both = low + "|" + high + "|";
        if (has_year) keys.insert("year:" + both + std::to_string(one.birth.date.year));
        for (const auto& address : one.addresses)
          if (!address.outward.empty() || !address.postcode.empty())
            keys.insert("area:" + both + (address.outward.empty() ? address.postcode : address.outward));
      }
    given.merge(family);
    for (const auto& sound : given) {
      if (has_day) keys.insert("day:" + day + "|" + sound);
      for (const auto& address : one.addresses)
        if (!address.postcode.empty()) keys.insert("home:" + address.postcode + "|" + sound);
    }
  }
  if (has_day)
    for (const auto& address : one.addresses)
      if (!address.postcode.empty()) keys.insert("born:" + day + "|" + address.postcode);
  for (const auto& number : one.numbers)
    if (!number.value.empty()) keys.insert("number:" + number.scheme + "|" + number.value);
  return {keys.begin(), keys.end()};
}

}  // namespace ginnel
