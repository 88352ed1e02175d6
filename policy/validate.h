// SPDX-License-Identifier: Apache-2.0
// Policies against a schema: the language's strict validation.
//
// A policy that passes never errs on a request and entities that fit the schema, but for an overflow, an unknown
// entity whose attributes it reads, and the limits.
#pragma once

#include <string>
#include <vector>

#include "policy/diagnostic.h"
#include "policy/policy_set.h"
#include "policy/schema.h"

namespace ginnel::policy {

struct Finding {
  std::string policy;  // its id
  Diagnostic what;
};

struct Validation {
  std::vector<Finding> errors;    // in the order of policies and of place, each fault of a place once
  std::vector<Finding> warnings;  // a policy that can never apply to any request; it is no error

  bool passed() const { return errors.empty(); }
};

// Policies and templates. A linked policy is checked for the names it was linked with; its template for all else.
Validation validate(const PolicySet& policies, const Schema& schema);

// In order of place; for those who show several kinds of faults of one file together.
void sort_by_place(Diagnostics& diagnostics);

}  // namespace ginnel::policy
