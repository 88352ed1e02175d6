// SPDX-License-Identifier: Apache-2.0
#include "node/calendar/calendar.h"

#include <algorithm>

#include "federation/base/check.h"

namespace ginnel {
namespace {

constexpr int saturday = 6, sunday = 7;

tl::unexpected<Error> too_short(const std::string& of, const std::string& what) {
  return fail("calendar-too-short", "cannot compute the date", of + " does not say anything of " + what,
              "add it to the calendar's table, then the date is computed");
}

}  // namespace

std::string_view words_for(DayKind kind) {
  switch (kind) {
    case DayKind::any:
      return "day";
    case DayKind::working:
      return "working day";
    case DayKind::ordinary:
      return "ordinary day";
    case DayKind::school:
      return "school day";
  }
  return "day";
}

Expected<bool> Calendar::is(DayKind kind, Date day) const {
  if (kind == DayKind::any) return true;
  // INVARIANT: a year that the table lacks is an error, even for a Sunday, so that no answer looks like knowledge.
  const auto year = years_.find(day.year);
  if (year == years_.end())
    return too_short("the table of bank holidays (" + title_ + ")", "the year " + std::to_string(day.year));
  const bool holiday = year->second.contains(day);
  if (kind == DayKind::ordinary) return day.weekday() != sunday && !holiday;
  const bool works = day.weekday() < saturday && !holiday;
  if (kind == DayKind::working) return works;
  for (const SchoolYear& school : school_years_) {
    if (day < school.span.from || school.span.to < day) continue;
    const bool in_term = std::any_of(school.terms.begin(), school.terms.end(),
                                     [&](const Days& term) { return term.from <= day && day <= term.to; });
    return works && in_term && !school.closed.contains(day);
  }
  return too_short("the table of school terms", "the school year of " + day.iso());
}

Expected<Date> Calendar::step(Date day, int n, DayKind kind, int direction) const {
  CHECK(n >= 1);
  for (int looked = 0; looked < limits::calendar_days_counted_max; ++looked) {
    day = Date::from_days(day.days() + direction);
    auto counts = is(kind, day);
    if (!counts) return tl::unexpected(counts.error());
    if (*counts && --n == 0) return day;
  }
  return fail("calendar-too-short", "cannot compute the date", "it lies further away than any clock may run",
              "correct the number in the rule");
}

Expected<Date> Calendar::after(Date day, int n, DayKind kind) const { return step(day, n, kind, 1); }
Expected<Date> Calendar::before(Date day, int n, DayKind kind) const { return step(day, n, kind, -1); }

Expected<int> Calendar::count(Date day, Date until, DayKind kind) const {
  int found = 0;
  for (std::int32_t at = day.days() + 1; at <= until.days(); ++at) {
    auto counts = is(kind, Date::from_days(at));
    if (!counts) return tl::unexpected(counts.error());
    found += *counts;
  }
  return found;
}

const std::string* Calendar::holiday(Date day) const {
  const auto year = years_.find(day.year);
  if (year == years_.end()) return nullptr;
  const auto found = year->second.find(day);
  return found == year->second.end() ? nullptr : &found->second;
}

std::vector<std::pair<Date, std::string>> Calendar::holidays_between(Date day, Date until) const {
  std::vector<std::pair<Date, std::string>> found;
  for (auto year = years_.lower_bound(day.year); year != years_.end() && year->first <= until.year; ++year)
    for (const auto& [holiday, name] : year->second)
      if (day < holiday && holiday <= until && holiday.weekday() < saturday) found.emplace_back(holiday, name);
  return found;
}

Date months_after(Date day, int months) {
  const int month0 = day.year * 12 + (day.month - 1) + months;
  for (int last = day.day; last > 0; --last)
    if (auto date = Date::of(month0 / 12, month0 % 12 + 1, last)) return *date;
  CHECK(!"a month of 1800..2200 has a first day");
  return day;
}

}  // namespace ginnel
