// SPDX-License-Identifier: Apache-2.0
#include "policy/explain.h"

#include <array>
#include <tuple>

namespace ginnel::policy {

namespace {

// The operand that decides a condition which is not as the clause wants it, or the condition itself.
const Expr& narrowest(const Clause& clause, Evaluator& evaluator) {
  const auto joined = clause.when ? Expr::Kind::all_of : Expr::Kind::any_of;
  if (clause.condition.kind != joined) return clause.condition;
  for (const auto& operand : clause.condition.operands) {
    const auto value = evaluator.evaluate(operand);
    const auto* truth = value ? (*value)->as_bool() : nullptr;
    if (!truth || *truth != clause.when) return operand;
  }
  return clause.condition;
}

std::optional<Obstacle> obstacle_in_scope(const Policy& policy, const Evaluator& evaluator) {
  using Part = Obstacle::Part;
  struct ScopePart {
    Part part;
    Variable variable;
    const ScopeConstraint* constraint;
  };
  const std::array<ScopePart, 3> parts = {{{Part::principal, Variable::principal, &policy.principal},
                                           {Part::action, Variable::action, &policy.action},
                                           {Part::resource, Variable::resource, &policy.resource}}};
  for (const auto& [part, variable, constraint] : parts) {
    if (evaluator.in_scope(*constraint, variable)) continue;
    Obstacle obstacle{part, std::string(policy.text(constraint->span)), policy.position(constraint->span), false, {}};
    obstacle.constraint = constraint;
    return obstacle;
  }
  return std::nullopt;
}

std::optional<Obstacle> obstacle_in_clause(const Policy& policy, const Clause& clause, Evaluator& evaluator) {
  const auto holds = evaluator.holds(clause);
  if (holds && *holds) return std::nullopt;
  const Expr& condition = narrowest(clause, evaluator);
  const Span span = condition.span;
  Obstacle obstacle{clause.when ? Obstacle::Part::when : Obstacle::Part::unless,
                    std::string(policy.text(span)),
                    policy.position(span),
                    !holds,
                    {}};
  if (!holds) obstacle.error = holds.error().message;
  obstacle.condition = &condition;
  return obstacle;
}

// How near a permit came: more is nearer.
struct Nearness {
  bool action = false;
  int scope = 0;
  std::size_t conditions = 0;
  bool operator<(const Nearness& other) const {
    return std::tie(action, scope, conditions) < std::tie(other.action, other.scope, other.conditions);
  }
};

// Nothing when the permit is satisfied.
std::optional<Nearness> nearness(const Policy& policy, Evaluator& evaluator) {
  Nearness near;
  near.action = evaluator.in_scope(policy.action, Variable::action);
  near.scope = near.action + evaluator.in_scope(policy.principal, Variable::principal) +
               evaluator.in_scope(policy.resource, Variable::resource);
  if (near.scope < 3) return near;
  for (const auto& clause : *policy.clauses) {
    const auto holds = evaluator.holds(clause);
    if (!holds || !*holds) return near;
    ++near.conditions;
  }
  return std::nullopt;
}

}  // namespace

std::optional<Obstacle> first_obstacle(const Policy& policy, const Request& request, const EntitySource& entities) {
  Evaluator evaluator(request, entities);
  if (auto obstacle = obstacle_in_scope(policy, evaluator)) return obstacle;
  for (const auto& clause : *policy.clauses) {
    if (auto obstacle = obstacle_in_clause(policy, clause, evaluator)) return obstacle;
  }
  return std::nullopt;
}

std::optional<NearMiss> nearest_permit(const PolicySet& policies, const Request& request, const EntitySource& entities,
                                       const std::function<bool(const Policy&)>& counts) {
  Evaluator evaluator(request, entities);
  const auto& list = policies.policies();
  std::optional<std::size_t> nearest;
  Nearness most;
  for (std::size_t i = 0; i < list.size(); ++i) {
    if (list[i].effect != Effect::permit || (counts && !counts(list[i]))) continue;
    const auto near = nearness(list[i], evaluator);
    if (!near) return std::nullopt;
    if (nearest && !(most < *near)) continue;
    nearest = i;
    most = *near;
  }
  if (!nearest) return std::nullopt;
  auto obstacle = first_obstacle(list[*nearest], request, entities);
  if (!obstacle) return std::nullopt;
  return NearMiss{*nearest, std::move(*obstacle)};
}

}  // namespace ginnel::policy
