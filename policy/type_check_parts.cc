// SPDX-License-Identifier: Apache-2.0
// The types of what holds other things: attributes, tags, sets and records.
#include <algorithm>

#include "policy/format.h"
#include "policy/type_check.h"

namespace ginnel::policy {

namespace {

using Kind = Expr::Kind;
using Type = Value::Type;

SchemaType set_of(SchemaType element) {
  auto type = plain_type(Type::set);
  type.element = std::make_shared<const SchemaType>(std::move(element));
  return type;
}

std::string known_tag(const Expr& owner, const Expr& tag) {
  return format_expression(owner) + "#" + format_expression(tag);
}

}  // namespace

const SchemaAttribute* TypeChecker::find_attribute(const SchemaType& type, std::string_view name) const {
  if (type.kind != Type::entity) return type.find(name);
  const auto* declared = schema_.find_entity_type(type.entity_type);
  return declared ? declared->shape.find(name) : nullptr;
}

std::vector<std::string> TypeChecker::attribute_names(const SchemaType& type) const {
  const auto* declared = type.kind == Type::entity ? schema_.find_entity_type(type.entity_type) : nullptr;
  const auto& attributes = declared ? declared->shape.attributes : type.attributes;
  std::vector<std::string> names;
  if (attributes) {
    for (const auto& attribute : *attributes) names.push_back(attribute.name);
  }
  return names;
}

// `a has b.c` asks for a.b, then for a.b.c. What is not declared is never there.
TypeChecker::Typed TypeChecker::has(const Expr& expr, const Known& known) {
  auto type = expect_entity_or_record(expr.operands[0], known).type;
  if (!type) return {truth_type(), {}};
  Typed whole{truth_type(true), {}};
  auto owner = format_owner(expr.operands[0]);
  for (std::size_t i = 0; i < expr.names.size(); ++i) {
    const auto& name = expr.names[i];
    if (i > 0 && type->kind != Type::entity && type->kind != Type::record) {
      fault(expr.span, "`" + expr.names[i - 1] + "` is a " + type->text() + " and has no attributes");
      return {truth_type(), {}};
    }
    const auto* attribute = find_attribute(*type, name);
    if (!attribute) return {truth_type(false), {}};
    auto fact = format_attribute(owner, name);
    // An entity may be unknown altogether, so that even a required attribute is not always there.
    const bool sure = known.contains(fact) || (attribute->required && type->kind == Type::record);
    if (!sure) whole.type = truth_type();
    owner = fact;
    whole.gained.insert(std::move(fact));
    type = attribute->type;
  }
  return whole;
}

TypeChecker::Typed TypeChecker::attribute(const Expr& expr, const Known& known) {
  const auto typed = expect_entity_or_record(expr.operands[0], known);
  if (!typed.type) return {};
  const auto* attribute = find_attribute(*typed.type, expr.name);
  if (!attribute) {
    const bool record = typed.type->kind == Type::record;
    const bool of_context = record && expr.operands[0].kind == Kind::variable;
    fault(expr.span,
          (of_context ? "the context"
           : record   ? "this record"
                      : "a `" + typed.type->entity_type + "`") +
              " has no attribute `" + expr.name + "`",
          suggest(expr.name, attribute_names(*typed.type)));
    return {};
  }
  if (!attribute->required && !known.contains(format_expression(expr))) {
    fault(expr.span, "the attribute `" + expr.name + "` may be missing",
          "ask first: `... has " + (is_plain_name(expr.name) ? expr.name : "\"...\"") + " && ...`");
  }
  return {attribute->type, {}};
}

TypeChecker::Typed TypeChecker::collection(const Expr& expr, const Known& known) {
  const auto left = expect(expr.operands[0], known, Type::set).type;
  if (expr.kind == Kind::is_empty) return {truth_type(), {}};
  if (expr.kind != Kind::contains) {
    const auto right = expect(expr.operands[1], known, Type::set).type;
    require_common(left, right, expr.span);
    return {truth_type(), {}};
  }
  const auto right = check(expr.operands[1], known).type;
  if (left && left->element && right && !common_type(*left->element, *right)) {
    const auto wanted = left->element->text(), found = right->text();
    fault(expr.span, wanted == found ? "the set holds records with other attributes"
                                     : "a set of " + wanted + " never contains a " + found);
  }
  return {truth_type(), {}};
}

TypeChecker::Typed TypeChecker::tag(const Expr& expr, const Known& known) {
  const auto owner = expect(expr.operands[0], known, Type::entity).type;
  expect(expr.operands[1], known, Type::string);
  const auto* declared = owner ? schema_.find_entity_type(owner->entity_type) : nullptr;
  const bool tags = declared && declared->tags;
  auto fact = known_tag(expr.operands[0], expr.operands[1]);
  if (expr.kind == Kind::has_tag) {
    std::optional<bool> only;
    if (owner && !tags) only = false;
    if (tags && known.contains(fact)) only = true;
    return {truth_type(only), {std::move(fact)}};
  }
  if (!owner) return {};
  if (!tags) {
    fault(expr.span, "a `" + owner->entity_type + "` has no tags");
    return {};
  }
  if (!known.contains(fact)) fault(expr.span, "the tag may be missing", "ask first: `....hasTag(...) && ...`");
  return {*declared->tags, {}};
}

TypeChecker::Typed TypeChecker::set(const Expr& expr, const Known& known) {
  std::optional<SchemaType> element;
  bool failed = false;
  for (const auto& operand : expr.operands) {
    auto type = check(operand, known).type;
    failed |= !type;
    if (failed) continue;
    auto common = element ? common_type(*element, *type) : type;
    if (!common) {
      fault(expr.span, "the elements of a set are of one type, not " + element->text() + " and " + type->text());
      failed = true;
    }
    element = std::move(common);
  }
  if (failed || !element) return {};
  return {set_of(std::move(*element)), {}};
}

TypeChecker::Typed TypeChecker::record(const Expr& expr, const Known& known) {
  std::vector<SchemaAttribute> attributes;
  bool failed = false;
  for (std::size_t i = 0; i < expr.operands.size(); ++i) {
    auto type = check(expr.operands[i], known).type;
    if (type) {
      attributes.push_back({expr.names[i], std::move(*type), true});
    } else {
      failed = true;
    }
  }
  if (failed) return {};
  SchemaType type;
  type.attributes = std::make_shared<const std::vector<SchemaAttribute>>(std::move(attributes));
  return {std::move(type), {}};
}

std::optional<SchemaType> TypeChecker::type_of(const EntityUid& uid) const {
  const bool known =
      is_action_type(uid.type) ? schema_.find_action(uid) != nullptr : schema_.find_entity_type(uid.type) != nullptr;
  return known ? std::optional(entity_of(uid.type)) : std::nullopt;
}

std::optional<SchemaType> TypeChecker::type_of(const Value& value, Span where) {
  if (const auto* uid = value.as_entity()) return type_of(*uid);
  if (const auto* known = value.as_bool()) return truth_type(*known);
  const auto* set = value.as_set();
  if (!set) return plain_type(value.type());
  if (set->size() == 0) {
    fault(where, "an empty set has no type", "`.isEmpty()` asks whether a set is empty");
    return std::nullopt;
  }
  std::optional<SchemaType> element;
  for (const auto& one : *set) {
    auto type = type_of(one, where);
    if (!type) return std::nullopt;
    auto common = element ? common_type(*element, *type) : type;
    if (!common) {
      fault(where, "the elements of a set are of one type, not " + element->text() + " and " + type->text());
      return std::nullopt;
    }
    element = std::move(common);
  }
  return set_of(std::move(*element));
}

}  // namespace ginnel::policy
