// SPDX-License-Identifier: Apache-2.0
#include "node/import/matching.h"

#include <algorithm>
#include <cmath>
#include <set>

#include "federation/record/match.h"

namespace ginnel {
namespace {

constexpr std::string_view nhs_prefix = "nhs:";
constexpr double centibits = 100;

// A number that is right and a person who is not: typed into the wrong child's record, most often a twin's.
bool is_anothers_number(const Comparison& compared) {
  const auto is_different = [&](LinkField field) { return compared.level(field) == Level::different; };
  return is_different(LinkField::given_name) ||
         (is_different(LinkField::birth) && is_different(LinkField::family_name));
}

Merge merge_of(const PersonRef& person, const Candidate& with, LinkState state) {
  return {person, with.person, state, "score", std::int32_t(std::lround(with.score * centibits)), with.reason};
}

bool is_better(const Candidate& a, const Candidate& b) { return a.score > b.score; }

}  // namespace

bool Matching::is_kept_apart(const std::set<std::string>& markings) const {
  return std::any_of(rules_.never_markings.begin(), rules_.never_markings.end(),
                     [&](const std::string& marking) { return markings.contains(marking); });
}

Expected<std::vector<PersonRef>> Matching::candidates(const StoreReader& store,
                                                      const std::vector<std::string>& keys) const {
  std::set<PersonRef> all;
  for (const auto& key : keys) {
    if (all.size() >= limits::candidates_max) break;
    auto found = store.find_unmerged(std::span(&key, 1));
    if (!found && found.error().code == "too-many") continue;  // a key of so many people says nothing
    if (!found) return found;
    all.insert(found->begin(), found->end());
  }
  return std::vector<PersonRef>(all.begin(), all.end());
}

// INVARIANT: in a merged group everybody is `same` to everybody. Otherwise a chain of small differences joins people
// who have nothing in common.
Expected<bool> Matching::is_same_as_all(const StoreReader& store, const Description& about,
                                        const PersonRef& person) const {
  auto group = store.merged_with(person);
  if (!group) return tl::unexpected(group.error());
  for (const auto& one : *group) {
    auto version = store.person(one, LinkToken());
    if (!version) return tl::unexpected(version.error());
    if (compare(about, describe(version->person, rules_), rules_.in_node(), rules_).band != Band::same) return false;
  }
  return true;
}

Expected<Match> Matching::find(const StoreReader& store, const Person& said) const {
  Match match;
  auto own_markings = said.markings_by_source;
  own_markings.insert(said.markings_by_person.begin(), said.markings_by_person.end());
  const bool is_apart = is_kept_apart(own_markings);
  const Description about = describe(said, rules_);

  std::vector<std::string> numbers, others = block_keys(about, rules_);
  // Names with the very birth date and postcode first: whom a limit leaves out must be the less likely.
  for (auto& key : link_keys(said)) {
    if (key.starts_with(nhs_prefix))
      numbers.push_back(std::move(key));
    else
      others.insert(others.begin(), std::move(key));
  }
  auto by_number = candidates(store, numbers), by_others = candidates(store, others);
  if (!by_number || !by_others) return tl::unexpected(by_number ? by_others.error() : by_number.error());

  std::vector<PersonRef> same_number, together = *by_number;
  together.insert(together.end(), by_others->begin(), by_others->end());
  std::vector<Candidate> same;
  std::set<PersonRef> seen;
  for (const auto& person : together) {
    if (!seen.insert(person).second) continue;
    auto version = store.person(person, LinkToken());
    if (!version) return tl::unexpected(version.error());
    const Comparison compared = compare(about, describe(version->person, rules_), rules_.in_node(), rules_);
    const bool has_number = std::find(by_number->begin(), by_number->end(), person) != by_number->end();
    if (!has_number && compared.band == Band::different) continue;
    auto whole = store.whole_person(person, LinkToken());
    auto markings = store.markings(person);
    if (!whole) return tl::unexpected(whole.error());
    if (!markings) return tl::unexpected(markings.error());
    const bool other_apart = is_kept_apart(*markings);
    if (has_number && !(is_apart && other_apart) && !is_anothers_number(compared) && !contradict(said, *whole)) {
      same_number.push_back(person);
      continue;
    }
    // SECURITY: from here on it is a guess, and a guess about these would lead from one identity to the other.
    if (is_apart || other_apart) continue;
    auto all_same = is_same_as_all(store, about, person);
    if (!all_same) return tl::unexpected(all_same.error());
    const bool joins = *all_same && !contradict_by_number(said, *whole) && !has_number;
    const Candidate candidate{person, compared.score, reasons_of(compared)};
    if (joins)
      same.push_back(candidate);
    else
      match.ask.push_back(candidate);
  }
  // Several ids that are one person are one candidate: the best of them.
  const auto all_one = [&](const std::vector<PersonRef>& people) -> Expected<bool> {
    if (people.empty()) return false;
    auto group = store.merged_with(people.front());
    if (!group) return tl::unexpected(group.error());
    return std::all_of(people.begin(), people.end(), [&](const PersonRef& person) {
      return std::find(group->begin(), group->end(), person) != group->end();
    });
  };
  auto one_number = all_one(same_number);
  if (!one_number) return tl::unexpected(one_number.error());
  if (*one_number) {
    match.by_number = same_number.front();
    match.ask.clear();
    return match;
  }
  std::sort(same.begin(), same.end(), is_better);
  std::vector<PersonRef> same_people;
  for (const auto& candidate : same) same_people.push_back(candidate.person);
  auto one_same = all_one(same_people);
  if (!one_same) return tl::unexpected(one_same.error());
  // Whom of several it is, is for a person to say.
  if (*one_same && same_number.empty())
    match.same = same.front();
  else
    match.ask.insert(match.ask.end(), same.begin(), same.end());
  for (const auto& person : same_number)
    match.ask.push_back({person, 0, "checked number exact, of more people than one"});
  std::sort(match.ask.begin(), match.ask.end(), is_better);
  if (match.ask.size() > limits::proposed_per_person_max) match.ask.resize(limits::proposed_per_person_max);
  return match;
}

namespace {

// Every key under which somebody like the sketch may stand, the surest first.
std::vector<std::string> search_keys(const Person& sketch, Date today, const LinkRules& rules) {
  std::vector<std::string> keys = find_keys(sketch);
  const auto add = [&](const Description& like) {
    for (auto& key : block_keys(like, rules))
      if (std::find(keys.begin(), keys.end(), key) == keys.end()) keys.push_back(std::move(key));
  };
  Description like = describe(sketch, rules);
  add(like);
  const bool has_names = !like.names.empty() && !like.names[0].given.empty() && !like.names[0].family.empty();
  if (!has_names) return keys;
  // The year of a birth date that was typed wrong, or of one that nobody knows.
  const Birth birth = sketch.birth;
  like.addresses.clear();
  like.numbers.clear();
  const auto add_year = [&](int year) {
    like.birth = {{std::int16_t(year), 1, 1}, Precision::year};
    add(like);
  };
  if (birth.precision == Precision::none)
    for (int year = today.year + 1; year >= today.year - limits::search_years_back; --year) add_year(year);
  else if (birth.precision != Precision::none)
    for (int apart : {-1, 1, -10, 10}) add_year(birth.date.year + apart);
  return keys;
}

bool is_under_any(const Person& person, const std::vector<std::string>& keys, const LinkRules& rules) {
  std::vector<std::string> own = find_keys(person);
  for (auto& key : block_keys(describe(person, rules), rules)) own.push_back(std::move(key));
  return std::any_of(own.begin(), own.end(),
                     [&](const std::string& key) { return std::find(keys.begin(), keys.end(), key) != keys.end(); });
}

// Enough to look with: a number, or two of given name, family name, birth date and postcode.
bool says_enough(const Description& sketch) {
  if (!sketch.numbers.empty()) return true;
  const bool given = !sketch.names.empty() && !sketch.names[0].given.empty();
  const bool family = !sketch.names.empty() && !sketch.names[0].family.empty();
  const bool has_year_alone = sketch.birth.precision != Precision::none && sketch.birth.precision != Precision::day;
  const bool day = sketch.birth.precision == Precision::day;
  const bool home = !sketch.addresses.empty() && !sketch.addresses[0].postcode.empty();
  if (given && family) return true;
  return !has_year_alone ? int(given || family) + int(day) + int(home) >= 2 : (given || family) && home;
}

}  // namespace

Expected<LikePeople> Matching::search(
    const StoreReader& store, const Person& sketch, Date today,
    const std::function<bool(const PersonRef&, const std::set<std::string>&)>& shows_addresses) const {
  const Description about = describe(sketch, rules_);
  if (!says_enough(about))
    return fail("say-more", "cannot look for somebody", "too little is said of them",
                "give the NHS number, or two of: given name, family name, date of birth, postcode");
  LikePeople out;
  std::vector<PersonRef> to_compare;
  std::set<PersonRef> seen;
  const std::vector<std::string> keys = search_keys(sketch, today, rules_);
  for (const auto& key : keys) {
    if (key.size() > limits::link_key_bytes_max) continue;
    auto found = store.find_people(std::span(&key, 1));
    if (!found && found.error().code == "too-many") {
      out.is_cut = true;
      continue;
    }
    if (!found) return tl::unexpected(found.error());
    // From so many on, an import puts nobody else under a key (keys_for).
    if (found->size() >= limits::block_people_max) out.is_cut = true;
    for (const auto& person : *found) {
      if (!seen.insert(person).second) continue;
      if (to_compare.size() < limits::searched_people_max)
        to_compare.push_back(person);
      else
        out.is_cut = true;
    }
  }
  for (const auto& person : to_compare) {
    auto whole = store.whole_person(person, LinkToken());
    auto markings = store.markings(person);
    if (!whole) return tl::unexpected(whole.error());
    if (!markings) return tl::unexpected(markings.error());
    // SECURITY: nobody is found by what may not be told. Else who types one postcode after another finds a refuge.
    const std::size_t addresses = whole->addresses.size();
    if (!shows_addresses(person, *markings)) whole->addresses.clear();
    std::erase_if(whole->addresses, [](const Address& address) { return address.is_protected; });
    if (whole->addresses.size() < addresses && !is_under_any(*whole, keys, rules_)) continue;
    const Comparison compared = compare(about, describe(*whole, rules_), rules_.in_search(), rules_);
    if (compared.band != Band::different) out.people.push_back({person, std::move(*markings), compared});
  }
  std::stable_sort(out.people.begin(), out.people.end(),
                   [](const Likeness& a, const Likeness& b) { return a.compared.score > b.compared.score; });
  return out;
}

Expected<std::vector<std::string>> Matching::keys_for(const StoreReader& store, const PersonVersion& before,
                                                      const Person& after) const {
  std::vector<std::string> keys = find_keys(after);
  for (auto& key : block_keys(describe(after, rules_), rules_)) {
    if (keys.size() == limits::link_keys_per_person_max) break;
    if (key.size() > limits::link_key_bytes_max) continue;
    const bool had = std::find(before.link_keys.begin(), before.link_keys.end(), key) != before.link_keys.end();
    if (!had) {
      auto found = store.find_unmerged(std::span(&key, 1));
      if (!found && found.error().code != "too-many") return tl::unexpected(found.error());
      if (!found || found->size() >= limits::block_people_max) continue;
    }
    keys.push_back(std::move(key));
  }
  return keys;
}

Expected<void> Matching::check_joinable(const StoreReader& store, const PersonRef& one, const PersonRef& other) const {
  for (const auto& person : {one, other}) {
    auto markings = store.markings(person);
    if (!markings) return tl::unexpected(markings.error());
    if (is_kept_apart(*markings))
      return fail("cannot-join", "cannot join the two people", "they may not be joined", "");
  }
  auto a = store.whole_person(one, LinkToken()), b = store.whole_person(other, LinkToken());
  if (!a || !b) return tl::unexpected(a ? b.error() : a.error());
  if (contradict_by_number(*a, *b))
    return fail("numbers-differ", "cannot join the two people", "each has a verified NHS number, and they differ",
                "have the wrong number corrected in the system that it comes from, then join them");
  return {};
}

Expected<std::vector<std::pair<std::string, std::string>>> Matching::sources_of(const StoreReader& store,
                                                                                const PersonRef& person) const {
  auto version = store.person(person, LinkToken());
  if (!version) return tl::unexpected(version.error());
  std::vector<std::pair<std::string, std::string>> sources;
  for (const auto& source : version->sources) sources.emplace_back(source.system, source.key);
  return sources;
}

Expected<void> Matching::note(Turn& turn, const PersonRef& person, const Match& match) const {
  const auto tried = [](Expected<void> merged) -> Expected<void> {
    const bool is_fine = merged || merged.error().code == "already-decided" || merged.error().code == "already-merged";
    return is_fine ? Expected<void>() : merged;
  };
  if (match.same)
    if (auto done = tried(turn.merge(merge_of(person, *match.same, LinkState::merged), ActorId())); !done) return done;
  for (const auto& candidate : match.ask)
    if (auto done = tried(turn.merge(merge_of(person, candidate, LinkState::proposed), ActorId())); !done) return done;
  return {};
}

}  // namespace ginnel
