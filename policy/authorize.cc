// SPDX-License-Identifier: Apache-2.0
#include "policy/authorize.h"

#include <algorithm>

namespace ginnel::policy {

namespace {

bool scope_holds(const Policy& policy, const Evaluator& evaluator) {
  return evaluator.in_scope(policy.action, Variable::action) &&
         evaluator.in_scope(policy.principal, Variable::principal) &&
         evaluator.in_scope(policy.resource, Variable::resource);
}

// Conditions in order; one that does not hold ends it, so that a later one cannot err.
tl::expected<bool, EvaluationError> conditions_hold(const Policy& policy, Evaluator& evaluator) {
  for (const auto& clause : *policy.clauses) {
    auto holds = evaluator.holds(clause);
    if (!holds || !*holds) return holds;
  }
  return true;
}

}  // namespace

bool Response::forbid_erred() const {
  return std::any_of(errors.begin(), errors.end(), [](const auto& e) { return e.effect == Effect::forbid; });
}

Response authorize(const PolicySet& policies, const Request& request, const EntitySource& entities) {
  Evaluator evaluator(request, entities);
  Response response;
  std::vector<std::size_t> permits;
  const auto& list = policies.policies();
  for (std::size_t i = 0; i < list.size(); ++i) {
    const auto& policy = list[i];
    if (!scope_holds(policy, evaluator)) continue;
    auto holds = conditions_hold(policy, evaluator);
    if (!holds) {
      auto& error = holds.error();
      response.errors.push_back({i, policy.effect, std::move(error.message), error.where});
    } else if (*holds) {
      (policy.effect == Effect::forbid ? response.reasons : permits).push_back(i);
    }
  }
  if (response.reasons.empty() && !permits.empty()) {
    response.decision = Decision::allow;
    response.reasons = std::move(permits);
  }
  return response;
}

}  // namespace ginnel::policy
