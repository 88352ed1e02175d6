// SPDX-License-Identifier: Apache-2.0
// What became of one agency's part of a case view (DESIGN 14, "Status of a part").
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace ginnel {

// A closed set: changing it changes the wire format.
enum class PartStatus : std::uint8_t {
  answered = 0,     // some item at headline or more
  withheld = 1,     // known, nothing shown
  refused = 2,      // the ask was rejected; says nothing of knowing
  not_known = 3,    // a verified miss
  not_asked = 4,    // by policy, budget or scope
  silent = 5,       // no valid answer by the deadline
  out_of_date = 6,  // answered from data past its currency limit
  unknown = 7,      // the lookup could not be completed
};

// The words of the API: "answered", "withheld", "refused", "not-known", "not-asked", "silent", "out-of-date", "unknown".
constexpr std::string_view name_of(PartStatus status) {
  switch (status) {
    case PartStatus::answered: return "answered";
    case PartStatus::withheld: return "withheld";
    case PartStatus::refused: return "refused";
    case PartStatus::not_known: return "not-known";
    case PartStatus::not_asked: return "not-asked";
    case PartStatus::silent: return "silent";
    case PartStatus::out_of_date: return "out-of-date";
    case PartStatus::unknown: return "unknown";
  }
  return "unknown";
}

constexpr std::optional<PartStatus> part_status_from(std::uint16_t number) {
  if (number > static_cast<std::uint16_t>(PartStatus::unknown)) return std::nullopt;
  return static_cast<PartStatus>(number);
}

}  // namespace ginnel
