// SPDX-License-Identifier: Apache-2.0
// Which single entities a policy speaks of.
#pragma once

#include <string_view>

#include "policy/policy_set.h"

namespace ginnel::policy {

// Whether its scope or a condition names an entity of the type. A test of the type itself (`is`) names none. While no
// policy names one, entities of that type that have the same attributes and parents are decided alike.
bool names_entity_of(const Policy& policy, std::string_view type);

}  // namespace ginnel::policy
