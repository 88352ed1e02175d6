// SPDX-License-Identifier: Apache-2.0
// Words put together and taken apart.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace ginnel {

// "a, b" with `between` = ", "; empty for an empty list.
std::string joined(const std::vector<std::string>& list, std::string_view between);

// What was joined, without empty words. A word must not hold `between`.
std::vector<std::string> split(std::string_view text, std::string_view between);

// Without the blanks before and after. A temporary's is a text of its own.
std::string_view trimmed(std::string_view text, std::string_view blanks = " \t\r\n");
std::string trimmed(std::string&& text);

// "1 record", "2 records".
std::string counted(std::uint64_t count, std::string_view one, std::string_view many);

}  // namespace ginnel
