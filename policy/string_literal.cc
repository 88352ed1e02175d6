// SPDX-License-Identifier: Apache-2.0
#include "policy/string_literal.h"

#include <cstdint>
#include <optional>

namespace ginnel::policy {

namespace {

void append_utf8(std::string& out, std::uint32_t c) {
  if (c < 0x80) {
    out += static_cast<char>(c);
  } else if (c < 0x800) {
    out += {static_cast<char>(0xC0 | c >> 6), static_cast<char>(0x80 | (c & 0x3F))};
  } else if (c < 0x10000) {
    out += {static_cast<char>(0xE0 | c >> 12), static_cast<char>(0x80 | (c >> 6 & 0x3F)),
            static_cast<char>(0x80 | (c & 0x3F))};
  } else {
    out += {static_cast<char>(0xF0 | c >> 18), static_cast<char>(0x80 | (c >> 12 & 0x3F)),
            static_cast<char>(0x80 | (c >> 6 & 0x3F)), static_cast<char>(0x80 | (c & 0x3F))};
  }
}

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

// Reads one literal from left to right; `at` stands behind the backslash when an escape is read.
class Reader {
 public:
  Reader(std::string_view text, std::vector<EscapeError>& errors) : text_(text), errors_(errors) {}

  bool done() const { return at_ >= text_.size(); }

  // Appends the next character; true when it was a wildcard, which is not appended. In a pattern a star is one even
  // when it is written as a code point, as the official implementation has it; only \* is a star.
  bool next(std::string& out, bool pattern) {
    const std::size_t begin = at_;
    const char c = text_[at_++];
    if (c == '\r') refuse(begin, "a carriage return is written \\r");
    if (c == '\\') {
      const std::size_t length = out.size();
      escape(begin, out, pattern);
      if (!pattern || text_.substr(begin, 2) == "\\*" || std::string_view(out).substr(length) != "*") return false;
      out.pop_back();
      return true;
    } else if (pattern && c == '*') {
      return true;
    } else {
      out += c;
    }
    return false;
  }

 private:
  void refuse(std::size_t begin, std::string why) {
    errors_.push_back({{static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(at_)}, std::move(why)});
  }

  void escape(std::size_t begin, std::string& out, bool pattern) {
    if (done()) return refuse(begin, "a lone backslash is written \\\\");
    const char c = text_[at_++];
    switch (c) {
      case 'n':
        out += '\n';
        return;
      case 'r':
        out += '\r';
        return;
      case 't':
        out += '\t';
        return;
      case '0':
        out += '\0';
        return;
      case '\\':
      case '\'':
      case '"':
        out += c;
        return;
      case 'x':
        return hex_escape(begin, out);
      case 'u':
        return unicode_escape(begin, out);
      case '*':
        if (pattern) {
          out += '*';
          return;
        }
        return refuse(begin, "\\* is an escape only in a pattern of `like`");
      default:
        while (!done() && (static_cast<unsigned char>(text_[at_]) & 0xC0) == 0x80) ++at_;
        return refuse(begin, "the escapes are \\n \\r \\t \\0 \\\\ \\' \\\" \\xHH and \\u{H}");
    }
  }

  void hex_escape(std::size_t begin, std::string& out) {
    const int high = done() ? -1 : hex_digit(text_[at_]);
    if (high >= 0) ++at_;
    const int low = high < 0 || done() ? -1 : hex_digit(text_[at_]);
    if (low >= 0) ++at_;
    if (low < 0) return refuse(begin, "\\x takes two hexadecimal digits");
    if (high > 7) return refuse(begin, "\\x goes to 7F; beyond that write \\u{..}");
    out += static_cast<char>(high * 16 + low);
  }

  void unicode_escape(std::size_t begin, std::string& out) {
    const auto malformed = [&] { refuse(begin, "a character is written \\u{H} with one to six hexadecimal digits"); };
    if (done() || text_[at_] != '{') return malformed();
    ++at_;
    std::uint32_t value = 0;
    int digits = 0;
    for (; !done() && text_[at_] != '}'; ++at_) {
      if (text_[at_] == '_' && digits > 0) continue;
      const int digit = hex_digit(text_[at_]);
      if (digit < 0) return malformed();
      if (++digits <= 6) value = value * 16 + static_cast<std::uint32_t>(digit);
    }
    if (done()) return malformed();
    ++at_;
    if (digits == 0 || digits > 6) return malformed();
    if (value > 0x10FFFF || (value >= 0xD800 && value <= 0xDFFF)) return refuse(begin, "there is no such character");
    append_utf8(out, value);
  }

  std::string_view text_;
  std::vector<EscapeError>& errors_;
  std::size_t at_ = 0;
};

// The length of the character at the start of `text`, 0 when its bytes are none (RFC 3629).
std::size_t character_bytes(std::string_view text) {
  const auto byte = [&](std::size_t i) { return i < text.size() ? static_cast<unsigned char>(text[i]) : 0u; };
  const auto follows = [&](std::size_t i) { return (byte(i) & 0xC0) == 0x80; };
  const unsigned first = byte(0), second = byte(1);
  if (first < 0x80) return 1;
  if (first >= 0xC2 && first <= 0xDF) return follows(1) ? 2 : 0;
  if (first >= 0xE0 && first <= 0xEF) {
    const bool overlong = first == 0xE0 && second < 0xA0, surrogate = first == 0xED && second > 0x9F;
    return follows(1) && follows(2) && !overlong && !surrogate ? 3 : 0;
  }
  if (first >= 0xF0 && first <= 0xF4) {
    const bool overlong = first == 0xF0 && second < 0x90, beyond = first == 0xF4 && second > 0x8F;
    return follows(1) && follows(2) && follows(3) && !overlong && !beyond ? 4 : 0;
  }
  return 0;
}

}  // namespace

bool Pattern::matches(std::string_view text) const {
  if (parts.empty()) return text.empty();
  const auto& first = parts.front();
  if (parts.size() == 1) return text == first;
  const auto& last = parts.back();
  if (text.size() < first.size() + last.size() || !text.starts_with(first) || !text.ends_with(last)) return false;
  auto middle = text.substr(first.size(), text.size() - first.size() - last.size());
  // The earliest place for each part leaves the most for the rest, so no place need be tried twice.
  for (std::size_t i = 1; i + 1 < parts.size(); ++i) {
    const auto found = middle.find(parts[i]);
    if (found == std::string_view::npos) return false;
    middle.remove_prefix(found + parts[i].size());
  }
  return true;
}

std::string unescape(std::string_view between_quotes, std::vector<EscapeError>& errors) {
  std::string out;
  out.reserve(between_quotes.size());
  for (Reader reader(between_quotes, errors); !reader.done();) reader.next(out, false);
  return out;
}

Pattern unescape_pattern(std::string_view between_quotes, std::vector<EscapeError>& errors) {
  Pattern pattern{{""}};
  for (Reader reader(between_quotes, errors); !reader.done();) {
    if (!reader.next(pattern.parts.back(), true)) continue;
    // Two stars side by side are one.
    if (pattern.parts.size() == 1 || !pattern.parts.back().empty()) pattern.parts.emplace_back();
  }
  return pattern;
}

std::string quote(std::string_view text) {
  static constexpr char digits[] = "0123456789abcdef";
  std::string out = "\"";
  for (const char c : text) {
    switch (c) {
      case '\n':
        out += "\\n";
        break;
      case '\r':
        out += "\\r";
        break;
      case '\t':
        out += "\\t";
        break;
      case '\0':
        out += "\\0";
        break;
      case '\\':
        out += "\\\\";
        break;
      case '"':
        out += "\\\"";
        break;
      default:
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) {
          out += {'\\', 'x', digits[c >> 4], digits[c & 15]};
        } else {
          out += c;
        }
    }
  }
  return out + "\"";
}

std::size_t valid_utf8_prefix(std::string_view text) {
  std::size_t at = 0;
  while (at < text.size()) {
    const auto length = character_bytes(text.substr(at));
    if (length == 0) break;
    at += length;
  }
  return at;
}

}  // namespace ginnel::policy
