// SPDX-License-Identifier: Apache-2.0
// The inner part of expressions: values, names, calls and what follows a dot.
#include <algorithm>
#include <array>
#include <charconv>
#include <limits>
#include <optional>

#include "policy/evaluate.h"
#include "policy/expression_parser.h"
#include "policy/limits.h"

namespace ginnel::policy {

namespace {

using Kind = Expr::Kind;

struct BuiltinMethod {
  std::string_view name;
  Kind kind;
  std::size_t arguments;
};
constexpr std::array<BuiltinMethod, 6> builtin_methods = {{{"contains", Kind::contains, 1},
                                                           {"containsAll", Kind::contains_all, 1},
                                                           {"containsAny", Kind::contains_any, 1},
                                                           {"isEmpty", Kind::is_empty, 0},
                                                           {"hasTag", Kind::has_tag, 1},
                                                           {"getTag", Kind::get_tag, 1}}};

const BuiltinMethod* find_builtin(std::string_view name) {
  for (const auto& method : builtin_methods) {
    if (method.name == name) return &method;
  }
  return nullptr;
}

std::optional<Variable> variable_of(std::string_view name) {
  if (name == "principal") return Variable::principal;
  if (name == "action") return Variable::action;
  if (name == "resource") return Variable::resource;
  if (name == "context") return Variable::context;
  return std::nullopt;
}

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool same_but_for_case(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) { return lower(x) == lower(y); });
}

// A name of the language that `name` was probably meant to be.
std::string meant(std::string_view name) {
  for (const auto& method : builtin_methods) {
    if (same_but_for_case(method.name, name)) return "did you mean `" + std::string(method.name) + "`?";
  }
  for (int i = 0; i <= static_cast<int>(Function::to_days); ++i) {
    const auto known = info_of(static_cast<Function>(i)).name;
    if (same_but_for_case(known, name)) return "did you mean `" + std::string(known) + "`?";
  }
  return {};
}

std::optional<std::uint64_t> parse_number(std::string_view digits) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (error != std::errc() || end != digits.data() + digits.size()) return std::nullopt;
  return value;
}

constexpr std::uint64_t integer_max = std::numeric_limits<std::int64_t>::max();

bool all_literal(const std::vector<Expr>& operands) {
  return std::all_of(operands.begin(), operands.end(), [](const Expr& e) { return e.kind == Kind::literal; });
}

}  // namespace

// A minus belongs to the number right behind it, so that the smallest integer can be written.
Expr ExpressionParser::parse_minus(std::size_t count, std::uint32_t begin) {
  Expr result;
  const Token token = cursor_.peek();
  const auto& next = cursor_.peek(1);
  const bool number = token.kind == Token::Kind::number && !next.is(".") && !next.is("[") && !next.is("(");
  const auto magnitude = number ? parse_number(token.text) : std::nullopt;
  if (magnitude && *magnitude <= integer_max + 1) {
    cursor_.take();
    --count;
    result = literal(static_cast<std::int64_t>(0 - *magnitude), begin);
  } else {
    result = parse_member();
  }
  for (; count > 0; --count) {
    std::vector<Expr> operand;
    operand.push_back(std::move(result));
    result = make(Kind::minus, begin, std::move(operand));
  }
  return result;
}

Expr ExpressionParser::parse_member() {
  const auto begin = cursor_.begin();
  Expr result = parse_primary();
  for (;;) {
    if (cursor_.accept(".")) {
      if (cursor_.peek().kind != Token::Kind::identifier) {
        cursor_.unexpected("a name after `.`");
        return result;
      }
      const Token name = cursor_.take();
      if (cursor_.peek().is("(")) {
        result = parse_method(std::move(result), name);
        continue;
      }
      check_word(name);
      std::vector<Expr> operand;
      operand.push_back(std::move(result));
      result = make(Kind::attribute, begin, std::move(operand));
      result.name = std::string(name.text);
    } else if (cursor_.peek().is("[")) {
      result = parse_index(std::move(result));
    } else if (cursor_.peek().is("(")) {
      cursor_.unexpected("an operator", "only a function's name can be called");
      return result;
    } else {
      return result;
    }
  }
}

Expr ExpressionParser::parse_method(Expr receiver, const Token& name) {
  const auto begin = receiver.span.begin;
  auto arguments = parse_arguments();
  const auto* builtin = find_builtin(name.text);
  const auto* function = find_function(name.text);
  if (builtin && arguments.size() != builtin->arguments) {
    cursor_.report(name.span, "`" + std::string(name.text) + "` takes " + std::to_string(builtin->arguments) +
                                  (builtin->arguments == 1 ? " argument" : " arguments") + ", not " +
                                  std::to_string(arguments.size()));
  } else if (!builtin && function && !function->method) {
    cursor_.report(name.span, "`" + std::string(name.text) + "` is a function, not a method",
                   "write " + std::string(name.text) + "(...)");
  } else if (!builtin && !function) {
    cursor_.report(name.span, "there is no method `" + std::string(name.text) + "`", meant(name.text));
  }
  arguments.insert(arguments.begin(), std::move(receiver));
  Expr expr = make(builtin ? builtin->kind : Kind::call, begin, std::move(arguments));
  if (function) expr.function = function->function;
  return expr;
}

Expr ExpressionParser::parse_index(Expr receiver) {
  const auto begin = receiver.span.begin;
  cursor_.take();
  const Token token = cursor_.peek();
  if (token.kind != Token::Kind::string) {
    cursor_.unexpected("an attribute's name in quotes", "sets have no index; attributes are read by [\"name\"]");
    return receiver;
  }
  cursor_.take();
  auto name = parse_string(token);
  cursor_.expect("]");
  std::vector<Expr> operand;
  operand.push_back(std::move(receiver));
  Expr expr = make(Kind::attribute, begin, std::move(operand));
  expr.name = std::move(name);
  return expr;
}

std::vector<Expr> ExpressionParser::parse_arguments() {
  std::vector<Expr> arguments;
  cursor_.expect("(");
  while (!cursor_.broken() && !cursor_.peek().is(")")) {
    arguments.push_back(parse());
    if (!cursor_.accept(",")) break;
  }
  cursor_.expect(")");
  return arguments;
}

std::string ExpressionParser::parse_string(const Token& token) {
  std::vector<EscapeError> errors;
  auto value = unescape(token.between_quotes(), errors);
  for (const auto& error : errors) {
    const auto inside = token.span.begin + 1;
    cursor_.report({inside + error.where.begin, inside + error.where.end}, "this is no escape", error.why);
  }
  if (value.size() > limits::string_bytes_max) {
    cursor_.report(token.span, "a string is longer than " + std::to_string(limits::string_bytes_max) + " bytes");
  }
  return value;
}

Expr ExpressionParser::parse_primary() {
  const Token token = cursor_.peek();
  switch (token.kind) {
    case Token::Kind::number: {
      cursor_.take();
      const auto value = parse_number(token.text);
      if (!value || *value > integer_max) {
        cursor_.report(token.span, "the number `" + std::string(token.text.substr(0, 40)) + "` is too large",
                       "the largest is " + std::to_string(integer_max));
        return literal(0, token.span.begin);
      }
      return literal(static_cast<std::int64_t>(*value), token.span.begin);
    }
    case Token::Kind::string: {
      cursor_.take();
      auto value = parse_string(token);
      return literal(std::move(value), token.span.begin);
    }
    case Token::Kind::identifier:
      return parse_word();
    case Token::Kind::slot:
      cursor_.take();
      if (token.text != "?principal" && token.text != "?resource") {
        cursor_.report(token.span, "`" + std::string(token.text) + "` is no slot", "`?principal` or `?resource`");
      } else {
        cursor_.report(token.span, "the slot `" + std::string(token.text) + "` cannot stand here",
                       "slots stand in the scope, as in `principal == ?principal`");
      }
      return literal(false, token.span.begin);
    default:
      break;
  }
  if (token.is("[")) return parse_set();
  if (token.is("{")) return parse_record();
  if (cursor_.accept("(")) {
    Expr inner = parse();
    cursor_.expect(")");
    if (!cursor_.broken()) inner.span = cursor_.span_from(token.span.begin);
    return inner;
  }
  cursor_.unexpected("a value");
  return {};
}

Expr ExpressionParser::parse_word() {
  const auto begin = cursor_.begin();
  const auto& token = cursor_.peek();
  const bool path = cursor_.peek(1).is("::");
  if (!path && (token.is("true") || token.is("false"))) {
    const bool value = cursor_.take().text == "true";
    return literal(value, begin);
  }
  if (!path && is_reserved(token.text)) {
    cursor_.unexpected("a value", token.is("if") ? "an `if` inside an expression needs parentheses" : "");
    return {};
  }
  bool valid = true;
  auto name = parse_path(valid);
  return parse_named(std::move(name), valid, begin);
}

// An entity, a variable, a call, or a word that is none of them.
Expr ExpressionParser::parse_named(std::string name, bool valid, std::uint32_t begin) {
  const Span span = cursor_.span_from(begin);
  if (cursor_.accept("::")) {
    const Token token = cursor_.peek();
    if (token.kind != Token::Kind::string) {
      cursor_.unexpected("an entity's id in quotes", "an entity is written Type::\"id\"");
      return {};
    }
    cursor_.take();
    return literal(EntityUid{std::move(name), parse_string(token)}, begin);
  }
  const auto variable = variable_of(name);
  if (cursor_.peek().is("(")) {
    if (variable) cursor_.report(span, "`" + name + "` is a variable and cannot be called");
    return parse_function(name, begin);
  }
  Expr expr = make(Kind::variable, begin);
  if (variable) {
    expr.variable = *variable;
  } else if (valid) {
    cursor_.report(span, "there is no variable `" + name + "`",
                   "the variables are principal, action, resource and context; strings stand in double quotes");
  }
  return expr;
}

Expr ExpressionParser::parse_function(const std::string& name, std::uint32_t begin) {
  const Span span = cursor_.span_from(begin);
  auto arguments = parse_arguments();
  const auto* function = find_function(name);
  if (find_builtin(name) || (function && function->method)) {
    cursor_.report(span, "`" + name + "` is a method, not a function", "write value." + name + "(...)");
  } else if (!function && !variable_of(name)) {
    cursor_.report(span, "there is no function `" + name + "`", meant(name));
  }
  Expr expr = make(Kind::call, begin, std::move(arguments));
  if (function) expr.function = function->function;
  return fold_call(std::move(expr));
}

// Constructors of constants become constants, so that no address is parsed again at each decision. One that fails
// stays a call, because its failure belongs to evaluation.
Expr ExpressionParser::fold_call(Expr call) {
  if (cursor_.has_diagnostics() || cursor_.broken() || !all_literal(call.operands)) return call;
  std::vector<const Value*> arguments;
  for (const auto& operand : call.operands) arguments.push_back(&operand.value);
  auto value = call_function(call.function, arguments);
  if (!value) return call;
  Expr folded;
  folded.span = call.span;
  folded.value = std::move(*value);
  return folded;
}

Expr ExpressionParser::parse_set() {
  const auto begin = cursor_.begin();
  cursor_.take();
  std::vector<Expr> elements;
  while (!cursor_.broken() && !cursor_.peek().is("]")) {
    elements.push_back(parse());
    if (!cursor_.accept(",")) break;
  }
  cursor_.expect("]");
  if (elements.size() > limits::set_elements_max) {
    cursor_.report(cursor_.span_from(begin),
                   "a set has more than " + std::to_string(limits::set_elements_max) + " elements");
  }
  if (!all_literal(elements)) return make(Kind::set, begin, std::move(elements));
  std::vector<Value> values;
  for (auto& element : elements) values.push_back(std::move(element.value));
  return literal(Set(std::move(values)), begin);
}

Expr ExpressionParser::parse_record() {
  const auto begin = cursor_.begin();
  cursor_.take();
  std::vector<std::string> names;
  std::vector<Expr> values;
  while (!cursor_.broken() && !cursor_.peek().is("}")) {
    const Token name = cursor_.peek();
    if (name.kind != Token::Kind::identifier && name.kind != Token::Kind::string) {
      cursor_.unexpected("a field's name");
      break;
    }
    cursor_.take();
    if (name.kind == Token::Kind::identifier) check_word(name);
    names.push_back(name.kind == Token::Kind::string ? parse_string(name) : std::string(name.text));
    if (std::find(names.begin(), names.end() - 1, names.back()) != names.end() - 1) {
      cursor_.report(name.span, "the field `" + names.back() + "` is given twice");
    }
    cursor_.expect(":");
    values.push_back(parse());
    if (names.size() > limits::record_fields_max) {
      cursor_.unexpected("no more fields", "a record has at most " + std::to_string(limits::record_fields_max));
    }
    if (!cursor_.accept(",")) break;
  }
  cursor_.expect("}");
  Expr expr = make(Kind::record, begin, std::move(values));
  expr.names = std::move(names);
  return expr;
}

}  // namespace ginnel::policy
