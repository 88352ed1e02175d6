// SPDX-License-Identifier: Apache-2.0
// Which days are working days, ordinary days and school days, from tables that people write
// (config-examples/calendar; docs/formats/calendar.md).
//
// A day of which the table says nothing is not an ordinary day: whoever counts over it gets `calendar-too-short` with
// the year that is missing, and has no date instead of a wrong one.
//
// Thread: any; a value. Failure: as said. Limits: below.
#pragma once

#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "federation/base/error.h"
#include "federation/base/time.h"

namespace ginnel {

namespace limits {
inline constexpr std::size_t calendar_file_bytes_max = std::size_t{1} << 20;
inline constexpr int calendar_days_counted_max = 366 * 30;  // days looked at for one answer
}  // namespace limits

enum class DayKind : std::uint8_t {
  any,       // each day
  working,   // Monday to Friday, no bank holiday
  ordinary,  // no Sunday and no bank holiday: a day on which an emergency order may end (Children Act 1989 s45)
  school,    // a working day within a term, on which schools are open
};
// "day", "working day", ...: as rules write them.
std::string_view words_for(DayKind kind);

struct Days {
  Date from, to;  // both are part of it
  auto operator<=>(const Days&) const = default;
};

struct SchoolYear {
  Days span;
  std::vector<Days> terms;
  std::set<Date> closed;
};

class Calendar {
 public:
  // Reads the table of bank holidays; every mistake of the file at once: `bad-calendar`.
  static tl::expected<Calendar, std::vector<Error>> parse(std::string_view toml, const std::string& file_name);
  // Reads terms into this calendar, instead of those it had.
  tl::expected<void, std::vector<Error>> parse_terms(std::string_view toml, const std::string& file_name);
  // Both from files; `terms` may be empty: then no school day is known.
  static tl::expected<Calendar, std::vector<Error>> read(const std::filesystem::path& holidays,
                                                         const std::filesystem::path& terms);

  // Whether that day is one. `calendar-too-short` where the table does not reach.
  Expected<bool> is(DayKind kind, Date day) const;
  // The n-th such day after `day`, which is day 0; n >= 1.
  Expected<Date> after(Date day, int n, DayKind kind) const;
  Expected<Date> before(Date day, int n, DayKind kind) const;
  // How many such days lie after `day` up to and with `until`; 0 if `until` is not later.
  Expected<int> count(Date day, Date until, DayKind kind) const;

  // The name of the bank holiday of that day; null: it is none.
  const std::string* holiday(Date day) const;
  // For explanations: the bank holidays after `day` up to and with `until` that fall on Monday to Friday.
  std::vector<std::pair<Date, std::string>> holidays_between(Date day, Date until) const;

  const std::string& title() const { return title_; }
  int opens_minutes() const { return opens_minutes_; }  // office hours, in minutes after local midnight
  int closes_minutes() const { return closes_minutes_; }

 private:
  Expected<Date> step(Date day, int n, DayKind kind, int direction) const;

  std::string title_;
  int opens_minutes_ = 9 * 60, closes_minutes_ = 17 * 60;
  std::map<int, std::map<Date, std::string>> years_;  // every year that the table covers
  std::vector<SchoolYear> school_years_;              // in order
};

// That many calendar months later, on the last day of the month where it is shorter: 30 November and 3 months is
// 28 or 29 February.
Date months_after(Date day, int months);

}  // namespace ginnel
