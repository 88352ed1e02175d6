// SPDX-License-Identifier: Apache-2.0
#include "federation/base/time.h"

#include <gtest/gtest.h>

namespace ginnel {
namespace {

TEST(Time, dates_are_read_in_three_forms_and_only_if_the_day_exists) {
  EXPECT_EQ(parse_date("2016-03-14")->iso(), "2016-03-14");
  EXPECT_EQ(parse_date(" 14/03/2016 ")->iso(), "2016-03-14");
  EXPECT_EQ(parse_date("20160314")->iso(), "2016-03-14");
  EXPECT_EQ(parse_date("2024-02-29")->iso(), "2024-02-29");
  for (auto bad : {"2023-02-29", "31/04/2024", "14/3/2016", "2016-3-14", "", "yesterday", "0000-01-01", "2016-13-01"})
    EXPECT_FALSE(parse_date(bad)) << bad;
}

TEST(Time, blanks_around_a_date_are_none_of_it_and_a_line_end_makes_it_none) {
  EXPECT_TRUE(parse_date(" 2026-03-14\t"));
  EXPECT_FALSE(parse_date("2026-03-14\n"));
  EXPECT_FALSE(parse_when("2026-03-14T10:00\r\n"));
  EXPECT_FALSE(parse_iso_utc("2026-03-14T10:00:00Z\n"));
}

TEST(Time, a_date_and_its_day_number_are_the_same_thing) {
  for (std::int32_t days = -40000; days < 40000; days += 37) EXPECT_EQ(Date::from_days(days).days(), days);
  EXPECT_EQ(Date::of(2026, 11, 23)->weekday(), 1);
  EXPECT_EQ(Date::of(2026, 11, 22)->weekday(), 7);
}

TEST(Time, a_local_time_is_london_time_in_summer_and_winter) {
  EXPECT_EQ(to_iso_utc(parse_when("2026-11-08 23:10")->at), "2026-11-08T23:10:00.000Z");
  EXPECT_EQ(to_iso_utc(parse_when("2026-07-08 23:10")->at), "2026-07-08T22:10:00.000Z");
  EXPECT_EQ(for_people(*parse_when("2026-07-08T22:10:00Z")), "8 Jul 2026 23:10");
  EXPECT_EQ(parse_when("2026-07-08T23:30:00Z")->date.iso(), "2026-07-09");
}

TEST(Time, a_time_that_the_clock_change_skips_moves_forward_and_a_double_one_is_the_first) {
  EXPECT_EQ(to_iso_utc(london_instant(*Date::of(2026, 3, 29), 90)), "2026-03-29T01:30:00.000Z");
  EXPECT_EQ(for_people(london_instant(*Date::of(2026, 3, 29), 90)), "29 Mar 2026 02:30");
  EXPECT_EQ(to_iso_utc(london_instant(*Date::of(2026, 10, 25), 90)), "2026-10-25T00:30:00.000Z");
}

TEST(Time, what_is_not_known_is_neither_kept_nor_shown) {
  for (auto text : {"2026", "2026-11", "2026-11-08", "2026-11-08T23:10:00+00:00", "2026-07-08T23:10:00+01:00"}) {
    auto when = parse_when(text);
    ASSERT_TRUE(when) << text;
    EXPECT_EQ(to_iso(*when), text);
  }
  EXPECT_EQ(for_people(*parse_when("2026-11")), "Nov 2026");
  EXPECT_EQ(for_people(*parse_when("2026-11-08")), "8 Nov 2026");
  for (auto bad : {"2026-11-08T25:00", "2026-11-08T23:10:99", "2026-11-08T23:10+1", "2026-11-08X23:10", "11-2026"})
    EXPECT_FALSE(parse_when(bad)) << bad;
}

TEST(Time, a_bare_day_sorts_before_its_times) {
  EXPECT_LT(parse_when("2026-11-08")->order(), parse_when("2026-11-08 00:00")->order());
  EXPECT_LT(parse_when("2026-11-08 23:59")->order(), parse_when("2026-11-09")->order());
}

TEST(Time, utc_text_comes_back_to_the_millisecond) {
  Instant instant{1795443245123};
  EXPECT_EQ(parse_iso_utc(to_iso_utc(instant)), instant);
  EXPECT_FALSE(parse_iso_utc("2026-11-23T12:00:00+01:00"));
}

TEST(Time, an_age_changes_on_the_birthday) {
  Date birth = *Date::of(2016, 3, 14);
  EXPECT_EQ(age_on(birth, *Date::of(2026, 3, 13)), 9);
  EXPECT_EQ(age_on(birth, *Date::of(2026, 3, 14)), 10);
}

// A bare day ends with that day in London, also where the clock changed; a month on its last day.
TEST(When, ends_with_the_last_moment_that_it_can_mean) {
  const auto end_of = [](const char* text) { return to_iso_utc(parse_when(text)->end()); };
  EXPECT_EQ(end_of("2026-11-08T23:10:00Z"), "2026-11-08T23:10:00.000Z");
  EXPECT_EQ(end_of("2026-11-08"), "2026-11-08T23:59:59.999Z");
  EXPECT_EQ(end_of("2026-07-08"), "2026-07-08T22:59:59.999Z");
  EXPECT_EQ(end_of("2026-10-25"), "2026-10-25T23:59:59.999Z");
  EXPECT_EQ(end_of("2024-02"), "2024-02-29T23:59:59.999Z");
  EXPECT_EQ(end_of("2026-12"), "2026-12-31T23:59:59.999Z");
  EXPECT_EQ(end_of("2026"), "2026-12-31T23:59:59.999Z");
  EXPECT_FALSE(When().end().is_set());
  EXPECT_FALSE((When{{}, {2026, 3, 1}, Precision::expected}.end().is_set())) << "a birth to come has not happened";
}

}  // namespace
}  // namespace ginnel
