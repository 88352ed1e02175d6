// SPDX-License-Identifier: Apache-2.0
// From a rule and the time of its event to the moment at which it runs out.
#include <algorithm>
#include <array>

#include "node/calendar/clock_rule.h"

namespace ginnel {
namespace {

using Unit = ClockRule::Unit;
using Form = ClockRule::Form;

constexpr int noon = 12 * 60;
constexpr std::array<std::string_view, 7> weekdays{"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};

Date plus_days(Date day, int days) { return Date::from_days(day.days() + days); }

Deadline end_of(Date day) { return {london_instant(plus_days(day, 1), 0), day, false}; }
Deadline minute_of(Date day, int minutes) { return {london_instant(day, minutes), day, true}; }
Deadline minute_at(Instant at) { return {at, london_date(at), true}; }

// The instant from which elapsed time counts: of an event without its time, the day's beginning, so that nobody gets
// hours that they may not have.
Instant instant_of(const When& when) {
  return when.precision == Precision::minute ? when.at : london_instant(when.date, 0);
}

DayKind counted(Unit unit) { return unit == Unit::school_days ? DayKind::school : DayKind::working; }

bool counts_days_of_a_kind(const ClockRule& rule) {
  return (rule.form == Form::after || rule.form == Form::counting) &&
         (rule.unit == Unit::working_days || rule.unit == Unit::school_days);
}

Expected<Date> last_day(Date day, int count, Unit unit, bool counting, const Calendar& calendar) {
  switch (unit) {
    case Unit::weeks:
      return plus_days(day, count * 7 - counting);
    case Unit::months:
      return months_after(day, count);
    case Unit::working_days:
    case Unit::school_days: {
      // Counting: the day of the event is the first one, if it is such a day.
      return calendar.after(counting ? plus_days(day, -1) : day, count, counted(unit));
    }
    case Unit::days:
    case Unit::hours:
      break;
  }
  return plus_days(day, count - counting);
}

}  // namespace

bool Deadline::is_late(const When& when) const {
  if (when.precision == Precision::minute) return passed(when.at);
  return to_the_minute ? when.date >= last_day : when.date > last_day;
}

std::string Deadline::for_people() const {
  const std::string day = std::string(weekdays[std::size_t(last_day.weekday() - 1)]) + " ";
  return to_the_minute ? day + ginnel::for_people(due) : "the end of " + day + ginnel::for_people(last_day);
}

Expected<Deadline> deadline(const ClockRule& rule, const When& event, const Calendar& calendar) {
  if (event.precision != Precision::minute && event.precision != Precision::day)
    return fail("time-not-known", "cannot compute the date", "the day of its event is not known",
                "correct the event: the clock runs from its day");
  switch (rule.form) {
    case Form::at_once:
      return minute_at(instant_of(event));
    case Form::by:
      return event.precision == Precision::minute ? minute_at(event.at) : end_of(event.date);
    case Form::same_day:
      return rule.at_minutes ? minute_of(event.date, *rule.at_minutes) : end_of(event.date);
    case Form::next_day: {
      auto day = calendar.after(event.date, 1, rule.next);
      if (!day) return tl::unexpected(day.error());
      return rule.at_minutes ? minute_of(*day, *rule.at_minutes) : end_of(*day);
    }
    case Form::after:
    case Form::counting:
      break;
  }
  if (rule.unit == Unit::hours) return minute_at(instant_of(event) + rule.count * hour_ms);
  auto day = last_day(event.date, rule.count, rule.unit, rule.form == Form::counting, calendar);
  if (!day) return tl::unexpected(day.error());
  if (rule.noon_of_next_ordinary) {
    auto ordinary = calendar.is(DayKind::ordinary, *day);
    if (!ordinary) return tl::unexpected(ordinary.error());
    if (!*ordinary) {
      auto next = calendar.after(*day, 1, DayKind::ordinary);
      if (!next) return tl::unexpected(next.error());
      return minute_of(*next, noon);
    }
  }
  return end_of(*day);
}

Expected<Instant> part_of(const ClockRule& rule, const When& event, Instant started, int percent,
                          const Calendar& calendar) {
  auto end = deadline(rule, event, calendar);
  if (!end) return tl::unexpected(end.error());
  if (percent >= 100) return end->due;
  if (!counts_days_of_a_kind(rule)) {
    const Instant from = std::min(rule.form == Form::by ? started : instant_of(event), end->due);
    return from + (end->due - from) * percent / 100;
  }
  // The days before it are whole; of the day itself, so much of its office hours.
  const std::int64_t hundredths = std::int64_t{rule.count} * percent;
  const Date first = rule.form == Form::counting ? plus_days(event.date, -1) : event.date;
  auto day = calendar.after(first, int(hundredths / 100) + 1, counted(rule.unit));
  if (!day) return tl::unexpected(day.error());
  const int office = calendar.closes_minutes() - calendar.opens_minutes();
  const int minutes = calendar.opens_minutes() + int(hundredths % 100) * office / 100;
  return std::min(std::max(london_instant(*day, minutes), instant_of(event)), end->due);
}

Expected<Instant> later(const Deadline& than, const Amount& amount, const Calendar& calendar) {
  if (amount.unit == Unit::hours) return than.due + amount.count * hour_ms;
  auto day = last_day(than.last_day, amount.count, amount.unit, false, calendar);
  if (!day) return tl::unexpected(day.error());
  return end_of(*day).due;
}

}  // namespace ginnel
