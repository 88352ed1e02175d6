// SPDX-License-Identifier: Apache-2.0
// Why a policy did not apply: the first thing in its way, in its own words.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "policy/authorize.h"

namespace ginnel::policy {

struct Obstacle {
  enum class Part : std::uint8_t { principal, action, resource, when, unless };
  Part part = Part::principal;
  std::string text;  // as the policy has it: the part of the scope, or the narrowest condition that decides
  Position at;       // of that text in the policy's file
  bool erred = false;
  std::string error;                            // when it erred; types and names only
  const Expr* condition = nullptr;              // of when and unless: that condition, in the policy
  const ScopeConstraint* constraint = nullptr;  // of the others: that part of its scope
};

// The first part of the scope that the request misses, else the first condition that is false or errs; of a `when`
// that joins by `&&`, the one operand; of an `unless` that joins by `||`, likewise. Nothing: the policy is satisfied.
std::optional<Obstacle> first_obstacle(const Policy& policy, const Request& request, const EntitySource& entities);

struct NearMiss {
  std::size_t policy = 0;  // its index in PolicySet::policies()
  Obstacle obstacle;
};

// The permit that came nearest: the one about this action before others, then the one with the most of its scope and
// the most conditions met, then the first. Of those that `counts` says yes to, where it is given. Nothing when there is
// no permit or one is satisfied.
std::optional<NearMiss> nearest_permit(const PolicySet& policies, const Request& request, const EntitySource& entities,
                                       const std::function<bool(const Policy&)>& counts = {});

}  // namespace ginnel::policy
