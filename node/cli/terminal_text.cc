// SPDX-License-Identifier: Apache-2.0
#include "node/cli/terminal_text.h"

#include <algorithm>
#include <array>
#include <cstdint>

namespace ginnel {
namespace {

constexpr std::string_view replacement = "\xEF\xBF\xBD";  // U+FFFD
constexpr std::string_view ellipsis = "\xE2\x80\xA6";     // U+2026

struct Range {
  std::uint32_t first, last;
};

// Unicode 15: controls, direction marks, separators and format characters that change or hide what stands beside them.
constexpr std::array harmful = {Range{0x00, 0x1f},     Range{0x7f, 0x9f},      Range{0xad, 0xad},
                                Range{0x61c, 0x61c},   Range{0x180e, 0x180e},  Range{0x200b, 0x200f},
                                Range{0x2028, 0x202e}, Range{0x2060, 0x206f},  Range{0xfeff, 0xfeff},
                                Range{0xfff9, 0xfffb}, Range{0xe0000, 0xe0fff}};

// East Asian Width W and F, and emoji that terminals show wide.
constexpr std::array wide = {Range{0x1100, 0x115f},   Range{0x231a, 0x231b},   Range{0x2e80, 0x303e},
                             Range{0x3041, 0x33ff},   Range{0x3400, 0x4dbf},   Range{0x4e00, 0x9fff},
                             Range{0xa000, 0xa4cf},   Range{0xa960, 0xa97f},   Range{0xac00, 0xd7a3},
                             Range{0xf900, 0xfaff},   Range{0xfe30, 0xfe6f},   Range{0xff00, 0xff60},
                             Range{0xffe0, 0xffe6},   Range{0x1f300, 0x1f64f}, Range{0x1f680, 0x1f6ff},
                             Range{0x1f900, 0x1f9ff}, Range{0x20000, 0x3fffd}};

// Combining marks of the scripts in which names are written here, and variation selectors.
constexpr std::array no_width = {
    Range{0x300, 0x36f},   Range{0x483, 0x489},  Range{0x591, 0x5bd},   Range{0x5bf, 0x5c7},   Range{0x610, 0x61a},
    Range{0x64b, 0x65f},   Range{0x670, 0x670},  Range{0x6d6, 0x6dc},   Range{0x6df, 0x6e4},   Range{0x6e7, 0x6e8},
    Range{0x6ea, 0x6ed},   Range{0x900, 0x902},  Range{0x93a, 0x93a},   Range{0x93c, 0x93c},   Range{0x941, 0x948},
    Range{0x94d, 0x94d},   Range{0x981, 0x981},  Range{0x9bc, 0x9bc},   Range{0x9c1, 0x9c4},   Range{0x9cd, 0x9cd},
    Range{0xa01, 0xa02},   Range{0xa3c, 0xa3c},  Range{0xa41, 0xa51},   Range{0xa70, 0xa71},   Range{0xe31, 0xe31},
    Range{0xe34, 0xe3a},   Range{0xe47, 0xe4e},  Range{0x1ab0, 0x1aff}, Range{0x1dc0, 0x1dff}, Range{0x20d0, 0x20ff},
    Range{0xfe00, 0xfe0f}, Range{0xfe20, 0xfe2f}};

template <std::size_t size>
bool is_in(const std::array<Range, size>& ranges, std::uint32_t code) {
  auto after = std::upper_bound(ranges.begin(), ranges.end(), code,
                                [](std::uint32_t value, const Range& range) { return value < range.first; });
  return after != ranges.begin() && code <= std::prev(after)->last;
}

struct Character {
  std::uint32_t code = 0;
  std::size_t bytes = 1;
  bool is_valid = false;
};

// The first character of a text that is not empty; an invalid one is one byte.
Character first_of(std::string_view text) {
  auto byte = [&](std::size_t i) { return static_cast<std::uint8_t>(text[i]); };
  std::uint8_t first = byte(0);
  if (first < 0x80) return {first, 1, true};
  std::size_t bytes = first >> 5 == 6 ? 2 : first >> 4 == 14 ? 3 : first >> 3 == 30 ? 4 : 0;
  if (bytes == 0 || text.size() < bytes) return {};
  std::uint32_t code = first & (0x7fu >> bytes);
  for (std::size_t i = 1; i < bytes; ++i) {
    if (byte(i) >> 6 != 2) return {};
    code = code << 6 | (byte(i) & 0x3f);
  }
  static constexpr std::uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
  if (code < least[bytes] || code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) return {};
  return {code, bytes, true};
}

std::size_t width_of(std::uint32_t code) { return is_in(no_width, code) ? 0 : is_in(wide, code) ? 2 : 1; }

// How many bytes of the text fit into `columns`, combining marks kept with what they stand on.
std::size_t bytes_that_fit(std::string_view text, std::size_t columns) {
  std::size_t bytes = 0, used = 0;
  while (bytes < text.size()) {
    auto next = first_of(text.substr(bytes));
    used += width_of(next.code);
    if (used > columns) break;
    bytes += next.bytes;
  }
  return bytes;
}

}  // namespace

std::string harmless(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size();) {
    auto next = first_of(text.substr(i));
    if (next.code == ' ' || next.code == '\n' || next.code == '\t' || next.code == '\r') {
      if (next.is_valid && !out.empty() && out.back() != ' ') out += ' ';
    } else if (!next.is_valid || is_in(harmful, next.code)) {
      out += replacement;
    } else {
      out += text.substr(i, next.bytes);
    }
    i += next.bytes;
  }
  if (!out.empty() && out.back() == ' ') out.pop_back();
  return out;
}

std::size_t columns_of(std::string_view text) {
  std::size_t columns = 0;
  for (std::size_t i = 0; i < text.size();) {
    auto next = first_of(text.substr(i));
    columns += width_of(next.code);
    i += next.bytes;
  }
  return columns;
}

std::string fitted(std::string_view text, std::size_t columns) {
  std::string out;
  if (columns_of(text) <= columns) {
    out = text;
  } else if (columns > 0) {
    out = std::string(text.substr(0, bytes_that_fit(text, columns - 1))) + std::string(ellipsis);
  }
  out.append(columns - std::min(columns, columns_of(out)), ' ');
  return out;
}

std::vector<std::string> wrapped(std::string_view text, std::size_t columns) {
  columns = std::max<std::size_t>(columns, 2);  // a wide character must fit
  std::vector<std::string> lines(1);
  while (!text.empty()) {
    auto word = text.substr(0, text.find(' '));
    text.remove_prefix(std::min(text.size(), word.size() + 1));
    if (word.empty()) continue;
    auto used = columns_of(lines.back());
    if (used > 0 && used + 1 + columns_of(word) <= columns) {
      lines.back() += ' ';
      lines.back() += word;
      continue;
    }
    if (used > 0) lines.emplace_back();
    while (columns_of(word) > columns) {
      auto bytes = bytes_that_fit(word, columns);
      lines.back() = word.substr(0, bytes);
      word.remove_prefix(bytes);
      lines.emplace_back();
    }
    lines.back() = word;
  }
  return lines;
}

}  // namespace ginnel
