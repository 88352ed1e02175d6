// SPDX-License-Identifier: Apache-2.0
// Text from a file, made safe for everything behind the edge: UTF-8 without control characters.
#pragma once

#include <string>
#include <string_view>

namespace ginnel {

std::string utf8_from_windows_1252(std::string_view text);

// Without spaces at both ends.
std::string_view without_outer_space(std::string_view text);

// True if there is a control character other than a line end or a tab.
bool has_control(std::string_view text);
// Those become spaces.
std::string without_control(std::string_view text);

}  // namespace ginnel
