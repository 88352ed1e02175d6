// SPDX-License-Identifier: Apache-2.0
// What policies ask, as truths over their questions.
#pragma once

#include "policy/compare/question.h"
#include "policy/policy_set.h"

namespace ginnel::policy {

// For each policy the requests that satisfy it. They have passed validation, and the entities that they read are known:
// none errs.
std::vector<Diagrams::Node> satisfied_by(const PolicySet& policies, Questions& questions);

}  // namespace ginnel::policy
