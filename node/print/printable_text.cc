// SPDX-License-Identifier: Apache-2.0
#include "node/print/printable_text.h"

#include <glib.h>

#include <algorithm>
#include <cstddef>

namespace ginnel {
namespace {

constexpr std::string_view no_character = "\xEF\xBF\xBD";  // U+FFFD

// Category Cf holds what changes or hides its neighbours, but also the joiners, and the number signs of Arabic, Syriac
// and Kaithi, which are seen.
bool is_printed(gunichar c) {
  constexpr gunichar seen[] = {0x200b, 0x200c, 0x200d, 0x600, 0x601,   0x602,   0x603,
                               0x604,  0x605,  0x6dd,  0x70f, 0x110bd, 0x110cd, 0x8e2};
  if (std::find(std::begin(seen), std::end(seen), c) != std::end(seen)) return true;
  const bool is_tag = c >= 0xe0000 && c <= 0xe0fff;
  const bool is_noncharacter = (c & 0xfffe) == 0xfffe || (c >= 0xfdd0 && c <= 0xfdef);  // cairo refuses all for one
  const auto type = g_unichar_type(c);
  return !is_tag && !is_noncharacter && type != G_UNICODE_CONTROL && type != G_UNICODE_FORMAT;
}

bool is_line_end(gunichar c) { return c == '\n' || c == '\r' || c == 0x2028 || c == 0x2029; }

struct Decoded {
  gunichar code = 0;
  std::size_t bytes = 1;
  bool is_valid = false;
};

// glib takes a zero byte for the text's end.
Decoded first_character(std::string_view text) {
  if (text.front() == 0) return {0, 1, true};
  const gunichar c = g_utf8_get_char_validated(text.data(), gssize(text.size()));
  if (c == gunichar(-1) || c == gunichar(-2)) return {};
  return {c, std::size_t(g_unichar_to_utf8(c, nullptr)), true};
}

}  // namespace

std::string printable(std::string_view text) {
  std::string out;
  std::size_t line_ends = 0;
  bool is_spaced = false;
  for (bool is_after_return = false; !text.empty();) {
    const Decoded next = first_character(text);
    if (next.is_valid && is_line_end(next.code)) {
      if (next.code != '\n' || !is_after_return) ++line_ends;
    } else if (next.is_valid && (next.code == ' ' || next.code == '\t')) {
      is_spaced = true;
    } else {
      if (!out.empty() && line_ends > 0)
        out.append(std::min<std::size_t>(line_ends, 2), '\n');
      else if (!out.empty() && is_spaced)
        out += ' ';
      is_spaced = false;
      line_ends = 0;
      out += next.is_valid && is_printed(next.code) ? text.substr(0, next.bytes) : no_character;
    }
    is_after_return = next.is_valid && next.code == '\r';
    text.remove_prefix(next.bytes);
  }
  return out;
}

}  // namespace ginnel
