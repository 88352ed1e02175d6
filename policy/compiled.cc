// SPDX-License-Identifier: Apache-2.0
#include "policy/compiled.h"

#include <set>
#include <string>

#include "policy/evaluate.h"
#include "policy/format.h"

namespace ginnel::policy {

namespace {

// Gives each expression that stands in the trees more than once a number.
class Sharing {
 public:
  void count(const Expr& expr) {
    if (costs_nothing(expr)) return;
    ++times_[format_expression(expr)];
    for (const auto& operand : expr.operands) count(operand);
  }

  void number(Expr& expr) {
    if (costs_nothing(expr)) return;
    const std::string text = format_expression(expr);
    if (times_.at(text) > 1) expr.shared = numbers_.emplace(text, numbers_.size() + 1).first->second;
    for (auto& operand : expr.operands) number(operand);
  }

  std::size_t highest() const { return numbers_.size(); }

 private:
  static bool costs_nothing(const Expr& expr) {
    return expr.kind == Expr::Kind::literal || expr.kind == Expr::Kind::variable;
  }

  std::unordered_map<std::string, std::size_t> times_;
  std::unordered_map<std::string, std::uint32_t> numbers_;
};

}  // namespace

CompiledPolicies::CompiledPolicies(const PolicySet& policies, const Entities& resident)
    : policies_(policies.policies()) {
  Sharing sharing;
  for (const Policy& one : policies_)
    for (const Clause& clause : *one.clauses) sharing.count(clause.condition);
  for (Policy& one : policies_) {
    std::vector<Clause> clauses = *one.clauses;
    for (Clause& clause : clauses) sharing.number(clause.condition);
    one.clauses = std::make_shared<const std::vector<Clause>>(std::move(clauses));
  }
  shared_ = sharing.highest();

  std::set<std::string> types;
  for (const Policy& one : policies_)
    for (const EntityUid& named : one.action.entities) {
      types.insert(named.type);
      if (!actions_.contains(named)) settle(named, resident);
    }
  for (const Entity& entity : resident.all())
    if (types.contains(entity.uid.type) && !actions_.contains(entity.uid)) settle(entity.uid, resident);
}

void CompiledPolicies::settle(const EntityUid& action, const Entities& resident) {
  const Request request{{}, action, {}, {}};
  const Evaluator evaluator(request, resident);
  OfAction& settled = actions_[action];
  settled.entity = resident.find(action);
  for (std::size_t i = 0; i < policies_.size(); ++i)
    if (evaluator.in_scope(policies_[i].action, Variable::action)) settled.policies.push_back(i);
}

const std::vector<std::size_t>* CompiledPolicies::of_action(const EntityUid& action, const EntitySource& world) const {
  const auto found = actions_.find(action);
  if (found == actions_.end() || world.find(action) != found->second.entity) return nullptr;
  return &found->second.policies;
}

}  // namespace ginnel::policy
