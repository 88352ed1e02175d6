// SPDX-License-Identifier: Apache-2.0
// The calendar that ships, and days and minutes of London for tests.
#pragma once

#include <gtest/gtest.h>

#include <string_view>

#include "federation/base/check.h"
#include "node/calendar/clock_rule.h"
#include "tests/source_tree.h"

namespace ginnel {

inline const Calendar& shipped_calendar() {
  static const Calendar calendar = [] {
    const auto folder = source_tree() / "config-examples/calendar";
    auto read = Calendar::read(folder / "england-and-wales.toml", folder / "school-terms-west-yorkshire.toml");
    CHECK(read);
    return *read;
  }();
  return calendar;
}

inline Date day(std::string_view iso) {
  auto date = parse_date(iso);
  CHECK(date);
  return *date;
}
// "2026-04-02" or "2026-04-02 14:30", Europe/London.
inline When when(std::string_view text) {
  auto found = parse_when(text);
  CHECK(found);
  return *found;
}
inline Instant at(std::string_view text) { return when(text).at; }

}  // namespace ginnel
