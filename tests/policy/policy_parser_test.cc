// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "policy/limits.h"
#include "tests/policy/support.h"

namespace ginnel::policy {
namespace {

using test::mistakes;
using test::parse;

std::string in_scope(const std::string& scope) { return mistakes("permit(" + scope + ");"); }
std::string in_condition(const std::string& condition) {
  return mistakes("permit(principal, action, resource) when { " + condition + " };");
}
bool takes(const std::string& condition) { return in_condition(condition) == "none"; }

TEST(PolicyParser, policies_are_numbered_by_position_templates_included) {
  const auto set = parse(
      "permit(principal, action, resource);"
      "permit(principal == ?principal, action, resource);"
      "forbid(principal, action, resource);");
  ASSERT_EQ(set.policies().size(), 2u);
  EXPECT_EQ(set.policies()[0].id, "policy0");
  EXPECT_EQ(set.policies()[1].id, "policy2");
  ASSERT_EQ(set.templates().size(), 1u);
  EXPECT_EQ(set.templates()[0].id, "policy1");
}

TEST(PolicyParser, annotations_have_values_or_none_and_any_name) {
  const auto set = parse("@id(\"WY-07\") @conceal @if(\"a\\nb\")\npermit(principal, action, resource);");
  const auto& policy = set.policies().front();
  EXPECT_EQ(*policy.annotation("id"), "WY-07");
  EXPECT_EQ(*policy.annotation("conceal"), "");
  EXPECT_EQ(*policy.annotation("if"), "a\nb");
  EXPECT_EQ(policy.annotation("title"), nullptr);
  EXPECT_EQ(policy.at, (Position{2, 1}));
}

TEST(PolicyParser, ids_come_from_annotations_when_asked) {
  const ParseOptions options{true, "local"};
  const auto set =
      parse("@id(\"a\") permit(principal, action, resource); forbid(principal, action, resource);", options);
  EXPECT_NE(set.find("a"), nullptr);
  EXPECT_NE(set.find("local1"), nullptr);
  EXPECT_EQ(set.find("policy0"), nullptr);
  EXPECT_EQ(mistakes("@id(\"a\") permit(principal, action, resource);\n@id(\"a\") permit(principal, action, resource);",
                     options),
            "t:2:5: the policy id `a` is used twice\n");
}

TEST(PolicyParser, trailing_commas_are_taken) {
  EXPECT_EQ(in_scope("principal, action in [Action::\"a\",], resource,"), "none");
  EXPECT_TRUE(takes("[1, 2,] == [1,] && {a: 1,} == {}"));
}

TEST(PolicyParser, a_file_with_ten_mistakes_lists_all_ten) {
  const auto text = mistakes(
      "Permit(principal, action, resource);\n"                                  // effect
      "permit(principal, action);\n"                                            // resource missing
      "permit(principal, action, resource) when { 1 / 2 == 3 };\n"              // division
      "permit(principal, action, resource) when { principal.name = \"a\" };\n"  // =
      "permit(principal, action, resource) when { \"\\q\" == \"a\" };\n"        // escape
      "permit(principal, action, resource) when { user.age > 1 };\n"            // variable
      "permit(principal, action, resource) when { principal.isIPv4() };\n"      // method
      "permit(principal, action, resource) when { };\n"                         // empty
      "permit(principal, action == User::\"a\", resource);\n"                   // no action
      "permit(principal, action, resource) when { 1 == 1 == 1 };\n");           // chain
  EXPECT_EQ(text,
            "t:1:1: `Permit` is no effect (a policy is `permit` or `forbid`)\n"
            "t:2:25: the scope lacks `resource` (a scope is (principal, action, resource), in this order)\n"
            "t:3:46: the language has no division (multiply the other side instead)\n"
            "t:4:59: expected an operator, found `=` (equality is written `==`)\n"
            "t:5:45: this is no escape (the escapes are \\n \\r \\t \\0 \\\\ \\' \\\" \\xHH and \\u{H})\n"
            "t:6:44: there is no variable `user` (the variables are principal, action, resource and context; strings "
            "stand in double quotes)\n"
            "t:7:54: there is no method `isIPv4` (did you mean `isIpv4`?)\n"
            "t:8:44: this condition is empty (write what it asks, or leave it out)\n"
            "t:9:29: User::\"a\" is no action (actions are of the type Action, in any namespace)\n"
            "t:10:51: expected the end of the comparison, found `==` (comparisons do not chain: use parentheses)\n");
}

TEST(PolicyParser, two_mistakes_of_meaning_in_one_policy_are_both_listed) {
  EXPECT_EQ(
      in_condition("user.a && foo(1)"),
      "t:1:44: there is no variable `user` (the variables are principal, action, resource and context; strings stand "
      "in double quotes)\n"
      "t:1:54: there is no function `foo`\n");
}

TEST(PolicyParser, a_forgotten_semicolon_does_not_hide_the_next_policy) {
  EXPECT_EQ(mistakes("permit(principal, action, resource)\npermit(principal, action);"),
            "t:2:1: expected `;` before the next policy (a policy ends with `;`)\n"
            "t:2:25: the scope lacks `resource` (a scope is (principal, action, resource), in this order)\n");
}

TEST(PolicyParser, columns_count_characters_not_bytes) {
  EXPECT_EQ(
      in_condition("\"é😀\" == x"),
      "t:1:52: there is no variable `x` (the variables are principal, action, resource and context; strings stand in "
      "double quotes)\n");
}

TEST(PolicyParser, the_scope_takes_single_entities_and_slots_in_their_places) {
  for (const auto* scope : {"principal in [User::\"a\"], action, resource",
                            "principal == principal, action, resource",
                            "principal == \"a\", action, resource",
                            "principal == User::a, action, resource",
                            "principal == User::\"a\" && true, action, resource",
                            "principal == ?resource, action, resource",
                            "principal, action == ?action, resource",
                            "principal, action == [Action::\"a\"], resource",
                            "principal, action in [[Action::\"a\"]], resource",
                            "principal, action is Action, resource",
                            "principal is User == User::\"a\", action, resource",
                            "principal is \"User\", action, resource",
                            "principal is User::\"a\", action, resource",
                            "principal: User, action, resource",
                            "principal < User::\"a\", action, resource",
                            "principal = User::\"a\", action, resource",
                            "action, principal, resource",
                            "principal, action, resource, context",
                            "principal, action, action",
                            "principal has a, action, resource",
                            "principal, action in [Action::\"a\", User::\"b\"], resource"}) {
    EXPECT_NE(in_scope(scope), "none") << scope;
  }
  for (const auto* scope :
       {"principal == (User::\"a\"), action, resource",
        "principal is User in ?principal, action, resource in ?resource",
        "principal, action in ([Action::\"a\"]), resource", "principal, action == A::B::Action::\"a\", resource",
        "principal, action in [], resource", "principal is A::B, action, resource"}) {
    EXPECT_EQ(in_scope(scope), "none") << scope;
  }
}

TEST(PolicyParser, reserved_words_name_nothing_but_may_stand_in_quotes) {
  for (const auto* word : {"if", "then", "else", "in", "is", "like", "has", "true", "false", "__cedar"}) {
    const std::string w = word;
    EXPECT_FALSE(takes("principal." + w + " == 1")) << w;
    EXPECT_FALSE(takes("principal has " + w)) << w;
    EXPECT_FALSE(takes("{" + w + ": 1} == 1")) << w;
    EXPECT_FALSE(takes(w + "::User::\"a\" == principal")) << w;
    EXPECT_TRUE(takes("principal[\"" + w + "\"] == 1 && principal has \"" + w + "\" && {\"" + w + "\": 1} == 1")) << w;
  }
  EXPECT_TRUE(takes("principal.permit == principal.when && context.action == 1"));
}

TEST(PolicyParser, comparisons_do_not_chain) {
  EXPECT_FALSE(takes("1 == 1 == true"));
  EXPECT_FALSE(takes("1 < 2 == true"));
  EXPECT_FALSE(takes("principal has a has b"));
  EXPECT_TRUE(takes("(1 == 1) == true"));
}

TEST(PolicyParser, an_if_inside_an_expression_needs_parentheses) {
  EXPECT_FALSE(takes("true || if true then true else false"));
  EXPECT_TRUE(takes("true || (if true then true else false)"));
  EXPECT_TRUE(takes("[if true then 1 else 2].isEmpty()"));
  EXPECT_FALSE(takes("if true then 1"));
}

TEST(PolicyParser, signs_run_to_four_and_do_not_mix) {
  EXPECT_TRUE(takes("!!!!true"));
  EXPECT_FALSE(takes("!!!!!true"));
  EXPECT_TRUE(takes("----1 == 1"));
  EXPECT_FALSE(takes("-----1 == 1"));
  EXPECT_FALSE(takes("!-1"));
  EXPECT_FALSE(takes("-!true"));
  EXPECT_TRUE(takes("1 - -1 == 2"));
}

TEST(PolicyParser, numbers_have_64_bits) {
  EXPECT_TRUE(takes("9223372036854775807 == 007"));
  EXPECT_TRUE(takes("-9223372036854775808 == 1"));
  EXPECT_FALSE(takes("9223372036854775808 == 1"));
  EXPECT_FALSE(takes("-(9223372036854775808) == 1"));
  EXPECT_FALSE(takes("-9223372036854775809 == 1"));
  EXPECT_FALSE(takes("99999999999999999999999 == 1"));
}

TEST(PolicyParser, methods_and_functions_are_called_in_their_own_form) {
  for (const auto* condition : {"contains([1], 1)",
                                "isIpv4(ip(\"::1\"))",
                                "\"::1\".ip()",
                                "principal.foo()",
                                "foo(1)",
                                "Foo::ip(\"::1\")",
                                "[1].contains()",
                                "[1].contains(1, 2)",
                                "[].isEmpty(1)",
                                "principal()",
                                "\"a\"()",
                                "principal.a(1)(2)",
                                "context[1]",
                                "context[a]",
                                "principal.getTag()",
                                "1 + ",
                                "principal has (a)",
                                "principal has \"a\".b",
                                "principal has a[\"b\"]",
                                "principal has a.b()",
                                "\"a\" like principal",
                                "principal is \"User\"",
                                "principal is User::\"a\"",
                                "User::{id: \"a\"} == 1",
                                "?principal == 1",
                                "?foo == 1",
                                "4 % 2 == 0",
                                "{a: 1, a: 2} == {}",
                                "{1: 2} == {}",
                                "[1,,2] == []"}) {
    EXPECT_FALSE(takes(condition)) << condition;
  }
}

TEST(PolicyParser, deep_nesting_is_a_mistake_and_no_crash) {
  const auto repeated = [](const std::string& part, std::size_t count) {
    std::string out;
    for (std::size_t i = 0; i < count; ++i) out += part;
    return out;
  };
  const std::size_t deep = 100'000;
  for (const auto& condition :
       {repeated("(", deep), repeated("[", deep), repeated("{a:", deep), repeated("if ", deep), repeated("!(", deep),
        "principal" + repeated(".a", deep), "1" + repeated("+1", deep), "[1]" + repeated(".contains(1)", deep),
        repeated("ip(", deep), "principal has a" + repeated(".a", deep)}) {
    const auto text = in_condition(condition);
    EXPECT_NE(text.find("200"), std::string::npos) << text.substr(0, 200);
  }
  EXPECT_TRUE(takes("true" + repeated(" && true", deep))) << "a long chain is not deep";
  EXPECT_TRUE(takes(repeated("(", 190) + "true" + repeated(")", 190)));
}

TEST(PolicyParser, mistakes_end_at_their_limit) {
  std::string text;
  for (int i = 0; i < 1'000; ++i) text += "permit(principal, action);\n";
  const auto set = parse_policies(text, "t");
  ASSERT_FALSE(set);
  EXPECT_EQ(set.error().size(), limits::diagnostics_max);
}

TEST(PolicyParser, a_long_string_is_refused) {
  EXPECT_FALSE(takes("\"" + std::string(limits::string_bytes_max + 1, 'a') + "\" == \"a\""));
}

TEST(PolicyParser, an_empty_text_is_an_empty_set) {
  EXPECT_TRUE(parse(" // nothing\n").empty());
  EXPECT_NE(mistakes(";"), "none");
}

}  // namespace
}  // namespace ginnel::policy
