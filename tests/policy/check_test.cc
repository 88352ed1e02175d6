// SPDX-License-Identifier: Apache-2.0
#include "policy/check.h"

#include <gtest/gtest.h>

#include "policy/limits.h"
#include "tests/policy/support.h"

namespace ginnel::policy {
namespace {

const Schema& workers_schema() {
  static const auto parsed = *parse_schema(R"(
    entity Agency;
    entity Worker in [Agency] = { role: String, years: Long, lead?: Bool };
    entity Record in [Agency] = { owner: Agency, sensitivity: Long, markings: Set<String> };
    action view, copy appliesTo { principal: Worker, resource: Record, context: { purpose: String } };
  )",
                                           "share.cedarschema");
  return parsed;
}

std::string told(const std::string& text, const ParseOptions& options = {}) {
  return to_text(check_policies(text, "wy.cedar", workers_schema(), options).errors);
}

TEST(Check, a_file_with_ten_mistakes_of_both_kinds_shows_all_ten_with_place_and_hint) {
  EXPECT_EQ(
      told(R"(@id("WY-01") @title("Own records")
permit (principal, action == Action::"veiw", resource)
when { principal.agency == resource.owner };

@id("WY-02") @title("Duty workers")
permit (principal, action, resource)
when { principal.role = "duty" };

@id("WY-03") @title("Sensitive")
forbid (principal, action, resource)
when { resource.sensitivty >= 4 };

@id("WY-04") @title("Leads")
permit (principal, action, resource) when { principal.lead };

@id("WY-05") @title("Purpose")
permit (principal, action, resource) if { context.purpose == "s47" };

@id("WY-04") @title("Long service")
permit (principal is Wrker, action, resource) when { principal.years > "10" };

@id("WY-07") @title("Marked")
forbid (principal, action, resource)
when { resource.markings.contains(4) }
unless { purpose == "s47" };
)",
           {.ids_from_annotation = true}),
      "wy.cedar:2:20: there is no action `Action::\"veiw\"` (did you mean `view`?)\n"
      "wy.cedar:3:8: a `Worker` has no attribute `agency` (there is `role`, `years`, `lead`)\n"
      "wy.cedar:7:23: expected an operator, found `=` (equality is written `==`)\n"
      "wy.cedar:11:8: a `Record` has no attribute `sensitivty` (did you mean `sensitivity`?)\n"
      "wy.cedar:14:45: the attribute `lead` may be missing (ask first: `... has lead && ...`)\n"
      "wy.cedar:17:38: `if` begins no condition (conditions begin with `when` or `unless`)\n"
      "wy.cedar:19:5: the policy id `WY-04` is used twice\n"
      "wy.cedar:20:9: there is no entity type `Wrker` (did you mean `Worker`?)\n"
      "wy.cedar:20:72: expected Long, found String\n"
      "wy.cedar:25:10: there is no variable `purpose` (the variables are principal, action, resource and context; "
      "strings stand in double quotes)\n");
}

TEST(Check, a_broken_policy_without_its_semicolon_hides_no_mistake_of_the_next) {
  const std::string broken = "permit (principal, action, resource) when { principal.years > }\n";
  const auto next = R"(permit (principal, action, resource) when { principal.role == 1 };)";
  for (const std::string annotation : {"", "@id(\"b\") "}) {
    const auto all = told(broken + annotation + next);
    EXPECT_NE(all.find("wy.cedar:1:"), std::string::npos) << all;
    EXPECT_NE(all.find("wy.cedar:2:"), std::string::npos) << all;
  }
}

TEST(Check, a_policy_that_could_not_be_read_whole_is_not_held_against_the_schema) {
  const auto all = check_policies("permit (principal, action, resource) when { nobody && principal.nothing };", "t",
                                  workers_schema());
  ASSERT_EQ(all.errors.size(), 1u);
  EXPECT_NE(all.errors[0].message.find("nobody"), std::string::npos);
  EXPECT_TRUE(all.warnings.empty());
}

TEST(Check, what_can_never_apply_is_a_warning_beside_mistakes_elsewhere) {
  const auto all = check_policies(
      "permit (principal is Record, action, resource);\npermit (principal, action, resource) when { 1 };", "t",
      workers_schema());
  EXPECT_EQ(to_text(all.warnings),
            "t:1:1: this policy can never apply (no request that the schema knows satisfies it)\n");
  EXPECT_EQ(all.errors.size(), 1u);
  EXPECT_FALSE(all.passed());
}

TEST(Check, what_is_right_passes) {
  EXPECT_TRUE(check_policies("permit (principal, action, resource in Agency::\"a\");", "t", workers_schema()).passed());
  EXPECT_TRUE(check_policies("", "t", workers_schema()).passed());
}

TEST(Check, mistakes_of_both_kinds_together_end_at_their_limit) {
  std::string text;
  for (int i = 0; i < 300; ++i) text += "permit (principal, action, resource) when { principal.x };\npermit;\n";
  EXPECT_EQ(check_policies(text, "t", workers_schema()).errors.size(), limits::diagnostics_max);
}

}  // namespace
}  // namespace ginnel::policy
