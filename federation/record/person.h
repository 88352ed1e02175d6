// SPDX-License-Identifier: Apache-2.0
// Somebody a node holds records about: a child or a related adult (DESIGN 5).
//
// A Person is what one agency's own systems say. It never leaves the node whole: what policy lets others know of a
// person travels as records of the categories `identity` and `household`; and, of a child whose lead is handed on, as
// much as node/transfer/transfer_file.h tells.
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "federation/base/id.h"
#include "federation/base/time.h"

namespace ginnel {

// A number or key that stands for a person in some system. Scheme: "nhs", "upn" or "source:<system name>".
struct Identifier {
  std::string scheme;
  std::string value;      // normalised: NHS number 10 digits, UPN 13 characters upper case, source keys as they are
  bool verified = false;  // traced or confirmed at the source; false also when the check digit is wrong
  auto operator<=>(const Identifier&) const = default;
};

struct PersonName {
  std::string given;
  std::string family;
  std::string use = "usual";  // usual, birth, previous, alias
  Date from, to;
  auto operator<=>(const PersonName&) const = default;
};

struct Birth {
  Date date;  // month: day is 1; year: month and day are 1; expected: the expected date of birth of an unborn child
  Precision precision = Precision::none;
  auto operator<=>(const Birth&) const = default;
};

struct Address {
  std::vector<std::string> lines;
  std::string postcode;  // normalised "BD1 1AA"; empty: none or unknown
  std::string uprn;      // Unique Property Reference Number, digits; may be empty
  Date from, to;
  bool is_protected = false;  // refuge or protected address: never leaves, nor what gives it away
  auto operator<=>(const Address&) const = default;
};

struct Relationship {
  PersonRef to;
  std::string kind;  // mother, father, step-parent, partner of parent, sibling, carer, household, ...
  bool same_household = false;
  bool parental_responsibility = false;
  Date from, to_date;
  std::string source;
  auto operator<=>(const Relationship&) const = default;
};

// A closed set: changing it changes the wire format.
enum class Sex : std::uint8_t { unknown = 0, female = 1, male = 2, indeterminate = 3 };

struct Person {
  PersonRef ref;
  std::vector<Identifier> identifiers;
  std::vector<PersonName> names;  // the first is the one shown
  Birth birth;
  Date death;
  Sex sex = Sex::unknown;
  std::vector<Address> addresses;  // the first is the current one
  std::vector<Relationship> relationships;
  // Markings on the person as a whole. A marking put on by a person survives every refresh from a source.
  std::set<std::string> markings_by_source, markings_by_person;
  bool operator==(const Person&) const = default;
};

}  // namespace ginnel
