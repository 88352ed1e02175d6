// SPDX-License-Identifier: Apache-2.0
#include "policy/authorize.h"

#include <algorithm>

namespace ginnel::policy {

namespace {

// Conditions in order; one that does not hold ends it, so that a later one cannot err.
tl::expected<bool, EvaluationError> conditions_hold(const Policy& policy, Evaluator& evaluator) {
  for (const auto& clause : *policy.clauses) {
    auto holds = evaluator.holds(clause);
    if (!holds || !*holds) return holds;
  }
  return true;
}

// Takes policies one by one, ascending, whose scope for the action holds.
class Deciding {
 public:
  // Both are empty.
  Deciding(Evaluator& evaluator, Response& response, std::vector<std::size_t>& permits)
      : evaluator_(evaluator), response_(response), permits_(permits) {}

  void take(const Policy& policy, std::size_t i) {
    if (!evaluator_.in_scope(policy.principal, Variable::principal) ||
        !evaluator_.in_scope(policy.resource, Variable::resource))
      return;
    auto holds = conditions_hold(policy, evaluator_);
    if (!holds) {
      auto& error = holds.error();
      response_.errors.push_back({i, policy.effect, std::move(error.message), error.where});
    } else if (*holds) {
      (policy.effect == Effect::forbid ? response_.reasons : permits_).push_back(i);
    }
  }

  void take_all(const std::vector<Policy>& policies) {
    for (std::size_t i = 0; i < policies.size(); ++i)
      if (evaluator_.in_scope(policies[i].action, Variable::action)) take(policies[i], i);
  }

  void end() {
    if (!response_.reasons.empty() || permits_.empty()) return;
    response_.decision = Decision::allow;
    response_.reasons = permits_;
  }

 private:
  Evaluator& evaluator_;
  Response& response_;
  std::vector<std::size_t>& permits_;
};

}  // namespace

bool Response::forbid_erred() const {
  return std::any_of(errors.begin(), errors.end(), [](const auto& e) { return e.effect == Effect::forbid; });
}

Response authorize(const PolicySet& policies, const Request& request, const EntitySource& entities) {
  Evaluator evaluator(request, entities);
  Response response;
  std::vector<std::size_t> permits;
  Deciding deciding(evaluator, response, permits);
  deciding.take_all(policies.policies());
  deciding.end();
  return response;
}

const Response& Decider::decide(const Request& request, const EntitySource& world) {
  response_.decision = Decision::deny;
  response_.reasons.clear();
  response_.errors.clear();
  permits_.clear();
  evaluator_.ask(request, world);
  Deciding deciding(evaluator_, response_, permits_);
  if (const auto* of_action = policies_.of_action(request.action, world)) {
    for (const auto i : *of_action) deciding.take(policies_.policies()[i], i);
  } else {
    deciding.take_all(policies_.policies());
  }
  deciding.end();
  return response_;
}

}  // namespace ginnel::policy
