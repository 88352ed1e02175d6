// SPDX-License-Identifier: Apache-2.0
#include "node/calendar/clock_rule.h"

#include "federation/base/clock.h"
#include "tests/process/calendar_for_tests.h"

namespace ginnel {
namespace {

Deadline due(std::string_view rule, std::string_view event) {
  auto parsed = parse_clock_rule(rule);
  EXPECT_TRUE(parsed) << parsed.error().text();
  auto found = deadline(*parsed, when(event), shipped_calendar());
  EXPECT_TRUE(found) << rule << ": " << found.error().text();
  return found.value_or(Deadline{});
}
// The last day, and that it ends with it.
std::string ends(std::string_view rule, std::string_view event) {
  const Deadline found = due(rule, event);
  EXPECT_EQ(found.due, london_instant(Date::from_days(found.last_day.days() + 1), 0));
  return found.last_day.iso();
}
std::string minute(std::string_view rule, std::string_view event) {
  const Deadline found = due(rule, event);
  EXPECT_TRUE(found.to_the_minute);
  return to_iso(When::at_instant(found.due));
}

TEST(ClockRule, is_read_and_written_back_the_same) {
  for (const char* text :
       {"15 working days after strategy-discussion.held", "1 working day after referral.received",
        "72 hours after police-protection.began", "8 days counting order.made, or noon of the next ordinary day",
        "3 months after conference.held", "6 weeks after core-group.held or conference.held",
        "15 school days after move.known", "the same day as contact.received",
        "by 17:00 of the same day as contact.received", "the next school day after notice.received",
        "by 08:30 of the next school day after notice.received", "by conference.review-date",
        "at once after concern.raised", "5 working days counting x.y"}) {
    auto rule = parse_clock_rule(text);
    ASSERT_TRUE(rule) << text << ": " << rule.error().text();
    EXPECT_EQ(rule->text(), text);
    EXPECT_EQ(*parse_clock_rule(rule->text()), *rule);
  }
  EXPECT_EQ(parse_clock_rule("  15  working   days after a.b ")->text(), "15 working days after a.b");
}

TEST(ClockRule, what_is_wrong_is_said_with_the_words_that_were_found) {
  const std::pair<const char*, const char*> wrong[] = {
      {"", "`` is no number"},
      {"soon after a.b", "`soon` is no number"},
      {"0 days after a.b", "`0` is no number from 1"},
      {"3001 days after a.b", "`3001` is no number"},
      {"15 working after a.b", "`working after a.b`, which begins with no unit"},
      {"15 days before a.b", "`before a.b`, not `after`"},
      {"15 days after", "where an event should stand is the end"},
      {"15 days after held", "`held` is no event"},
      {"15 days after a.b.c", "is no event"},
      {"15 days after A.b", "is no event"},
      {"15 days after a.b or a.b", "stands there twice"},
      {"15 days after a.b c.d", "after its events stands `c.d`"},
      {"15 days after a.b, or never", "after the comma stands `or never`"},
      {"72 hours after a.b, or noon of the next ordinary day", "only a clock of days"},
      {"72 hours counting a.b", "not hours"},
      {"by 25:00 of the same day as a.b", "is no event"},
      {"by 17:00 a.b", "after the time stands `a.b`"},
  };
  for (const auto& [text, why] : wrong) {
    auto rule = parse_clock_rule(text);
    ASSERT_FALSE(rule) << text;
    EXPECT_EQ(rule.error().code, "bad-clock-rule");
    EXPECT_NE(rule.error().why.find(why), std::string::npos) << text << ": " << rule.error().why;
    EXPECT_FALSE(rule.error().remedy.empty());
  }
}

// Every clock of the statutory process across the days on which a count goes wrong. Counted by hand.
TEST(Clocks, run_across_easter) {
  EXPECT_EQ(ends("1 working day after a.b", "2026-04-02 16:50"), "2026-04-07");  // Maundy Thursday, over four days
  EXPECT_EQ(ends("15 working days after a.b", "2026-04-02"), "2026-04-27");      // instead of the 23rd
  EXPECT_EQ(ends("45 working days after a.b", "2026-03-30"), "2026-06-05");      // Easter, early May and spring
  EXPECT_EQ(ends("10 working days after a.b", "2026-03-31"), "2026-04-16");
  EXPECT_EQ(ends("the same day as a.b", "2026-04-03 09:00"), "2026-04-03");  // a contact on Good Friday
  EXPECT_EQ(ends("the next working day after a.b", "2026-04-02"), "2026-04-07");
}

TEST(Clocks, run_across_christmas) {
  EXPECT_EQ(ends("1 working day after a.b", "2021-12-24"), "2021-12-29");    // both on a weekend, two substitutes
  EXPECT_EQ(ends("5 working days after a.b", "2021-12-24"), "2022-01-05");   // and New Year's Day on a Saturday
  EXPECT_EQ(ends("15 working days after a.b", "2026-12-18"), "2027-01-13");  // Boxing Day's substitute is the 28th
  EXPECT_EQ(ends("10 working days after a.b", "2022-12-23"), "2023-01-11");  // Christmas Day a Sunday
}

TEST(Clocks, run_across_the_one_off_holidays) {
  EXPECT_EQ(ends("1 working day after a.b", "2020-05-01"), "2020-05-04");  // that Monday was an ordinary one
  EXPECT_EQ(ends("1 working day after a.b", "2020-05-07"), "2020-05-11");
  EXPECT_EQ(ends("1 working day after a.b", "2022-06-01"), "2022-06-06");
  EXPECT_EQ(ends("1 working day after a.b", "2022-05-27"), "2022-05-30");  // the usual Monday was moved
  EXPECT_EQ(ends("1 working day after a.b", "2022-09-16"), "2022-09-20");
  EXPECT_EQ(ends("1 working day after a.b", "2023-05-05"), "2023-05-09");
  EXPECT_EQ(ends("15 working days after a.b", "2023-04-25"), "2023-05-18");  // 1 and 8 May
}

TEST(Clocks, of_hours_are_elapsed_hours_when_the_clocks_change) {
  EXPECT_EQ(minute("72 hours after a.b", "2026-03-27 14:00"), "2026-03-30T15:00:00+01:00");  // an hour is skipped
  EXPECT_EQ(minute("72 hours after a.b", "2026-10-23 14:00"), "2026-10-26T13:00:00+00:00");  // an hour comes twice
  EXPECT_EQ(minute("24 hours after a.b", "2026-10-24 23:30"), "2026-10-25T22:30:00+00:00");
  EXPECT_EQ(due("72 hours after a.b", "2026-03-27 14:00").due - at("2026-03-27 14:00"), 72 * hour_ms);
}

TEST(Clocks, of_days_end_with_the_local_day_whatever_the_clocks_do) {
  EXPECT_EQ(due("1 working day after a.b", "2026-03-27 10:00").due, london_instant(day("2026-03-31"), 0));
  EXPECT_EQ(ends("1 days after a.b", "2026-10-24 23:59"), "2026-10-25");
  // 00:30 on 1 July is still 30 June in UTC: the local day counts.
  EXPECT_EQ(ends("1 working day after a.b", "2026-07-01 00:30"), "2026-07-02");
}

TEST(Clocks, of_months_are_clamped) {
  EXPECT_EQ(ends("3 months after a.b", "2025-11-30"), "2026-02-28");
  EXPECT_EQ(ends("6 months after a.b", "2026-08-31"), "2027-02-28");
  EXPECT_EQ(ends("3 months after a.b", "2026-01-05"), "2026-04-05") << "a Sunday is a day: months are not moved";
}

TEST(Clocks, of_an_emergency_order_may_run_to_noon_of_the_next_ordinary_day) {
  const char* rule = "8 days counting a.b, or noon of the next ordinary day";
  EXPECT_EQ(ends(rule, "2026-06-01 15:00"), "2026-06-08");                   // a Monday
  EXPECT_EQ(minute(rule, "2026-03-29 15:00"), "2026-04-07T12:00:00+01:00");  // Easter Sunday, and its Monday
  EXPECT_EQ(ends(rule, "2026-03-28 15:00"), "2026-04-04");                   // Easter Saturday is ordinary
  EXPECT_EQ(minute(rule, "2021-12-18 15:00"), "2021-12-29T12:00:00+00:00");  // Christmas Day, a Saturday
  EXPECT_EQ(ends("7 days after a.b", "2026-06-08"), "2026-06-15");           // the extension
}

TEST(Clocks, set_by_people_are_the_date_they_set) {
  EXPECT_EQ(ends("by a.review-date", "2026-05-04"), "2026-05-04");
  EXPECT_EQ(minute("by a.hearing", "2026-05-05 10:15"), "2026-05-05T10:15:00+01:00");
  EXPECT_EQ(minute("by 08:30 of the next school day after a.b", "2026-10-23 23:40"), "2026-11-02T08:30:00+00:00");
}

TEST(Clocks, that_need_a_day_which_is_not_known_have_no_date) {
  auto rule = parse_clock_rule("15 working days after a.b");
  auto found = deadline(*rule, when("2026-04"), shipped_calendar());
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().code, "time-not-known");
  found = deadline(*rule, when("2028-12-15"), shipped_calendar());
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().code, "calendar-too-short");
  EXPECT_TRUE(deadline(*parse_clock_rule("72 hours after a.b"), when("2035-01-01 10:00"), shipped_calendar()))
      << "hours need no table";
}

TEST(Clocks, know_what_was_late) {
  const Deadline days = due("15 working days after a.b", "2026-04-02");
  EXPECT_FALSE(days.is_late(when("2026-04-27")));
  EXPECT_FALSE(days.is_late(when("2026-04-27 23:59")));
  EXPECT_TRUE(days.is_late(when("2026-04-28 00:00")));
  EXPECT_TRUE(days.is_late(when("2026-04-28")));
  EXPECT_FALSE(days.passed(Instant{days.due.ms - 1}));
  EXPECT_TRUE(days.passed(days.due));
  EXPECT_EQ(days.for_people(), "the end of Mon 27 Apr 2026");
  const Deadline hours = due("72 hours after a.b", "2026-06-01 14:00");
  EXPECT_FALSE(hours.is_late(when("2026-06-04 14:00")));
  EXPECT_TRUE(hours.is_late(when("2026-06-04 14:01")));
  EXPECT_TRUE(hours.is_late(when("2026-06-04"))) << "nobody can say that it was before 14:00";
  EXPECT_FALSE(hours.is_late(when("2026-06-03")));
}

TEST(Clocks, warn_within_office_hours_of_working_days) {
  auto rule = parse_clock_rule("15 working days after a.b");
  const auto warned = [&](std::string_view text, std::string_view event, int percent) {
    return *part_of(*parse_clock_rule(text), when(event), at(std::string(event).substr(0, 10) + " 00:00"), percent,
                    shipped_calendar());
  };
  EXPECT_EQ(warned("15 working days after a.b", "2026-04-02", 50), at("2026-04-16 13:00"));  // half of the 8th day
  EXPECT_EQ(warned("15 working days after a.b", "2026-04-02", 80), at("2026-04-23 09:00"));  // 12 whole days
  EXPECT_EQ(warned("1 working day after a.b", "2026-04-02 16:50", 50), at("2026-04-07 13:00"));
  EXPECT_EQ(warned("1 working day after a.b", "2026-04-02 16:50", 80), at("2026-04-07 15:24"));
  EXPECT_EQ(warned("72 hours after a.b", "2026-06-01 14:00", 50), at("2026-06-03 02:00")) << "hours run at night";
}

// Against stepping one day at a time with nothing but the table's own answer for a day.
TEST(Clocks, agree_with_a_slow_model_on_any_day) {
  SeededRandom random(20261126);
  const Calendar& calendar = shipped_calendar();
  for (int i = 0; i < 4000; ++i) {
    const Date from = Date::from_days(day("2015-02-01").days() + std::int32_t(random.below(365 * 13)));
    const int minutes = int(random.below(24 * 60));
    const When event = When::at_instant(london_instant(from, minutes));
    const int n = 1 + int(random.below(50));
    const auto rule = [&](const char* unit) {
      return *parse_clock_rule(std::to_string(n) + " " + unit + " after a.b");
    };

    int left = n;
    Date slow = event.date;
    while (left > 0) {
      slow = Date::from_days(slow.days() + 1);
      if (slow.weekday() <= 5 && !calendar.holiday(slow)) --left;
    }
    auto working = deadline(rule("working days"), event, calendar);
    ASSERT_TRUE(working);
    ASSERT_EQ(working->last_day, slow) << event.date.iso() << " + " << n;

    auto months = deadline(rule("months"), event, calendar);
    const int month0 = event.date.month - 1 + n;
    Date clamped = *Date::of(event.date.year + month0 / 12, month0 % 12 + 1, 1);
    for (Date next = clamped; next.month == clamped.month && next.day <= event.date.day;
         next = Date::from_days(next.days() + 1))
      clamped = next;
    ASSERT_EQ(months->last_day, clamped) << event.date.iso();

    auto hours = deadline(rule("hours"), event, calendar);
    ASSERT_EQ(hours->due - event.at, n * hour_ms);

    // Parts come in order, never before the event and never after the end.
    for (const char* unit : {"working days", "hours", "days", "months"}) {
      Instant last = event.at;
      for (int percent : {1, 50, 80, 99, 100}) {
        auto part = part_of(rule(unit), event, event.at, percent, calendar);
        ASSERT_TRUE(part);
        ASSERT_LE(last, *part) << unit << " " << percent;
        last = *part;
      }
      ASSERT_EQ(last, deadline(rule(unit), event, calendar)->due);
    }
  }
}

}  // namespace
}  // namespace ginnel
