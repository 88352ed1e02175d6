// SPDX-License-Identifier: Apache-2.0
#include "policy/validate.h"

#include <gtest/gtest.h>

#include "policy/type_check.h"
#include "tests/policy/support.h"

namespace ginnel::policy {
namespace {

constexpr auto schema_text = R"(
  entity Org;
  entity Team in [Org] = { name: String };
  entity User in [Team] = { n: Long, o?: Long, r: { a: Long, b?: { c: Long } }, s: Set<Long>, team: Team, d: decimal };
  entity Free tags Long;
  entity Purpose enum ["help", "plan"];
  action read;
  action view in [read] appliesTo { principal: User, resource: [Team, Free], context: { purpose: Purpose, c?: Long } };
  action copy appliesTo { principal: User, resource: Team, context: { purpose: Purpose } };
)";

const Schema& validated_schema() {
  static const Schema parsed = *parse_schema(schema_text, "s");
  return parsed;
}

// The errors, one a line without file and line; then "impossible" when the policy can never apply.
std::string verdict_on(const std::string& policies) {
  const auto found = validate(test::parse(policies), validated_schema());
  std::string out;
  for (const auto& error : found.errors) {
    const auto& what = error.what;
    out += std::to_string(what.column) + ": " + what.message + (what.hint.empty() ? "" : " (" + what.hint + ")") + "\n";
  }
  return out + (found.warnings.empty() ? "" : "impossible");
}

// Columns count from the condition's beginning.
std::string verdict(const std::string& condition) {
  return verdict_on("permit(principal,action,resource) when {\n" + condition + "};");
}

TEST(Validate, what_is_typed_right_passes) {
  for (const auto* condition :
       {"principal.n == 1 && principal.r.a < 2", "principal has o && principal.o == 1", "principal.s.contains(3)",
        "principal has r.b.c && principal.r.b.c == 2", "context.purpose == Purpose::\"help\"",
        "[Purpose::\"help\", Purpose::\"plan\"].contains(context.purpose)", "principal in principal.team",
        "principal.d.lessThan(decimal(\"1.0\"))",
        "resource is Free && resource.hasTag(\"t\") && resource.getTag(\"t\") > 1",
        "if principal has o then principal.o == 1 else true",
        "principal has o && (principal.n == 1 || principal.o == 1)", "{a: principal.n, b: true} == {b: false, a: 1}",
        "principal.s.containsAny([1, 2])", "principal has nothing || true",
        "resource is Team && resource.name like \"a*\"",
        "action in Action::\"read\" && context has c && context.c == 1"}) {
    EXPECT_EQ(verdict(condition), "") << condition;
  }
}

TEST(Validate, each_fault_says_where_and_what_would_be_right) {
  const std::pair<const char*, const char*> cases[] = {
      {"principal.nn == 1", "1: a `User` has no attribute `nn` (did you mean `n`?)\n"},
      {"principal.n == \"1\"", "1: a Long and a String are never equal\n"},
      {"principal.o == 1", "1: the attribute `o` may be missing (ask first: `... has o && ...`)\n"},
      {"context.purpose == Purpose::\"halp\"", "20: `Purpose` has no `halp` (did you mean `help`?)\n"},
      {"principal is Usr", "1: there is no entity type `Usr` (did you mean `User`?)\nimpossible"},
      {"action == Action::\"vew\"", "11: there is no action `Action::\"vew\"` (did you mean `view`?)\nimpossible"},
      {"principal.n", "1: expected Bool, found Long\n"},
      {"principal.s.contains(\"a\")", "1: a set of Long never contains a String\n"},
      {"principal.s == []", "16: an empty set has no type (`.isEmpty()` asks whether a set is empty)\n"},
      {"[1, \"a\"].isEmpty()", "1: the elements of a set are of one type, not Long and String\n"},
      {"principal in 5",
       "14: expected an entity or a set of entities behind `in`, found Long "
       "(whether a value is in a set is asked by .contains(...))\n"},
      {"principal.d < decimal(\"1.0\")",
       "1: expected Long, found decimal (decimals are compared by .lessThan(...) and its like)\n"
       "15: expected Long, found decimal (decimals are compared by .lessThan(...) and its like)\n"},
      {"principal.d == decimal(\"x\")", "24: this is not a decimal such as \"12.5\"\n"},
      {"principal.getTag(\"a\") == 1", "1: a `User` has no tags\n"},
      {"resource is Free && resource.getTag(\"a\") == 1",
       "21: the tag may be missing (ask first: `....hasTag(...) && ...`)\n"},
      {"(if principal.n == 1 then 1 else \"a\") == 1",
       "1: both branches of an `if` are of one type, not Long and String\n"},
      {"principal.r == {a: 1}", "1: two records whose attributes differ are never equal\n"},
  };
  for (const auto& [condition, expected] : cases) {
    EXPECT_EQ(verdict(condition), expected) << condition;
  }
  EXPECT_NE(verdict("principal.d == decimal(principal.team.name)").find("a text that is written here"),
            std::string::npos);
}

TEST(Validate, what_is_never_reached_is_not_faulted) {
  EXPECT_EQ(verdict("false && principal.zz"), "impossible");
  EXPECT_EQ(verdict("true || principal.zz"), "");
  EXPECT_EQ(verdict("resource is Team || resource is Free || principal.zz"), "");
  EXPECT_EQ(verdict("principal is Team && principal.zz"), "impossible");
  EXPECT_EQ(verdict("resource is Free && resource.hasTag(\"a\") || resource is Team"), "");
}

TEST(Validate, what_one_side_of_an_or_made_sure_of_is_not_known_behind_it) {
  EXPECT_NE(verdict("(principal has o || principal.n == 1) && principal.o == 1"), "");
  EXPECT_NE(verdict("principal has o || principal.o == 1"), "");
  EXPECT_NE(verdict("!(principal has o) && principal.o == 1"), "");
  EXPECT_EQ(verdict("(principal has o || principal has o && principal.n == 1) && principal.o == 1"), "");
  EXPECT_EQ(verdict_on("permit(principal,action,resource) when {principal has o} when {principal.o == 1};"), "");
  EXPECT_NE(verdict_on("permit(principal,action,resource) unless {principal has o} when {principal.o == 1};"), "");
}

TEST(Validate, the_scope_bounds_the_requests_that_a_condition_is_held_against) {
  EXPECT_EQ(verdict_on("permit(principal,action==Action::\"view\",resource is Team) when {context has c};"), "");
  EXPECT_EQ(verdict_on("permit(principal,action==Action::\"view\",resource is Team) when {resource.name == \"a\"};"),
            "");
  EXPECT_NE(verdict_on("permit(principal,action==Action::\"view\",resource) when {resource.name == \"a\"};"), "");
  EXPECT_EQ(verdict_on("permit(principal,action==Action::\"copy\",resource) when {resource.name == \"a\"};"), "");
  EXPECT_EQ(verdict_on("permit(principal,action==Action::\"read\",resource);"), "impossible");
  EXPECT_EQ(verdict_on("permit(principal in Free::\"f\",action,resource);"), "impossible");
  EXPECT_EQ(verdict_on("permit(principal in Org::\"o\",action,resource);"), "");
}

TEST(Validate, a_template_is_held_against_every_type_its_slots_can_have) {
  EXPECT_EQ(verdict_on("permit(principal in ?principal,action,resource == ?resource) when {principal.n == 1};"), "");
  EXPECT_NE(verdict_on("permit(principal in ?principal,action,resource == ?resource) when {principal.m == 1};"), "");
  auto set = test::parse("permit(principal == ?principal,action,resource) when {principal.n == 1};");
  Slots slots;
  slots.principal = EntityUid{"Usr", "a"};
  ASSERT_TRUE(set.link("policy0", "link", slots));
  EXPECT_EQ(validate(set, validated_schema()).errors.size(), 1u) << "the link names a type that there is not";
}

TEST(Validate, all_faults_of_all_policies_are_told_each_place_once) {
  EXPECT_EQ(verdict_on("permit(principal,action,resource) when {principal.x == principal.y};\n"
                       "forbid(principal is Usr,action==Action::\"vew\",resource) when {principal.z};"),
            "41: a `User` has no attribute `x` (there is `n`, `o`, `r`, `s`, `team`, `d`)\n"
            "56: a `User` has no attribute `y` (there is `n`, `o`, `r`, `s`, `team`, `d`)\n"
            "8: there is no entity type `Usr` (did you mean `User`?)\n"
            "25: there is no action `Action::\"vew\"` (did you mean `view`?)\n"
            "63: a `User` has no attribute `z` (there is `n`, `o`, `r`, `s`, `team`, `d`)\n");
}

TEST(Validate, nested_type_tests_take_no_time) {
  std::string inner = "principal";
  for (int i = 0; i < 60; ++i) inner = "(if " + inner + " is User in principal.team then principal else principal)";
  EXPECT_EQ(verdict(inner + ".n == 1"), "");
}

TEST(Validate, a_name_that_is_far_from_all_is_not_guessed) {
  EXPECT_EQ(suggest("zzzzzz", {"abc", "abd", "abe", "abf", "abg", "abh", "abi", "abj", "abk"}), "");
  EXPECT_EQ(suggest("agncy", {"role", "agency"}), "did you mean `agency`?");
}

}  // namespace
}  // namespace ginnel::policy
