// SPDX-License-Identifier: Apache-2.0
// What is wrong with a policy, schema or data file, and where: one entry for each mistake, all of a file at once.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace ginnel::policy {

// A place in a text, both counted from 1; a column is a character, not a byte.
struct Position {
  std::uint32_t line = 1, column = 1;
  bool operator==(const Position&) const = default;
};

// A part of a text in bytes, `end` exclusive.
struct Span {
  std::uint32_t begin = 0, end = 0;
  bool operator==(const Span&) const = default;
};

struct Diagnostic {
  std::string file;
  std::uint32_t line = 1, column = 1;
  std::string message;  // lower case, no full stop, user input in backticks
  std::string hint;     // what would be right; may be empty

  // `FILE:LINE:COLUMN: message (hint)`
  std::string text() const;
};

using Diagnostics = std::vector<Diagnostic>;

// One line each.
std::string to_text(const Diagnostics& diagnostics);

// Where byte `offset` of `text` lies. Takes time proportional to the offset: for reports, not for loops.
Position position_of(std::string_view text, std::size_t offset);

// Where the end of `between` lies when its beginning lies at `from`: for those who go through a text in order.
Position position_after(Position from, std::string_view between);

}  // namespace ginnel::policy
