// SPDX-License-Identifier: Apache-2.0
// The body of the entries about consent: what somebody decided about sharing what is held on a person, and whether they
// were judged able to decide it. Each entry holds the whole decision as it stands after one act.
//
// Numbers are part of the stored format. Sealed under the person's key, so that erasing the person takes it along.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "federation/base/id.h"
#include "federation/base/time.h"

namespace ginnel {

using ConsentId = Id<struct ConsentTag>;  // one decision about sharing

// Whether the person was judged able to decide the matter themselves: a child by a professional (Gillick v West Norfolk
// [1986] AC 112), an adult under the Mental Capacity Act 2005 (both unchecked). A closed set.
enum class Competence : std::uint8_t { not_judged = 0, competent = 1, not_competent = 2 };

struct ConsentEntry {
  ConsentId consent;
  PersonRef person;
  std::string state;                    // a word of the list `consent_state`: given, refused or unsafe_to_ask
  std::string decider;                  // a word of the list `decider`
  std::vector<std::string> categories;  // root categories; never empty
  std::vector<std::string> purposes;    // none: all
  std::vector<MemberId> recipients;     // none: everybody
  Instant from;
  Instant until;  // not set: until further notice
  Competence competence = Competence::not_judged;
  std::string judged_by;  // who judged it: name and role
  std::string note;       // what was said, and how
  Instant withdrawn;      // not set: it was not
  std::string why_withdrawn;
  bool operator==(const ConsentEntry&) const = default;
};

}  // namespace ginnel
