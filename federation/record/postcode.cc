// SPDX-License-Identifier: Apache-2.0
#include "federation/record/postcode.h"

#include "federation/base/ascii.h"

namespace ginnel {
namespace {

bool is_one_of(char c, std::string_view set) { return set.find(c) != std::string_view::npos; }

// Area and district: A9, A99, A9A, AA9, AA99, AA9A.
bool is_outward(std::string_view out) {
  if (!is_capital(out[0]) || is_one_of(out[0], "QVX")) return false;
  std::string_view district = out.substr(1);
  bool two_letters = is_capital(district[0]);
  if (two_letters) {
    if (is_one_of(district[0], "IJZ")) return false;
    district.remove_prefix(1);
  }
  if (district.empty() || district.size() > 2 || !is_digit(district[0])) return false;
  if (district.size() == 1 || is_digit(district[1])) return true;
  return is_one_of(district[1], two_letters ? "ABEHMNPRVWXY" : "ABCDEFGHJKPSTUW");
}

bool is_inward(std::string_view in) {
  auto unit_letter = [](char c) { return is_capital(c) && !is_one_of(c, "CIKMOV"); };
  return is_digit(in[0]) && unit_letter(in[1]) && unit_letter(in[2]);
}

}  // namespace

std::optional<std::string> parse_postcode(std::string_view text) {
  std::string letters;
  for (char c : text) {
    if (c == ' ') continue;
    if (letters.size() == 7) return std::nullopt;
    letters += c >= 'a' && c <= 'z' ? char(c - 'a' + 'A') : c;
  }
  if (letters.size() < 5 || letters.starts_with("ZZ99")) return std::nullopt;
  std::string_view all = letters, outward = all.substr(0, all.size() - 3), inward = all.substr(all.size() - 3);
  bool girobank = all == "GIR0AA";
  if (!girobank && !(is_outward(outward) && is_inward(inward))) return std::nullopt;
  return std::string(outward).append(" ").append(inward);
}

}  // namespace ginnel
