// SPDX-License-Identifier: Apache-2.0
// What became of one agency's part of a case view (DESIGN 14, "Status of a part").
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace ginnel {

// The statuses of DESIGN 14. A closed set: changing it changes the wire format.
enum class PartStatus : std::uint8_t {
  unknown = 0,      // the lookup could not be completed
  answered = 1,     // some item at headline or more
  withheld = 2,     // known, nothing shown
  refused = 3,      // the ask was rejected; says nothing of knowing
  not_known = 4,    // a verified miss: holds nothing that it may tell you
  not_asked = 5,    // by policy, budget or scope; only an asker says so
  silent = 6,       // no valid answer by the deadline; only an asker says so
  out_of_date = 7,  // answered from data past its currency limit
};
inline constexpr std::size_t part_statuses = 8;
std::string_view name_of(PartStatus status);  // "not-known"
std::optional<PartStatus> part_status_from(std::string_view name);

// Whether a holder may say it of itself.
bool may_travel(PartStatus status);

}  // namespace ginnel
