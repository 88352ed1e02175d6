// SPDX-License-Identifier: Apache-2.0
#include "federation/record/linkage.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "federation/record/alike.h"

namespace ginnel {
namespace {

constexpr std::size_t edit_word_min = 3;   // shorter words differ by one letter too easily
constexpr std::size_t house_edit_min = 2;  // digits of a house number
constexpr std::size_t sound_min = 2;

bool share_group(const std::vector<std::uint16_t>& a, const std::vector<std::uint16_t>& b) {
  return std::any_of(a.begin(), a.end(), [&](auto group) { return std::find(b.begin(), b.end(), group) != b.end(); });
}

enum class NameKind { given, family, crossed };

// What an agreement of names is worth, and whether it may count as agreement at all.
struct NameLevel {
  Level level = Level::unknown;
  double rarity = 0;
  bool is_doubtful = false;  // as alike as two names of twins may be
};

Level spelt_alike(std::string_view a, std::string_view b, const LinkRules& rules) {
  if (a == b) return Level::exact;
  const bool long_enough = std::min(a.size(), b.size()) >= edit_word_min;
  if (long_enough && is_one_edit(a, b)) return Level::close;
  const double alike = long_enough ? jaro_winkler(a, b) : 0;
  if (alike >= rules.alike_close) return Level::close;
  return alike >= rules.alike_near ? Level::alike : Level::different;
}

NameLevel compare_words(const NameWord& a, const NameWord& b, NameKind kind, const LinkRules& rules) {
  if (a.text == b.text) {
    const double rarity = kind == NameKind::given    ? a.given_rarity
                          : kind == NameKind::family ? a.family_rarity
                                                     : std::max(a.given_rarity, a.family_rarity);
    return {Level::exact, rarity, false};
  }
  if (kind != NameKind::family && share_group(a.given_groups, b.given_groups)) return {Level::equivalent, 0, false};
  if (kind != NameKind::given && (a.stem == b.stem || share_group(a.family_groups, b.family_groups)))
    return {Level::equivalent, std::min(a.family_rarity, b.family_rarity), false};
  if (kind == NameKind::given && !a.given_groups.empty() && !b.given_groups.empty())
    return {Level::different, 0, false};
  Level level = spelt_alike(a.text, b.text, rules);
  if (level == Level::different && a.sound.size() >= sound_min && a.sound == b.sound) level = Level::alike;
  const bool both_in_use =
      (a.is_established || !a.given_groups.empty()) && (b.is_established || !b.given_groups.empty());
  if (kind == NameKind::given && both_in_use && level != Level::different) return {Level::alike, 0, true};
  return {level, 0, false};
}

bool is_initial(const std::vector<NameWord>& one, const std::vector<NameWord>& of) {
  return one.size() == 1 && one[0].text.size() == 1 && one[0].text[0] == of[0].text[0];
}

// Each word of the shorter name with its best one of the longer.
NameLevel compare_names(const std::vector<NameWord>& a, const std::vector<NameWord>& b, const std::string& joined_a,
                        const std::string& joined_b, NameKind kind, const LinkRules& rules) {
  if (a.empty() || b.empty()) return {};
  if (a.size() == 1 && b.size() == 1 && a[0].text.size() > 1 && b[0].text.size() > 1)
    return compare_words(a[0], b[0], kind, rules);
  if (a.size() > b.size()) return compare_names(b, a, joined_b, joined_a, kind, rules);
  if (is_initial(a, b) || is_initial(b, a)) return {Level::part, 0, false};

  NameLevel out{Level::exact, 0, false};
  std::array<bool, described_words_max> used{};
  std::size_t matched = 0;
  bool matched_is_weak = true;
  for (const auto& word : a) {
    NameLevel best{Level::different, 0, false};
    std::size_t at = b.size();
    for (std::size_t j = 0; j < b.size(); ++j) {
      if (used[j]) continue;
      const auto level = compare_words(word, b[j], kind, rules);
      if (level.level < best.level) best = level, at = j;
    }
    if (at == b.size()) continue;
    used[at] = true;
    ++matched;
    matched_is_weak = matched_is_weak && word.is_weak;
    out.level = std::max(out.level, best.level);
    out.rarity = std::max(out.rarity, best.rarity);
    out.is_doubtful = out.is_doubtful || best.is_doubtful;
  }
  if (matched == a.size() && a.size() == b.size()) return out;
  // "Maryann" and "Mary Ann". No looser: two long names with one part in common are alike as a whole.
  if (joined_a == joined_b) return {Level::exact, 0, false};
  if (is_one_edit(joined_a, joined_b)) return {Level::close, 0, false};
  if (kind == NameKind::given && matched_is_weak && matched > 0) {
    // "Mohammed" alone neither is nor is not "Mohammed Ali"; "Mohammed Bilal" is not.
    return {matched == a.size() ? Level::unknown : Level::different, 0, false};
  }
  if (matched == a.size() || (matched > 0 && kind == NameKind::family)) return {Level::part, 0, out.is_doubtful};
  // A different second name is told by somebody else's memory; a different first name is somebody else.
  const bool first_agrees = matched > 0 && compare_words(a.front(), b.front(), kind, rules).level <= Level::equivalent;
  return {first_agrees ? Level::part : Level::different, 0, first_agrees};
}

struct ComparedNames {
  Level given = Level::unknown, family = Level::unknown;
  double weight = 0;
  bool is_swapped = false, given_agrees = false;
  bool given_are_names = false;  // both are names in use: neither is the other's misspelling
};

bool is_in_use(const std::vector<NameWord>& words) {
  return !words.empty() && (words.front().is_established || !words.front().given_groups.empty());
}

bool is_surely_alike(Level level) { return level >= Level::exact && level <= Level::close; }

double exact_rarity(const NameLevel& level) { return level.level <= Level::equivalent ? level.rarity : 0; }

ComparedNames compare_pair(const DescribedName& a, const DescribedName& b, const LinkRules& rules) {
  const auto weigh = [&](const NameLevel& given, const NameLevel& family) {
    ComparedNames out;
    out.given = given.level;
    out.family = family.level;
    out.weight = rules.weight(LinkField::given_name, given.level) + exact_rarity(given) +
                 rules.weight(LinkField::family_name, family.level) + exact_rarity(family);
    out.given_agrees = given.level != Level::unknown && given.level != Level::different && !given.is_doubtful;
    return out;
  };
  auto best = weigh(compare_names(a.given, b.given, a.given_joined, b.given_joined, NameKind::given, rules),
                    compare_names(a.family, b.family, a.family_joined, b.family_joined, NameKind::family, rules));
  best.given_are_names = is_in_use(a.given) && is_in_use(b.given);
  // A half that agrees where it stands is no swap: Hassan Hussain's brother is Hussain Hussain.
  if (is_surely_alike(best.given) || is_surely_alike(best.family)) return best;
  const auto given = compare_names(a.given, b.family, a.given_joined, b.family_joined, NameKind::crossed, rules);
  const auto family = compare_names(a.family, b.given, a.family_joined, b.given_joined, NameKind::crossed, rules);
  if (!is_surely_alike(given.level) || !is_surely_alike(family.level)) return best;
  // Which of them is the given name, neither says: the lower weight is the same whoever is first.
  auto crossed = weigh(given, family);
  if (auto other = weigh(family, given); other.weight < crossed.weight) crossed = other;
  crossed.weight += rules.swapped;
  crossed.is_swapped = true;
  return crossed.weight > best.weight ? crossed : best;
}

ComparedNames compare_all_names(const Description& a, const Description& b, const LinkRules& rules) {
  ComparedNames best;
  bool any = false;
  for (const auto& one : a.names)
    for (const auto& other : b.names) {
      auto compared = compare_pair(one, other, rules);
      if (!any || compared.weight > best.weight) best = compared;
      any = true;
    }
  return best;
}

std::string digits_of(Date date) {
  std::string iso = date.iso();
  std::erase(iso, '-');
  return iso;
}

Level compare_births(const Birth& a, const Birth& b, const LinkRules& rules) {
  const auto is_told = [](Precision precision) {
    return precision == Precision::day || precision == Precision::month || precision == Precision::year;
  };
  if (!is_told(a.precision) || !is_told(b.precision)) return Level::unknown;
  const Date x = a.date, y = b.date;
  const bool same_year = x.year == y.year;
  if (a.precision != Precision::day || b.precision != Precision::day) {
    if (!same_year) return Level::different;
    const bool months = a.precision != Precision::year && b.precision != Precision::year;
    if (!months) return Level::part;
    return x.month == y.month ? Level::alike : Level::different;
  }
  if (x == y) return Level::exact;
  if (same_year && x.day == y.month && x.month == y.day) return Level::equivalent;
  if (is_one_edit(digits_of(x), digits_of(y)))
    return std::abs(x.year - y.year) <= rules.years_apart_max ? Level::close : Level::part;
  if (same_year && x.month == y.month) return Level::alike;
  const bool beside = x.day == y.day && x.month == y.month && std::abs(x.year - y.year) == 1;
  return same_year || beside ? Level::part : Level::different;
}

Level compare_sexes(Sex a, Sex b) {
  const auto is_told = [](Sex sex) { return sex == Sex::female || sex == Sex::male; };
  if (!is_told(a) || !is_told(b)) return Level::unknown;
  return a == b ? Level::exact : Level::different;
}

Level compare_texts(std::string_view a, std::string_view b, std::size_t edit_min) {
  if (a.empty() || b.empty()) return Level::unknown;
  if (a == b) return Level::exact;
  return std::min(a.size(), b.size()) >= edit_min && is_one_edit(a, b) ? Level::close : Level::different;
}

bool share_half_their_words(std::string_view a, std::string_view b) {
  const auto count = [](std::string_view text) { return std::size_t(1 + std::count(text.begin(), text.end(), ' ')); };
  const std::string in = " " + std::string(b) + " ";
  std::size_t shared = 0;
  for (std::string_view rest = a; !rest.empty();) {
    const auto end = std::min(rest.find(' '), rest.size());
    if (in.find(" " + std::string(rest.substr(0, end)) + " ") != std::string::npos) ++shared;
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return 2 * shared >= std::max(count(a), count(b));
}

// The best of the lines: which of them names the street differs between systems.
Level compare_streets(const std::vector<std::string>& a, const std::vector<std::string>& b, const LinkRules& rules) {
  if (a.empty() || b.empty()) return Level::unknown;
  Level best = Level::different;
  for (const auto& one : a)
    for (const auto& other : b) {
      Level level = spelt_alike(one, other, rules);
      if (level == Level::different && share_half_their_words(one, other)) level = Level::alike;
      best = std::min(best, level);
    }
  return best;
}

Level compare_places(const std::string& a, const std::string& b, const LinkRules& rules) {
  if (a.empty() || b.empty()) return Level::unknown;
  const Level level = spelt_alike(a, b, rules);
  return level == Level::alike ? Level::close : level;
}

Level compare_postcodes(const DescribedAddress& a, const DescribedAddress& b) {
  const Level level = compare_texts(a.postcode, b.postcode, 3);
  const bool same_outward = !a.outward.empty() && a.outward == b.outward;
  return level == Level::different && same_outward ? Level::part : level;
}

constexpr std::array household_fields = {LinkField::house, LinkField::street, LinkField::place, LinkField::postcode};

double compare_addresses(const Description& a, const Description& b, const LinkRules& rules, Comparison& into) {
  double best = 0;
  bool any = false;
  for (const auto& one : a.addresses)
    for (const auto& other : b.addresses) {
      const std::array levels = {compare_texts(one.house, other.house, house_edit_min),
                                 compare_streets(one.streets, other.streets, rules),
                                 compare_places(one.place, other.place, rules), compare_postcodes(one, other)};
      double weight = 0;
      for (std::size_t i = 0; i < levels.size(); ++i) weight += rules.weight(household_fields[i], levels[i]);
      if (any && weight <= best) continue;
      best = weight;
      any = true;
      for (std::size_t i = 0; i < levels.size(); ++i) into.levels[std::size_t(household_fields[i])] = levels[i];
    }
  return std::min(best, rules.household_max);
}

struct ComparedNumbers {
  double weight = 0;
  bool agree = false;
};

ComparedNumbers compare_numbers(const Description& a, const Description& b, const LinkRules& rules, Comparison& into) {
  ComparedNumbers out;
  for (auto one = a.numbers.begin(); one != a.numbers.end(); ++one) {
    const bool first_of_scheme = std::none_of(a.numbers.begin(), one, [&](auto& e) { return e.scheme == one->scheme; });
    if (!first_of_scheme) continue;
    Level best = Level::unknown;
    bool both_checked = true;
    for (const auto& mine : a.numbers)
      for (const auto& other : b.numbers) {
        if (mine.scheme != one->scheme || other.scheme != one->scheme) continue;
        const Level level = compare_texts(mine.value, other.value, 4);
        if (level == Level::unknown || (best != Level::unknown && level >= best)) continue;
        best = level;
        both_checked = mine.is_checked && other.is_checked;
      }
    if (best == Level::unknown) continue;
    const auto field = both_checked ? LinkField::checked_number : LinkField::other_number;
    out.weight += rules.weight(field, best);
    out.agree = out.agree || best == Level::exact;
    into.levels[std::size_t(field)] = best;
    if (one->scheme == "nhs" && both_checked && best != Level::exact) into.numbers_contradict = true;
  }
  return out;
}

Level compare_phones(const Description& a, const Description& b) {
  Level best = Level::unknown;
  for (const auto& one : a.phones)
    for (const auto& other : b.phones) {
      const Level level = compare_texts(one, other, 6);
      if (level != Level::unknown && (best == Level::unknown || level < best)) best = level;
    }
  return best;
}

Band band_of(const Comparison& compared, const ComparedNames& names, bool number_agrees, const LinkPlace& found,
             const LinkRules& rules) {
  if (compared.score < rules.ask) return Band::different;
  const Level birth = compared.level(LinkField::birth);
  const bool birth_agrees = is_surely_alike(birth);
  const int agreeing = int(number_agrees) + int(names.given_agrees) + int(birth_agrees);
  const Level family = compared.level(LinkField::family_name);
  const bool all_else_agrees = number_agrees && birth_agrees && family != Level::different && family != Level::unknown;
  // SECURITY: the wrong child's records are worse than a question. Twins may carry one number by mistake, so a given
  // name that is another name is never outweighed; one that is no name may be a misreading of it.
  const bool is_another_name = names.given == Level::different && (names.given_are_names || !all_else_agrees);
  // One slip is a slip; two in what tells a child from another are another child.
  const bool given_slipped = names.given == Level::close || names.given == Level::alike || names.given == Level::part;
  const bool birth_slipped = birth != Level::exact && birth != Level::unknown;
  const bool slipped_twice = given_slipped && birth_slipped && !number_agrees;
  const bool is_somebody_else = is_another_name || slipped_twice || compared.numbers_contradict;
  const bool joins = compared.score >= found.same && agreeing >= rules.agreeing && !is_somebody_else;
  return joins ? Band::same : Band::ask;
}

}  // namespace

std::string_view name_of(Band band) {
  switch (band) {
    case Band::different:
      return "different";
    case Band::ask:
      return "ask";
    case Band::same:
      return "same";
  }
  return "";
}

Comparison compare(const Description& a, const Description& b, const LinkPlace& found, const LinkRules& rules) {
  Comparison out;
  const auto names = compare_all_names(a, b, rules);
  const auto numbers = compare_numbers(a, b, rules, out);
  out.is_swapped = names.is_swapped;
  out.levels[std::size_t(LinkField::given_name)] = names.given;
  out.levels[std::size_t(LinkField::family_name)] = names.family;
  out.score =
      names.weight + numbers.weight + compare_addresses(a, b, rules, out) - std::log2(std::max(found.people, 1.0));
  for (auto [field, level] :
       {std::pair(LinkField::birth, compare_births(a.birth, b.birth, rules)),
        std::pair(LinkField::sex, compare_sexes(a.sex, b.sex)), std::pair(LinkField::phone, compare_phones(a, b))}) {
    out.levels[std::size_t(field)] = level;
    out.score += rules.weight(field, level);
  }
  out.band = band_of(out, names, numbers.agree, found, rules);
  return out;
}

std::string reasons_of(const Comparison& comparison) {
  std::string out;
  for (std::size_t i = 0; i < link_field_count; ++i) {
    if (comparison.levels[i] == Level::unknown) continue;
    std::string field(link_field_names[i]);
    std::replace(field.begin(), field.end(), '_', ' ');
    out += (out.empty() ? "" : ", ") + field + " " + std::string(level_names[std::size_t(comparison.levels[i])]);
  }
  if (comparison.is_swapped) out += ", names swapped";
  return out;
}

}  // namespace ginnel
