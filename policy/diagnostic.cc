// SPDX-License-Identifier: Apache-2.0
#include "policy/diagnostic.h"

#include <algorithm>

namespace ginnel::policy {

std::string Diagnostic::text() const {
  std::string out = file + ":" + std::to_string(line) + ":" + std::to_string(column) + ": " + message;
  if (!hint.empty()) out += " (" + hint + ")";
  return out;
}

std::string to_text(const Diagnostics& diagnostics) {
  std::string out;
  for (const auto& diagnostic : diagnostics) out += diagnostic.text() + "\n";
  return out;
}

Position position_of(std::string_view text, std::size_t offset) {
  return position_after({}, text.substr(0, std::min(offset, text.size())));
}

Position position_after(Position from, std::string_view between) {
  for (const char c : between) {
    if (c == '\n') {
      ++from.line;
      from.column = 1;
    } else if ((static_cast<unsigned char>(c) & 0xC0) != 0x80) {
      ++from.column;  // continuation bytes of UTF-8 are no columns
    }
  }
  return from;
}

}  // namespace ginnel::policy
