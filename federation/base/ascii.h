// SPDX-License-Identifier: Apache-2.0
// Letters and digits of numbers and codes, which are ASCII whatever the locale says.
#pragma once

namespace ginnel {

constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }
constexpr bool is_capital(char c) { return c >= 'A' && c <= 'Z'; }

}  // namespace ginnel
