// SPDX-License-Identifier: Apache-2.0
#include "policy/expression_parser.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>
#include <optional>

#include "policy/evaluate.h"
#include "policy/limits.h"

namespace ginnel::policy {

namespace {

using Kind = Expr::Kind;

constexpr std::size_t unary_chain_max = 4;  // the language's own bound on `!!!!` and `----`

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

std::optional<Kind> relation_of(const Token& token) {
  if (token.is("==")) return Kind::equal;
  if (token.is("!=")) return Kind::not_equal;
  if (token.is("<")) return Kind::less;
  if (token.is("<=")) return Kind::less_or_equal;
  if (token.is(">")) return Kind::greater;
  if (token.is(">=")) return Kind::greater_or_equal;
  if (token.is("in")) return Kind::in;
  return std::nullopt;
}

bool is_relation_word(const Token& token) {
  return relation_of(token) || token.is("has") || token.is("like") || token.is("is") || token.is("=");
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

Expr ExpressionParser::make(Kind kind, std::uint32_t begin, std::vector<Expr> operands) {
  Expr expr;
  expr.kind = kind;
  expr.span = cursor_.span_from(begin);
  std::size_t depth = 0;
  for (const auto& operand : operands) depth = std::max<std::size_t>(depth, operand.depth);
  if (depth + 1 > limits::nesting_max && !cursor_.broken()) {
    cursor_.report(expr.span, "this nests deeper than " + std::to_string(limits::nesting_max) + " levels",
                   "split it into several conditions");
    cursor_.break_here();
  }
  expr.depth = static_cast<std::uint16_t>(std::min(depth + 1, limits::nesting_max));
  expr.operands = std::move(operands);
  return expr;
}

Expr ExpressionParser::literal(Value value, std::uint32_t begin) {
  Expr expr = make(Kind::literal, begin);
  expr.value = std::move(value);
  return expr;
}

Expr ExpressionParser::parse() {
  if (!cursor_.enter()) return {};
  const auto begin = cursor_.begin();
  Expr result;
  if (cursor_.peek().is("if") && !cursor_.peek(1).is("::")) {
    cursor_.take();
    std::vector<Expr> parts;
    parts.push_back(parse());
    cursor_.expect("then");
    parts.push_back(parse());
    cursor_.expect("else", "the language has no `if` without `else`");
    parts.push_back(parse());
    result = make(Kind::condition, begin, std::move(parts));
  } else {
    result = parse_or();
  }
  cursor_.leave();
  return result;
}

Expr ExpressionParser::parse_or() {
  const auto begin = cursor_.begin();
  Expr first = parse_and();
  if (!cursor_.peek().is("||")) return first;
  std::vector<Expr> operands;
  operands.push_back(std::move(first));
  while (cursor_.accept("||")) operands.push_back(parse_and());
  return make(Kind::any_of, begin, std::move(operands));
}

Expr ExpressionParser::parse_and() {
  const auto begin = cursor_.begin();
  Expr first = parse_relation();
  if (!cursor_.peek().is("&&")) return first;
  std::vector<Expr> operands;
  operands.push_back(std::move(first));
  while (cursor_.accept("&&")) operands.push_back(parse_relation());
  return make(Kind::all_of, begin, std::move(operands));
}

Expr ExpressionParser::parse_relation() {
  const auto begin = cursor_.begin();
  Expr left = parse_sum();
  const auto relation = relation_of(cursor_.peek());
  Expr result;
  if (relation) {
    cursor_.take();
    std::vector<Expr> operands;
    operands.push_back(std::move(left));
    operands.push_back(parse_sum());
    result = make(*relation, begin, std::move(operands));
  } else if (cursor_.accept("has")) {
    result = parse_has(std::move(left));
  } else if (cursor_.accept("like")) {
    result = parse_like(std::move(left));
  } else if (cursor_.accept("is")) {
    result = parse_is(std::move(left));
  } else if (cursor_.peek().is("=")) {
    cursor_.unexpected("an operator", "equality is written `==`");
    return left;
  } else {
    return left;
  }
  if (is_relation_word(cursor_.peek())) {
    cursor_.unexpected("the end of the comparison", "comparisons do not chain: use parentheses");
  }
  return result;
}

Expr ExpressionParser::parse_has(Expr left) {
  const auto begin = left.span.begin;
  std::vector<std::string> path;
  if (cursor_.peek().kind == Token::Kind::string) {
    path.push_back(parse_string(cursor_.take()));
    if (cursor_.peek().is(".")) cursor_.unexpected("nothing after a quoted name", "write a path without quotes: a.b.c");
  } else {
    do {
      const auto& word = cursor_.peek();
      if (word.kind != Token::Kind::identifier) {
        cursor_.unexpected("a name after `has`", "write `has name`, `has \"name\"` or `has a.b.c`");
        return left;
      }
      check_word(word);
      path.emplace_back(cursor_.take().text);
    } while (cursor_.accept("."));
    if (cursor_.peek().is("(") || cursor_.peek().is("[") || cursor_.peek().is("::")) {
      cursor_.unexpected("the end of the path", "`has` takes a name or a path a.b.c");
    }
  }
  if (path.size() >= limits::nesting_max) {
    cursor_.report(left.span, "this path is longer than " + std::to_string(limits::nesting_max) + " names");
  }
  std::vector<Expr> operands;
  operands.push_back(std::move(left));
  Expr expr = make(Kind::has, begin, std::move(operands));
  expr.names = std::move(path);
  return expr;
}

Expr ExpressionParser::parse_like(Expr left) {
  const auto begin = left.span.begin;
  if (cursor_.peek().kind != Token::Kind::string) {
    cursor_.unexpected("a pattern in quotes after `like`", "write `like \"begins*\"`");
    return left;
  }
  const Token token = cursor_.take();
  std::vector<EscapeError> errors;
  auto pattern = std::make_shared<Pattern>(unescape_pattern(token.between_quotes(), errors));
  for (const auto& error : errors) {
    const auto inside = token.span.begin + 1;
    cursor_.report({inside + error.where.begin, inside + error.where.end}, "this is no escape", error.why);
  }
  std::vector<Expr> operands;
  operands.push_back(std::move(left));
  Expr expr = make(Kind::like, begin, std::move(operands));
  expr.pattern = std::move(pattern);
  return expr;
}

Expr ExpressionParser::parse_is(Expr left) {
  const auto begin = left.span.begin;
  auto type = parse_type_name();
  std::vector<Expr> operands;
  operands.push_back(std::move(left));
  if (cursor_.accept("in")) operands.push_back(parse_sum());
  Expr expr = make(Kind::is, begin, std::move(operands));
  expr.name = std::move(type);
  return expr;
}

std::string ExpressionParser::parse_type_name() {
  const auto& token = cursor_.peek();
  if (token.kind == Token::Kind::string) {
    cursor_.unexpected("the name of an entity type", "a type stands without quotes");
    return {};
  }
  if (token.kind != Token::Kind::identifier) {
    cursor_.unexpected("the name of an entity type");
    return {};
  }
  bool valid = true;
  auto name = parse_path(valid);
  if (cursor_.peek().is("::") && cursor_.peek(1).kind == Token::Kind::string) {
    cursor_.unexpected("a type, not an entity", "compare with an entity by `==`");
  }
  return name;
}

std::string ExpressionParser::parse_name() {
  bool valid = true;
  return parse_path(valid);
}

// IDENT {:: IDENT}; stops before `::` and a string. `valid` becomes false when a word in it is reserved.
std::string ExpressionParser::parse_path(bool& valid) {
  std::string name;
  for (;;) {
    valid &= check_word(cursor_.peek());
    name += cursor_.take().text;
    if (!cursor_.peek().is("::") || cursor_.peek(1).kind != Token::Kind::identifier) return name;
    cursor_.take();
    name += "::";
  }
}

bool ExpressionParser::check_word(const Token& token) {
  if (!is_reserved(token.text)) return true;
  cursor_.report(token.span, "`" + std::string(token.text) + "` is a word of the language and no name",
                 "an attribute of that name is written [\"" + std::string(token.text) + "\"]");
  return false;
}

Expr ExpressionParser::parse_sum() {
  const auto begin = cursor_.begin();
  Expr result = parse_product();
  while (cursor_.peek().is("+") || cursor_.peek().is("-")) {
    const auto kind = cursor_.take().text == "+" ? Kind::sum : Kind::difference;
    std::vector<Expr> operands;
    operands.push_back(std::move(result));
    operands.push_back(parse_product());
    result = make(kind, begin, std::move(operands));
  }
  return result;
}

Expr ExpressionParser::parse_product() {
  const auto begin = cursor_.begin();
  Expr result = parse_unary();
  for (;;) {
    const auto& token = cursor_.peek();
    if (token.is("/") || token.is("%")) {
      cursor_.report(token.span, token.is("/") ? "the language has no division" : "the language has no remainder",
                     "multiply the other side instead");
    } else if (!token.is("*")) {
      return result;
    }
    cursor_.take();
    std::vector<Expr> operands;
    operands.push_back(std::move(result));
    operands.push_back(parse_unary());
    result = make(Kind::product, begin, std::move(operands));
  }
}

Expr ExpressionParser::parse_unary() {
  const auto begin = cursor_.begin();
  const bool negation = cursor_.peek().is("!"), minus = cursor_.peek().is("-");
  if (!negation && !minus) return parse_member();
  std::size_t count = 0;
  while (cursor_.accept(negation ? "!" : "-")) ++count;
  if (count > unary_chain_max) {
    cursor_.report(cursor_.span_from(begin), "more than four `" + std::string(negation ? "!" : "-") + "` in a row");
    count = unary_chain_max;
  }
  if (cursor_.peek().is("!") || cursor_.peek().is("-")) {
    cursor_.unexpected("a value", "`!` and `-` do not mix: use parentheses");
    return {};
  }
  if (minus) return parse_minus(count, begin);
  Expr result = parse_member();
  for (; count > 0; --count) {
    std::vector<Expr> operand;
    operand.push_back(std::move(result));
    result = make(Kind::negation, begin, std::move(operand));
  }
  return result;
}

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
    case Token::Kind::identifier: return parse_word();
    case Token::Kind::slot:
      cursor_.take();
      if (token.text != "?principal" && token.text != "?resource") {
        cursor_.report(token.span, "`" + std::string(token.text) + "` is no slot", "`?principal` or `?resource`");
      } else {
        cursor_.report(token.span, "the slot `" + std::string(token.text) + "` cannot stand here",
                       "slots stand in the scope, as in `principal == ?principal`");
      }
      return literal(false, token.span.begin);
    default: break;
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
    cursor_.report(cursor_.span_from(begin), "a set has more than " + std::to_string(limits::set_elements_max) +
                                                 " elements");
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
