// SPDX-License-Identifier: Apache-2.0
// Names as they are met in West Yorkshire, and how one agency's spelling differs from another's.
#pragma once

#include <string>

#include "adapters/synth/chance.h"
#include "federation/record/person.h"

namespace ginnel::synth {

enum class Community { english, south_asian, sikh, polish };

Community make_community(Chance& chance);
std::string make_given_name(Community community, Sex sex, Chance& chance);
std::string make_family_name(Community community, Chance& chance);

// The form that this sex bears: Kowalski's wife and daughter are Kowalska, a Singh's are Kaur.
std::string family_name_for(const std::string& family, Sex sex);
// A daughter's own second name where surnames are not handed down: Bibi, Begum, Akhtar.
std::string own_second_name(Chance& chance);
// The surname of a mother who did not take the family's.
std::string own_family_name(Community community, Chance& chance);

// Another usual spelling of a name; the name itself if there is none.
std::string other_spelling(const std::string& name, Chance& chance);
// Without diacritics, as old systems write it.
std::string in_plain_letters(const std::string& name);
// "Ellis Wood" or "Wood" for "Ellis-Wood"; the name itself if it has no hyphen.
std::string without_hyphen(const std::string& name, Chance& chance);
// Letters of ASCII only; what else there is stays as it is, as in such systems.
std::string in_capitals(std::string name);

std::string make_worker_name(Chance& chance);

}  // namespace ginnel::synth
