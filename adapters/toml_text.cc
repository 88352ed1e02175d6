// SPDX-License-Identifier: Apache-2.0
#include "adapters/toml_text.h"

#include <algorithm>

#include "federation/base/bytes.h"

namespace ginnel {
namespace {

constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";

// The offset after the comment or string that starts at `at`; strings of one line end with it, closed or not.
std::size_t after_comment(std::string_view text, std::size_t at) {
  auto end = text.find('\n', at);
  return end == std::string_view::npos ? text.size() : end;
}

bool is_above_ascii(std::string_view text, std::size_t at) {
  return at < text.size() && static_cast<unsigned char>(text[at]) >= 0x80;
}

// The same of a string. `escaped`: where a letter above ASCII stands to which a backslash before it applies, across
// spaces and ends of lines too; it stays as it is where there is none.
std::size_t after_string(std::string_view text, std::size_t at, std::size_t& escaped) {
  const char quote = text[at];
  const bool long_form = text.substr(at, 3) == std::string_view(quote == '"' ? "\"\"\"" : "'''");
  at += long_form ? 3 : 1;
  for (; at < text.size(); ++at) {
    if (text[at] == '\\' && quote == '"') {
      const std::size_t meant = text.find_first_not_of(" \t\r\n", at + 1);
      if (is_above_ascii(text, meant)) escaped = std::min(escaped, meant);
      ++at;
    } else if (text[at] == '\n' && !long_form) {
      return at;
    } else if (text[at] == quote && !long_form) {
      return at + 1;
    } else if (text[at] == quote && text.substr(at, 3) == std::string_view(quote == '"' ? "\"\"\"" : "'''")) {
      at += 3;
      while (at < text.size() && text[at] == quote) ++at;  // one or two quotes may stand before the closing three
      return at;
    }
  }
  return text.size();
}

}  // namespace

// `q` begins what stands for something: behind a backslash it is no escape, and no word of TOML has it.
std::string spelled_in_ascii(std::string_view toml) {
  std::string out;
  out.reserve(toml.size());
  if (toml.starts_with(byte_order_mark)) toml.remove_prefix(byte_order_mark.size());
  for (std::size_t at = 0; at < toml.size(); ++at) {
    if (toml[at] == 'q' || is_above_ascii(toml, at)) out += 'q';
    if (is_above_ascii(toml, at))
      out += to_hex(view_of(toml.substr(at, 1)));
    else
      out += toml[at];
  }
  return out;
}

std::string spelled_back(std::string_view text) {
  std::string out;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const auto byte = text[at] == 'q' ? from_hex(text.substr(at + 1, 2)) : std::nullopt;
    if (byte && byte->size() == 1 && byte->front() >= 0x80) {
      out += char(byte->front());
      at += 2;
    } else {
      out += text[at];
      at += text.substr(at, 2) == "qq";
    }
  }
  return out;
}

std::optional<std::uint32_t> line_outside_ascii(std::string_view toml) {
  std::uint32_t line = 1;
  std::size_t at = toml.starts_with(byte_order_mark) ? byte_order_mark.size() : 0;
  while (at < toml.size()) {
    char c = toml[at];
    std::size_t next = at + 1;
    if (c == '#') next = after_comment(toml, at);
    // A quote after anything else opens no string: `B"...` is a mistake that is read as a bare word.
    bool may_open = at == 0 || std::string_view(" \t\r\n=,[{.").find(toml[at - 1]) != std::string_view::npos;
    std::size_t escaped = std::string_view::npos;
    if ((c == '"' || c == '\'') && may_open) next = after_string(toml, at, escaped);
    if (is_above_ascii(toml, at)) return line;
    for (; at < std::min(next, escaped) && at < toml.size(); ++at) line += toml[at] == '\n';
    if (at == escaped) return line;
  }
  return std::nullopt;
}

}  // namespace ginnel
