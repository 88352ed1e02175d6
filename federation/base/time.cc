// SPDX-License-Identifier: Apache-2.0
#include "federation/base/time.h"

#include <date/date.h>
#include <date/tz.h>

#include <array>
#include <charconv>
#include <cstdio>

#include "federation/base/check.h"
#include "federation/base/text.h"

namespace ginnel {
namespace {

constexpr int year_min = 1800, year_max = 2200;
constexpr std::array<const char*, 12> month_names{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                  "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

// The number that the digits from `at` make; nothing unless all `count` of them are digits.
std::optional<int> digits(std::string_view text, std::size_t at, std::size_t count) {
  if (at + count > text.size()) return std::nullopt;
  int value = 0;
  for (std::size_t i = at; i < at + count; ++i) {
    if (text[i] < '0' || text[i] > '9') return std::nullopt;
    value = value * 10 + (text[i] - '0');
  }
  return value;
}

date::sys_days to_sys(Date day) { return date::sys_days{date::days{day.days()}}; }

const date::time_zone* london() {
  static const date::time_zone* zone = date::locate_zone("Europe/London");
  return zone;
}

date::sys_time<std::chrono::milliseconds> to_sys(Instant instant) {
  return date::sys_time<std::chrono::milliseconds>{std::chrono::milliseconds{instant.ms}};
}

struct LondonTime {
  Date date;
  int minutes = 0;
  int offset_minutes = 0;
};

LondonTime london_time(Instant instant) {
  auto info = london()->get_info(date::floor<std::chrono::seconds>(to_sys(instant)));
  auto local = to_sys(instant) + info.offset;
  auto day = date::floor<date::days>(local);
  LondonTime out;
  out.date = Date::from_days(std::int32_t(day.time_since_epoch().count()));
  out.minutes = int(std::chrono::duration_cast<std::chrono::minutes>(local - day).count());
  out.offset_minutes = int(std::chrono::duration_cast<std::chrono::minutes>(info.offset).count());
  return out;
}

std::string printed(const char* format, auto... values) {
  char text[64];
  std::snprintf(text, sizeof text, format, values...);
  return text;
}

// Hours and minutes "HH:MM" at `at`, as minutes after midnight.
std::optional<int> clock_minutes(std::string_view text, std::size_t at) {
  auto hours = digits(text, at, 2), minutes = digits(text, at + 3, 2);
  if (!hours || !minutes || text[at + 2] != ':' || *hours > 23 || *minutes > 59) return std::nullopt;
  return *hours * 60 + *minutes;
}

// What may follow "YYYY-MM-DDTHH:MM": seconds, a fraction, and "Z" or an offset. Milliseconds and offset are returned.
struct TimeTail {
  std::int64_t ms = 0;
  std::optional<int> offset_minutes;
};
std::optional<TimeTail> time_tail(std::string_view rest) {
  TimeTail tail;
  if (!rest.empty() && rest.front() == ':') {
    auto seconds = digits(rest, 1, 2);
    if (!seconds || *seconds > 59) return std::nullopt;
    tail.ms = *seconds * second_ms;
    rest.remove_prefix(3);
    if (!rest.empty() && rest.front() == '.') {
      rest.remove_prefix(1);
      std::size_t count = 0;
      std::int64_t unit = 100;
      for (; count < rest.size() && rest[count] >= '0' && rest[count] <= '9'; ++count, unit /= 10)
        tail.ms += (rest[count] - '0') * unit;
      if (count == 0 || count > 9) return std::nullopt;
      rest.remove_prefix(count);
    }
  }
  if (rest.empty()) return tail;
  if (rest == "Z") {
    tail.offset_minutes = 0;
    return tail;
  }
  if (rest.size() != 6 || (rest[0] != '+' && rest[0] != '-')) return std::nullopt;
  auto minutes = clock_minutes(rest, 1);
  if (!minutes) return std::nullopt;
  tail.offset_minutes = rest[0] == '-' ? -*minutes : *minutes;
  return tail;
}

}  // namespace

std::optional<Date> Date::of(int year, int month, int day) {
  if (year < year_min || year > year_max || month < 1 || month > 12 || day < 1 || day > 31) return std::nullopt;
  date::year_month_day ymd{date::year{year}, date::month{unsigned(month)}, date::day{unsigned(day)}};
  if (!ymd.ok()) return std::nullopt;
  return Date{std::int16_t(year), std::uint8_t(month), std::uint8_t(day)};
}

std::int32_t Date::days() const {
  date::sys_days day{date::year{year} / date::month{month} / date::day{this->day}};
  return std::int32_t(day.time_since_epoch().count());
}

Date Date::from_days(std::int32_t days) {
  date::year_month_day ymd{date::sys_days{date::days{days}}};
  return {std::int16_t(int(ymd.year())), std::uint8_t(unsigned(ymd.month())), std::uint8_t(unsigned(ymd.day()))};
}

int Date::weekday() const { return int(date::weekday{to_sys(*this)}.iso_encoding()); }

std::string Date::iso() const { return printed("%04d-%02d-%02d", int(year), int(month), int(day)); }

std::optional<Date> parse_date(std::string_view text) {
  text = trimmed(text, " \t");
  std::optional<int> year, month, day;
  if (text.size() == 10 && text[4] == '-' && text[7] == '-')
    year = digits(text, 0, 4), month = digits(text, 5, 2), day = digits(text, 8, 2);
  else if (text.size() == 10 && text[2] == '/' && text[5] == '/')
    day = digits(text, 0, 2), month = digits(text, 3, 2), year = digits(text, 6, 4);
  else if (text.size() == 8)
    year = digits(text, 0, 4), month = digits(text, 4, 2), day = digits(text, 6, 2);
  if (!year || !month || !day) return std::nullopt;
  return Date::of(*year, *month, *day);
}

When When::at_instant(Instant instant) { return {instant, london_date(instant), Precision::minute}; }

std::int64_t When::order() const {
  if (precision == Precision::none) return INT64_MIN;
  std::int64_t start = std::int64_t{date.days()} * day_ms;
  if (precision != Precision::minute) return start;
  return start + 1 + std::int64_t{london_time(at).minutes} * minute_ms;
}

std::string to_iso(const When& when) {
  switch (when.precision) {
    case Precision::none:
      return "";
    case Precision::year:
      return printed("%04d", int(when.date.year));
    case Precision::month:
      return printed("%04d-%02d", int(when.date.year), int(when.date.month));
    case Precision::day:
    case Precision::expected:
      return when.date.iso();
    case Precision::minute:
      break;
  }
  auto local = london_time(when.at);
  return local.date.iso() + printed("T%02d:%02d:00+%02d:%02d", local.minutes / 60, local.minutes % 60,
                                    local.offset_minutes / 60, local.offset_minutes % 60);
}

std::optional<When> parse_when(std::string_view text) {
  text = trimmed(text, " \t");
  if (text.size() == 4) {
    auto year = digits(text, 0, 4);
    auto date = year ? Date::of(*year, 1, 1) : std::nullopt;
    return date ? std::optional<When>({{}, *date, Precision::year}) : std::nullopt;
  }
  if (text.size() == 7 && text[4] == '-') {
    auto year = digits(text, 0, 4), month = digits(text, 5, 2);
    auto date = year && month ? Date::of(*year, *month, 1) : std::nullopt;
    return date ? std::optional<When>({{}, *date, Precision::month}) : std::nullopt;
  }
  if (text.size() <= 10) {
    auto date = parse_date(text);
    return date ? std::optional<When>(When::on(*date)) : std::nullopt;
  }
  auto date = parse_date(text.substr(0, 10));
  if (!date || text.size() < 16 || (text[10] != 'T' && text[10] != ' ')) return std::nullopt;
  auto minutes = clock_minutes(text, 11);
  if (!minutes) return std::nullopt;
  auto tail = time_tail(text.substr(16));
  if (!tail) return std::nullopt;
  Instant at = tail->offset_minutes
                   ? Instant{std::int64_t{date->days()} * day_ms + (*minutes - *tail->offset_minutes) * minute_ms}
                   : london_instant(*date, *minutes);
  return When::at_instant(at);
}

std::string for_people(Date date) {
  if (!date.is_set()) return "";
  CHECK(date.month >= 1 && date.month <= 12);
  return printed("%d %s %d", int(date.day), month_names[std::size_t(date.month - 1)], int(date.year));
}

std::string for_people(Instant instant) {
  if (!instant.is_set()) return "";
  auto local = london_time(instant);
  return for_people(local.date) + printed(" %02d:%02d", local.minutes / 60, local.minutes % 60);
}

std::string for_people(const When& when) {
  switch (when.precision) {
    case Precision::none:
      return "";
    case Precision::year:
      return printed("%d", int(when.date.year));
    case Precision::month:
      return std::string(month_names[std::size_t(when.date.month - 1)]) + printed(" %d", int(when.date.year));
    case Precision::day:
      return for_people(when.date);
    case Precision::expected:
      return "expected " + for_people(when.date);
    case Precision::minute:
      return for_people(when.at);
  }
  return "";
}

std::string to_iso_utc(Instant instant) {
  auto day = date::floor<date::days>(to_sys(instant));
  std::int64_t rest = instant.ms - std::int64_t{day.time_since_epoch().count()} * day_ms;
  return Date::from_days(std::int32_t(day.time_since_epoch().count())).iso() +
         printed("T%02d:%02d:%02d.%03dZ", int(rest / hour_ms), int(rest / minute_ms % 60), int(rest / second_ms % 60),
                 int(rest % second_ms));
}

std::optional<Instant> parse_iso_utc(std::string_view text) {
  text = trimmed(text, " \t");
  if (text.size() < 17 || text[10] != 'T') return std::nullopt;
  auto date = parse_date(text.substr(0, 10));
  auto minutes = clock_minutes(text, 11);
  auto tail = time_tail(text.substr(16));
  if (!date || !minutes || !tail || tail->offset_minutes != 0) return std::nullopt;
  return Instant{std::int64_t{date->days()} * day_ms + *minutes * minute_ms + tail->ms};
}

Date london_date(Instant instant) { return london_time(instant).date; }

Instant london_instant(Date date, int minutes_after_midnight) {
  auto local = date::local_days{date::days{date.days()}} + std::chrono::minutes{minutes_after_midnight};
  auto info = london()->get_info(std::chrono::time_point_cast<std::chrono::seconds>(local));
  // Skipped by the clock change: the first offset counts, so 01:30 becomes 02:30. Twice there: the first of the two.
  auto sys = std::chrono::time_point_cast<std::chrono::milliseconds>(local).time_since_epoch() - info.first.offset;
  return Instant{std::chrono::duration_cast<std::chrono::milliseconds>(sys).count()};
}

Instant When::end() const {
  Date last = date;
  switch (precision) {
    case Precision::none:
    case Precision::expected:
      return {};
    case Precision::minute:
      return at;
    case Precision::day:
      break;
    case Precision::month:
      // The day before the first of the next month.
      last = Date::from_days((date.month == 12 ? Date::of(date.year + 1, 1, 1) : Date::of(date.year, date.month + 1, 1))
                                 .value_or(date)
                                 .days() -
                             1);
      break;
    case Precision::year:
      last = Date::of(date.year, 12, 31).value_or(date);
      break;
  }
  return london_instant(Date::from_days(last.days() + 1), 0) + -1;
}

int age_on(Date birth, Date day) {
  int age = day.year - birth.year;
  if (day.month < birth.month || (day.month == birth.month && day.day < birth.day)) --age;
  return age;
}

}  // namespace ginnel
