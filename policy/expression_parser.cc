// SPDX-License-Identifier: Apache-2.0
#include "policy/expression_parser.h"

#include <algorithm>
#include <optional>

#include "policy/limits.h"

namespace ginnel::policy {

namespace {

using Kind = Expr::Kind;

constexpr std::size_t unary_chain_max = 4;  // the language's own bound on `!!!!` and `----`

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

}  // namespace ginnel::policy
