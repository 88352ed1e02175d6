// SPDX-License-Identifier: Apache-2.0
// A policy's conditions in the words of people, for whoever is told why something was withheld or reads the agreement:
//
//   context.proven.contains(context.purpose)   "the purpose is proven by the lead authority's signature"
//   resource.sensitivity <= 3                  "the record is at most special category or criminal (3)"
//
// What it has no words for stands as the policy has it, in backticks. Thread: any; values.
#pragma once

#include <string>

#include "node/gate/vocabulary.h"
#include "policy/policy_set.h"

namespace ginnel {

std::string plain_words(const policy::Expr& condition, const policy::Policy& policy, const Vocabulary& vocabulary);
std::string plain_words(const policy::ScopeConstraint& constraint, policy::Variable variable,
                        const policy::Policy& policy, const Vocabulary& vocabulary);
// The whole of it: whom it permits or forbids what, when, and unless what. One sentence.
std::string plain_words(const policy::Policy& policy, const Vocabulary& vocabulary);

}  // namespace ginnel
