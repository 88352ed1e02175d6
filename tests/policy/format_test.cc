// SPDX-License-Identifier: Apache-2.0
#include "policy/format.h"

#include <gtest/gtest.h>

#include "tests/policy/random_policy.h"
#include "tests/policy/support.h"

namespace ginnel::policy {
namespace {

std::string formatted(const std::string& text) { return format_policies(test::parse(text)); }

std::string expression(const std::string& text) {
  const auto set = test::parse("permit(principal,action,resource) when {" + text + "};");
  return set.empty() ? "" : format_expression(set.policies().front().clauses->front().condition);
}

TEST(Format, a_policy_has_one_form_however_it_was_written) {
  EXPECT_EQ(formatted("@id( \"a\" )@mark permit(principal ,action in [Action::\"b\" , Action::\"a\"],resource is A::B)"
                      "when{principal.x==1}unless{((context[\"y\"]))};"),
            "@id(\"a\")\n@mark\n"
            "permit (principal, action in [Action::\"a\", Action::\"b\"], resource is A::B)\n"
            "when { principal.x == 1 }\nunless { context.y };\n");
}

TEST(Format, parentheses_stay_where_they_mean_something) {
  for (const auto* text :
       {"(1 + 2) * 3 == 1 + 2 * 3", "1 - (2 - 3) == 1 - 2 - 3", "a_b || !(context.x && context.y)",
        "(context.x && context.y) && context.z", "(context.x == 1) == true", "-(5) == -5", "-(-5) == 5",
        "!(!context.x)", "(if context.x then 1 else 2) == 1", "(-5).x == 1", "context[\"if\"][\"a b\"].c",
        "principal has \"a b\"", "principal has a.b.c", "\"a*b\" like \"a\\*b*\\n\"",
        "principal is A::B in (if context.x then A::\"b\" else A::\"c\")", "{\"a b\": 1, c: [context.x, 2]} == {}",
        "ip(\"10.0.0.0/8\").isInRange(ip(context.x))", "principal.getTag(\"a\").isEmpty() && [].contains(1)"}) {
    const auto parses = std::string_view(text).starts_with("a_b") ? "true" + std::string(text).substr(3) : text;
    EXPECT_EQ(expression(parses), parses);
  }
  EXPECT_EQ(expression("((context.x)) && (context.y && context.z)"), "context.x && (context.y && context.z)");
}

TEST(Format, a_date_at_the_edge_of_the_calendar_is_written_as_a_date) {
  for (const auto* text :
       {"datetime(\"0000-01-01T00:00:00.000+2359\")", "datetime(\"9999-12-31T23:59:59.999-2359\")",
        "datetime(\"1969-12-31T23:59:59.999Z\")", "datetime(\"2024-02-29\")", "datetime(\"0000-02-29\")"}) {
    EXPECT_EQ(expression("context.x == " + std::string(text)), "context.x == " + std::string(text));
  }
}

TEST(Format, parsing_the_text_of_any_policy_yields_the_policy_again) {
  for (unsigned seed = 0; seed < 3000; ++seed) {
    const auto text = test::RandomPolicy(seed).policy();
    const auto first = test::parse(text);
    if (first.empty()) FAIL() << text;
    const auto again = test::parse(format_policies(first));
    ASSERT_EQ(again.policies().size(), 1u) << text;
    EXPECT_TRUE(same_policy(first.policies()[0], again.policies()[0])) << text << "\nbecame\n"
                                                                       << format_policies(first) << "\nand that\n"
                                                                       << format_policies(again);
    EXPECT_EQ(format_policies(first), format_policies(again)) << "seed " << seed;
  }
}

TEST(Format, policies_that_differ_are_told_apart) {
  const auto one = test::parse("permit(principal,action,resource) when {context.x};").policies()[0];
  for (const auto* other :
       {"forbid(principal,action,resource) when {context.x};", "permit(principal,action,resource) unless {context.x};",
        "permit(principal,action,resource) when {context.y};", "permit(principal,action,resource);",
        "@a permit(principal,action,resource) when {context.x};",
        "permit(principal is A,action,resource) when {context.x};"}) {
    EXPECT_FALSE(same_policy(one, test::parse(other).policies()[0])) << other;
  }
}

}  // namespace
}  // namespace ginnel::policy
