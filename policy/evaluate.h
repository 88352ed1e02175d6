// SPDX-License-Identifier: Apache-2.0
// What an expression yields for one request. Conditions are walked as parsed; values that already exist are
// pointed at, not copied.
#pragma once

#include <array>
#include <forward_list>
#include <optional>
#include <span>
#include <string>
#include <tl/expected.hpp>
#include <vector>

#include "policy/ast.h"
#include "policy/entity.h"

namespace ginnel::policy {

struct Request {
  EntityUid principal, action, resource;
  Record context;
};

struct EvaluationError {
  std::string message;  // types and names only, never a value: it may be somebody's data
  Span where;           // in the policy's source
};

// Requests against worlds, one after the other. Not for use by several threads at once; request, entities and
// expressions must outlive what is asked of them.
class Evaluator {
 public:
  Evaluator(const Request& request, const EntitySource& entities) { ask(request, entities); }

  // For expressions that carry numbers (compiled.h), up to and with `shared`: such a one is worked out once a request.
  // ask() comes before all else.
  explicit Evaluator(std::size_t shared) : shared_(shared + 1) {}
  void ask(const Request& request, const EntitySource& entities);
  Evaluator(const Evaluator&) = delete;
  Evaluator& operator=(const Evaluator&) = delete;

  // The value lives until the next call or the evaluator's end. Failure: the language's own errors (a type, a missing
  // attribute, an overflow, ...), never anything else.
  tl::expected<const Value*, EvaluationError> evaluate(const Expr& expr);

  // Whether the request satisfies a part of a policy's scope. A slot satisfies nothing.
  bool in_scope(const ScopeConstraint& constraint, Variable variable) const;

  // A condition's truth: `unless` turned round.
  tl::expected<bool, EvaluationError> holds(const Clause& clause);

 private:
  // The request's principal, action or resource, and what the world says of it, asked of it once.
  struct Asked {
    Value value;
    const EntityUid* uid = nullptr;
    std::optional<const Entity*> entity;
    std::vector<const EntityUid*> ancestors;
    enum class Listed : std::uint8_t { not_yet, all, too_many } listed = Listed::not_yet;
  };

  const Value* run(const Expr& expr);
  const Value* work_out(const Expr& expr);
  Asked& asked(Variable variable) const { return asked_[static_cast<std::size_t>(variable)]; }
  const Entity* entity_of(const Expr& expr, const EntityUid& uid);
  bool is_below(Asked& asked, const EntityUid& ancestor) const;
  const Value* variable(Variable variable) const;
  const Value* all_or_any(const Expr& expr, bool stop_at);
  const Value* condition(const Expr& expr);
  const Value* compare(const Expr& expr);
  const Value* arithmetic(const Expr& expr);
  const Value* minus(const Expr& expr);
  const Value* membership(const Expr& expr);
  const Value* type_test(const Expr& expr);
  const Value* has(const Expr& expr);
  const Value* attribute(const Expr& expr);
  const Value* tag(const Expr& expr);
  const Value* collection(const Expr& expr);
  const Value* build(const Expr& expr);
  const Value* call(const Expr& expr);

  const bool* want_bool(const Expr& expr);
  const std::int64_t* want_integer(const Expr& expr);
  const std::string* want_string(const Expr& expr);
  const EntityUid* want_entity(const Expr& expr);
  const Set* want_set(const Expr& expr);

  const Value* fail(const Expr& expr, std::string message);
  const Value* wrong_type(const Expr& expr, std::string_view wanted, const Value& found);
  const Value* keep(Value value);

  const EntitySource* entities_ = nullptr;
  mutable std::array<Asked, 3> asked_;  // by Variable
  Value context_;
  std::vector<const Value*> shared_;  // by Expr::shared; null: not worked out yet. Empty: nothing is kept
  std::forward_list<Value> made_;     // what was computed for this request, or, where nothing is kept, by the last call
  EvaluationError error_;
};

// A function or method of an extension type. Failure: a wrong number or type of arguments, or what the type refuses.
tl::expected<Value, std::string> call_function(Function function, std::span<const Value* const> arguments);

}  // namespace ginnel::policy
