// SPDX-License-Identifier: Apache-2.0
// Sentences about the people whom a search has found, for page and terminal alike.
//
// Thread: any; pure.
#pragma once

#include <string>

#include "node/view/own_people.h"

namespace ginnel {

std::string name_for_people(const FoundPerson& person);    // "TESTER, Aisha"; without a name: "no name is known"
std::string born_for_people(const Birth& birth);           // "14 Mar 2016", "2016", "expected 3 Mar 2027"; or empty
std::string number_for_people(const FoundPerson& person);  // "999 000 0018"; or empty
std::string home_for_people(const FoundPerson& person);    // a postcode, or that the address is withheld; or empty
std::string other_names_for_people(const FoundPerson& person);  // "KHAN, Aisha (birth)"; or empty
std::string match_for_people(const FoundPerson& person);        // whether it is them, as far as what was typed says
std::string sources_for_people(const FoundPerson& person);      // "told of by 2 sources"
std::string withheld_for_people(const WithheldPeople& row);     // "1 person fits and is not shown to you"
std::string found_title(const FoundPeople& found);              // "3 people of your agency may be meant"

}  // namespace ginnel
