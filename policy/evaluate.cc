// SPDX-License-Identifier: Apache-2.0
#include "policy/evaluate.h"

#include <algorithm>

namespace ginnel::policy {

namespace {

using Kind = Expr::Kind;

const Value yes(true), no(false);
const Value* of(bool value) { return value ? &yes : &no; }

std::string mismatch(std::string_view wanted, const Value& found) {
  return "expected " + std::string(wanted) + ", found " + std::string(found.type_name());
}

std::string_view sign_of(Kind kind) { return kind == Kind::sum ? "+" : kind == Kind::difference ? "-" : "*"; }

}  // namespace

// Longer ancestries are searched by the world itself.
constexpr std::size_t ancestors_listed_max = 16;

void Evaluator::ask(const Request& request, const EntitySource& entities) {
  entities_ = &entities;
  const std::array<const EntityUid*, 3> uids{&request.principal, &request.action, &request.resource};
  for (std::size_t i = 0; i < uids.size(); ++i) {
    Asked& one = asked_[i];
    one.value = *uids[i];
    one.uid = one.value.as_entity();
    one.entity.reset();
    one.ancestors.clear();
    one.listed = Asked::Listed::not_yet;
  }
  context_ = request.context;
  std::fill(shared_.begin(), shared_.end(), nullptr);
  made_.clear();
}

tl::expected<const Value*, EvaluationError> Evaluator::evaluate(const Expr& expr) {
  if (shared_.empty()) made_.clear();
  if (const auto* value = run(expr)) return value;
  return tl::unexpected<EvaluationError>(std::move(error_));
}

tl::expected<bool, EvaluationError> Evaluator::holds(const Clause& clause) {
  if (shared_.empty()) made_.clear();
  const auto* truth = want_bool(clause.condition);
  if (!truth) return tl::unexpected<EvaluationError>(std::move(error_));
  return *truth == clause.when;
}

bool Evaluator::in_scope(const ScopeConstraint& constraint, Variable variable) const {
  using Scope = ScopeConstraint::Kind;
  if (constraint.kind == Scope::any) return true;
  if (constraint.slot) return false;
  Asked& one = asked(variable);
  const auto below = [&](const EntityUid& ancestor) { return is_below(one, ancestor); };
  switch (constraint.kind) {
    case Scope::any:
      return true;
    case Scope::equal:
      return *one.uid == constraint.entities.front();
    case Scope::in:
      return below(constraint.entities.front());
    case Scope::in_any_of:
      return std::any_of(constraint.entities.begin(), constraint.entities.end(), below);
    case Scope::is:
      return one.uid->type == constraint.type;
    case Scope::is_in:
      return one.uid->type == constraint.type && below(constraint.entities.front());
  }
  return false;
}

bool Evaluator::is_below(Asked& one, const EntityUid& ancestor) const {
  using Listed = Asked::Listed;
  if (*one.uid == ancestor) return true;
  if (one.listed == Listed::not_yet)
    one.listed = entities_->ancestors(*one.uid, ancestors_listed_max, one.ancestors) ? Listed::all : Listed::too_many;
  if (one.listed == Listed::too_many) return entities_->is_descendant(*one.uid, ancestor);
  return std::any_of(one.ancestors.begin(), one.ancestors.end(),
                     [&](const EntityUid* above) { return *above == ancestor; });
}

// What the world knows of what `expr` came to.
const Entity* Evaluator::entity_of(const Expr& expr, const EntityUid& uid) {
  if (expr.kind != Kind::variable) return entities_->find(uid);
  Asked& one = asked(expr.variable);
  if (!one.entity) one.entity = entities_->find(uid);
  return *one.entity;
}

const Value* Evaluator::fail(const Expr& expr, std::string message) {
  error_ = {std::move(message), expr.span};
  return nullptr;
}

const Value* Evaluator::wrong_type(const Expr& expr, std::string_view wanted, const Value& found) {
  return fail(expr, mismatch(wanted, found));
}

const Value* Evaluator::keep(Value value) {
  made_.push_front(std::move(value));
  return &made_.front();
}

const bool* Evaluator::want_bool(const Expr& expr) {
  const auto* value = run(expr);
  if (!value) return nullptr;
  const auto* result = value->as_bool();
  if (!result) wrong_type(expr, "bool", *value);
  return result;
}

const std::int64_t* Evaluator::want_integer(const Expr& expr) {
  const auto* value = run(expr);
  if (!value) return nullptr;
  const auto* result = value->as_integer();
  if (!result) wrong_type(expr, "long", *value);
  return result;
}

const std::string* Evaluator::want_string(const Expr& expr) {
  const auto* value = run(expr);
  if (!value) return nullptr;
  const auto* result = value->as_string();
  if (!result) wrong_type(expr, "string", *value);
  return result;
}

const EntityUid* Evaluator::want_entity(const Expr& expr) {
  const auto* value = run(expr);
  if (!value) return nullptr;
  const auto* result = value->as_entity();
  if (!result) wrong_type(expr, "entity", *value);
  return result;
}

const Set* Evaluator::want_set(const Expr& expr) {
  const auto* value = run(expr);
  if (!value) return nullptr;
  const auto* result = value->as_set();
  if (!result) wrong_type(expr, "set", *value);
  return result;
}

const Value* Evaluator::variable(Variable variable) const {
  return variable == Variable::context ? &context_ : &asked(variable).value;
}

const Value* Evaluator::run(const Expr& expr) {
  if (expr.shared == 0 || shared_.empty()) return work_out(expr);
  const Value*& known = shared_[expr.shared];
  // What fails is worked out again: it fails in a place of its own.
  if (!known) known = work_out(expr);
  return known;
}

// Recursion is bounded: no parser makes a tree deeper than limits::nesting_max.
const Value* Evaluator::work_out(const Expr& expr) {
  switch (expr.kind) {
    case Kind::literal:
      return &expr.value;
    case Kind::variable:
      return variable(expr.variable);
    case Kind::negation: {
      const auto* truth = want_bool(expr.operands[0]);
      return truth ? of(!*truth) : nullptr;
    }
    case Kind::minus:
      return minus(expr);
    case Kind::all_of:
      return all_or_any(expr, false);
    case Kind::any_of:
      return all_or_any(expr, true);
    case Kind::condition:
      return condition(expr);
    case Kind::equal:
    case Kind::not_equal: {
      const auto* left = run(expr.operands[0]);
      const auto* right = left ? run(expr.operands[1]) : nullptr;
      return right ? of((*left == *right) == (expr.kind == Kind::equal)) : nullptr;
    }
    case Kind::less:
    case Kind::less_or_equal:
    case Kind::greater:
    case Kind::greater_or_equal:
      return compare(expr);
    case Kind::sum:
    case Kind::difference:
    case Kind::product:
      return arithmetic(expr);
    case Kind::in:
      return membership(expr);
    case Kind::is:
      return type_test(expr);
    case Kind::like: {
      const auto* text = want_string(expr.operands[0]);
      return text ? of(expr.pattern->matches(*text)) : nullptr;
    }
    case Kind::has:
      return has(expr);
    case Kind::attribute:
      return attribute(expr);
    case Kind::contains:
    case Kind::contains_all:
    case Kind::contains_any:
    case Kind::is_empty:
      return collection(expr);
    case Kind::has_tag:
    case Kind::get_tag:
      return tag(expr);
    case Kind::set:
    case Kind::record:
      return build(expr);
    case Kind::call:
      return call(expr);
  }
  return fail(expr, "unknown expression");
}

// Stops at the first operand that decides; one behind it may be of any type or fail.
const Value* Evaluator::all_or_any(const Expr& expr, bool stop_at) {
  for (const auto& operand : expr.operands) {
    const auto* truth = want_bool(operand);
    if (!truth) return nullptr;
    if (*truth == stop_at) return of(stop_at);
  }
  return of(!stop_at);
}

const Value* Evaluator::condition(const Expr& expr) {
  const auto* truth = want_bool(expr.operands[0]);
  return truth ? run(expr.operands[*truth ? 1 : 2]) : nullptr;
}

// Longs, datetimes and durations have an order; both sides must be of one type.
const Value* Evaluator::compare(const Expr& expr) {
  using Type = Value::Type;
  const auto* left = run(expr.operands[0]);
  const auto* right = left ? run(expr.operands[1]) : nullptr;
  if (!right) return nullptr;
  const auto ordered = [](const Value& value) {
    return value.type() == Type::integer || value.type() == Type::datetime || value.type() == Type::duration;
  };
  if (!ordered(*left)) {
    return wrong_type(expr.operands[0], ordered(*right) ? right->type_name() : "long, datetime or duration", *left);
  }
  if (left->type() != right->type()) return wrong_type(expr.operands[1], left->type_name(), *right);
  const auto order = *left <=> *right;
  switch (expr.kind) {
    case Kind::less:
      return of(order < 0);
    case Kind::less_or_equal:
      return of(order <= 0);
    case Kind::greater:
      return of(order > 0);
    default:
      return of(order >= 0);
  }
}

const Value* Evaluator::arithmetic(const Expr& expr) {
  const auto* left = run(expr.operands[0]);
  const auto* right = left ? run(expr.operands[1]) : nullptr;
  if (!right) return nullptr;
  if (!left->as_integer()) return wrong_type(expr.operands[0], "long", *left);
  if (!right->as_integer()) return wrong_type(expr.operands[1], "long", *right);
  const auto a = *left->as_integer(), b = *right->as_integer();
  std::int64_t result = 0;
  const bool overflow = expr.kind == Kind::sum          ? __builtin_add_overflow(a, b, &result)
                        : expr.kind == Kind::difference ? __builtin_sub_overflow(a, b, &result)
                                                        : __builtin_mul_overflow(a, b, &result);
  if (!overflow) return keep(result);
  return fail(expr, "overflow in `" + std::string(sign_of(expr.kind)) + "`");
}

const Value* Evaluator::minus(const Expr& expr) {
  const auto* operand = want_integer(expr.operands[0]);
  if (!operand) return nullptr;
  std::int64_t result = 0;
  if (__builtin_sub_overflow(std::int64_t{0}, *operand, &result)) return fail(expr, "overflow in `-`");
  return keep(result);
}

const Value* Evaluator::membership(const Expr& expr) {
  const auto* left = run(expr.operands[0]);
  if (!left) return nullptr;
  const auto* right = run(expr.operands[1]);
  if (!right) return nullptr;
  const auto* uid = left->as_entity();
  if (!uid) return wrong_type(expr.operands[0], "entity", *left);
  const auto& operand = expr.operands[0];
  const auto below = [&](const EntityUid& ancestor) {
    if (operand.kind == Kind::variable) return is_below(asked(operand.variable), ancestor);
    return *uid == ancestor || entities_->is_descendant(*uid, ancestor);
  };
  if (const auto* ancestor = right->as_entity()) return of(below(*ancestor));
  const auto* set = right->as_set();
  if (!set) return wrong_type(expr.operands[1], "entity or set of entities", *right);
  // One element that is no entity fails the whole, even where another would have matched.
  for (const auto& element : *set) {
    if (!element.as_entity()) return wrong_type(expr.operands[1], "set of entities", element);
  }
  return of(std::any_of(set->begin(), set->end(), [&](const Value& element) { return below(*element.as_entity()); }));
}

const Value* Evaluator::type_test(const Expr& expr) {
  const auto* uid = want_entity(expr.operands[0]);
  if (!uid) return nullptr;
  if (uid->type != expr.name) return of(false);
  return expr.operands.size() == 1 ? of(true) : membership(expr);
}

// `a has b.c` is false as soon as one name is missing; what stands before a name must be an entity or a record.
const Value* Evaluator::has(const Expr& expr) {
  const auto* value = run(expr.operands[0]);
  const Expr* from = &expr.operands[0];
  for (const auto& name : expr.names) {
    if (!value) return nullptr;
    const Value* next = nullptr;
    if (const auto* record = value->as_record()) {
      next = record->find(name);
    } else if (const auto* uid = value->as_entity()) {
      const auto* entity = from ? entity_of(*from, *uid) : entities_->find(*uid);
      next = entity ? entity->attrs.find(name) : nullptr;
    } else {
      return wrong_type(expr, "record or entity", *value);
    }
    if (!next) return of(false);
    value = next;
    from = nullptr;
  }
  return value ? of(true) : nullptr;
}

const Value* Evaluator::attribute(const Expr& expr) {
  const auto* value = run(expr.operands[0]);
  if (!value) return nullptr;
  if (const auto* record = value->as_record()) {
    const auto* field = record->find(expr.name);
    return field ? field : fail(expr, "the record has no attribute `" + expr.name + "`");
  }
  const auto* uid = value->as_entity();
  if (!uid) return wrong_type(expr.operands[0], "record or entity", *value);
  const auto* entity = entity_of(expr.operands[0], *uid);
  if (!entity) return fail(expr, "an entity of type `" + uid->type + "` is not known");
  const auto* field = entity->attrs.find(expr.name);
  return field ? field : fail(expr, "an entity of type `" + uid->type + "` has no attribute `" + expr.name + "`");
}

const Value* Evaluator::tag(const Expr& expr) {
  const auto* left = run(expr.operands[0]);
  const auto* right = left ? run(expr.operands[1]) : nullptr;
  if (!right) return nullptr;
  const auto* uid = left->as_entity();
  if (!uid) return wrong_type(expr.operands[0], "entity", *left);
  const auto* name = right->as_string();
  if (!name) return wrong_type(expr.operands[1], "string", *right);
  const auto* entity = entity_of(expr.operands[0], *uid);
  const auto* found = entity ? entity->tags.find(*name) : nullptr;
  if (expr.kind == Kind::has_tag) return of(found != nullptr);
  if (found) return found;
  if (!entity) return fail(expr, "an entity of type `" + uid->type + "` is not known");
  return fail(expr, "an entity of type `" + uid->type + "` has no such tag");
}

const Value* Evaluator::collection(const Expr& expr) {
  const auto* left = run(expr.operands[0]);
  if (!left) return nullptr;
  const auto* right = expr.kind == Kind::is_empty ? left : run(expr.operands[1]);
  if (!right) return nullptr;
  const auto* set = left->as_set();
  if (!set) return wrong_type(expr.operands[0], "set", *left);
  if (expr.kind == Kind::is_empty) return of(set->size() == 0);
  if (expr.kind == Kind::contains) return of(set->contains(*right));
  const auto* other = right->as_set();
  if (!other) return wrong_type(expr.operands[1], "set", *right);
  const auto contained = [&](const Value& value) { return set->contains(value); };
  return of(expr.kind == Kind::contains_all ? std::all_of(other->begin(), other->end(), contained)
                                            : std::any_of(other->begin(), other->end(), contained));
}

const Value* Evaluator::build(const Expr& expr) {
  if (expr.kind == Kind::set) {
    std::vector<Value> elements;
    elements.reserve(expr.operands.size());
    for (const auto& operand : expr.operands) {
      const auto* value = run(operand);
      if (!value) return nullptr;
      elements.push_back(*value);
    }
    return keep(Set(std::move(elements)));
  }
  std::vector<Record::Field> fields;
  fields.reserve(expr.operands.size());
  for (std::size_t i = 0; i < expr.operands.size(); ++i) {
    const auto* value = run(expr.operands[i]);
    if (!value) return nullptr;
    fields.emplace_back(expr.names[i], *value);
  }
  return keep(Record(std::move(fields)));
}

const Value* Evaluator::call(const Expr& expr) {
  std::vector<const Value*> arguments;
  for (const auto& operand : expr.operands) {
    const auto* value = run(operand);
    if (!value) return nullptr;
    arguments.push_back(value);
  }
  auto result = call_function(expr.function, arguments);
  return result ? keep(std::move(*result)) : fail(expr, result.error());
}

}  // namespace ginnel::policy
