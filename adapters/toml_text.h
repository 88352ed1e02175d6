// SPDX-License-Identifier: Apache-2.0
// What TOML text must not hold before toml++ 3.3 reads it.
//
// Outside strings and comments TOML is ASCII. Given another letter in a bare key, toml++ 3.3 runs into code that its
// authors took for unreachable, which is undefined behaviour instead of the error it should be. Found by mapping_fuzz.
// The same happens behind a backslash in a string, also one that only ends its line. Found by clock_rule_fuzz.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace ginnel {

// The first line, from 1, with a byte above ASCII outside strings and comments, or behind a backslash.
std::optional<std::uint32_t> line_outside_ascii(std::string_view toml);

}  // namespace ginnel
