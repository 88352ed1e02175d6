// SPDX-License-Identifier: Apache-2.0
// How an agency's own version of a person differs from the person: the faults of a person's row.
#pragma once

#include <optional>
#include <string>

#include "adapters/synth/agency_export.h"

namespace ginnel::synth {

PersonCopy exact_copy(const Somebody& somebody, const Home& home);
// The copy that an agency of this kind has, with the mistakes that are made there. `mother` for somebody known as her
// baby, `old_home` where the family has moved: null if there is none.
struct CopySource {
  const Somebody& somebody;
  const Home& home;
  const Somebody* mother = nullptr;
  const Home* old_home = nullptr;
};
PersonCopy copy_with_mistakes(const CopySource& of, const std::string& kind, Date today, FaultDice& dice);
// Another row about somebody who is in the same system already: `key` is set by the caller. Known by the number, or
// known so little that a person has to decide; nothing where the copy does not allow it.
std::optional<PersonCopy> second_copy(const PersonCopy& first, Fault fault, Date today, Chance& chance);

}  // namespace ginnel::synth
