// SPDX-License-Identifier: Apache-2.0
// What a set of policies decides, as a truth over the questions that it asks.
#pragma once

#include "policy/compare/question.h"
#include "policy/policy_set.h"

namespace ginnel::policy {

// True where the set allows. The policies have passed validation, and the entities that they read are known: none errs.
Diagrams::Node allowed_by(const PolicySet& policies, Questions& questions);

}  // namespace ginnel::policy
