// SPDX-License-Identifier: Apache-2.0
#include "policy/token_cursor.h"

#include <algorithm>

#include "policy/limits.h"

namespace ginnel::policy {

TokenCursor::TokenCursor(std::string_view text, std::string_view file_name) : text_(text), file_name_(file_name) {
  std::vector<LexicalError> errors;
  tokens_ = tokenize(text, errors);
  for (auto& error : errors) report(error.span, std::move(error.message), std::move(error.hint));
}

const Token& TokenCursor::peek(std::size_t ahead) const {
  return broken_ ? tokens_.back() : tokens_[std::min(next_ + ahead, tokens_.size() - 1)];
}

const Token& TokenCursor::take() {
  const auto& token = peek();
  if (!broken_ && next_ + 1 < tokens_.size()) {
    ++next_;
    last_end_ = token.span.end;
  }
  return token;
}

bool TokenCursor::accept(std::string_view symbol_or_word) {
  if (!peek().is(symbol_or_word)) return false;
  take();
  return true;
}

void TokenCursor::expect(std::string_view symbol_or_word, std::string hint) {
  if (!accept(symbol_or_word)) unexpected("`" + std::string(symbol_or_word) + "`", std::move(hint));
}

void TokenCursor::report(Span where, std::string message, std::string hint) {
  if (broken_ || given_up_) return;
  given_up_ = mistakes_.size() + 1 >= limits::diagnostics_max;
  mistakes_.push_back({where, std::move(message), std::move(hint)});
}

void TokenCursor::unexpected(std::string_view wanted, std::string hint) {
  const auto& token = peek();
  if (token.kind != Token::Kind::error) {
    const auto found = token.kind == Token::Kind::end ? "the end of the text" : "`" + std::string(token.text) + "`";
    report(token.span, "expected " + std::string(wanted) + ", found " + found, std::move(hint));
  }
  broken_ = true;
}

void TokenCursor::recover(bool (*begins)(const Token& token, const Token& next)) {
  broken_ = false;
  depth_ = 0;
  while (!at_end() && !(begins && begins(peek(), peek(1))) && !take().is(";")) {
  }
}

bool TokenCursor::enter() {
  if (++depth_ <= limits::nesting_max) return true;
  report(peek().span, "this nests deeper than " + std::to_string(limits::nesting_max) + " levels",
         "split it into several conditions");
  broken_ = true;
  return false;
}

Diagnostics TokenCursor::diagnostics() const {
  auto mistakes = mistakes_;
  std::stable_sort(mistakes.begin(), mistakes.end(),
                   [](const Mistake& a, const Mistake& b) { return a.where.begin < b.where.begin; });
  Diagnostics out;
  for (auto& mistake : mistakes) {
    const auto at = position_of(text_, mistake.where.begin);
    out.push_back({file_name_, at.line, at.column, std::move(mistake.message), std::move(mistake.hint)});
  }
  return out;
}

}  // namespace ginnel::policy
