// SPDX-License-Identifier: Apache-2.0
#include "policy/compare/truth.h"

#include <algorithm>
#include <limits>

#include "policy/format.h"

namespace ginnel::policy {

namespace {

using Node = Diagrams::Node;
using Op = Expr::Kind;
using Type = Value::Type;
using Path = Questions::Path;

// The elements of a set that is written out; nothing: it is another expression, or not of plain values.
std::optional<std::vector<Value>> elements_of(const Expr& expr) {
  std::vector<Value> out;
  if (expr.kind == Op::literal && expr.value.as_set()) {
    out.assign(expr.value.as_set()->begin(), expr.value.as_set()->end());
    return out;
  }
  if (expr.kind != Op::set) return std::nullopt;
  for (const auto& operand : expr.operands) {
    if (operand.kind != Op::literal) return std::nullopt;
    out.push_back(operand.value);
  }
  return out;
}

// One kind of request.
class Compiler {
 public:
  Compiler(Questions& questions, const ActionType& action, const std::string& principal, const std::string& resource)
      : questions_(questions),
        schema_(questions.schema()),
        action_(action),
        principal_(principal),
        resource_(resource),
        kind_(questions.kind_of_request(action, principal, resource)) {}

  Node satisfied(const Policy& policy) {
    auto out = both(scope(policy.principal, {"principal", entity(principal_), {}}), action_scope(policy.action));
    out = both(out, scope(policy.resource, {"resource", entity(resource_), {}}));
    for (const auto& clause : *policy.clauses) {
      if (dead(out)) return out;
      const auto condition = truth(clause.condition);
      out = both(out, clause.when ? condition : negation(condition));
    }
    return out;
  }

 private:
  // While questions are being found every truth is `no`, and nothing is passed over.
  bool open() const { return questions_.closed(); }
  bool dead(Node node) const { return open() && node == Diagrams::no; }
  Node both(Node a, Node b) { return open() ? questions_.diagrams().both(a, b) : Diagrams::no; }
  Node either(Node a, Node b) { return open() ? questions_.diagrams().either(a, b) : Diagrams::no; }
  Node negation(Node a) { return open() ? questions_.diagrams().negation(a) : Diagrams::no; }
  static Node constant(bool value) { return value ? Diagrams::yes : Diagrams::no; }

  static SchemaType entity(const std::string& type) {
    SchemaType out;
    out.kind = Type::entity;
    out.entity_type = type;
    return out;
  }

  Node scope(const ScopeConstraint& constraint, const Path& path) {
    using Scope = ScopeConstraint::Kind;
    if (constraint.kind == Scope::any) return Diagrams::yes;
    const bool typed = constraint.kind == Scope::is || constraint.kind == Scope::is_in;
    if (typed && constraint.type != path.type.entity_type) return Diagrams::no;
    if (constraint.kind == Scope::is) return Diagrams::yes;
    const auto& target = constraint.entities.front();
    return constraint.kind == Scope::equal ? equals(path, target) : within(path, target);
  }

  Node action_scope(const ScopeConstraint& constraint) {
    using Scope = ScopeConstraint::Kind;
    if (constraint.kind == Scope::any) return Diagrams::yes;
    return constant(std::any_of(constraint.entities.begin(), constraint.entities.end(), [&](const EntityUid& one) {
      return one == action_.uid || (constraint.kind != Scope::equal && schema_.is_in_group(action_, one));
    }));
  }

  std::optional<Path> path(const Expr& expr) {
    if (expr.kind == Op::variable) {
      if (expr.variable == Variable::principal) return Path{"principal", entity(principal_), {}};
      if (expr.variable == Variable::resource) return Path{"resource", entity(resource_), {}};
      if (expr.variable == Variable::context) return Path{"context", action_.context, {}};
      return std::nullopt;
    }
    if (expr.kind == Op::attribute) {
      auto owner = path(expr.operands[0]);
      const auto* attribute = owner ? attribute_of(owner->type, expr.name) : nullptr;
      if (!attribute) return std::nullopt;
      auto guards = owner->guards;
      if (attribute->required)
        questions_.always(kind_, has_text(*owner, expr.name));
      else
        guards.push_back(questions_.guard(has_text(*owner, expr.name), *owner));
      return Path{format_attribute(owner->text, expr.name), attribute->type, std::move(guards)};
    }
    if (expr.kind == Op::get_tag && tag_of(expr)) {
      auto owner = path(expr.operands[0]);
      const auto* type = owner ? schema_.find_entity_type(owner->type.entity_type) : nullptr;
      if (!type || !type->tags) return std::nullopt;
      auto guards = owner->guards;
      guards.push_back(questions_.guard(has_tag_text(*owner, *tag_of(expr)), *owner));
      return Path{owner->text + ".getTag(" + quote(*tag_of(expr)) + ")", *type->tags, std::move(guards)};
    }
    return std::nullopt;
  }

  static const std::string* tag_of(const Expr& expr) {
    return expr.operands[1].kind == Op::literal ? expr.operands[1].value.as_string() : nullptr;
  }
  static std::string has_tag_text(const Path& owner, const std::string& tag) {
    return owner.text + ".hasTag(" + quote(tag) + ")";
  }
  static std::string has_text(const Path& owner, const std::string& name) {
    return owner.text + " has " + (is_plain_name(name) ? name : quote(name));
  }

  const SchemaAttribute* attribute_of(const SchemaType& type, const std::string& name) const {
    if (type.kind != Type::entity) return type.find(name);
    const auto* declared = schema_.find_entity_type(type.entity_type);
    return declared ? declared->shape.find(name) : nullptr;
  }

  Node truth(const Expr& expr) {
    switch (expr.kind) {
      case Op::literal:
        return constant(expr.value.as_bool() && *expr.value.as_bool());
      case Op::negation:
        return negation(truth(expr.operands[0]));
      case Op::all_of: {
        auto out = Diagrams::yes;
        for (const auto& operand : expr.operands) {
          if (dead(out)) break;
          out = both(out, truth(operand));
        }
        return out;
      }
      case Op::any_of: {
        auto out = Diagrams::no;
        for (const auto& operand : expr.operands) out = either(out, truth(operand));
        return out;
      }
      case Op::condition: {
        const auto guard = truth(expr.operands[0]);
        return either(both(guard, truth(expr.operands[1])), both(negation(guard), truth(expr.operands[2])));
      }
      case Op::equal:
        return equality(expr);
      case Op::not_equal:
        return negation(equality(expr));
      case Op::less:
      case Op::less_or_equal:
      case Op::greater:
      case Op::greater_or_equal:
        return order(expr);
      case Op::in:
        return membership(expr, expr.operands[0], expr.operands[1]);
      case Op::is:
        return type_test(expr);
      case Op::has:
        return has(expr);
      case Op::contains:
      case Op::contains_all:
      case Op::contains_any:
      case Op::is_empty:
        return collection(expr);
      case Op::has_tag:
        if (const auto owner = path(expr.operands[0]); owner && tag_of(expr)) {
          const auto* type = schema_.find_entity_type(owner->type.entity_type);
          return type && type->tags ? questions_.truth(has_tag_text(*owner, *tag_of(expr)), *owner) : Diagrams::no;
        }
        return other(expr);
      default:
        break;
    }
    if (const auto found = path(expr); found && found->type.kind == Type::boolean) {
      return questions_.truth(found->text, *found);
    }
    return other(expr);
  }

  Node other(const Expr& expr) {
    std::vector<Path> paths;
    const auto collect = [&](const auto& self, const Expr& part) -> void {
      if (auto found = path(part)) paths.push_back(std::move(*found));
      for (const auto& operand : part.operands) self(self, operand);
    };
    collect(collect, expr);
    return questions_.other(format_expression(expr), paths);
  }

  // What is known before any request is seen: a literal, or the action.
  std::optional<Value> known(const Expr& expr) const {
    if (expr.kind == Op::variable && expr.variable == Variable::action) return Value(action_.uid);
    if (expr.kind == Op::literal && !expr.value.as_set()) return expr.value;
    return std::nullopt;
  }

  Node equality(const Expr& expr) {
    const auto &left = expr.operands[0], &right = expr.operands[1];
    const auto a = known(left), b = known(right);
    if (a && b) return constant(*a == *b);
    if (a || b) {
      const auto found = path(a ? right : left);
      return found && is_plain(found->type) ? equals(*found, a ? *a : *b) : other(expr);
    }
    const auto one = path(left), two = path(right);
    if (!one || !two) return other(expr);
    if (one->type.kind != two->type.kind || !is_plain(one->type)) return other(expr);
    if (one->type.kind == Type::entity && one->type.entity_type != two->type.entity_type) return Diagrams::no;
    if (one->text == two->text) return Diagrams::yes;
    if (one->type.kind == Type::boolean) {
      const auto p = questions_.truth(one->text, *one), q = questions_.truth(two->text, *two);
      return either(both(p, q), both(negation(p), negation(q)));
    }
    const auto* type = one->type.kind == Type::entity ? schema_.find_entity_type(one->type.entity_type) : nullptr;
    if (!type || !type->enumerated) return questions_.same(*one, *two);
    auto out = Diagrams::no;
    for (const auto& id : type->ids) {
      const Value value(EntityUid{type->name, id});
      out = either(out, both(equals(*one, value), equals(*two, value)));
    }
    return out;
  }

  static bool is_plain(const SchemaType& type) {
    return type.kind == Type::boolean || type.kind == Type::integer || type.kind == Type::string ||
           type.kind == Type::entity;
  }

  Node equals(const Path& path, const Value& value) {
    if (path.type.kind != value.type()) return Diagrams::no;
    if (const auto* truth = value.as_bool()) {
      const auto found = questions_.truth(path.text, path);
      return *truth ? found : negation(found);
    }
    if (const auto* number = value.as_integer()) {
      return both(questions_.at_least(path, *number), negation(above(path, *number)));
    }
    if (const auto* uid = value.as_entity(); uid && uid->type != path.type.entity_type) return Diagrams::no;
    return questions_.equals(path, value);
  }

  Node above(const Path& path, std::int64_t number) {
    if (number == std::numeric_limits<std::int64_t>::max()) return Diagrams::no;
    return questions_.at_least(path, number + 1);
  }

  Node order(const Expr& expr) {
    const auto &left = expr.operands[0], &right = expr.operands[1];
    const auto a = known(left), b = known(right);
    const auto found = a ? path(right) : b ? path(left) : std::nullopt;
    const auto* number = a ? a->as_integer() : b ? b->as_integer() : nullptr;
    if (!found || !number || found->type.kind != Type::integer) return other(expr);
    // `4 <= x` is `x >= 4`.
    auto kind = expr.kind;
    if (a) {
      kind = kind == Op::less            ? Op::greater
             : kind == Op::less_or_equal ? Op::greater_or_equal
             : kind == Op::greater       ? Op::less
                                         : Op::less_or_equal;
    }
    if (kind == Op::greater_or_equal) return questions_.at_least(*found, *number);
    if (kind == Op::less) return negation(questions_.at_least(*found, *number));
    return kind == Op::greater ? above(*found, *number) : negation(above(*found, *number));
  }

  Node within(const Path& path, const EntityUid& group) {
    const bool may = schema_.may_be_in(path.type.entity_type, group.type);
    if (may) return questions_.within(path, group);
    return group.type == path.type.entity_type ? equals(path, group) : Diagrams::no;
  }

  Node membership(const Expr& whole, const Expr& left, const Expr& right) {
    std::vector<Value> groups;
    if (const auto one = known(right))
      groups = {*one};
    else if (auto all = elements_of(right))
      groups = std::move(*all);
    else
      return other(whole);
    const auto action = known(left);
    const auto found = action ? std::nullopt : path(left);
    if (!action && !found) return other(whole);
    auto out = Diagrams::no;
    for (const auto& group : groups) {
      const auto* uid = group.as_entity();
      if (!uid) return other(whole);
      if (action) {
        if (!action->as_entity() || *action->as_entity() != action_.uid) return other(whole);
        out = either(out, constant(*uid == action_.uid || schema_.is_in_group(action_, *uid)));
      } else {
        out = either(out, within(*found, *uid));
      }
    }
    return out;
  }

  Node type_test(const Expr& expr) {
    const auto& left = expr.operands[0];
    const auto action = known(left);
    const auto found = action ? std::nullopt : path(left);
    if (!found && !(action && action->as_entity())) return other(expr);
    if ((found ? found->type.entity_type : action->as_entity()->type) != expr.name) return Diagrams::no;
    return expr.operands.size() < 2 ? Diagrams::yes : membership(expr, left, expr.operands[1]);
  }

  Node has(const Expr& expr) {
    auto owner = path(expr.operands[0]);
    if (!owner) return other(expr);
    auto out = Diagrams::yes;
    for (const auto& name : expr.names) {
      const auto* attribute = attribute_of(owner->type, name);
      if (!attribute) return Diagrams::no;
      auto guards = owner->guards;
      if (attribute->required) {
        questions_.always(kind_, has_text(*owner, name));
      } else {
        guards.push_back(questions_.guard(has_text(*owner, name), *owner));
        out = both(out, questions_.truth(has_text(*owner, name), *owner));
      }
      owner = Path{format_attribute(owner->text, name), attribute->type, std::move(guards)};
    }
    return out;
  }

  Node collection(const Expr& expr) {
    const auto& left = expr.operands[0];
    auto set = path(left);
    if (expr.kind == Op::is_empty) return set && countable(set->type) ? questions_.is_empty(*set) : other(expr);
    const auto& right = expr.operands[1];
    if (expr.kind == Op::contains) {
      if (set) {
        const auto element = known(right);
        return element ? holds(*set, *element) : other(expr);
      }
      const auto elements = elements_of(left);
      if (!elements) return other(expr);
      const auto action = known(right);
      const auto found = action ? std::nullopt : path(right);
      if (!action && (!found || !is_plain(found->type))) return other(expr);
      auto out = Diagrams::no;
      for (const auto& one : *elements) out = either(out, action ? constant(one == *action) : equals(*found, one));
      return out;
    }
    auto elements = elements_of(right);
    if (!set && expr.kind == Op::contains_any) {
      set = path(right);
      elements = elements_of(left);
    }
    if (!set || !elements) return other(expr);
    const bool all = expr.kind == Op::contains_all;
    auto out = constant(all);
    for (const auto& one : *elements) out = all ? both(out, holds(*set, one)) : either(out, holds(*set, one));
    return out;
  }

  // Whether being empty has to do with nothing but the elements asked for.
  static bool countable(const SchemaType& set) { return set.element && set.element->kind != Type::boolean; }

  Node holds(const Path& set, const Value& element) {
    const auto* uid = element.as_entity();
    const auto* type = uid ? schema_.find_entity_type(uid->type) : nullptr;
    if (type && type->enumerated && std::find(type->ids.begin(), type->ids.end(), uid->id) == type->ids.end()) {
      return Diagrams::no;
    }
    return questions_.holds(set, element);
  }

  Questions& questions_;
  const Schema& schema_;
  const ActionType& action_;
  const std::string& principal_;
  const std::string& resource_;
  const Node kind_;
};

}  // namespace

std::vector<Node> satisfied_by(const PolicySet& policies, Questions& questions) {
  std::vector<Node> out(policies.policies().size(), Diagrams::no);
  for (const auto& action : questions.schema().actions()) {
    for (const auto& principal : action.principals) {
      for (const auto& resource : action.resources) {
        Compiler compiler(questions, action, principal, resource);
        const auto kind = questions.kind_of_request(action, principal, resource);
        for (std::size_t i = 0; i < out.size(); ++i) {
          const auto here = compiler.satisfied(policies.policies()[i]);
          if (!questions.closed()) continue;
          out[i] = questions.diagrams().either(out[i], questions.diagrams().both(kind, here));
        }
      }
    }
  }
  return out;
}

}  // namespace ginnel::policy
