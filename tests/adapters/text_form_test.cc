// SPDX-License-Identifier: Apache-2.0
#include "adapters/text_form.h"

#include <gmock/gmock.h>

namespace ginnel {
namespace {

using ::testing::HasSubstr;

TextForm::Names names() {
  return {[](std::string_view name) { return name == "A" ? 0 : 1; },
          [](std::string_view name) { return name == "reasons" ? 0 : -1; }};
}

std::string filled(std::string_view form, std::string_view a, std::string_view b) {
  auto parsed = TextForm::parse(form, names());
  EXPECT_TRUE(parsed) << form;
  std::vector<Lookup> lookups = {{{"I", "illness"}, {"*", "other"}}};
  return parsed ? parsed->fill({a, b}, lookups) : "";
}

TEST(TextForm, columns_stand_where_they_are_named) {
  EXPECT_EQ(filled("absent ({A})", "ill", ""), "absent (ill)");
  EXPECT_EQ(filled("{A}{ B }", "x", "y"), "xy");
  EXPECT_EQ(filled("constant", "x", "y"), "constant");
  EXPECT_EQ(filled("{\tA}", "x", "y"), "y") << "a tab belongs to the column's name";
}

TEST(TextForm, an_optional_part_goes_when_all_of_its_columns_are_empty) {
  EXPECT_EQ(filled("absent[ ({A})]", "", ""), "absent");
  EXPECT_EQ(filled("{A}[: {B}]", "visit", ""), "visit");
  EXPECT_EQ(filled("{A}[: {B}]", "visit", "seen"), "visit: seen");
  EXPECT_EQ(filled("[{A}/{B}]!", "", "y"), "/y!");
  EXPECT_EQ(filled("[{A}][{B}]", "x", ""), "x");
}

TEST(TextForm, a_lookup_says_what_a_code_means) {
  EXPECT_EQ(filled("{A|reasons}", "I", ""), "illness");
  EXPECT_EQ(filled("{A|reasons}", "Q", ""), "other");
  EXPECT_EQ(filled("{A|reasons}", "", ""), "");
}

TEST(TextForm, doubled_brackets_stand_for_themselves) { EXPECT_EQ(filled("{{{A}}} [[x]]", "1", ""), "{1} [x]"); }

TEST(TextForm, values_are_never_read_as_forms) { EXPECT_EQ(filled("{A}", "{B}[x]", "secret"), "{B}[x]"); }

TEST(TextForm, mistakes_say_what_is_wrong) {
  for (auto [form, why] : {std::pair{"a {A", "no `}`"},
                           {"a }", "no `{`"},
                           {"{}", "no column"},
                           {"[x", "no `]`"},
                           {"x]", "no `[`"},
                           {"[a[b]]", "inside another"},
                           {"{A|nothing}", "[lookup.nothing]"}}) {
    auto parsed = TextForm::parse(form, names());
    ASSERT_FALSE(parsed) << form;
    EXPECT_THAT(parsed.error().why, HasSubstr(why)) << form;
  }
}

}  // namespace
}  // namespace ginnel
