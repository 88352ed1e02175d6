// SPDX-License-Identifier: Apache-2.0
#include "federation/record/nhs_number.h"

#include "federation/base/ascii.h"

namespace ginnel {
std::optional<char> nhs_check_digit(std::string_view nine_digits) {
  if (nine_digits.size() != 9) return std::nullopt;
  int sum = 0;
  for (int i = 0; i < 9; ++i) {
    char c = nine_digits[std::size_t(i)];
    if (!is_digit(c)) return std::nullopt;
    sum += (c - '0') * (10 - i);
  }
  int check = 11 - sum % 11;
  if (check == 10) return std::nullopt;
  return char('0' + (check == 11 ? 0 : check));
}

std::optional<std::string> parse_nhs_number(std::string_view text) {
  std::string digits;
  for (char c : text) {
    if (c == ' ' || c == '-') continue;
    if (!is_digit(c) || digits.size() == 10) return std::nullopt;
    digits += c;
  }
  // All zeros passes the arithmetic and is what systems write for "none".
  if (digits.size() != 10 || digits == "0000000000") return std::nullopt;
  auto check = nhs_check_digit(std::string_view(digits).substr(0, 9));
  if (!check || *check != digits[9]) return std::nullopt;
  return digits;
}

std::string nhs_number_for_people(std::string_view ten_digits) {
  if (ten_digits.size() != 10) return std::string(ten_digits);
  std::string out(ten_digits.substr(0, 3));
  return out.append(" ").append(ten_digits.substr(3, 3)).append(" ").append(ten_digits.substr(6));
}

}  // namespace ginnel
