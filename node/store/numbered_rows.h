// SPDX-License-Identifier: Apache-2.0
// A list in a side table: rows under rising numbers, from 1, with a range in which all that are left stand.
//
// Thread: the loop. Rows are sealed as every side row is, and belong to the turn that writes them. A list that nobody
// wrote to is empty. Limits: those of side rows.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "node/store/store.h"

namespace ginnel {

class NumberedRows {
 public:
  // `name` tells the lists of one table apart; it is never stored in the clear.
  NumberedRows(SideTable table, std::string name) : table_(table), name_(std::move(name)) {}

  struct Range {
    std::uint64_t first = 1, end = 1;  // every row is in [first, end)
    bool empty() const { return first == end; }
  };
  Expected<Range> range(const StoreReader& reader) const;
  // Nothing: it was erased.
  Expected<std::optional<Bytes>> at(const StoreReader& reader, std::uint64_t number) const;

  Expected<std::uint64_t> append(Turn& turn, ByteView row) const;
  Expected<void> put(Turn& turn, std::uint64_t number, ByteView row, Instant expires = {}) const;
  Expected<void> erase(Turn& turn, std::uint64_t number) const;
  // Nothing below it is of interest any more.
  Expected<void> set_first(Turn& turn, std::uint64_t first) const;

 private:
  Bytes key(std::uint64_t number) const;  // 0: the range
  Expected<void> put_range(Turn& turn, const Range& range) const;

  SideTable table_;
  std::string name_;
};

}  // namespace ginnel
