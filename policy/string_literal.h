// SPDX-License-Identifier: Apache-2.0
// The inside of string literals: escapes, patterns of `like`, and the way back.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "policy/diagnostic.h"

namespace ginnel::policy {

// What `like` matches: literal parts with a wildcard between each two. "a*b" is {"a", "b"}, "*" is {"", ""}.
// An escaped star, `\*`, is part of a literal.
struct Pattern {
  std::vector<std::string> parts;
  bool matches(std::string_view text) const;
  bool operator==(const Pattern&) const = default;
};

struct EscapeError {
  Span where;  // in the text between the quotes
  std::string why;
};

// Resolves \n \r \t \\ \0 \' \" \xHH (to 7F) and \u{H..H}. All mistakes are added to `errors`.
std::string unescape(std::string_view between_quotes, std::vector<EscapeError>& errors);

// The same, with `*` as the wildcard, also as \x2a or \u{2a}, and \* as a star.
Pattern unescape_pattern(std::string_view between_quotes, std::vector<EscapeError>& errors);

// A literal, with its quotes, that yields `text` again.
std::string quote(std::string_view text);

// Nothing but whole UTF-8 characters; else the offset of the first byte that is none.
std::size_t valid_utf8_prefix(std::string_view text);

}  // namespace ginnel::policy
