// SPDX-License-Identifier: Apache-2.0
// Instants, civil dates, and how precisely either is known.
//
// A time without minutes is kept and shown without minutes (DESIGN 5): When says how much of it is real.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace ginnel {

// Milliseconds since 1970-01-01T00:00:00Z, leap seconds not counted. Zero or less means "not set".
struct Instant {
  std::int64_t ms = 0;
  auto operator<=>(const Instant&) const = default;
  bool is_set() const { return ms > 0; }
  Instant operator+(std::int64_t more_ms) const { return {ms + more_ms}; }
  std::int64_t operator-(Instant earlier) const { return ms - earlier.ms; }
};

inline constexpr std::int64_t second_ms = 1000;
inline constexpr std::int64_t minute_ms = 60 * second_ms;
inline constexpr std::int64_t hour_ms = 60 * minute_ms;
inline constexpr std::int64_t day_ms = 24 * hour_ms;

// A day of the Gregorian calendar. A default Date is "not set".
struct Date {
  std::int16_t year = 0;
  std::uint8_t month = 0, day = 0;
  auto operator<=>(const Date&) const = default;
  bool is_set() const { return year != 0; }

  static std::optional<Date> of(int year, int month, int day);  // nothing unless such a day exists, 1800..2200
  // Days since 1970-01-01, negative before.
  std::int32_t days() const;
  static Date from_days(std::int32_t days);
  int weekday() const;      // 1 Monday .. 7 Sunday
  std::string iso() const;  // 2016-03-14
};

// YYYY-MM-DD, YYYYMMDD or DD/MM/YYYY, spaces around it ignored; nothing if it is none of them or no such day.
std::optional<Date> parse_date(std::string_view text);

enum class Precision : std::uint8_t { none = 0, minute = 1, day = 2, month = 3, year = 4, expected = 5 };

// A moment as a source gave it: an instant (minute) or a local date (day, month, year; expected: a birth to come).
struct When {
  Instant at;  // set when precision is minute
  Date date;   // the local (Europe/London) date, always set unless precision is none
  Precision precision = Precision::none;
  auto operator<=>(const When&) const = default;
  bool is_set() const { return precision != Precision::none; }
  static When on(Date day) { return {{}, day, Precision::day}; }
  static When at_instant(Instant instant);
  // Sorts by day, a time of day after the bare day.
  std::int64_t order() const;
  // The last moment that it can mean; a bare day ends with that day in London. Not set: it is not set, or is expected.
  Instant end() const;
};

// "2026-11-08T23:10:00+00:00", "2026-11-08", "2026-11" or "2026"; parse takes the same, and a local "YYYY-MM-DD HH:MM".
std::string to_iso(const When& when);
std::optional<When> parse_when(std::string_view text);

// For people: "8 Nov 2026 23:10" in Europe/London; the same without what is not known.
std::string for_people(const When& when);
std::string for_people(Instant instant);
std::string for_people(Date date);

// "2026-11-08T23:10:00.123Z"
std::string to_iso_utc(Instant instant);
std::optional<Instant> parse_iso_utc(std::string_view text);

// Europe/London.
Date london_date(Instant instant);
Instant london_instant(Date date, int minutes_after_midnight);  // a time that the clock change skips moves forward

// Whole years between birth and day.
int age_on(Date birth, Date day);

}  // namespace ginnel
