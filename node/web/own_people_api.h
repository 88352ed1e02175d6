// SPDX-License-Identifier: Apache-2.0
// The API's JSON about the node's own people, and a sketch of somebody from what was typed.
//
// POST /api/v1/people/search
//   {nhsNumber?, familyName?, givenName?, dateOfBirth?, postcode?, purpose?, basis?, reason?}: a number, or two of the
//   others; dateOfBirth is YYYY, YYYY-MM, YYYY-MM-DD or DD/MM/YYYY. Without purpose and basis: a first contact, on the
//   node's own basis.
//   200 {people:[{id, familyName, givenName, otherNames:[{familyName, givenName, use}], dateOfBirth|null, expected?,
//   dateOfDeath?, nhsNumber?, postcode?, addressWithheld?, match: "likely"|"possible", likeness, score, sources}],
//   withheld:[{count, reason, ask}], sayMore?}; 409 `say-more`: too little to look with
// POST /api/v1/people
//   {familyName?, givenName?, nhsNumber?, dateOfBirth?, expected?, sex?: "female"|"male"|"indeterminate",
//   address?:{lines?, postcode?, protected?}, goOn?, reason?}
//   201 {id}; 409 `say-more`: somebody who is held may be the same
// POST /api/v1/records
//   {person, role?: "child"|"parent"|"carer"|"household"|"third_party", kind, category, occurred, headline,
//   fields?:[{name, value}], narrative?, assertion: "fact"|"opinion", sensitivity?: 0..4 (2), markings?, handling?
//   ("official"), replaces?}. Occurred is a day, a month, a year, or a time with its minute. The headline is one line
//   free of third parties: that is its author's duty, no program can see it. 201 {id}; 422 `bad-record`: every mistake,
//   a line each
// POST /api/v1/people/{id}/markings
//   {putOn?, takeOff?, record?, reason, undoes?}
//   200 {entry}: its number, which takes off again, as `undoes`, what now conceals the person; 422 `bad-marking`
//
// Thread: any; pure. Reading is as strict as node/web/requests.h has it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "federation/base/error.h"
#include "node/view/own_people.h"

namespace ginnel {

// A field that was typed and cannot be read.
struct SketchFault {
  enum Field { nhs_number, birth, postcode } field;
  std::string why;  // behind the field's name
};
PersonSketch read_sketch(std::string_view nhs_number, std::string_view family, std::string_view given,
                         std::string_view birth, std::string_view postcode, std::vector<SketchFault>& faults);

Expected<PeopleSearch> read_people_search(std::string_view json);
Expected<NewPerson> read_new_person(std::string_view json);
Expected<NewRecord> read_new_record(std::string_view json);
Expected<MarkingRequest> read_marking_request(const PersonRef& person, std::string_view json);

std::string to_json(const FoundPeople& found);

}  // namespace ginnel
