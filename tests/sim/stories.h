// SPDX-License-Identifier: Apache-2.0
// The children of the simulated federation and what each agency holds on them. All synthetic.
#pragma once

#include <string>
#include <vector>

#include "federation/record/identity.h"
#include "federation/record/person.h"
#include "federation/record/record.h"
#include "federation/wire/part_status.h"

namespace ginnel::sim {

enum class Story {
  moved_twice,     // five agencies know her; an open plan led by bradford-csc
  refuge_address,  // calderdale-csc marks the address as protected; a school and a health visitor know the child
  sexual_health_competent,  // bradford-health holds a record that needs the clinician's decision
  adopted,                  // leeds-csc holds her, concealed
  unknown,                  // nobody holds her
};
inline constexpr Story all_stories[] = {Story::moved_twice, Story::refuge_address, Story::sexual_health_competent,
                                        Story::adopted, Story::unknown};

// One agency's file on one child. The records' subjects are filled in when it is put into a node.
struct Holding {
  std::string agency;
  Person person;
  std::vector<Record> records;
};

Identity identity_of(Story story);
std::vector<Holding> holdings_of(Story story);

// The status of `agency` in a finished view of the whole federation, asked as first contact by a worker of `asker`:
// written down by hand from the agreement, not computed by the code under test.
PartStatus expected_status(Story story, const std::string& asker, const std::string& agency);

// 999 000 000x: the n-th number of the synthetic range that has a check digit.
std::string synthetic_nhs_number(unsigned n);
Person person_from(const Identity& identity);
Record record_of(const std::string& owner, const std::string& kind, const std::string& category, int sensitivity,
                 const std::string& headline);

inline MemberId id(const std::string& member) { return *MemberId::parse(member); }
// That the police came to the door, with this headline.
inline Record domestic_incident(const std::string& headline) {
  return record_of("wy-police", "domestic_incident", "police.domestic", 2, headline);
}

}  // namespace ginnel::sim
