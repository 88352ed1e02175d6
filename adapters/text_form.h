// SPDX-License-Identifier: Apache-2.0
// A line for people made from a row: "absent[ ({REASON|absence-reasons})]".
//
// {COLUMN} is the column's value, {COLUMN|LOOKUP} what the mapping's lookup says for it. A part in [square brackets] is
// left out when every column in it is empty. "{{", "}}", "[[" and "]]" stand for themselves.
//
// Thread: any; immutable once parsed.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "federation/base/error.h"

namespace ginnel {

// What a code means; "*" is for codes not listed. Without it an unlisted code stands as it is.
using Lookup = std::map<std::string, std::string, std::less<>>;

class TextForm {
 public:
  // Makes numbers of names: `column` for each column named, `lookup` for each lookup (negative: there is none such).
  struct Names {
    std::function<int(std::string_view)> column, lookup;
  };
  // Errors: `bad-text-form`, whose `why` says what is wrong.
  static Expected<TextForm> parse(std::string_view text, const Names& names);

  // `cells` holds the value of each column by its number.
  std::string fill(const std::vector<std::string_view>& cells, const std::vector<Lookup>& lookups) const;
  bool empty() const { return pieces_.empty(); }
  bool is_constant() const;

 private:
  struct Piece {
    std::string literal;  // or, if column >= 0, nothing
    int column = -1;
    int lookup = -1;
    int group = 0;  // 0: always there
  };
  std::vector<Piece> pieces_;
};

}  // namespace ginnel
