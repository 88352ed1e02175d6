// SPDX-License-Identifier: Apache-2.0
// The decision of a set of policies on a request, exactly as the language defines it.
//
// A policy whose scope and conditions all hold is satisfied; one that errs is skipped and reported. A satisfied
// forbid denies; otherwise a satisfied permit allows; otherwise it is deny.
//
// SECURITY: skipping an erring forbid fails open. That is the language's rule and stays so here; callers that guard
// something ask forbid_erred() and deny.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "policy/compiled.h"
#include "policy/entity.h"
#include "policy/evaluate.h"
#include "policy/policy_set.h"

namespace ginnel::policy {

enum class Decision : std::uint8_t { deny, allow };

struct PolicyError {
  std::size_t policy = 0;  // its index in PolicySet::policies()
  Effect effect = Effect::permit;
  std::string message;  // holds no attribute value, entity id or tag, only types and names
  Span where;           // in the policy's source
};

struct Response {
  Decision decision = Decision::deny;
  std::vector<std::size_t> reasons;  // satisfied policies that determined it, ascending; empty for a default deny
  std::vector<PolicyError> errors;   // ascending by policy

  bool allowed() const { return decision == Decision::allow; }
  bool forbid_erred() const;
};

// Safe to call from several threads on the same set and entities.
Response authorize(const PolicySet& policies, const Request& request, const EntitySource& entities);

// Decides request after request by policies made ready for it. Once it has decided the like before, it allocates
// nothing unless a condition computes a new value or errs. Not for use by several threads at once; the policies must
// outlive it.
class Decider {
 public:
  explicit Decider(const CompiledPolicies& policies) : policies_(policies), evaluator_(policies.shared()) {}

  // As authorize() with the set that was made ready, if `world` is the resident store or a layer over it. The response
  // lives until the next call.
  const Response& decide(const Request& request, const EntitySource& world);

 private:
  const CompiledPolicies& policies_;
  Evaluator evaluator_;
  Response response_;
  std::vector<std::size_t> permits_;
};

}  // namespace ginnel::policy
