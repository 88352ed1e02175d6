// SPDX-License-Identifier: Apache-2.0
// Letters, digits and spaces that are ASCII whatever the locale says.
#pragma once

#include <string_view>

namespace ginnel {

constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }
constexpr bool is_capital(char c) { return c >= 'A' && c <= 'Z'; }

// Spaces, tabs and line ends, or nothing at all: nobody said anything.
constexpr bool is_blank(std::string_view text) { return text.find_first_not_of(" \t\r\n") == std::string_view::npos; }

}  // namespace ginnel
