// SPDX-License-Identifier: Apache-2.0
#include "federation/record/upn.h"

namespace ginnel {
namespace {

// The alphabet without I, O and S, which are taken for digits; the place of a letter is its value.
constexpr std::string_view letters = "ABCDEFGHJKLMNPQRTUVWXYZ";

}  // namespace

std::optional<char> upn_check_letter(std::string_view twelve) {
  if (twelve.size() != 12) return std::nullopt;
  std::size_t sum = 0;
  for (std::size_t i = 0; i < 12; ++i) {
    char c = twelve[i];
    std::size_t value = 0;
    if (c >= '0' && c <= '9') {
      value = std::size_t(c - '0');
    } else {
      value = letters.find(c);
      if (i != 11 || value == std::string_view::npos) return std::nullopt;  // only a temporary number ends in a letter
    }
    sum += value * (i + 2);
  }
  return letters[sum % letters.size()];
}

std::optional<std::string> parse_upn(std::string_view text) {
  std::string upn;
  for (char c : text) {
    if (c == ' ') continue;
    if (upn.size() == 13) return std::nullopt;
    upn += c >= 'a' && c <= 'z' ? char(c - 'a' + 'A') : c;
  }
  if (upn.size() != 13) return std::nullopt;
  auto check = upn_check_letter(std::string_view(upn).substr(1));
  if (!check || *check != upn[0]) return std::nullopt;
  return upn;
}

}  // namespace ginnel
