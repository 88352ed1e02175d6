// SPDX-License-Identifier: Apache-2.0
#include "policy/names.h"

#include <algorithm>

namespace ginnel::policy {
namespace {

bool names(const ScopeConstraint& scope, std::string_view type) {
  return std::any_of(scope.entities.begin(), scope.entities.end(),
                     [&](const EntityUid& entity) { return entity.type == type; });
}

bool names(const Value& value, std::string_view type) {
  if (const auto* entity = value.as_entity()) return entity->type == type;
  if (const auto* set = value.as_set())
    return std::any_of(set->begin(), set->end(), [&](const Value& element) { return names(element, type); });
  if (const auto* record = value.as_record())
    return std::any_of(record->begin(), record->end(), [&](const auto& field) { return names(field.second, type); });
  return false;
}

bool names(const Expr& expr, std::string_view type) {
  return names(expr.value, type) || std::any_of(expr.operands.begin(), expr.operands.end(),
                                                [&](const Expr& operand) { return names(operand, type); });
}

}  // namespace

bool names_entity_of(const Policy& policy, std::string_view type) {
  return names(policy.principal, type) || names(policy.action, type) || names(policy.resource, type) ||
         std::any_of(policy.clauses->begin(), policy.clauses->end(),
                     [&](const Clause& clause) { return names(clause.condition, type); });
}

}  // namespace ginnel::policy
