// SPDX-License-Identifier: Apache-2.0
// NHS numbers: ten digits, the last a check digit modulo 11 (NHS Data Dictionary; DOMAIN 7).
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace ginnel {

// The ten digits without spaces or hyphens; nothing if there are not ten or the check digit is wrong.
std::optional<std::string> parse_nhs_number(std::string_view text);

// "999 000 0018"
std::string nhs_number_for_people(std::string_view ten_digits);

// The tenth digit for nine digits; nothing when no valid number starts with them (remainder 10).
std::optional<char> nhs_check_digit(std::string_view nine_digits);

}  // namespace ginnel
