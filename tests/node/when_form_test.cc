// SPDX-License-Identifier: Apache-2.0
#include "node/web/when_form.h"

#include <gtest/gtest.h>

namespace ginnel {
namespace {

FormFields when_of(const std::string& day, const std::string& time) {
  FormFields form;
  form.all = {{"day", day}, {"time", time}};
  return form;
}

TEST(WhenForm, is_a_day_or_a_minute_in_london_or_nothing) {
  EXPECT_FALSE(read_when(when_of("", ""), "")->is_set());
  EXPECT_FALSE(read_when(FormFields(), "")->is_set());
  EXPECT_EQ(*read_when(when_of("2026-07-03", ""), ""), When::on({2026, 7, 3}));
  EXPECT_EQ(*read_when(when_of("2026-07-03", "14:30"), ""), When::at_instant(*parse_iso_utc("2026-07-03T13:30:00Z")));
  EXPECT_EQ(*read_when(when_of("2026-12-03", "9:05"), ""), When::at_instant(*parse_iso_utc("2026-12-03T09:05:00Z")));
}

TEST(WhenForm, says_at_which_control_it_is_wrong) {
  for (const char* day : {"yesterday", "2026-02-30", " "}) {
    const auto wrong = read_when(when_of(day, ""), "-7");
    ASSERT_FALSE(wrong) << day;
    EXPECT_EQ(wrong.error().field, "day-7");
  }
  EXPECT_EQ(read_when(when_of("", "14:30"), "").error().field, "day") << "a time of no day";
  for (const char* time : {"14", "14:", "14:3", "14:300", "24:00", "12:60", "-1:30", "noon", "14.30", "14:30 "}) {
    const auto wrong = read_when(when_of("2026-07-03", time), "-7");
    ASSERT_FALSE(wrong) << time;
    EXPECT_EQ(wrong.error().field, "time-7");
  }
}

}  // namespace
}  // namespace ginnel
