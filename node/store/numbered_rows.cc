// SPDX-License-Identifier: Apache-2.0
#include "node/store/numbered_rows.h"

namespace ginnel {

Bytes NumberedRows::key(std::uint64_t number) const {
  Bytes key = copy_of(view_of(name_));
  key.push_back(0);
  put_u64(key, number);
  return key;
}

Expected<NumberedRows::Range> NumberedRows::range(const StoreReader& reader) const {
  auto row = reader.side(table_, key(0));
  if (!row) return tl::unexpected(row.error());
  if (!*row) return Range{};
  const auto first = read_u64(**row, 0), end = read_u64(**row, 8);
  if (!first || !end || *first == 0 || *first > *end)
    return fail("index-mismatch", "cannot read a list", "its range is not one", "restore it from a backup");
  return Range{*first, *end};
}

Expected<std::optional<Bytes>> NumberedRows::at(const StoreReader& reader, std::uint64_t number) const {
  return reader.side(table_, key(number));
}

Expected<std::uint64_t> NumberedRows::append(Turn& turn, ByteView row) const {
  auto range = this->range(turn);
  if (!range) return tl::unexpected(range.error());
  const std::uint64_t number = range->end++;
  if (auto done = put(turn, number, row); !done) return tl::unexpected(done.error());
  if (auto done = put_range(turn, *range); !done) return tl::unexpected(done.error());
  return number;
}

Expected<void> NumberedRows::put(Turn& turn, std::uint64_t number, ByteView row, Instant expires) const {
  return turn.put_side(table_, key(number), row, expires);
}

Expected<void> NumberedRows::erase(Turn& turn, std::uint64_t number) const {
  return turn.erase_side(table_, key(number));
}

Expected<void> NumberedRows::set_first(Turn& turn, std::uint64_t first) const {
  auto range = this->range(turn);
  if (!range) return tl::unexpected(range.error());
  if (first <= range->first) return {};
  range->first = std::min(first, range->end);
  return put_range(turn, *range);
}

Expected<void> NumberedRows::put_range(Turn& turn, const Range& range) const {
  Bytes row;
  put_u64(row, range.first);
  put_u64(row, range.end);
  return turn.put_side(table_, key(0), row);
}

}  // namespace ginnel
