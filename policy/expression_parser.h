// SPDX-License-Identifier: Apache-2.0
// Expressions from tokens. Mistakes go to the cursor; the tree returned is of use only when there are none.
#pragma once

#include <string>

#include "policy/ast.h"
#include "policy/token_cursor.h"

namespace ginnel::policy {

class ExpressionParser {
 public:
  explicit ExpressionParser(TokenCursor& cursor) : cursor_(cursor) {}

  Expr parse();
  // A type name such as `Share::Category`, behind `is`.
  std::string parse_type_name();
  // IDENT {:: IDENT}; stops before `::` and a string. An identifier must come next.
  std::string parse_name();
  // A string token's value; its escapes are checked.
  std::string parse_string(const Token& token);

 private:
  Expr parse_or();
  Expr parse_and();
  Expr parse_relation();
  Expr parse_has(Expr left);
  Expr parse_like(Expr left);
  Expr parse_is(Expr left);
  Expr parse_sum();
  Expr parse_product();
  Expr parse_unary();
  Expr parse_minus(std::size_t count, std::uint32_t begin);
  Expr parse_member();
  Expr parse_method(Expr receiver, const Token& name);
  Expr parse_index(Expr receiver);
  Expr parse_primary();
  Expr parse_word();
  Expr parse_named(std::string name, bool valid, std::uint32_t begin);
  Expr parse_function(const std::string& name, std::uint32_t begin);
  Expr parse_set();
  Expr parse_record();
  std::string parse_path(bool& valid);
  std::vector<Expr> parse_arguments();

  Expr make(Expr::Kind kind, std::uint32_t begin, std::vector<Expr> operands = {});
  Expr literal(Value value, std::uint32_t begin);
  Expr fold_call(Expr call);
  bool check_word(const Token& token);

  TokenCursor& cursor_;
};

}  // namespace ginnel::policy
