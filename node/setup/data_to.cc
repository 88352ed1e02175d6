// SPDX-License-Identifier: Apache-2.0
#include "node/setup/data_to.h"

namespace ginnel {
namespace {

constexpr std::string_view data_to_row = "data-to";

}  // namespace

Expected<void> put_data_to(Turn& turn, Instant data_to) {
  Bytes row;
  put_u64(row, std::uint64_t(data_to.ms));
  return turn.put_side(SideTable::settings, view_of(data_to_row), row);
}

Expected<Instant> load_data_to(const StoreReader& reader) {
  auto row = reader.side(SideTable::settings, view_of(data_to_row));
  if (!row) return tl::unexpected(row.error());
  auto ms = *row ? read_u64(**row, 0) : std::nullopt;
  return ms ? Instant{std::int64_t(*ms)} : Instant{};
}

}  // namespace ginnel
