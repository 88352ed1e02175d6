// SPDX-License-Identifier: Apache-2.0
#include "adapters/toml_text.h"

namespace ginnel {
namespace {

// The offset after the comment or string that starts at `at`; strings of one line end with it, closed or not.
std::size_t after_comment(std::string_view text, std::size_t at) {
  auto end = text.find('\n', at);
  return end == std::string_view::npos ? text.size() : end;
}

std::size_t after_string(std::string_view text, std::size_t at) {
  const char quote = text[at];
  const bool long_form = text.substr(at, 3) == std::string_view(quote == '"' ? "\"\"\"" : "'''");
  at += long_form ? 3 : 1;
  for (; at < text.size(); ++at) {
    if (text[at] == '\\' && quote == '"') {
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

std::optional<std::uint32_t> line_outside_ascii(std::string_view toml) {
  std::uint32_t line = 1;
  std::size_t at = toml.starts_with("\xef\xbb\xbf") ? 3 : 0;
  while (at < toml.size()) {
    char c = toml[at];
    std::size_t next = at + 1;
    if (c == '#') next = after_comment(toml, at);
    // A quote after anything else opens no string: `B"...` is a mistake that is read as a bare word.
    bool may_open = at == 0 || std::string_view(" \t\r\n=,[{.").find(toml[at - 1]) != std::string_view::npos;
    if ((c == '"' || c == '\'') && may_open) next = after_string(toml, at);
    if (static_cast<unsigned char>(c) >= 0x80) return line;
    for (; at < next && at < toml.size(); ++at) line += toml[at] == '\n';
  }
  return std::nullopt;
}

}  // namespace ginnel
