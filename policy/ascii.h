// SPDX-License-Identifier: Apache-2.0
// Digits that are ASCII whatever the locale says.
#pragma once

namespace ginnel::policy {

constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }

}  // namespace ginnel::policy
