// SPDX-License-Identifier: Apache-2.0
// Where a parser stands in its tokens, and the list of mistakes it keeps.
//
// A mistake in meaning is reported and reading goes on. A mistake in syntax breaks the statement: from then on every
// look ahead yields `end` and nothing more is reported, so that parsers need no error paths of their own, until
// recover() goes on behind the next `;`.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "policy/diagnostic.h"
#include "policy/lexer.h"

namespace ginnel::policy {

class TokenCursor {
 public:
  TokenCursor(std::string_view text, std::string_view file_name);

  const Token& peek(std::size_t ahead = 0) const;
  const Token& take();
  bool accept(std::string_view symbol_or_word);
  void expect(std::string_view symbol_or_word, std::string hint = {});
  bool at_end() const { return tokens_[next_].kind == Token::Kind::end; }  // also of a broken statement's text
  std::uint32_t begin() const { return peek().span.begin; }
  Span span_from(std::uint32_t begin) const { return {begin, last_end_}; }

  void report(Span where, std::string message, std::string hint = {});
  // Reports the next token as out of place and breaks the statement.
  void unexpected(std::string_view wanted, std::string hint = {});
  void break_here() { broken_ = true; }
  bool broken() const { return broken_; }
  // Goes on behind the next `;`, or before a token that `begins` a statement, seen with the one behind it.
  void recover(bool (*begins)(const Token& token, const Token& next) = nullptr);
  bool gave_up() const { return given_up_; }  // limits::diagnostics_max

  // Guards recursion; false, with a report, when limits::nesting_max is reached.
  bool enter();
  void leave() { --depth_; }

  std::string_view text() const { return text_; }
  bool has_diagnostics() const { return !mistakes_.empty(); }
  std::size_t mistake_count() const { return mistakes_.size(); }
  Diagnostics diagnostics() const;  // in order of place

 private:
  struct Mistake {
    Span where;
    std::string message, hint;
  };

  std::string_view text_;
  std::string file_name_;
  std::vector<Token> tokens_;
  std::vector<Mistake> mistakes_;
  std::size_t next_ = 0, depth_ = 0;
  std::uint32_t last_end_ = 0;
  bool broken_ = false, given_up_ = false;
};

}  // namespace ginnel::policy
