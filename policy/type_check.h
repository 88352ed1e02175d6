// SPDX-License-Identifier: Apache-2.0
// The type of an expression under one kind of request: the language's strict rules.
//
// A boolean that can be only one thing is known as that, so that a part that is never reached is never faulted. What a
// `has` or `hasTag` has made sure of is known to what stands behind it.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "policy/policy_set.h"
#include "policy/schema.h"

namespace ginnel::policy {

// The types of one kind of request, with those that a template's open places would have.
struct RequestTypes {
  const ActionType* action = nullptr;
  std::string principal, resource;
  std::string principal_slot, resource_slot;
};

struct TypeFault {
  Span where;
  std::string message, hint;
};

SchemaType plain_type(Value::Type kind);  // with nothing inside
SchemaType entity_of(std::string type);
SchemaType truth_type(std::optional<bool> only = std::nullopt);  // a boolean

// The least type that both are of; nothing: strict mode has none.
std::optional<SchemaType> common_type(const SchemaType& a, const SchemaType& b);

// `did you mean ...?` for the nearest of `known`, or a list of them when they are few; else empty.
std::string suggest(std::string_view word, const std::vector<std::string>& known);

class TypeChecker {
 public:
  // All must outlive it.
  TypeChecker(const Schema& schema, const RequestTypes& request, std::vector<TypeFault>& faults)
      : schema_(schema), request_(request), faults_(faults) {}

  // False: the policy can never apply to such a request. Names that the schema lacks are not reported here.
  bool may_apply(const Policy& policy);

 private:
  using Known = std::set<std::string>;  // what is there: an expression's text, then the attribute or tag
  struct Typed {
    std::optional<SchemaType> type;  // nothing: it has none, which has been reported
    Known gained;                    // known when it is true
    bool always(bool value) const { return type && type->only == value; }
  };

  std::optional<bool> scope(const ScopeConstraint& constraint, Variable variable);
  std::optional<bool> action_scope(const ScopeConstraint& constraint);
  Typed check(const Expr& expr, const Known& known);
  Typed expect(const Expr& expr, const Known& known, Value::Type kind);
  Typed expect_entity_or_record(const Expr& expr, const Known& known);
  Typed both(const Expr& expr, const Known& known);
  Typed either(const Expr& expr, const Known& known);
  Typed condition(const Expr& expr, const Known& known);
  Typed equality(const Expr& expr, const Known& known);
  Typed order(const Expr& expr, const Known& known);
  std::optional<bool> membership(const Expr& left, const std::optional<SchemaType>& inner, const Expr& right,
                                 const Known& known);
  Typed type_test(const Expr& expr, const Known& known);
  Typed has(const Expr& expr, const Known& known);
  Typed attribute(const Expr& expr, const Known& known);
  Typed collection(const Expr& expr, const Known& known);
  Typed tag(const Expr& expr, const Known& known);
  Typed set(const Expr& expr, const Known& known);
  Typed record(const Expr& expr, const Known& known);
  Typed call(const Expr& expr, const Known& known);
  std::optional<SchemaType> type_of(const Value& value, Span where);
  std::optional<SchemaType> type_of(const EntityUid& uid) const;
  SchemaType variable(Variable variable) const;
  const SchemaAttribute* find_attribute(const SchemaType& type, std::string_view name) const;
  std::vector<std::string> attribute_names(const SchemaType& type) const;
  const EntityUid* literal_entity(const Expr& expr) const;
  bool literal_entities(const Expr& expr, std::vector<EntityUid>& out) const;
  bool may_lie_in(const std::string& type, const std::string& ancestor) const;
  bool lies_in(const EntityUid& action, const EntityUid& group) const;
  void require_common(const std::optional<SchemaType>& a, const std::optional<SchemaType>& b, Span where);
  void wrong_type(const Expr& expr, const std::string& wanted, const SchemaType& found);
  void fault(Span where, std::string message, std::string hint = {});

  const Schema& schema_;
  const RequestTypes& request_;
  std::vector<TypeFault>& faults_;
};

}  // namespace ginnel::policy
