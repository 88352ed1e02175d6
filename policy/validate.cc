// SPDX-License-Identifier: Apache-2.0
#include "policy/validate.h"

#include <algorithm>
#include <tuple>

#include "policy/limits.h"
#include "policy/type_check.h"

namespace ginnel::policy {

namespace {

// Names of types, actions and entities of enumerations, wherever they stand in a policy.
class NameChecker {
 public:
  NameChecker(const Schema& schema, std::vector<TypeFault>& faults) : schema_(schema), faults_(faults) {}

  void check(const Policy& policy) {
    // Of a linked policy only the types of what it was linked with; all else is its template's.
    const bool linked = !policy.template_id.empty();
    for (const auto* part : {&policy.principal, &policy.action, &policy.resource}) {
      if (!part->type.empty()) check_type(part->type, part->span);
      for (const auto& uid : part->entities)
        linked ? void(check_type(uid.type, part->span)) : check_entity(uid, part->span);
    }
    if (linked) return;
    for (const auto& clause : *policy.clauses) check(clause.condition);
  }

 private:
  // As deep as the expression is.
  void check(const Expr& expr) {
    if (expr.kind == Expr::Kind::is) check_type(expr.name, expr.span);
    if (expr.kind == Expr::Kind::literal) check(expr.value, expr.span);
    for (const auto& operand : expr.operands) check(operand);
  }

  void check(const Value& value, Span where) {
    if (const auto* uid = value.as_entity()) check_entity(*uid, where);
    if (const auto* set = value.as_set()) {
      for (const auto& element : *set) check(element, where);
    }
  }

  bool check_type(const std::string& name, Span where) {
    const auto& actions = schema_.actions();
    if (schema_.find_entity_type(name) ||
        std::any_of(actions.begin(), actions.end(), [&](const auto& action) { return action.uid.type == name; })) {
      return true;
    }
    std::vector<std::string> known;
    for (const auto& type : schema_.entity_types()) known.push_back(type.name);
    fault(where, "there is no entity type `" + name + "`", suggest(name, known));
    return false;
  }

  void check_entity(const EntityUid& uid, Span where) {
    if (is_action_type(uid.type)) {
      if (schema_.find_action(uid)) return;
      std::vector<std::string> known;
      for (const auto& action : schema_.actions()) {
        if (action.uid.type == uid.type) known.push_back(action.uid.id);
      }
      return fault(where, "there is no action `" + uid.text() + "`", suggest(uid.id, known));
    }
    if (!check_type(uid.type, where)) return;
    const auto* type = schema_.find_entity_type(uid.type);
    if (!type || !type->enumerated || std::find(type->ids.begin(), type->ids.end(), uid.id) != type->ids.end()) return;
    fault(where, "`" + uid.type + "` has no `" + uid.id + "`", suggest(uid.id, type->ids));
  }

  void fault(Span where, std::string message, std::string hint) {
    faults_.push_back({where, std::move(message), std::move(hint)});
  }

  const Schema& schema_;
  std::vector<TypeFault>& faults_;
};

// The types that may stand in a template's open place, so that the policy can apply at all; one empty: there is none.
std::vector<std::string> slot_types(const ScopeConstraint& constraint, const std::string& type, const Schema& schema) {
  if (!constraint.slot) return {""};
  std::vector<std::string> out = {type};
  if (constraint.kind == ScopeConstraint::Kind::equal) return out;
  for (const auto& candidate : schema.entity_types()) {
    if (candidate.name != type && schema.may_be_in(type, candidate.name)) out.push_back(candidate.name);
  }
  return out;
}

class PolicyChecker {
 public:
  PolicyChecker(const Schema& schema, Validation& out) : schema_(schema), out_(out) {}

  void check(const Policy& policy) {
    std::vector<TypeFault> faults;
    NameChecker(schema_, faults).check(policy);
    bool applies = !policy.template_id.empty();
    if (!applies) {
      for (const auto& action : schema_.actions()) {
        for (const auto& principal : action.principals) {
          for (const auto& resource : action.resources) {
            applies |= check(policy, {&action, principal, resource, {}, {}}, faults);
            each_place_once(faults);
          }
        }
      }
    }
    each_place_once(faults);
    add(policy, faults);
    if (!applies) {
      out_.warnings.push_back({policy.id,
                               {policy.source->file, policy.at.line, policy.at.column, "this policy can never apply",
                                "no request that the schema knows satisfies it"}});
    }
  }

 private:
  bool check(const Policy& policy, RequestTypes request, std::vector<TypeFault>& faults) {
    bool applies = false;
    for (const auto& principal_slot : slot_types(policy.principal, request.principal, schema_)) {
      for (const auto& resource_slot : slot_types(policy.resource, request.resource, schema_)) {
        request.principal_slot = principal_slot;
        request.resource_slot = resource_slot;
        applies |= TypeChecker(schema_, request, faults).may_apply(policy);
      }
    }
    return applies;
  }

  // Several kinds of requests may find the same fault; of one place the first is told.
  static void each_place_once(std::vector<TypeFault>& faults) {
    const auto place = [](const TypeFault& fault) { return std::tie(fault.where.begin, fault.where.end); };
    std::stable_sort(faults.begin(), faults.end(),
                     [&](const TypeFault& a, const TypeFault& b) { return place(a) < place(b); });
    const auto same = [&](const TypeFault& a, const TypeFault& b) { return place(a) == place(b); };
    faults.erase(std::unique(faults.begin(), faults.end(), same), faults.end());
  }

  void add(const Policy& policy, std::vector<TypeFault>& faults) {
    for (auto& fault : faults) {
      if (out_.errors.size() >= limits::diagnostics_max) return;
      const auto at = policy.position(fault.where);
      out_.errors.push_back(
          {policy.id, {policy.source->file, at.line, at.column, std::move(fault.message), std::move(fault.hint)}});
    }
  }

  const Schema& schema_;
  Validation& out_;
};

}  // namespace

Validation validate(const PolicySet& policies, const Schema& schema) {
  Validation out;
  PolicyChecker checker(schema, out);
  for (const auto* list : {&policies.policies(), &policies.templates()}) {
    for (const auto& policy : *list) {
      if (out.errors.size() >= limits::diagnostics_max) return out;
      checker.check(policy);
    }
  }
  return out;
}

void sort_by_place(Diagnostics& diagnostics) {
  const auto place = [](const Diagnostic& one) { return std::tie(one.file, one.line, one.column); };
  std::stable_sort(diagnostics.begin(), diagnostics.end(),
                   [&](const Diagnostic& a, const Diagnostic& b) { return place(a) < place(b); });
}

}  // namespace ginnel::policy
