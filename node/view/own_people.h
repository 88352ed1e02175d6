// SPDX-License-Identifier: Apache-2.0
// The node's own people as its workers look for them, record them and shield them: what is asked, and what is told.
//
// Values only. Nothing here is checked yet: node/people_service.cc checks words and people, and names every mistake.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "federation/base/id.h"
#include "federation/record/identity.h"
#include "federation/record/person.h"
#include "federation/record/record.h"

namespace ginnel {

// The source system of what a node's own workers record: no import has it, so none touches what stands under it.
inline constexpr std::string_view own_source_system = "ginnel";

namespace limits {
inline constexpr std::size_t people_found_max = 20;   // of one search
inline constexpr std::size_t marking_words_max = 16;  // put on, and taken off, by one request
}  // namespace limits

// Somebody as a worker describes them, in full or in part.
struct PersonSketch {
  std::string nhs_number;     // 10 digits, check digit right; or empty
  std::string given, family;  // may be spelt wrong
  Birth birth;                // a year, a month or a day
  std::string postcode;       // normalised; or empty
};

struct PeopleSearch {
  PersonSketch sketch;
  std::string purpose, basis;  // empty: first contact, on the node's own basis
  std::string reason;          // may be empty
};

// One of those who may be meant: what tells them from others, and nothing else of them.
struct FoundPerson {
  PersonRef id;
  std::vector<PersonName> names;  // the first is the one to show
  Birth birth;
  Date death;
  std::string nhs_number;  // empty: none is known
  std::string postcode;    // of the current address; empty: none, or withheld
  bool is_address_withheld = false;
  bool is_likely = false;   // surely so by the rules of linking; else to be checked
  double score = 0;         // bits
  std::string likeness;     // "NHS number and family name agree; date of birth nearly"
  std::size_t sources = 0;  // rows of source systems that tell of them
};

// People who fit and may not be shown, counted by why.
struct WithheldPeople {
  std::uint32_t count = 0;
  std::string reason, ask;
};

struct FoundPeople {
  std::vector<FoundPerson> people;  // the likeliest first, at most limits::people_found_max
  std::vector<WithheldPeople> withheld;
  std::string say_more;  // empty: these are all; else what to add, because more may fit
};

// What an identity is made of, from somebody who was shown; for a case view about them.
Identity identity_of(const FoundPerson& person);

// Somebody whom no source system has, as a worker records them.
struct NewPerson {
  PersonSketch sketch;  // both names, or the NHS number, at least
  Sex sex = Sex::unknown;
  Address address;                    // without lines and postcode: none
  bool go_on = false;                 // although somebody who is held already may be the same
  std::string reason;                 // may be empty
  std::vector<std::string> mistakes;  // what could not be read of the request; told with whatever else is wrong
};

// One dated fact that a worker records about one of the node's own people.
struct NewRecord {
  PersonRef person;
  SubjectRole role = SubjectRole::child;
  Record record;  // kind, occurred, headline, fields, narrative, assertion, replaces, label.{category, sensitivity,
                  // markings, handling}
  std::vector<std::string> mistakes;  // as of NewPerson
};

// Markings put on and taken off, of the person as a whole or of one record about them.
struct MarkingRequest {
  PersonRef person;
  RecordId record;  // empty: the person
  std::set<std::string> put_on, take_off;
  std::string reason;
  // The number that putting on was answered with: by it who put on a marking that conceals can take it off again,
  // although the person is there for nobody any more. 0: none.
  std::uint64_t undoes = 0;
  std::vector<std::string> mistakes;  // as of NewPerson
};

}  // namespace ginnel
