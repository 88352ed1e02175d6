// SPDX-License-Identifier: Apache-2.0
#include "node/view/found_words.h"

#include "federation/base/text.h"
#include "federation/record/nhs_number.h"
#include "node/view/view_words.h"

namespace ginnel {
namespace {

std::string surname_first(const PersonName& name) {
  CaseView named;
  named.family = name.family;
  named.given = name.given;
  return child_name(named);
}

}  // namespace

std::string name_for_people(const FoundPerson& person) {
  return person.names.empty() ? "no name is known" : surname_first(person.names.front());
}

std::string born_for_people(const Birth& birth) {
  if (birth.precision == Precision::none) return {};
  if (birth.precision == Precision::expected) return "expected " + for_people(birth.date);
  return for_people(When{{}, birth.date, birth.precision});
}

std::string number_for_people(const FoundPerson& person) {
  return person.nhs_number.empty() ? std::string() : nhs_number_for_people(person.nhs_number);
}

std::string home_for_people(const FoundPerson& person) {
  return person.is_address_withheld ? "address withheld" : person.postcode;
}

std::string other_names_for_people(const FoundPerson& person) {
  std::string out;
  for (std::size_t i = 1; i < person.names.size(); ++i)
    out += (out.empty() ? "" : "; ") + surname_first(person.names[i]) + " (" + person.names[i].use + ")";
  return out;
}

std::string match_for_people(const FoundPerson& person) {
  return person.is_likely ? "Very likely the person" : "May be the person: check";
}

std::string sources_for_people(const FoundPerson& person) {
  return "Told of by " + counted(person.sources, "source", "sources");
}

std::string withheld_for_people(const WithheldPeople& row) {
  return row.count == 1 ? "1 person fits and is not shown to you"
                        : std::to_string(row.count) + " people fit and are not shown to you";
}

std::string found_title(const FoundPeople& found) {
  if (found.people.empty()) return "Nobody of your agency's own people is shown";
  return counted(found.people.size(), "person", "people") + " of your agency may be meant";
}

}  // namespace ginnel
