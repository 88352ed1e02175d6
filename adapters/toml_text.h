// SPDX-License-Identifier: Apache-2.0
// What TOML text must not hold before toml++ 3.3 reads it.
//
// Outside strings and comments TOML is ASCII. Given another letter there, or behind a backslash in a string, toml++ 3.3
// runs into code that its authors took for unreachable, which is undefined behaviour instead of the error it should be.
// Where the strings are, only a parser knows: so the text is parsed spelled in ASCII first. Found by fuzzing.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace ginnel {

// With each byte above ASCII, and each `q`, as letters that stand for it and for nothing else. It has the same lines,
// and is TOML wherever `toml` is.
std::string spelled_in_ascii(std::string_view toml);
// What a parser of that says of it, in the letters of the text.
std::string spelled_back(std::string_view text);

// The first line, from 1, with a byte above ASCII outside strings and comments, or behind a backslash; of a text that
// is TOML when it is spelled in ASCII.
std::optional<std::uint32_t> line_outside_ascii(std::string_view toml);

}  // namespace ginnel
