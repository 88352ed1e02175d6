// SPDX-License-Identifier: Apache-2.0
#include "adapters/encoding.h"

#include <algorithm>
#include <cstdint>

namespace ginnel {
namespace {

// 0x80..0x9f; zero: not assigned.
constexpr std::uint16_t windows_1252_high[32] = {0x20ac, 0,      0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021,
                                                 0x02c6, 0x2030, 0x0160, 0x2039, 0x0152, 0,      0x017d, 0,
                                                 0,      0x2018, 0x2019, 0x201c, 0x201d, 0x2022, 0x2013, 0x2014,
                                                 0x02dc, 0x2122, 0x0161, 0x203a, 0x0153, 0,      0x017e, 0x0178};

bool is_control(char c) {
  auto byte = static_cast<unsigned char>(c);
  return (byte < 0x20 && c != '\t' && c != '\n' && c != '\r') || byte == 0x7f;
}

void put(std::string& out, std::uint32_t c) {
  if (c < 0x80) {
    out += char(c);
  } else if (c < 0x800) {
    out += char(0xc0 | c >> 6);
    out += char(0x80 | (c & 0x3f));
  } else {
    out += char(0xe0 | c >> 12);
    out += char(0x80 | (c >> 6 & 0x3f));
    out += char(0x80 | (c & 0x3f));
  }
}

}  // namespace

std::string utf8_from_windows_1252(std::string_view text) {
  std::string out;
  out.reserve(text.size() + 8);
  for (char raw : text) {
    auto byte = static_cast<unsigned char>(raw);
    std::uint32_t c = byte;
    if (byte >= 0x80 && byte < 0xa0) c = windows_1252_high[byte - 0x80];
    put(out, c == 0 && byte != 0 ? 0xfffd : c);
  }
  return out;
}

std::string_view without_outer_space(std::string_view text) {
  constexpr std::string_view space = " \t\r\n";
  auto from = text.find_first_not_of(space);
  if (from == std::string_view::npos) return {};
  return text.substr(from, text.find_last_not_of(space) - from + 1);
}

bool has_control(std::string_view text) { return std::any_of(text.begin(), text.end(), is_control); }

std::string without_control(std::string_view text) {
  std::string out(text);
  std::replace_if(out.begin(), out.end(), is_control, ' ');
  return out;
}

}  // namespace ginnel
