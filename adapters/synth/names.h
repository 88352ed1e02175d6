// SPDX-License-Identifier: Apache-2.0
// Names as they are met in West Yorkshire, and how one agency's spelling differs from another's.
#pragma once

#include <string>

#include "adapters/synth/chance.h"
#include "federation/record/person.h"

namespace ginnel::synth {

enum class Community { english, south_asian, polish };

Community make_community(Chance& chance);
std::string make_given_name(Community community, Sex sex, Chance& chance);
std::string make_family_name(Community community, Chance& chance);

// The form a woman bears: Kowalski's wife and daughter are Kowalska.
std::string family_name_for(const std::string& family, Sex sex);
// The surname of a mother who did not take the family's.
std::string own_family_name(Community community, Chance& chance);

// Another usual spelling of a name; the name itself if there is none.
std::string other_spelling(const std::string& name, Chance& chance);
// Without diacritics and hyphens, as old systems write it.
std::string in_plain_letters(const std::string& name);

std::string make_worker_name(Chance& chance);

}  // namespace ginnel::synth
