// SPDX-License-Identifier: Apache-2.0
// Foreign text on a terminal: made harmless, measured in columns, padded and wrapped.
//
// Thread: any; pure. SECURITY: a peer's text can hold escape sequences that hide lines, move the cursor or answer for
// the user, and direction marks that make a line read otherwise than it stands. None of them gets through harmless().
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace ginnel {

// Well-formed UTF-8 without control characters (C0, DEL, C1), direction marks, line and paragraph separators and other
// invisible format characters: each becomes U+FFFD. A line end, a tab or several spaces become one space.
std::string harmless(std::string_view text);

// Columns that a harmless text takes: 2 for wide East Asian characters and emoji, 0 for combining marks.
std::size_t columns_of(std::string_view text);

// Exactly `columns` wide: filled with spaces, or cut with "…" at its end.
std::string fitted(std::string_view text, std::size_t columns);

// Broken between words into lines of at most `columns`; a longer word is broken where it must be. At least one line.
std::vector<std::string> wrapped(std::string_view text, std::size_t columns);

}  // namespace ginnel
