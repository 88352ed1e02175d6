// SPDX-License-Identifier: Apache-2.0
#include "policy/coverage.h"

namespace ginnel::policy {

Coverage::Coverage(const PolicySet& policies) : policies_(policies) {
  for (const Policy& one : policies.policies())
    seen_.push_back({false, false, std::vector<OfClause>(one.clauses->size())});
}

void Coverage::see(const Request& request, const EntitySource& entities) {
  Evaluator evaluator(request, entities);
  for (std::size_t i = 0; i < seen_.size(); ++i) {
    const Policy& policy = policies_.policies()[i];
    OfPolicy& seen = seen_[i];
    const bool is_in_scope = evaluator.in_scope(policy.principal, Variable::principal) &&
                             evaluator.in_scope(policy.action, Variable::action) &&
                             evaluator.in_scope(policy.resource, Variable::resource);
    (is_in_scope ? seen.was_in_scope : seen.was_out_of_scope) = true;
    if (!is_in_scope) continue;
    for (std::size_t at = 0; at < seen.clauses.size(); ++at) {
      const Clause& clause = (*policy.clauses)[at];
      const auto holds = evaluator.holds(clause);
      if (holds) (*holds == clause.when ? seen.clauses[at].was_true : seen.clauses[at].was_false) = true;
    }
  }
}

}  // namespace ginnel::policy
