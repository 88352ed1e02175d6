// SPDX-License-Identifier: Apache-2.0
#include "adapters/date_form.h"

#include <gtest/gtest.h>

namespace ginnel {
namespace {

std::string read(const char* form, const char* text) {
  auto parsed = DateForm::parse(form);
  EXPECT_TRUE(parsed) << form;
  auto when = parsed ? parsed->read(text) : std::nullopt;
  return when ? to_iso(*when) : "nothing";
}

TEST(DateForm, each_system_writes_its_own_way) {
  EXPECT_EQ(read("DD/MM/YYYY", "08/11/2026"), "2026-11-08");
  EXPECT_EQ(read("DD/MM/YYYY", "8/11/2026"), "2026-11-08");
  EXPECT_EQ(read("YYYYMMDD", "20261108"), "2026-11-08");
  EXPECT_EQ(read("DD-MON-YYYY", "08-nov-2026"), "2026-11-08");
  EXPECT_EQ(read("DD MON YYYY", "8 November 2026"), "2026-11-08");
  EXPECT_EQ(read("MM/YYYY", "11/2026"), "2026-11");
  EXPECT_EQ(read("YYYY", "2026"), "2026");
  EXPECT_EQ(read("YYYY-MM-DD HH:MI", "2026-11-08 23:10"), "2026-11-08T23:10:00+00:00");
  EXPECT_EQ(read("DD/MM/YYYY HH:MI:SS", "08/07/2026 23:10:59"), "2026-07-08T23:10:00+01:00");
  EXPECT_EQ(read("ISO", "2026-11-08T23:10:00+00:00"), "2026-11-08T23:10:00+00:00");
}

TEST(DateForm, what_is_not_exactly_of_the_form_is_nothing) {
  for (auto [form, text] : {std::pair{"DD/MM/YYYY", "2026-11-08"},
                            {"DD/MM/YYYY", "08/11/26"},
                            {"DD/MM/YYYY", "31/02/2026"},
                            {"DD/MM/YYYY", "08/13/2026"},
                            {"DD/MM/YYYY", "08/11/2026 23:10"},
                            {"DD/MM/YYYY", ""},
                            {"DD/MM/YYYY", "unknown"},
                            {"YYYYMMDD", "2026118"},
                            {"DD-MON-YYYY", "08-Nuv-2026"},
                            {"YYYY-MM-DD HH:MI", "2026-11-08 24:00"},
                            {"YYYY-MM-DD HH:MI", "2026-11-08 23:60"}}) {
    EXPECT_EQ(read(form, text), "nothing") << form << " " << text;
  }
}

TEST(DateForm, a_form_without_year_or_with_unknown_parts_is_none) {
  for (const char* form :
       {"", "DD/MM", "DD/MM/YY", "dd/mm/yyyy", "DD YYYY", "YYYY-MM-DD HH", "YYYY HH:MI", "YYYY-MM-DDZ"}) {
    EXPECT_FALSE(DateForm::parse(form)) << form;
  }
}

TEST(DateForm, the_first_form_that_fits_reads) {
  std::vector<DateForm> forms = {*DateForm::parse("YYYY-MM-DD HH:MI"), *DateForm::parse("YYYY-MM-DD")};
  EXPECT_EQ(read_date(forms, "2026-11-08")->precision, Precision::day);
  EXPECT_EQ(read_date(forms, "2026-11-08 23:10")->precision, Precision::minute);
  EXPECT_FALSE(read_date(forms, "8 Nov"));
}

TEST(DateForm, times_of_day_are_read_with_and_without_colons) {
  EXPECT_EQ(read_time_of_day("23:10"), 23 * 60 + 10);
  EXPECT_EQ(read_time_of_day("9:05"), 9 * 60 + 5);
  EXPECT_EQ(read_time_of_day("2310"), 23 * 60 + 10);
  EXPECT_EQ(read_time_of_day("23:10:59"), 23 * 60 + 10);
  for (const char* text : {"", "24:00", "2360", "10", "910", "23:1", "23:10:60", "noon"})
    EXPECT_FALSE(read_time_of_day(text)) << text;
}

}  // namespace
}  // namespace ginnel
