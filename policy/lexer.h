// SPDX-License-Identifier: Apache-2.0
// Text to tokens, for policies and for schemas.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "policy/diagnostic.h"

namespace ginnel::policy {

struct Token {
  // error: something that is no token; it has been reported.
  enum class Kind : std::uint8_t { identifier, number, string, slot, symbol, error, end };
  Kind kind = Kind::end;
  std::string_view text;  // as written; a string with its quotes
  Span span;

  bool is(std::string_view symbol_or_word) const {
    return (kind == Kind::symbol || kind == Kind::identifier) && text == symbol_or_word;
  }
  std::string_view between_quotes() const { return text.substr(1, text.size() - 2); }
};

struct LexicalError {
  Span span;
  std::string message, hint;
};

// All tokens and an `end` behind them; views into `text`.
std::vector<Token> tokenize(std::string_view text, std::vector<LexicalError>& errors);

// A word that the language keeps for itself and that names nothing else.
bool is_reserved(std::string_view word);

}  // namespace ginnel::policy
