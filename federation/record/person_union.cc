// SPDX-License-Identifier: Apache-2.0
#include "federation/record/person_union.h"

#include <algorithm>

namespace ginnel {
namespace {

template <class T, class Same>
void add_missing(std::vector<T>& to, const std::vector<T>& more, const Same& same) {
  for (const auto& one : more)
    if (std::none_of(to.begin(), to.end(), [&](const T& known) { return same(known, one); })) to.push_back(one);
}

// Day before month before year; an expected date gives way to a real one.
int rank_of(const Birth& birth) {
  switch (birth.precision) {
    case Precision::minute:
    case Precision::day:
      return 4;
    case Precision::month:
      return 3;
    case Precision::year:
      return 2;
    case Precision::expected:
      return 1;
    case Precision::none:
      return 0;
  }
  return 0;
}

}  // namespace

void unite(Person& to, const Person& more) {
  add_missing(to.identifiers, more.identifiers,
              [](const auto& a, const auto& b) { return a.scheme == b.scheme && a.value == b.value; });
  add_missing(to.names, more.names,
              [](const auto& a, const auto& b) { return a.given == b.given && a.family == b.family; });
  add_missing(to.addresses, more.addresses, [](const auto& a, const auto& b) {
    // SECURITY: an address that any system protects is never the same as an open one.
    return a.lines == b.lines && a.postcode == b.postcode && a.uprn == b.uprn && a.is_protected == b.is_protected;
  });
  add_missing(to.relationships, more.relationships,
              [](const auto& a, const auto& b) { return a.to == b.to && a.kind == b.kind; });
  if (rank_of(more.birth) > rank_of(to.birth)) to.birth = more.birth;
  if (!to.death.is_set()) to.death = more.death;
  if (to.sex == Sex::unknown) to.sex = more.sex;
  to.markings_by_source.insert(more.markings_by_source.begin(), more.markings_by_source.end());
  to.markings_by_person.insert(more.markings_by_person.begin(), more.markings_by_person.end());
}

}  // namespace ginnel
