// SPDX-License-Identifier: Apache-2.0
// Which of the words there are was probably meant.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ginnel {

// 0 nothing alike .. 1 equal, without regard to case. Counts edits, and words that begin alike: OCC_DATE is near
// OCCURRED_ON.
double likeness(std::string_view a, std::string_view b);

// The most alike of `words`, the first of equals; nothing if none is like it at all.
std::optional<std::string> nearest(std::string_view word, const std::vector<std::string>& words);

// "`a`, `b` or `c`", for messages; at most `most` of them.
std::string one_of(const std::vector<std::string>& words, std::size_t most = 60);

}  // namespace ginnel
