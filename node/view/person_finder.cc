// SPDX-License-Identifier: Apache-2.0
#include "node/view/person_finder.h"

#include <algorithm>

#include "federation/record/match.h"
#include "federation/record/name.h"

namespace ginnel {
namespace {

Person as_person(const Identity& identity) {
  Person person;
  if (!identity.nhs_number.empty()) person.identifiers.push_back({"nhs", identity.nhs_number, false});
  if (identity.birth_date.is_set()) person.birth = {identity.birth_date, Precision::day};
  return person;
}

// Somebody found by NHS number whose name or birth date is not at all the one asked about: a mistyped number must not
// open another child's file.
bool is_other_person(const Identity& about, const Person& found) {
  if (contradict(as_person(about), found)) return true;
  if (about.family.empty() || found.names.empty()) return false;
  const std::string family = normal_name(about.family), given = normal_name(about.given);
  const bool name_agrees = std::any_of(found.names.begin(), found.names.end(), [&](const PersonName& name) {
    return normal_name(name.family) == family || normal_name(name.given) == given;
  });
  const bool birth_agrees =
      !about.birth_date.is_set() || found.birth.precision != Precision::day || found.birth.date == about.birth_date;
  return !name_agrees && !birth_agrees;
}

}  // namespace

Expected<std::optional<PersonRef>> PersonFinder::find(const Identity& about, const StoreReader& store) const {
  for (const auto& keys : find_keys(about)) {
    auto found = store.find_people(keys);
    if (!found) return tl::unexpected(found.error());
    std::vector<PersonRef> same;
    for (const auto& ref : *found) {
      auto person = store.whole_person(ref, LinkToken());
      if (!person) return tl::unexpected(person.error());
      if (!is_other_person(about, *person)) same.push_back(ref);
    }
    if (same.size() > 1)
      return fail("several-people", "cannot say whom this is about", "more than one person fits",
                  "add the NHS number or the postcode");
    if (same.size() == 1) return std::optional<PersonRef>(same.front());
  }
  return std::optional<PersonRef>();
}

Expected<Identity> PersonFinder::complete(const Identity& about, const PersonRef& person,
                                          const StoreReader& store) const {
  auto whole = store.whole_person(person, LinkToken());
  if (!whole) return tl::unexpected(whole.error());
  const Person& known = *whole;
  Identity out = about;
  if (out.nhs_number.empty())
    for (const auto& identifier : known.identifiers)
      if (identifier.scheme == "nhs") {
        out.nhs_number = identifier.value;
        break;
      }
  if (out.family.empty() && !known.names.empty()) {
    out.family = known.names.front().family;
    out.given = known.names.front().given;
  }
  if (!out.birth_date.is_set() && known.birth.precision == Precision::day) out.birth_date = known.birth.date;
  return out;
}

}  // namespace ginnel
