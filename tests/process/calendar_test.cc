// SPDX-License-Identifier: Apache-2.0
#include "node/calendar/calendar.h"

#include "federation/base/clock.h"
#include "tests/process/calendar_for_tests.h"

namespace ginnel {
namespace {

// Bank holidays by the standing rules, made from the moon and not from the table.
Date easter_sunday(int year) {
  const int a = year % 19, b = year / 100, c = year % 100, d = b / 4, e = b % 4, f = (b + 8) / 25;
  const int g = (b - f + 1) / 3, h = (19 * a + b - d - g + 15) % 30, i = c / 4, k = c % 4;
  const int l = (32 + 2 * e + 2 * i - h - k) % 7, m = (a + 11 * h + 22 * l) / 451;
  return *Date::of(year, (h + l - 7 * m + 114) / 31, (h + l - 7 * m + 114) % 31 + 1);
}

Date plus(Date date, int days) { return Date::from_days(date.days() + days); }

std::set<Date> weekday_holidays_by_rule(int year) {
  std::set<Date> found;
  const auto add = [&](Date date) {
    while (date.weekday() > 5 || found.contains(date)) date = plus(date, 1);
    found.insert(date);
  };
  const auto monday_from = [&](Date date) {
    while (date.weekday() != 1) date = plus(date, 1);
    return date;
  };
  const auto monday_to = [&](Date date) {
    while (date.weekday() != 1) date = plus(date, -1);
    return date;
  };
  const bool boxing_first = Date::of(year, 12, 26)->weekday() < 6;  // then it keeps its day and Christmas moves past it
  add(*Date::of(year, 1, 1));
  add(plus(easter_sunday(year), -2));
  add(plus(easter_sunday(year), 1));
  if (year == 2020)
    add(*Date::of(2020, 5, 8));
  else
    add(monday_from(*Date::of(year, 5, 1)));
  if (year == 2022)
    add(*Date::of(2022, 6, 2)), add(*Date::of(2022, 6, 3)), add(*Date::of(2022, 9, 19));
  else
    add(monday_to(*Date::of(year, 5, 31)));
  if (year == 2023) add(*Date::of(2023, 5, 8));
  add(monday_to(*Date::of(year, 8, 31)));
  if (boxing_first) add(*Date::of(year, 12, 26));
  add(*Date::of(year, 12, 25));
  if (!boxing_first) add(*Date::of(year, 12, 26));
  return found;
}

TEST(Calendar, the_table_that_ships_is_what_the_rules_and_the_one_offs_make) {
  for (int year = 2015; year <= 2028; ++year) {
    std::set<Date> table;
    for (const auto& [date, name] :
         shipped_calendar().holidays_between(*Date::of(year - 1, 12, 31), *Date::of(year, 12, 31)))
      table.insert(date);
    EXPECT_EQ(table, weekday_holidays_by_rule(year)) << year;
  }
}

TEST(Calendar, each_day_is_a_working_day_as_the_slow_model_says) {
  for (Date date = day("2015-01-01"); date <= day("2028-12-31"); date = plus(date, 1)) {
    const bool works = date.weekday() < 6 && !weekday_holidays_by_rule(date.year).contains(date);
    auto said = shipped_calendar().is(DayKind::working, date);
    ASSERT_TRUE(said) << date.iso();
    ASSERT_EQ(*said, works) << date.iso();
  }
}

TEST(Calendar, the_nth_working_day_is_found_and_counted_back_alike) {
  SeededRandom random(7);
  for (int i = 0; i < 3000; ++i) {
    const Date from = plus(day("2015-02-01"), int(random.below(365 * 13)));
    const int n = 1 + int(random.below(60));
    auto found = shipped_calendar().after(from, n, DayKind::working);
    ASSERT_TRUE(found);
    Date slow = from;
    for (int left = n; left > 0;)
      if (slow = plus(slow, 1); slow.weekday() < 6 && !weekday_holidays_by_rule(slow.year).contains(slow)) --left;
    ASSERT_EQ(*found, slow) << from.iso() << " + " << n;
    EXPECT_EQ(*shipped_calendar().count(from, *found, DayKind::working), n);
    const bool starts_on_one = *shipped_calendar().is(DayKind::working, from);
    if (starts_on_one) {
      EXPECT_EQ(*shipped_calendar().before(*found, n, DayKind::working), from);
    }
  }
}

TEST(Calendar, a_year_that_the_table_lacks_is_refused_and_named) {
  for (const char* from : {"2028-12-20", "2029-01-01", "2014-12-20"}) {
    auto found = shipped_calendar().after(day(from), 15, DayKind::working);
    ASSERT_FALSE(found) << from;
    EXPECT_EQ(found.error().code, "calendar-too-short");
  }
  auto found = shipped_calendar().after(day("2028-12-20"), 15, DayKind::working);
  EXPECT_NE(found.error().why.find("the year 2029"), std::string::npos) << found.error().text();
  EXPECT_TRUE(shipped_calendar().after(day("2028-12-20"), 5, DayKind::working)) << "what lies within is computed";
}

TEST(Calendar, an_ordinary_day_is_a_saturday_too_but_no_christmas) {
  const auto ordinary = [](const char* date) { return *shipped_calendar().is(DayKind::ordinary, day(date)); };
  EXPECT_TRUE(ordinary("2026-04-04"));   // the Saturday of Easter
  EXPECT_FALSE(ordinary("2026-04-05"));  // Easter Sunday
  EXPECT_FALSE(ordinary("2026-04-03"));  // Good Friday
  EXPECT_FALSE(ordinary("2021-12-25"));  // a Saturday
  EXPECT_FALSE(*shipped_calendar().is(DayKind::working, day("2026-04-04")));
}

TEST(Calendar, school_days_lie_in_terms_and_an_unknown_school_year_is_refused) {
  EXPECT_EQ(*shipped_calendar().after(day("2026-10-23"), 1, DayKind::school), day("2026-11-02"));
  EXPECT_EQ(*shipped_calendar().after(day("2026-05-01"), 1, DayKind::school), day("2026-05-05")) << "a bank holiday";
  auto beyond = shipped_calendar().after(day("2027-07-23"), 1, DayKind::school);
  ASSERT_FALSE(beyond);
  EXPECT_EQ(beyond.error().code, "calendar-too-short");
}

TEST(Calendar, months_are_clamped_to_the_months_end) {
  EXPECT_EQ(months_after(day("2025-11-30"), 3), day("2026-02-28"));
  EXPECT_EQ(months_after(day("2027-11-30"), 3), day("2028-02-29"));
  EXPECT_EQ(months_after(day("2026-08-31"), 6), day("2027-02-28"));
  EXPECT_EQ(months_after(day("2026-01-15"), 12), day("2027-01-15"));
  EXPECT_EQ(months_after(day("2026-10-31"), 1), day("2026-11-30"));
}

TEST(Calendar, every_mistake_of_a_table_is_told_at_once_with_its_line) {
  auto read = Calendar::parse(
      "title = \"x\"\nsource = \"y\"\nzone = \"Europe/Paris\"\n[office_hours]\nfrom = \"9\"\nto = \"17:00\"\n"
      "[bank_holidays.2026]\n2025-12-25 = \"Christmas Day\"\n2026-02-30 = \"no day\"\n[bank_holidays.soon]\n",
      "c.toml");
  ASSERT_FALSE(read);
  std::string all;
  for (const Error& error : read.error()) all += error.text() + "\n";
  EXPECT_EQ(read.error().size(), 5u) << all;
  for (const char* part : {"line 3:", "line 5:", "line 8:", "line 9:", "`soon`"})
    EXPECT_NE(all.find(part), std::string::npos) << part << "\n" << all;
  for (const Error& error : read.error()) EXPECT_FALSE(error.remedy.empty());
}

}  // namespace
}  // namespace ginnel
