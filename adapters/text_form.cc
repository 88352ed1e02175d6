// SPDX-License-Identifier: Apache-2.0
#include "adapters/text_form.h"

#include <algorithm>

#include "federation/base/text.h"

namespace ginnel {
namespace {

tl::unexpected<Error> bad(std::string why) {
  return fail("bad-text-form", "cannot read the text form", std::move(why), "write {COLUMN} and [optional part]");
}

}  // namespace

Expected<TextForm> TextForm::parse(std::string_view text, const Names& names) {
  TextForm form;
  int group = 0, groups = 0;
  std::string literal;
  auto flush = [&] {
    if (!literal.empty()) form.pieces_.push_back({std::move(literal), -1, -1, group});
    literal.clear();
  };
  for (std::size_t i = 0; i < text.size(); ++i) {
    char c = text[i];
    bool special = c == '{' || c == '}' || c == '[' || c == ']';
    if (special && i + 1 < text.size() && text[i + 1] == c) {
      literal += c;
      ++i;
    } else if (c == '{') {
      auto end = text.find('}', i);
      if (end == std::string_view::npos) return bad("a `{` has no `}`");
      std::string_view inside = text.substr(i + 1, end - i - 1), column = inside.substr(0, inside.find('|'));
      if (trimmed(column, " ").empty()) return bad("a `{}` names no column");
      flush();
      Piece piece;
      piece.group = group;
      piece.column = names.column(trimmed(column, " "));
      if (column.size() < inside.size()) {
        std::string_view lookup = trimmed(inside.substr(column.size() + 1), " ");
        piece.lookup = names.lookup(lookup);
        if (piece.lookup < 0) return bad("there is no [lookup." + std::string(lookup) + "]");
      }
      form.pieces_.push_back(piece);
      i = end;
    } else if (c == '[') {
      if (group != 0) return bad("a `[` stands inside another");
      flush();
      group = ++groups;
    } else if (c == ']') {
      if (group == 0) return bad("a `]` has no `[`");
      flush();
      group = 0;
    } else if (c == '}') {
      return bad("a `}` has no `{`");
    } else {
      literal += c;
    }
  }
  if (group != 0) return bad("a `[` has no `]`");
  flush();
  return form;
}

std::string TextForm::fill(const std::vector<std::string_view>& cells, const std::vector<Lookup>& lookups) const {
  std::string out;
  for (std::size_t i = 0; i < pieces_.size(); ++i) {
    const Piece& piece = pieces_[i];
    if (piece.group != 0 && (i == 0 || pieces_[i - 1].group != piece.group)) {
      bool any = false;
      std::size_t end = i;
      for (; end < pieces_.size() && pieces_[end].group == piece.group; ++end) {
        any |= pieces_[end].column >= 0 && !cells[std::size_t(pieces_[end].column)].empty();
      }
      if (!any) {
        i = end - 1;
        continue;
      }
    }
    if (piece.column < 0) {
      out += piece.literal;
      continue;
    }
    std::string_view value = cells[std::size_t(piece.column)];
    if (piece.lookup >= 0 && !value.empty()) {
      const Lookup& lookup = lookups[std::size_t(piece.lookup)];
      auto known = lookup.find(value);
      if (known == lookup.end()) known = lookup.find("*");
      if (known != lookup.end()) value = known->second;
    }
    out += value;
  }
  return out;
}

bool TextForm::is_constant() const {
  return std::all_of(pieces_.begin(), pieces_.end(), [](const Piece& piece) { return piece.column < 0; });
}

}  // namespace ginnel
