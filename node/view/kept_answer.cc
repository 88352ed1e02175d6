// SPDX-License-Identifier: Apache-2.0
#include "node/view/kept_answer.h"

#include <iterator>
#include <utility>

namespace ginnel {

Bytes keep_pages(const Answer& answer) {
  Bytes out;
  for (const auto& page : paginate(answer)) {
    auto bytes = encode_answer(page);
    if (!bytes) continue;  // paginate() gives pages that encode
    put_u32(out, std::uint32_t(bytes->size()));
    append(out, *bytes);
  }
  return out;
}

std::set<std::string> markings_carried(const Answer& answer) {
  std::set<std::string> markings = answer.markings;
  for (const auto& item : answer.items) markings.insert(item.label.markings.begin(), item.label.markings.end());
  return markings;
}

std::optional<Answer> kept_answer(ByteView bytes) {
  std::optional<Answer> whole;
  for (std::size_t at = 0; at < bytes.size();) {
    auto length = read_u32(bytes, at);
    if (!length || *length > bytes.size() - at - 4) return std::nullopt;
    auto page = decode_answer(bytes.subspan(at + 4, *length));
    if (!page) return std::nullopt;
    if (whole)
      std::move(page->items.begin(), page->items.end(), std::back_inserter(whole->items));
    else
      whole = std::move(*page);
    at += 4 + *length;
  }
  return whole;
}

}  // namespace ginnel
