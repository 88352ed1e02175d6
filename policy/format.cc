// SPDX-License-Identifier: Apache-2.0
#include "policy/format.h"

#include <algorithm>
#include <array>

#include "policy/lexer.h"
#include "policy/string_literal.h"

namespace ginnel::policy {

namespace {

using Kind = Expr::Kind;

constexpr std::size_t line_width = 100;  // a scope or condition that is longer is broken into lines

// How tightly an expression binds: what stands inside another must bind at least as tightly as that place asks.
enum class Level : std::uint8_t { condition, any_of, all_of, relation, sum, product, unary, member };

Level level_of(const Expr& expr) {
  switch (expr.kind) {
    case Kind::condition:
      return Level::condition;
    case Kind::any_of:
      return Level::any_of;
    case Kind::all_of:
      return Level::all_of;
    case Kind::equal:
    case Kind::not_equal:
    case Kind::less:
    case Kind::less_or_equal:
    case Kind::greater:
    case Kind::greater_or_equal:
    case Kind::in:
    case Kind::is:
    case Kind::like:
    case Kind::has:
      return Level::relation;
    case Kind::sum:
    case Kind::difference:
      return Level::sum;
    case Kind::product:
      return Level::product;
    case Kind::negation:
    case Kind::minus:
      return Level::unary;
    case Kind::literal: {
      const auto* number = expr.value.as_integer();
      return number && *number < 0 ? Level::unary : Level::member;
    }
    default:
      return Level::member;
  }
}

std::string_view operator_of(Kind kind) {
  switch (kind) {
    case Kind::all_of:
      return " && ";
    case Kind::any_of:
      return " || ";
    case Kind::equal:
      return " == ";
    case Kind::not_equal:
      return " != ";
    case Kind::less:
      return " < ";
    case Kind::less_or_equal:
      return " <= ";
    case Kind::greater:
      return " > ";
    case Kind::greater_or_equal:
      return " >= ";
    case Kind::sum:
      return " + ";
    case Kind::difference:
      return " - ";
    case Kind::product:
      return " * ";
    case Kind::in:
      return " in ";
    default:
      return {};
  }
}

std::string_view name_of(Variable variable) {
  static constexpr std::array<std::string_view, 4> names = {"principal", "action", "resource", "context"};
  return names[static_cast<std::size_t>(variable)];
}

std::string_view method_of(Kind kind) {
  switch (kind) {
    case Kind::contains:
      return "contains";
    case Kind::contains_all:
      return "containsAll";
    case Kind::contains_any:
      return "containsAny";
    case Kind::is_empty:
      return "isEmpty";
    case Kind::has_tag:
      return "hasTag";
    default:
      return "getTag";
  }
}

std::string name_text(std::string_view name) { return is_plain_name(name) ? std::string(name) : quote(name); }

std::string pattern_text(const Pattern& pattern) {
  std::string out = "\"";
  for (std::size_t i = 0; i < pattern.parts.size(); ++i) {
    if (i > 0) out += '*';
    const auto quoted = quote(pattern.parts[i]);
    for (const char c : std::string_view(quoted).substr(1, quoted.size() - 2)) {
      if (c == '*') out += '\\';
      out += c;
    }
  }
  return out + "\"";
}

class Writer {
 public:
  std::string write(const Expr& expr, Level at_least) {
    auto text = bare(expr);
    return level_of(expr) < at_least ? "(" + text + ")" : text;
  }

 private:
  std::string operand(const Expr& expr, std::size_t i, Level at_least) { return write(expr.operands[i], at_least); }

  std::string list(const Expr& expr, std::size_t from) {
    std::string out;
    for (std::size_t i = from; i < expr.operands.size(); ++i) {
      out += (i > from ? ", " : "") + operand(expr, i, Level::condition);
    }
    return out;
  }

  std::string joined(const Expr& expr, Level inside) {
    std::string out;
    for (std::size_t i = 0; i < expr.operands.size(); ++i) {
      if (i > 0) out += operator_of(expr.kind);
      out += operand(expr, i, inside);
    }
    return out;
  }

  std::string bare(const Expr& expr) {
    switch (expr.kind) {
      case Kind::literal:
        return expr.value.text();
      case Kind::variable:
        return std::string(name_of(expr.variable));
      case Kind::negation:
        return "!" + operand(expr, 0, Level::member);
      case Kind::minus: {
        // A minus right before a number would become part of the number.
        const auto inner = operand(expr, 0, Level::member);
        return inner.front() >= '0' && inner.front() <= '9' ? "-(" + inner + ")" : "-" + inner;
      }
      case Kind::all_of:
        return joined(expr, Level::relation);
      case Kind::any_of:
        return joined(expr, Level::all_of);
      case Kind::condition:
        return "if " + operand(expr, 0, Level::condition) + " then " + operand(expr, 1, Level::condition) + " else " +
               operand(expr, 2, Level::condition);
      case Kind::equal:
      case Kind::not_equal:
      case Kind::less:
      case Kind::less_or_equal:
      case Kind::greater:
      case Kind::greater_or_equal:
      case Kind::in:
        return joined(expr, Level::sum);
      case Kind::sum:
      case Kind::difference:
        return operand(expr, 0, Level::sum) + std::string(operator_of(expr.kind)) + operand(expr, 1, Level::product);
      case Kind::product:
        return operand(expr, 0, Level::product) + " * " + operand(expr, 1, Level::unary);
      case Kind::is: {
        const auto text = operand(expr, 0, Level::sum) + " is " + expr.name;
        return expr.operands.size() > 1 ? text + " in " + operand(expr, 1, Level::sum) : text;
      }
      case Kind::like:
        return operand(expr, 0, Level::sum) + " like " + pattern_text(*expr.pattern);
      case Kind::has:
        return operand(expr, 0, Level::sum) + " has " + path(expr.names);
      case Kind::attribute:
        return format_attribute(operand(expr, 0, Level::member), expr.name);
      case Kind::contains:
      case Kind::contains_all:
      case Kind::contains_any:
      case Kind::is_empty:
      case Kind::has_tag:
      case Kind::get_tag:
        return method(expr, method_of(expr.kind));
      case Kind::set:
        return "[" + list(expr, 0) + "]";
      case Kind::record:
        return record(expr);
      case Kind::call: {
        const auto& function = info_of(expr.function);
        return function.method ? method(expr, function.name) : std::string(function.name) + "(" + list(expr, 0) + ")";
      }
    }
    return {};
  }

  std::string method(const Expr& expr, std::string_view name) {
    return operand(expr, 0, Level::member) + "." + std::string(name) + "(" + list(expr, 1) + ")";
  }

  std::string record(const Expr& expr) {
    std::string out = "{";
    for (std::size_t i = 0; i < expr.operands.size(); ++i) {
      out += (i > 0 ? ", " : "") + name_text(expr.names[i]) + ": " + operand(expr, i, Level::condition);
    }
    return out + "}";
  }

  static std::string path(const std::vector<std::string>& names) {
    if (names.size() == 1) return name_text(names.front());
    std::string out;
    for (const auto& name : names) out += (out.empty() ? "" : ".") + name;
    return out;
  }
};

std::string constraint_text(const ScopeConstraint& constraint, Variable variable) {
  using Scope = ScopeConstraint::Kind;
  const std::string name(name_of(variable));
  const auto target = [&] {
    return constraint.slot ? "?" + name : constraint.entities.empty() ? "[]" : constraint.entities.front().text();
  };
  switch (constraint.kind) {
    case Scope::any:
      return name;
    case Scope::equal:
      return name + " == " + target();
    case Scope::in:
      return name + " in " + target();
    case Scope::in_any_of: {
      // One action stands for the list that holds it alone: both mean the same and are the same policy.
      if (constraint.entities.size() == 1) return name + " in " + target();
      std::string list;
      for (const auto& entity : constraint.entities) list += (list.empty() ? "" : ", ") + entity.text();
      return name + " in [" + list + "]";
    }
    case Scope::is:
      return name + " is " + constraint.type;
    case Scope::is_in:
      return name + " is " + constraint.type + " in " + target();
  }
  return name;
}

std::string scope_text(const Policy& policy) {
  const std::array<std::string, 3> parts = {constraint_text(policy.principal, Variable::principal),
                                            constraint_text(policy.action, Variable::action),
                                            constraint_text(policy.resource, Variable::resource)};
  auto line = parts[0] + ", " + parts[1] + ", " + parts[2];
  if (line.size() <= line_width) return "(" + line + ")";
  return "(\n  " + parts[0] + ",\n  " + parts[1] + ",\n  " + parts[2] + "\n)";
}

std::string clause_text(const Clause& clause) {
  const std::string word = clause.when ? "when" : "unless";
  const auto line = format_expression(clause.condition);
  if (line.size() <= line_width) return word + " { " + line + " }";
  const bool all = clause.condition.kind == Kind::all_of;
  if (!all && clause.condition.kind != Kind::any_of) return word + " {\n  " + line + "\n}";
  std::string out = word + " {\n  ";
  for (std::size_t i = 0; i < clause.condition.operands.size(); ++i) {
    if (i > 0) out += all ? " &&\n  " : " ||\n  ";
    out += Writer().write(clause.condition.operands[i], all ? Level::relation : Level::all_of);
  }
  return out + "\n}";
}

bool same_constraint(const ScopeConstraint& a, const ScopeConstraint& b) {
  return a.kind == b.kind && a.slot == b.slot && a.type == b.type && a.entities == b.entities;
}

}  // namespace

bool is_plain_name(std::string_view word) {
  std::vector<LexicalError> errors;
  const auto tokens = tokenize(word, errors);
  return errors.empty() && tokens.size() == 2 && tokens.front().kind == Token::Kind::identifier &&
         tokens.front().text == word && !is_reserved(word);
}

std::string format_expression(const Expr& expr) { return Writer().write(expr, Level::condition); }

std::string format_owner(const Expr& expr) { return Writer().write(expr, Level::member); }

std::string format_attribute(std::string_view owner, std::string_view name) {
  return std::string(owner) + (is_plain_name(name) ? "." + std::string(name) : "[" + quote(name) + "]");
}

std::string format_policy(const Policy& policy) {
  std::string out;
  for (const auto& annotation : policy.annotations) {
    out += "@" + annotation.name + (annotation.value.empty() ? "" : "(" + quote(annotation.value) + ")") + "\n";
  }
  out += policy.effect == Effect::permit ? "permit " : "forbid ";
  out += scope_text(policy);
  for (const auto& clause : *policy.clauses) out += "\n" + clause_text(clause);
  return out + ";\n";
}

std::string format_policies(const PolicySet& policies) {
  std::string out;
  for (const auto* list : {&policies.policies(), &policies.templates()}) {
    for (const auto& policy : *list) out += (out.empty() ? "" : "\n") + format_policy(policy);
  }
  return out;
}

bool same_policy(const Policy& a, const Policy& b) {
  const auto same_annotation = [](const Annotation& x, const Annotation& y) {
    return x.name == y.name && x.value == y.value;
  };
  const auto same_clause = [](const Clause& x, const Clause& y) {
    return x.when == y.when && same_expression(x.condition, y.condition);
  };
  return a.effect == b.effect && same_constraint(a.principal, b.principal) && same_constraint(a.action, b.action) &&
         same_constraint(a.resource, b.resource) &&
         std::equal(a.annotations.begin(), a.annotations.end(), b.annotations.begin(), b.annotations.end(),
                    same_annotation) &&
         std::equal(a.clauses->begin(), a.clauses->end(), b.clauses->begin(), b.clauses->end(), same_clause);
}

}  // namespace ginnel::policy
