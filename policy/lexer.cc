// SPDX-License-Identifier: Apache-2.0
#include "policy/lexer.h"

#include <algorithm>
#include <array>

#include "policy/ascii.h"
#include "policy/limits.h"
#include "policy/string_literal.h"

namespace ginnel::policy {

namespace {

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }

// Unicode's white space, since a no-break space pasted from a document is not worth an error.
std::size_t white_space_bytes(std::string_view text) {
  const char c = text.front();
  if (c == ' ' || (c >= '\t' && c <= '\r')) return 1;
  static constexpr std::array<std::string_view, 6> wide = {"\u0085", "\u00a0", "\u1680", "\u202f", "\u205f", "\u3000"};
  for (const auto blank : wide) {
    if (text.starts_with(blank)) return blank.size();
  }
  const bool general = text.size() >= 3 && text.starts_with("\xe2\x80");  // U+2000 to U+200A, U+2028, U+2029
  const auto last = general ? static_cast<unsigned char>(text[2]) : 0u;
  return (last >= 0x80 && last <= 0x8a) || last == 0xa8 || last == 0xa9 ? 3 : 0;
}

class Lexer {
 public:
  Lexer(std::string_view text, std::vector<LexicalError>& errors) : text_(text), errors_(errors) {}

  std::vector<Token> run() {
    while (at_ < text_.size()) step();
    add(Token::Kind::end, at_);
    return std::move(tokens_);
  }

 private:
  std::string_view rest() const { return text_.substr(at_); }
  Span span_from(std::size_t begin) const {
    return {static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(at_)};
  }
  void add(Token::Kind kind, std::size_t begin) {
    tokens_.push_back({kind, text_.substr(begin, at_ - begin), span_from(begin)});
  }
  void refuse(std::size_t begin, std::string message, std::string hint = {}) {
    add(Token::Kind::error, begin);
    errors_.push_back({span_from(begin), std::move(message), std::move(hint)});
  }

  void step() {
    if (const auto blank = white_space_bytes(rest())) {
      at_ += blank;
      return;
    }
    if (rest().starts_with("//")) {
      while (at_ < text_.size() && text_[at_] != '\n' && text_[at_] != '\r') ++at_;
      return;
    }
    const std::size_t begin = at_;
    const char c = text_[at_];
    if (is_letter(c)) return word(Token::Kind::identifier, begin);
    if (is_digit(c)) {
      while (at_ < text_.size() && is_digit(text_[at_])) ++at_;
      return add(Token::Kind::number, begin);
    }
    if (c == '"') return string(begin);
    if (c == '?' && at_ + 1 < text_.size() && is_letter(text_[at_ + 1])) {
      ++at_;
      return word(Token::Kind::slot, begin);
    }
    symbol(begin);
  }

  void word(Token::Kind kind, std::size_t begin) {
    while (at_ < text_.size() && (is_letter(text_[at_]) || is_digit(text_[at_]))) ++at_;
    add(kind, begin);
  }

  void string(std::size_t begin) {
    for (++at_; at_ < text_.size(); ++at_) {
      if (text_[at_] == '"') {
        ++at_;
        add(Token::Kind::string, begin);
        return;
      }
      if (text_[at_] == '\\') ++at_;
    }
    // Read on behind the line, so that one missing quote does not hide the rest of the file.
    at_ = std::min(text_.find('\n', begin), text_.size());
    refuse(begin, "this string is not closed", "end it with `\"`");
  }

  void symbol(std::size_t begin) {
    static constexpr std::array<std::string_view, 7> two = {"::", "==", "!=", "<=", ">=", "||", "&&"};
    for (const auto s : two) {
      if (rest().starts_with(s)) {
        at_ += 2;
        return add(Token::Kind::symbol, begin);
      }
    }
    static constexpr std::string_view one = "@.,;:(){}[]<>+-*/%!=?";
    if (one.find(text_[at_]) != std::string_view::npos) {
      ++at_;
      return add(Token::Kind::symbol, begin);
    }
    do ++at_;
    while (at_ < text_.size() && (static_cast<unsigned char>(text_[at_]) & 0xC0) == 0x80);
    const std::string found(text_.substr(begin, at_ - begin));
    std::string hint;
    if (found == "&" || found == "|") hint = "write `" + found + found + "`";
    if (found == "'") hint = "strings stand in double quotes";
    if (found == "#") hint = "comments begin with `//`";
    refuse(begin, "`" + found + "` is no character of the language", hint);
  }

  std::string_view text_;
  std::vector<LexicalError>& errors_;
  std::size_t at_ = 0;
  std::vector<Token> tokens_;
};

}  // namespace

std::vector<Token> tokenize(std::string_view text, std::vector<LexicalError>& errors) {
  if (text.size() > limits::policy_text_bytes_max) {
    errors.push_back({{},
                      "the text is larger than " + std::to_string(limits::policy_text_bytes_max) + " bytes",
                      "split it into several files"});
    return {Token{}};
  }
  const auto valid = valid_utf8_prefix(text);
  if (valid < text.size()) {
    const auto at = static_cast<std::uint32_t>(valid);
    errors.push_back({{at, at + 1}, "the text is not UTF-8 from here", "save it as UTF-8"});
    text = text.substr(0, valid);
  }
  return Lexer(text, errors).run();
}

bool is_reserved(std::string_view word) {
  static constexpr std::array<std::string_view, 9> words = {"true", "false", "if",  "then", "else",
                                                            "in",   "is",    "has", "like"};
  return word == "__cedar" || std::find(words.begin(), words.end(), word) != words.end();
}

}  // namespace ginnel::policy
