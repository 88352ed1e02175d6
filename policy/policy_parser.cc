// SPDX-License-Identifier: Apache-2.0
// Policies and their scopes from tokens.
#include <algorithm>
#include <array>
#include <optional>

#include "policy/expression_parser.h"
#include "policy/limits.h"
#include "policy/policy_set.h"
#include "policy/schema.h"
#include "policy/token_cursor.h"

namespace ginnel::policy {

namespace {

bool begins_policy(const Token& token, const Token& next) {
  return (token.is("permit") || token.is("forbid")) && next.is("(");
}

// Nothing else can stand there: no condition has an `@`, nor calls a function of that name.
bool begins_statement(const Token& token, const Token& next) {
  return begins_policy(token, next) || (token.is("@") && next.kind == Token::Kind::identifier);
}

constexpr std::string_view scope_order = "a scope is (principal, action, resource), in this order";

class PolicyParser {
 public:
  PolicyParser(std::string_view text, std::string_view file_name, const ParseOptions& options)
      : cursor_(text, file_name), expressions_(cursor_), options_(options) {
    source_ = std::make_shared<const SourceText>(SourceText{std::string(file_name), std::string(text)});
  }

  PoliciesRead run() {
    while (!cursor_.at_end() && !cursor_.gave_up()) {
      const auto before = cursor_.mistake_count();
      parse_policy();
      if (cursor_.broken()) {
        cursor_.recover(begins_statement);
      } else {
        finish(cursor_.mistake_count() == before);
      }
    }
    return {std::move(whole_), cursor_.diagnostics()};
  }

 private:
  void parse_policy() {
    const auto begin = cursor_.begin();
    policy_ = {};
    auto& policy = policy_;
    id_ = options_.id_prefix + std::to_string(count_++);
    id_span_ = cursor_.peek().span;
    while (cursor_.accept("@")) parse_annotation(policy);
    policy.at = position_here();
    parse_effect(policy);
    parse_scope(policy);
    std::vector<Clause> clauses;
    while (cursor_.peek().kind == Token::Kind::identifier && !starts_policy()) parse_clause(clauses);
    if (starts_policy() || cursor_.peek().is("@")) {
      // A policy begins here: only the `;` was forgotten, and the next one is read in full.
      cursor_.report(cursor_.peek().span, "expected `;` before the next policy", "a policy ends with `;`");
    } else {
      cursor_.expect(";", "a policy ends with `;`");
    }
    policy.span = cursor_.span_from(begin);
    policy.clauses = std::make_shared<const std::vector<Clause>>(std::move(clauses));
    policy.source = source_;
    policy.id = id_;
  }

  // Counts on from the policy before, so that a file of many policies is gone through once.
  Position position_here() {
    const std::string_view text = source_->text;
    const auto begin = std::max(cursor_.begin(), counted_);  // a broken statement stands at the end, never before
    at_ = position_after(at_, text.substr(counted_, begin - counted_));
    counted_ = begin;
    return at_;
  }

  // One whose id is taken is whole but for that.
  void finish(bool whole) {
    if (auto added = all_.add(policy_); !added) {
      cursor_.report(id_span_, added.error());
      policy_.id += "@" + std::to_string(policy_.at.line) + ":" + std::to_string(policy_.at.column);
    }
    if (whole) (void)whole_.add(std::move(policy_));
  }

  bool starts_policy() const { return begins_policy(cursor_.peek(), cursor_.peek(1)); }

  void parse_annotation(Policy& policy) {
    const Token name = cursor_.peek();
    if (name.kind != Token::Kind::identifier) return cursor_.unexpected("an annotation's name after `@`");
    cursor_.take();
    Annotation annotation{std::string(name.text), {}};
    Span value_span = name.span;
    if (cursor_.accept("(")) {
      const Token value = cursor_.peek();
      if (value.kind != Token::Kind::string) return cursor_.unexpected("an annotation's value in quotes");
      value_span = value.span;
      annotation.value = expressions_.parse_string(cursor_.take());
      cursor_.expect(")");
    }
    if (policy.annotation(annotation.name)) {
      cursor_.report(name.span, "the annotation `@" + annotation.name + "` is given twice");
      return;
    }
    if (options_.ids_from_annotation && annotation.name == "id") {
      if (annotation.value.empty()) cursor_.report(value_span, "an `@id` needs a value", "write @id(\"name\")");
      id_ = annotation.value;
      id_span_ = value_span;
    }
    policy.annotations.push_back(std::move(annotation));
  }

  void parse_effect(Policy& policy) {
    const Token token = cursor_.peek();
    if (token.kind != Token::Kind::identifier) return cursor_.unexpected("`permit` or `forbid`");
    cursor_.take();
    if (!token.is("permit") && !token.is("forbid")) {
      cursor_.report(token.span, "`" + std::string(token.text) + "` is no effect", "a policy is `permit` or `forbid`");
    }
    policy.effect = token.is("forbid") ? Effect::forbid : Effect::permit;
  }

  void parse_scope(Policy& policy) {
    static constexpr std::array<std::string_view, 3> names = {"principal", "action", "resource"};
    const std::array<ScopeConstraint*, 3> parts = {&policy.principal, &policy.action, &policy.resource};
    cursor_.expect("(");
    std::size_t count = 0;
    while (!cursor_.broken() && !cursor_.peek().is(")")) {
      const Token token = cursor_.peek();
      if (token.kind != Token::Kind::identifier) return cursor_.unexpected("`principal`, `action` or `resource`");
      cursor_.take();
      ScopeConstraint extra;
      if (count >= names.size()) {
        cursor_.report(token.span, "one element too many in the scope", std::string(scope_order));
      } else if (!token.is(names[count])) {
        cursor_.report(token.span,
                       "expected `" + std::string(names[count]) + "`, found `" + std::string(token.text) + "`",
                       std::string(scope_order));
      }
      parse_constraint(token, count < names.size() ? *parts[count] : extra);
      ++count;
      if (!cursor_.accept(",")) break;
    }
    const Span close = cursor_.peek().span;
    cursor_.expect(")");
    if (count < names.size()) {
      cursor_.report(close, "the scope lacks `" + std::string(names[count]) + "`", std::string(scope_order));
    }
  }

  void parse_constraint(const Token& variable, ScopeConstraint& constraint) {
    using Kind = ScopeConstraint::Kind;
    const bool action = variable.is("action");
    if (cursor_.peek().is(":")) return cursor_.unexpected("`,` or `)`", "a type is asked for with `is`");
    if (cursor_.peek().is("is")) {
      const Span span = cursor_.take().span;
      constraint.type = expressions_.parse_type_name();
      constraint.kind = Kind::is;
      if (action) cursor_.report(span, "`is` cannot stand beside `action`", "move it into a `when` condition");
    }
    const Token token = cursor_.peek();
    const bool equal = token.is("=="), in = token.is("in");
    if (equal || in) {
      cursor_.take();
      if (equal && constraint.kind == Kind::is) {
        cursor_.report(token.span, "`is` and `==` do not go together", "write `is TYPE in ENTITY`");
      }
      const bool with_type = constraint.kind == Kind::is;
      constraint.kind = equal ? Kind::equal : with_type ? Kind::is_in : action ? Kind::in_any_of : Kind::in;
      parse_target(variable, constraint);
    } else if (token.kind == Token::Kind::symbol && !token.is(",") && !token.is(")") && !token.is(";")) {
      return cursor_.unexpected("`==`, `in` or `is`",
                                token.is("=") ? "equality is written `==`" : "other conditions go into `when`");
    }
    constraint.span = cursor_.span_from(variable.span.begin);
  }

  // What stands behind `==` or `in`: an entity, for the action also a list of them, else also the slot.
  void parse_target(const Token& variable, ScopeConstraint& constraint) {
    const bool action = variable.is("action");
    const Token token = cursor_.peek();
    if (token.kind == Token::Kind::slot) {
      cursor_.take();
      constraint.slot = true;
      if (action || token.text.substr(1) != variable.text) {
        cursor_.report(token.span, "the slot `" + std::string(token.text) + "` does not belong here",
                       action ? "an action has no slot" : "write `?" + std::string(variable.text) + "`");
      }
      return;
    }
    const Expr target = expressions_.parse();
    if (cursor_.broken()) return;
    const auto* entity = target.kind == Expr::Kind::literal ? target.value.as_entity() : nullptr;
    const auto* set = target.kind == Expr::Kind::literal ? target.value.as_set() : nullptr;
    if (entity) return add_entity(*entity, target.span, action, constraint);
    if (set && constraint.kind == ScopeConstraint::Kind::in_any_of) {
      for (const auto& element : *set) {
        if (!element.as_entity()) return refuse_target(target);
        add_entity(*element.as_entity(), target.span, action, constraint);
      }
      return;
    }
    refuse_target(target);
  }

  void add_entity(const EntityUid& entity, Span span, bool action, ScopeConstraint& constraint) {
    if (action && !is_action_type(entity.type)) {
      cursor_.report(span, entity.text() + " is no action", "actions are of the type Action, in any namespace");
    }
    constraint.entities.push_back(entity);
  }

  void refuse_target(const Expr& target) {
    std::string hint = "write Type::\"id\"; other conditions go into `when`";
    if (target.kind == Expr::Kind::all_of) hint = "one condition stands here; move the second into `when`";
    if (target.value.as_set() || target.kind == Expr::Kind::set) hint = "only `action in` takes a list of entities";
    cursor_.report(target.span, "the scope takes an entity here", hint);
  }

  void parse_clause(std::vector<Clause>& clauses) {
    const Token token = cursor_.take();
    if (!token.is("when") && !token.is("unless")) {
      cursor_.report(token.span, "`" + std::string(token.text) + "` begins no condition",
                     "conditions begin with `when` or `unless`");
    }
    cursor_.expect("{", "a condition stands in braces");
    if (cursor_.peek().is("}")) {
      cursor_.report(cursor_.peek().span, "this condition is empty", "write what it asks, or leave it out");
      cursor_.take();
      return;
    }
    Clause clause;
    clause.when = token.is("when");
    clause.condition = expressions_.parse();
    cursor_.expect("}");
    clause.span = cursor_.span_from(token.span.begin);
    clauses.push_back(std::move(clause));
  }

  TokenCursor cursor_;
  ExpressionParser expressions_;
  ParseOptions options_;
  std::shared_ptr<const SourceText> source_;
  Policy policy_;  // the one that is being read
  PolicySet all_, whole_;
  std::size_t count_ = 0;
  Position at_;  // of byte counted_
  std::uint32_t counted_ = 0;
  std::string id_;
  Span id_span_;
};

}  // namespace

PoliciesRead read_policies(std::string_view text, std::string_view file_name, const ParseOptions& options) {
  return PolicyParser(text, file_name, options).run();
}

tl::expected<PolicySet, Diagnostics> parse_policies(std::string_view text, std::string_view file_name,
                                                    const ParseOptions& options) {
  auto read = read_policies(text, file_name, options);
  if (!read.mistakes.empty()) return tl::unexpected<Diagnostics>(std::move(read.mistakes));
  return std::move(read.whole);
}

}  // namespace ginnel::policy
