// SPDX-License-Identifier: Apache-2.0
#include "adapters/link_rules_reader.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <sstream>

#include "adapters/limits.h"
#include "adapters/toml_section.h"
#include "federation/base/check.h"
#include "federation/record/name.h"

namespace ginnel {
namespace {

constexpr double bits_max = 64;  // of a weight or a score
constexpr double people_max = 1e9;
constexpr std::size_t piece_bytes_max = 16;  // of an ending or a sound

// Which levels a field has; the others weigh nothing.
struct FieldLevels {
  LinkField field;
  std::vector<Level> levels;
};
const std::vector<FieldLevels>& field_levels() {
  using enum Level;
  static const std::vector<FieldLevels> all = {
      {LinkField::given_name, {exact, equivalent, close, alike, part, different}},
      {LinkField::family_name, {exact, equivalent, close, alike, part, different}},
      {LinkField::birth, {exact, equivalent, close, alike, part, different}},
      {LinkField::sex, {exact, different}},
      {LinkField::house, {exact, close, different}},
      {LinkField::street, {exact, close, alike, different}},
      {LinkField::place, {exact, close, different}},
      {LinkField::postcode, {exact, close, part, different}},
      {LinkField::phone, {exact, close, different}},
      {LinkField::checked_number, {exact, close, different}},
      {LinkField::other_number, {exact, close, different}},
  };
  return all;
}

class LinkRulesReading {
 public:
  LinkRulesReading(LinkRules& to, TomlMistakes& mistakes) : to_(to), mistakes_(mistakes) {}

  void read(const toml::table& root) {
    TomlSection top(root, "the rules", mistakes_);
    to_.edition = top.need_text("edition", "\"2026-11\"");
    to_.source = top.need_text("source", "\"where the figures come from\"");
    if (auto text = top.need_text("effective_from", "\"2026-11-01\""); !text.empty()) {
      auto date = parse_date(text);
      if (!date) mistakes_.add(top.line(), "`effective_from` is no date", "write YYYY-MM-DD");
      to_.effective_from = date.value_or(Date());
    }
    for (const auto& field : field_levels()) read_weights(top, field);
    section(top, "bands", [&](TomlSection& at) {
      number(at, "same", -bits_max, bits_max, to_.same);
      number(at, "same_in_node", -bits_max, bits_max, to_.same_in_node);
      number(at, "ask", -bits_max, bits_max, to_.ask);
      number(at, "people", 1, people_max, to_.people);
      number(at, "people_least", 1, people_max, to_.people_least);
      number(at, "household_max", 0, bits_max, to_.household_max);
      whole(at, "agreeing", 2, 3, to_.agreeing);
      if (to_.ask > std::min(to_.same, to_.same_in_node))
        mistakes_.add(at.line(), "`ask` is above `same`", "a score to ask for is the lower one");
    });
    section(top, "names", [&](TomlSection& at) { number(at, "swapped", -bits_max, 0, to_.swapped); });
    section(top, "alike", [&](TomlSection& at) {
      number(at, "close", 0, 1, to_.alike_close);
      number(at, "near", 0, 1, to_.alike_near);
    });
    section(top, "rarity", [&](TomlSection& at) { read_rarity(at); });
    section(top, "never", [&](TomlSection& at) {
      for (auto& [word, line] : at.texts(at.need("markings", "list the markings"), "markings"))
        to_.never_markings.insert(std::move(word));
    });
    section(top, "given_names", [&](TomlSection& at) {
      read_groups(at, to_.given_groups, to_.given_heads);
      for (auto& [word, line] : at.texts(at.find("weak"), "weak")) to_.weak_given.insert(normal_name(word));
    });
    section(top, "family_names", [&](TomlSection& at) {
      read_groups(at, to_.family_groups, to_.family_heads);
      read_pairs(at, "endings", to_.family_endings);
    });
    section(top, "sounds", [&](TomlSection& at) {
      read_pairs(at, "replace", to_.sounds);
      to_.vowels = at.need_text("vowels", "\"aeiou\", the letters that fall away");
      int length = 1;
      whole(at, "length", 1, 32, length);
      to_.sound_length = std::size_t(length);
    });
    section(top, "street_words", [&](TomlSection& at) { read_street_words(root, at); });
  }

 private:
  template <class Take>
  void section(TomlSection& top, std::string_view key, Take take) {
    const toml::node* node = top.need(key, "add the table [" + std::string(key) + "]");
    if (!node) return;
    if (const toml::table* table = node->as_table()) {
      TomlSection at(*table, "[" + std::string(key) + "]", mistakes_);
      take(at);
    } else {
      top.wrong(*node, key, "write it as a table");
    }
  }

  void number(TomlSection& at, std::string_view key, double least, double most, double& to) {
    const toml::node* node = at.need(key, "give it a number");
    if (!node) return;
    const auto value = node->value<double>();
    if (!node->is_number() || !value || !std::isfinite(*value) || *value < least || *value > most)
      return at.wrong(*node, key, "write a number from " + text_of(least) + " to " + text_of(most));
    to = *value;
  }
  template <class Whole>
  void whole(TomlSection& at, std::string_view key, int least, int most, Whole& to) {
    double value = least;
    number(at, key, least, most, value);
    to = Whole(value);
  }
  static std::string text_of(double number) {
    std::ostringstream out;
    out << number;
    return out.str();
  }

  void read_weights(TomlSection& top, const FieldLevels& field) {
    const auto name = link_field_names[std::size_t(field.field)];
    section(top, name, [&](TomlSection& at) {
      for (Level level : field.levels)
        number(at, level_names[std::size_t(level)], -bits_max, bits_max,
               to_.weights[std::size_t(field.field)][std::size_t(level)]);
      if (field.field == LinkField::birth) whole(at, "years_apart_max", 0, 100, to_.years_apart_max);
    });
  }

  void read_rarity(TomlSection& at) {
    number(at, "usual_given", 1e-9, 1, to_.usual_given);
    number(at, "usual_family", 1e-9, 1, to_.usual_family);
    number(at, "less_at_most", 0, bits_max, to_.less_at_most);
    number(at, "more_at_most", 0, bits_max, to_.more_at_most);
    whole(at, "counted_from", 1, 1'000'000'000, to_.counted_from);
    whole(at, "established_from", 2, 1'000'000'000, to_.established_from);
    read_shares(at, "common_given", to_.common_given);
    read_shares(at, "common_family", to_.common_family);
  }
  void read_shares(TomlSection& at, std::string_view key, LinkRules::Shares& to) {
    const toml::node* node = at.find(key);
    if (!node) return;
    const toml::table* table = node->as_table();
    if (!table) return at.wrong(*node, key, "write it as a table of names");
    for (const auto& [name, value] : *table) {
      const auto share = value.value<double>();
      if (!share || !(*share > 0 && *share <= 1))
        at.wrong(value, name.str(), "write the share of people with the name, above 0 and at most 1");
      else
        to[normal_name(name.str())] = *share;
    }
  }

  void read_groups(TomlSection& at, LinkRules::NameGroups& groups, std::vector<std::string>& heads) {
    const toml::node* node = at.need("groups", "list the names that are one, a list for each");
    if (!node) return;
    const toml::array* lines = node->as_array();
    if (!lines || lines->size() > limits::link_rules_groups_max)
      return at.wrong(*node, "groups",
                      "write a list of at most " + std::to_string(limits::link_rules_groups_max) + " lists");
    for (const toml::node& line : *lines) {
      const auto number = std::uint16_t(heads.size());
      std::string head;
      if (!line.is_array()) {
        at.wrong(line, "groups", "write each group as a list of names");
        continue;
      }
      for (const auto& [name, at_line] : at.texts(&line, "groups")) {
        const std::string normal = normal_name(name);
        if (normal.empty() || normal.find(' ') != std::string::npos) {
          mistakes_.add(at_line, "a name of a group is not one word of letters", "write single names");
          continue;
        }
        if (head.empty()) head = normal;
        auto& in = groups[normal];
        if (in.empty() || in.back() != number) in.push_back(number);
      }
      heads.push_back(head);
    }
  }

  // The longest first, because the first that fits is taken.
  void read_pairs(TomlSection& at, std::string_view key, std::vector<std::pair<std::string, std::string>>& to) {
    const toml::node* node = at.need(key, "list pairs: [[\"from\", \"to\"]]");
    if (!node) return;
    const toml::array* list = node->as_array();
    if (!list || list->size() > limits::link_rules_groups_max) return at.wrong(*node, key, "write a list of pairs");
    for (const toml::node& pair : *list) {
      const auto texts = pair.is_array() ? at.texts(&pair, key) : std::vector<TomlText>();
      const bool good =
          texts.size() == 2 && texts[0].text.size() <= piece_bytes_max && texts[1].text.size() <= piece_bytes_max;
      if (!good)
        at.wrong(pair, key, "write two short texts");
      else
        to.emplace_back(texts[0].text, texts[1].text);
    }
    std::stable_sort(to.begin(), to.end(),
                     [](const auto& a, const auto& b) { return a.first.size() > b.first.size(); });
  }

  void read_street_words(const toml::table& root, TomlSection& at) {
    const toml::table* table = root["street_words"].as_table();
    for (const auto& [word, value] : *table)
      if (auto meant = at.text(word.str()); !meant.empty())
        to_.street_words[std::string(word.str())] = std::move(meant);
  }

  LinkRules& to_;
  TomlMistakes& mistakes_;
};

}  // namespace

tl::expected<LinkRules, std::vector<Error>> read_link_rules(std::string_view text, std::string path) {
  TomlMistakes mistakes("bad-link-rules", "the linking rules " + path);
  if (text.size() > limits::link_rules_file_bytes_max) {
    mistakes.add(0, "it is longer than " + std::to_string(limits::link_rules_file_bytes_max) + " bytes",
                 "leave names out");
    return tl::unexpected(mistakes.in_order());
  }
  LinkRules made;
  if (auto root = parse_toml(text, mistakes)) LinkRulesReading(made, mistakes).read(*root);
  if (!mistakes.none()) return tl::unexpected(mistakes.in_order());
  return made;
}

tl::expected<LinkRules, std::vector<Error>> load_link_rules(const std::filesystem::path& file) {
  TomlMistakes mistakes("bad-link-rules", "the linking rules " + file.string());
  auto text = read_text_file(file, limits::link_rules_file_bytes_max, mistakes);
  if (!text) return tl::unexpected(mistakes.in_order());
  return read_link_rules(*text, file.string());
}

const LinkRules& default_link_rules() {
  static const LinkRules rules = [] {
    auto read = read_link_rules(default_link_rules_text(), "carried by the program");
    CHECK(read);
    return std::move(*read);
  }();
  return rules;
}

}  // namespace ginnel
