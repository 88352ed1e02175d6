// SPDX-License-Identifier: Apache-2.0
// A clock as people write it, and the moment at which it runs out.
//
//   rule       = amount | day | "by" events | "at once after" events
//   amount     = NUMBER unit ("after" | "counting") events [", or noon of the next ordinary day"]
//   unit       = hours | days | weeks | months | working days | school days           (each in the singular too)
//   day        = ["by" HH:MM "of"] ("the same day as" | "the next" kind "day after") events
//   kind       = working | ordinary | school
//   events     = STEP.EVENT {"or" STEP.EVENT}
//
// `after`: the day of the event is day 0, and the clock runs out at the end of the last day, Europe/London. `counting`:
// the day of the event is day 1. Hours are elapsed hours, whatever the clocks of that night do. Months are clamped to
// the month's end. `by EVENT` is a date that people set: the end of that day, or that minute.
//
// Thread: any; values. Failure: `bad-clock-rule` (what was expected, and where), `calendar-too-short`,
// `time-not-known` (the event's day is not known). Limits: below.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "node/calendar/calendar.h"

namespace ginnel {

namespace limits {
inline constexpr std::size_t clock_rule_bytes_max = 400;
inline constexpr std::size_t clock_rule_events_max = 8;
inline constexpr int clock_rule_count_max = 3000;  // of any unit
inline constexpr std::size_t event_part_bytes_max = 60;
}  // namespace limits

struct EventName {
  std::string step, event;
  auto operator<=>(const EventName&) const = default;
  std::string text() const { return step + "." + event; }
};
// "strategy-discussion.held": two words of a-z, 0-9 and hyphens.
Expected<EventName> parse_event_name(std::string_view text);
// Whether that is such a word: it begins with a letter, and neither ends with a hyphen nor has two of them together.
bool is_event_word(std::string_view word);

struct ClockRule {
  enum class Form : std::uint8_t { after, counting, same_day, next_day, by, at_once };
  enum class Unit : std::uint8_t { hours, days, weeks, months, working_days, school_days };
  Form form = Form::after;
  int count = 0;                       // after, counting
  Unit unit = Unit::days;              // after, counting
  DayKind next = DayKind::working;     // next_day
  std::optional<int> at_minutes;       // same_day, next_day: the time of that day; not set: its end
  bool noon_of_next_ordinary = false;  // a last day that is not ordinary: noon of the next one that is
  std::vector<EventName> events;       // any of them; never empty
  bool operator==(const ClockRule&) const = default;

  std::string text() const;  // in the form above; parses to the same rule
};
Expected<ClockRule> parse_clock_rule(std::string_view text);

// "5 working days", as an escalation adds it.
struct Amount {
  int count = 0;
  ClockRule::Unit unit = ClockRule::Unit::days;
  bool operator==(const Amount&) const = default;
  std::string text() const;
};
Expected<Amount> parse_amount(std::string_view text);

struct Deadline {
  Instant due;    // the first moment at which it is over; if to_the_minute, the last at which it is not
  Date last_day;  // the local day on which it runs out
  bool to_the_minute = false;
  bool operator==(const Deadline&) const = default;

  bool passed(Instant now) const { return to_the_minute ? now > due : now >= due; }
  // What happened then was not in time. SECURITY: a day without its time is late on the last day of a clock that runs
  // to the minute, because nobody can say that it was not.
  bool is_late(const When& when) const;
  std::string for_people() const;  // "the end of Mon 27 Apr 2026", "Thu 2 Apr 2026 12:00"
};

// When the rule runs out if its event was at `event`.
Expected<Deadline> deadline(const ClockRule& rule, const When& event, const Calendar& calendar);
// When `percent` (1..100) of its time has gone. Of working and school days only office hours count as time, so that
// nobody is first warned on a bank holiday. `started`: from when `by` rules run.
Expected<Instant> part_of(const ClockRule& rule, const When& event, Instant started, int percent,
                          const Calendar& calendar);
// That much after a deadline: of days, the end of such a day.
Expected<Instant> later(const Deadline& than, const Amount& amount, const Calendar& calendar);

}  // namespace ginnel
