// SPDX-License-Identifier: Apache-2.0
#include "policy/type_check.h"

#include <algorithm>

#include "policy/format.h"

namespace ginnel::policy {

namespace {

using Kind = Expr::Kind;
using Type = Value::Type;

// Compared as they stand by the language: a constant of an extension type is a call to it, and a set is none.
bool is_plain_literal(const Value& value) {
  return value.as_bool() || value.as_integer() || value.as_string() || value.as_entity();
}

}  // namespace

void TypeChecker::fault(Span where, std::string message, std::string hint) {
  faults_.push_back({where, std::move(message), std::move(hint)});
}

void TypeChecker::wrong_type(const Expr& expr, const std::string& wanted, const SchemaType& found) {
  std::string hint;
  if (found.kind == Type::set && wanted == "an entity or a record") hint = "ask a set with .contains(...)";
  if (found.kind == Type::string && wanted == "Long") hint = "texts are not added";
  fault(expr.span, "expected " + wanted + ", found " + found.text(), std::move(hint));
}

bool TypeChecker::may_apply(const Policy& policy) {
  // As one condition joined by `&&`: what stands behind a part that is never true is not reached.
  if (scope(policy.principal, Variable::principal) == false) return false;
  if (action_scope(policy.action) == false) return false;
  if (scope(policy.resource, Variable::resource) == false) return false;
  Known known;
  for (const auto& clause : *policy.clauses) {
    auto typed = expect(clause.condition, known, Type::boolean);
    if (typed.always(!clause.when)) return false;
    if (clause.when) known.merge(typed.gained);
  }
  return true;
}

std::optional<bool> TypeChecker::scope(const ScopeConstraint& constraint, Variable which) {
  using Scope = ScopeConstraint::Kind;
  const bool principal = which == Variable::principal;
  const auto& type = principal ? request_.principal : request_.resource;
  // A name that the schema lacks is reported elsewhere; the conditions behind it are checked all the same.
  if (constraint.kind == Scope::is || constraint.kind == Scope::is_in) {
    if (type != constraint.type) return schema_.find_entity_type(constraint.type) ? std::optional(false) : std::nullopt;
  }
  if (constraint.kind == Scope::any) return true;
  if (constraint.kind == Scope::is) return true;
  const auto& target = constraint.slot ? (principal ? request_.principal_slot : request_.resource_slot)
                                       : constraint.entities.front().type;
  const bool may = constraint.kind == Scope::equal ? type == target : may_lie_in(type, target);
  if (may || (!is_action_type(target) && !schema_.find_entity_type(target))) return std::nullopt;
  return false;
}

std::optional<bool> TypeChecker::action_scope(const ScopeConstraint& constraint) {
  using Scope = ScopeConstraint::Kind;
  const auto& uid = request_.action->uid;
  const auto& wanted = constraint.entities;
  if (constraint.kind == Scope::any) return true;
  if (std::any_of(wanted.begin(), wanted.end(), [&](const EntityUid& one) { return !schema_.find_action(one); })) {
    return std::nullopt;
  }
  if (constraint.kind == Scope::equal) return wanted.front() == uid;
  if (wanted.empty()) {
    fault(constraint.span, "an empty list of actions", "name an action, or leave `in []` out");
    return std::nullopt;
  }
  for (const auto& other : wanted) {
    if (other.type == wanted.front().type) continue;
    fault(constraint.span,
          "the actions of a list are of one type, not `" + wanted.front().type + "` and `" + other.type + "`",
          "write a policy for each");
    return std::nullopt;
  }
  return std::any_of(wanted.begin(), wanted.end(), [&](const EntityUid& group) { return lies_in(uid, group); });
}

SchemaType TypeChecker::variable(Variable variable) const {
  switch (variable) {
    case Variable::principal:
      return entity_of(request_.principal);
    case Variable::action:
      return entity_of(request_.action->uid.type);
    case Variable::resource:
      return entity_of(request_.resource);
    case Variable::context:
      return request_.action->context;
  }
  return {};
}

TypeChecker::Typed TypeChecker::expect(const Expr& expr, const Known& known, Type kind) {
  auto typed = check(expr, known);
  if (typed.type && typed.type->kind != kind) {
    wrong_type(expr,
               kind == Type::entity ? "an entity"
               : kind == Type::set  ? "a set"
                                    : plain_type(kind).text(),
               *typed.type);
    return {};
  }
  return typed;
}

TypeChecker::Typed TypeChecker::expect_entity_or_record(const Expr& expr, const Known& known) {
  auto typed = check(expr, known);
  if (typed.type && typed.type->kind != Type::entity && typed.type->kind != Type::record) {
    wrong_type(expr, "an entity or a record", *typed.type);
    return {};
  }
  return typed;
}

TypeChecker::Typed TypeChecker::check(const Expr& expr, const Known& known) {
  switch (expr.kind) {
    case Kind::literal:
      return {type_of(expr.value, expr.span), {}};
    case Kind::variable:
      return {variable(expr.variable), {}};
    case Kind::negation: {
      const auto typed = expect(expr.operands[0], known, Type::boolean);
      const auto only = typed.type ? typed.type->only : std::nullopt;
      return {truth_type(only ? std::optional(!*only) : std::nullopt), {}};
    }
    case Kind::minus:
      expect(expr.operands[0], known, Type::integer);
      return {plain_type(Type::integer), {}};
    case Kind::all_of:
      return both(expr, known);
    case Kind::any_of:
      return either(expr, known);
    case Kind::condition:
      return condition(expr, known);
    case Kind::equal:
    case Kind::not_equal:
      return equality(expr, known);
    case Kind::less:
    case Kind::less_or_equal:
    case Kind::greater:
    case Kind::greater_or_equal:
      return order(expr, known);
    case Kind::sum:
    case Kind::difference:
    case Kind::product:
      expect(expr.operands[0], known, Type::integer);
      expect(expr.operands[1], known, Type::integer);
      return {plain_type(Type::integer), {}};
    case Kind::in:
      return {truth_type(membership(expr.operands[0], expect(expr.operands[0], known, Type::entity).type,
                                    expr.operands[1], known)),
              {}};
    case Kind::is:
      return type_test(expr, known);
    case Kind::like:
      expect(expr.operands[0], known, Type::string);
      return {truth_type(), {}};
    case Kind::has:
      return has(expr, known);
    case Kind::attribute:
      return attribute(expr, known);
    case Kind::contains:
    case Kind::contains_all:
    case Kind::contains_any:
    case Kind::is_empty:
      return collection(expr, known);
    case Kind::has_tag:
    case Kind::get_tag:
      return tag(expr, known);
    case Kind::set:
      return set(expr, known);
    case Kind::record:
      return record(expr, known);
    case Kind::call:
      return call(expr, known);
  }
  return {};
}

TypeChecker::Typed TypeChecker::both(const Expr& expr, const Known& known) {
  Typed whole{truth_type(true), {}};
  Known before = known;
  for (const auto& operand : expr.operands) {
    auto typed = expect(operand, before, Type::boolean);
    if (typed.always(false)) return {truth_type(false), {}};
    if (!typed.always(true)) whole.type = truth_type();
    before.insert(typed.gained.begin(), typed.gained.end());
    whole.gained.merge(typed.gained);
  }
  return whole;
}

TypeChecker::Typed TypeChecker::either(const Expr& expr, const Known& known) {
  Typed whole{truth_type(false), {}};
  for (const auto& operand : expr.operands) {
    auto typed = expect(operand, known, Type::boolean);
    if (typed.always(true)) return {truth_type(true), std::move(typed.gained)};
    if (typed.always(false)) continue;
    if (whole.always(false)) {
      whole = {truth_type(), std::move(typed.gained)};
    } else {
      std::erase_if(whole.gained, [&](const std::string& one) { return !typed.gained.contains(one); });
    }
  }
  return whole;
}

TypeChecker::Typed TypeChecker::condition(const Expr& expr, const Known& known) {
  auto guard = expect(expr.operands[0], known, Type::boolean);
  if (guard.always(false)) return check(expr.operands[2], known);
  Known inside = known;
  inside.insert(guard.gained.begin(), guard.gained.end());
  auto then = check(expr.operands[1], inside);
  then.gained.merge(guard.gained);
  if (guard.always(true)) return then;
  auto otherwise = check(expr.operands[2], known);
  if (!then.type || !otherwise.type) return {};
  auto type = common_type(*then.type, *otherwise.type);
  if (!type) {
    fault(expr.span,
          "both branches of an `if` are of one type, not " + then.type->text() + " and " + otherwise.type->text());
    return {};
  }
  std::erase_if(then.gained, [&](const std::string& one) { return !otherwise.gained.contains(one); });
  return {std::move(type), std::move(then.gained)};
}

void TypeChecker::require_common(const std::optional<SchemaType>& a, const std::optional<SchemaType>& b, Span where) {
  if (!a || !b || common_type(*a, *b)) return;
  const auto left = a->text(), right = b->text();
  fault(where, left == right ? "two records whose attributes differ are never equal"
                             : "a " + left + " and a " + right + " are never equal");
}

TypeChecker::Typed TypeChecker::equality(const Expr& expr, const Known& known) {
  const auto left = check(expr.operands[0], known), right = check(expr.operands[1], known);
  std::optional<bool> equal;
  if (left.type && right.type && left.type->kind == Type::entity && right.type->kind == Type::entity &&
      left.type->entity_type != right.type->entity_type) {
    equal = false;
  } else {
    const auto value_of = [&](const Expr& side) -> std::optional<Value> {
      if (side.kind == Kind::variable && side.variable == Variable::action) return Value(request_.action->uid);
      if (side.kind == Kind::literal && is_plain_literal(side.value)) return side.value;
      return std::nullopt;
    };
    const auto a = value_of(expr.operands[0]), b = value_of(expr.operands[1]);
    if (a && b) equal = *a == *b;
  }
  if (!equal) require_common(left.type, right.type, expr.span);
  if (equal && expr.kind == Kind::not_equal) equal = !*equal;
  return {truth_type(equal), {}};
}

TypeChecker::Typed TypeChecker::order(const Expr& expr, const Known& known) {
  const auto left = check(expr.operands[0], known).type, right = check(expr.operands[1], known).type;
  const auto ordered = [](const SchemaType& type) {
    return type.kind == Type::integer || type.kind == Type::datetime || type.kind == Type::duration;
  };
  const auto wanted = left && ordered(*left) ? left->kind : right && ordered(*right) ? right->kind : Type::integer;
  for (const auto* side : {&left, &right}) {
    if (*side && (*side)->kind != wanted) {
      const auto& operand = expr.operands[side == &left ? 0 : 1];
      fault(operand.span, "expected " + plain_type(wanted).text() + ", found " + (*side)->text(),
            (*side)->kind == Type::decimal ? "decimals are compared by .lessThan(...) and its like" : "");
    }
  }
  return {truth_type(), {}};
}

const EntityUid* TypeChecker::literal_entity(const Expr& expr) const {
  if (expr.kind == Kind::variable && expr.variable == Variable::action) return &request_.action->uid;
  return expr.kind == Kind::literal ? expr.value.as_entity() : nullptr;
}

// All of them when the expression is one or a set of nothing else.
bool TypeChecker::literal_entities(const Expr& expr, std::vector<EntityUid>& out) const {
  if (const auto* one = literal_entity(expr)) {
    out.push_back(*one);
    return true;
  }
  if (expr.kind == Kind::set) {
    return std::all_of(expr.operands.begin(), expr.operands.end(), [&](const Expr& element) {
      const auto* uid = literal_entity(element);
      if (uid) out.push_back(*uid);
      return uid != nullptr;
    });
  }
  const auto* set = expr.kind == Kind::literal ? expr.value.as_set() : nullptr;
  return set && std::all_of(set->begin(), set->end(), [&](const Value& element) {
           if (element.as_entity()) out.push_back(*element.as_entity());
           return element.as_entity() != nullptr;
         });
}

bool TypeChecker::lies_in(const EntityUid& action, const EntityUid& group) const {
  if (action == group) return true;
  const auto* known = schema_.find_action(action);
  return known && schema_.is_in_group(*known, group);
}

// An entity lies in itself, so a type may always lie in itself.
bool TypeChecker::may_lie_in(const std::string& type, const std::string& ancestor) const {
  if (type == ancestor || schema_.may_be_in(type, ancestor)) return true;
  if (!is_action_type(ancestor)) return false;
  const auto& actions = schema_.actions();
  return std::any_of(actions.begin(), actions.end(), [&](const ActionType& action) {
    return action.uid.type == type && std::any_of(actions.begin(), actions.end(), [&](const ActionType& group) {
             return group.uid.type == ancestor && schema_.is_in_group(action, group.uid);
           });
  });
}

std::optional<bool> TypeChecker::membership(const Expr& left, const std::optional<SchemaType>& inner, const Expr& right,
                                            const Known& known) {
  auto outer = check(right, known).type;
  if (outer && outer->kind == Type::set && outer->element) outer = SchemaType(*outer->element);
  if (outer && outer->kind != Type::entity) {
    fault(right.span, "expected an entity or a set of entities behind `in`, found " + outer->text(),
          "whether a value is in a set is asked by .contains(...)");
    return std::nullopt;
  }
  if (!inner || !outer) return std::nullopt;
  std::vector<EntityUid> groups;
  const auto* action = literal_entity(left);
  if (action && is_action_type(action->type) && literal_entities(right, groups)) {
    return std::any_of(groups.begin(), groups.end(), [&](const EntityUid& group) { return lies_in(*action, group); });
  }
  return may_lie_in(inner->entity_type, outer->entity_type) ? std::nullopt : std::optional(false);
}

TypeChecker::Typed TypeChecker::type_test(const Expr& expr, const Known& known) {
  const auto typed = expect(expr.operands[0], known, Type::entity);
  if (!typed.type) return {truth_type(), {}};
  if (typed.type->entity_type != expr.name) return {truth_type(false), {}};
  if (expr.operands.size() < 2) return {truth_type(true), {}};
  return {truth_type(membership(expr.operands[0], typed.type, expr.operands[1], known)), {}};
}

}  // namespace ginnel::policy
