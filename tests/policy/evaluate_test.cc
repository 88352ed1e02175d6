// SPDX-License-Identifier: Apache-2.0
#include "policy/evaluate.h"

#include <gtest/gtest.h>

#include "tests/policy/support.h"

namespace ginnel::policy {
namespace {

using test::evaluate;

bool errs(const std::string& condition) { return evaluate(condition).starts_with("error: "); }

TEST(Evaluate, integers_add_subtract_multiply_and_negate) {
  EXPECT_EQ(evaluate("1 + 2 * 3 - 4"), "3");
  EXPECT_EQ(evaluate("10 - 3 - 2"), "5");
  EXPECT_EQ(evaluate("- 5 + 2"), "-3");
  EXPECT_EQ(evaluate("--5"), "5");
  EXPECT_EQ(evaluate("-(1 + 2)"), "-3");
  EXPECT_EQ(evaluate("principal.age * context.hour"), "966");
}

TEST(Evaluate, an_overflow_is_an_error_at_both_ends_of_the_range) {
  EXPECT_EQ(evaluate("9223372036854775807"), "9223372036854775807");
  EXPECT_EQ(evaluate("-9223372036854775808"), "-9223372036854775808");
  EXPECT_EQ(evaluate("9223372036854775807 + 1"), "error: overflow in `+`");
  EXPECT_EQ(evaluate("-9223372036854775808 - 1"), "error: overflow in `-`");
  EXPECT_EQ(evaluate("9223372036854775807 * 2"), "error: overflow in `*`");
  EXPECT_EQ(evaluate("--9223372036854775808"), "error: overflow in `-`");
  EXPECT_EQ(evaluate("9223372036854775807 + -1"), "9223372036854775806");
}

TEST(Evaluate, and_and_or_stop_at_the_operand_that_decides) {
  EXPECT_EQ(evaluate("false && principal.missing"), "false");
  EXPECT_EQ(evaluate("true || principal.missing"), "true");
  EXPECT_EQ(evaluate("false && 1"), "false");
  EXPECT_EQ(evaluate("true || 1"), "true");
  EXPECT_TRUE(errs("true && principal.missing"));
  EXPECT_TRUE(errs("false || principal.missing"));
  EXPECT_TRUE(errs("principal.missing && false"));
  EXPECT_TRUE(errs("principal.missing || true"));
}

TEST(Evaluate, and_and_or_take_booleans_only) {
  EXPECT_EQ(evaluate("1 && true"), "error: expected bool, found long");
  EXPECT_EQ(evaluate("true && 1"), "error: expected bool, found long");
  EXPECT_EQ(evaluate("false || \"a\""), "error: expected bool, found string");
  EXPECT_EQ(evaluate("!1"), "error: expected bool, found long");
}

TEST(Evaluate, not_binds_tighter_than_and_and_and_tighter_than_or) {
  EXPECT_EQ(evaluate("true || false && false"), "true");
  EXPECT_EQ(evaluate("(true || false) && false"), "false");
  EXPECT_EQ(evaluate("!true || true"), "true");
  EXPECT_EQ(evaluate("!(true || true)"), "false");
  EXPECT_EQ(evaluate("!!!!true"), "true");
}

TEST(Evaluate, comparison_binds_looser_than_arithmetic_and_tighter_than_and) {
  EXPECT_EQ(evaluate("1 + 1 == 2 && 2 * 2 > 3"), "true");
  EXPECT_EQ(evaluate("if 1 < 2 then \"a\" else \"b\""), "\"a\"");
  EXPECT_EQ(evaluate("if true then 1 else 2 + 3"), "1");
  EXPECT_EQ(evaluate("if true then false else true || true"), "false");
}

TEST(Evaluate, an_if_evaluates_one_branch_only) {
  EXPECT_EQ(evaluate("if true then 1 else principal.missing"), "1");
  EXPECT_EQ(evaluate("if false then principal.missing else 2"), "2");
  EXPECT_EQ(evaluate("if 1 then 1 else 2"), "error: expected bool, found long");
}

TEST(Evaluate, order_is_for_longs_datetimes_and_durations_of_one_type) {
  EXPECT_EQ(evaluate("1 < 2 && 2 <= 2 && 3 > 2 && 3 >= 3"), "true");
  EXPECT_EQ(evaluate("1 < \"a\""), "error: expected long, found string");
  EXPECT_EQ(evaluate("\"a\" < 1"), "error: expected long, found string");
  EXPECT_TRUE(errs("\"a\" < \"b\""));
  EXPECT_TRUE(errs("decimal(\"1.0\") < decimal(\"2.0\")"));
  EXPECT_TRUE(errs("datetime(\"2024-01-01\") < duration(\"1d\")"));
  EXPECT_EQ(evaluate("datetime(\"2024-01-01\") < datetime(\"2024-01-02\")"), "true");
  EXPECT_EQ(evaluate("duration(\"1h\") >= duration(\"60m\")"), "true");
}

TEST(Evaluate, values_of_different_types_are_unequal_without_an_error) {
  EXPECT_EQ(evaluate("1 == \"1\""), "false");
  EXPECT_EQ(evaluate("1 != true"), "true");
  EXPECT_EQ(evaluate("principal == \"ann\""), "false");
  EXPECT_EQ(evaluate("ip(\"1.2.3.4\") == \"1.2.3.4\""), "false");
}

TEST(Evaluate, sets_are_equal_whatever_their_order_and_repetition) {
  EXPECT_EQ(evaluate("[1, 2, 2] == [2, 1]"), "true");
  EXPECT_EQ(evaluate("[1, \"a\", principal] == [principal, \"a\", 1, 1]"), "true");
  EXPECT_EQ(evaluate("[1] == [1, 2]"), "false");
  EXPECT_EQ(evaluate("[[1], [1, 1]] == [[1]]"), "true");
  EXPECT_EQ(evaluate("{a: [1, 2]} == {\"a\": [2, 1]}"), "true");
}

TEST(Evaluate, has_is_false_for_what_is_missing_and_an_error_for_other_types) {
  EXPECT_EQ(evaluate("principal has age"), "true");
  EXPECT_EQ(evaluate("principal has \"age\""), "true");
  EXPECT_EQ(evaluate("principal has missing"), "false");
  EXPECT_EQ(evaluate("User::\"nobody\" has age"), "false");
  EXPECT_EQ(evaluate("context has hour"), "true");
  EXPECT_TRUE(errs("1 has age"));
  EXPECT_TRUE(errs("[1] has age"));
}

TEST(Evaluate, extended_has_follows_a_path_and_stops_at_the_first_missing_name) {
  EXPECT_EQ(evaluate("principal has home.city"), "true");
  EXPECT_EQ(evaluate("principal has home.at.floor"), "true");
  EXPECT_EQ(evaluate("principal has home.missing.floor"), "false");
  EXPECT_EQ(evaluate("principal has missing.at.floor"), "false");
  EXPECT_EQ(evaluate("principal has manager.age"), "false");
  EXPECT_TRUE(errs("principal has home.city.length"));
}

TEST(Evaluate, a_missing_attribute_or_entity_is_an_error_without_its_id) {
  EXPECT_EQ(evaluate("principal.missing"), "error: an entity of type `User` has no attribute `missing`");
  EXPECT_EQ(evaluate("User::\"nobody\".age"), "error: an entity of type `User` is not known");
  EXPECT_EQ(evaluate("principal.home.missing"), "error: the record has no attribute `missing`");
  EXPECT_EQ(evaluate("\"text\".length"), "error: expected record or entity, found string");
}

TEST(Evaluate, attributes_are_read_by_name_or_by_index) {
  EXPECT_EQ(evaluate("principal.home.at.floor"), "2");
  EXPECT_EQ(evaluate("principal[\"home\"][\"city\"]"), "\"Leeds\"");
  EXPECT_EQ(evaluate("principal[\"is\"]"), "true");
  EXPECT_EQ(evaluate("{if_: 1, \"a b\": 2}[\"a b\"]"), "2");
  EXPECT_EQ(evaluate("principal.manager == User::\"bob\""), "true");
}

TEST(Evaluate, in_holds_for_itself_and_every_ancestor) {
  EXPECT_EQ(evaluate("principal in principal"), "true");
  EXPECT_EQ(evaluate("principal in Team::\"east\""), "true");
  EXPECT_EQ(evaluate("principal in Agency::\"leeds\""), "true");
  EXPECT_EQ(evaluate("principal in Agency::\"bradford\""), "false");
  EXPECT_EQ(evaluate("Agency::\"leeds\" in principal"), "false");
  EXPECT_EQ(evaluate("User::\"nobody\" in User::\"nobody\""), "true");
  EXPECT_EQ(evaluate("action in Action::\"read\""), "true");
}

TEST(Evaluate, in_a_set_holds_for_any_element_but_every_element_must_be_an_entity) {
  EXPECT_EQ(evaluate("principal in [Team::\"west\", Agency::\"leeds\"]"), "true");
  EXPECT_EQ(evaluate("principal in []"), "false");
  EXPECT_TRUE(errs("principal in [principal, 1]"));
  EXPECT_TRUE(errs("principal in 1"));
  EXPECT_TRUE(errs("1 in principal"));
  EXPECT_TRUE(errs("[principal] in principal"));
}

TEST(Evaluate, is_asks_the_type_and_is_in_also_the_hierarchy) {
  EXPECT_EQ(evaluate("principal is User"), "true");
  EXPECT_EQ(evaluate("principal is Share::User"), "false");
  EXPECT_EQ(evaluate("principal is User in Team::\"east\""), "true");
  EXPECT_EQ(evaluate("principal is User in [Team::\"west\", Team::\"east\"]"), "true");
  EXPECT_EQ(evaluate("principal is User in Team::\"west\""), "false");
  EXPECT_EQ(evaluate("principal is Team in 1"), "false") << "the right side is not evaluated for another type";
  EXPECT_TRUE(errs("principal is User in 1"));
  EXPECT_TRUE(errs("1 is User"));
}

TEST(Evaluate, like_matches_wildcards_and_escaped_stars) {
  EXPECT_EQ(evaluate("principal.name like \"A*\""), "true");
  EXPECT_EQ(evaluate("principal.name like \"*\""), "true");
  EXPECT_EQ(evaluate("principal.name like \"an*\""), "false");
  EXPECT_EQ(evaluate("\"a*c\" like \"a\\*c\""), "true");
  EXPECT_EQ(evaluate("\"abc\" like \"a\\*c\""), "false");
  EXPECT_TRUE(errs("1 like \"1\""));
}

TEST(Evaluate, sets_answer_contains_contains_all_contains_any_and_is_empty) {
  EXPECT_EQ(evaluate("principal.roles.contains(\"lead\")"), "true");
  EXPECT_EQ(evaluate("principal.roles.contains(1)"), "false");
  EXPECT_EQ(evaluate("principal.roles.containsAll([\"lead\", \"duty\"])"), "true");
  EXPECT_EQ(evaluate("principal.roles.containsAll([])"), "true");
  EXPECT_EQ(evaluate("principal.roles.containsAll([\"lead\", \"night\"])"), "false");
  EXPECT_EQ(evaluate("principal.roles.containsAny([\"lead\", \"night\"])"), "true");
  EXPECT_EQ(evaluate("principal.roles.containsAny([])"), "false");
  EXPECT_EQ(evaluate("[].isEmpty() && !principal.roles.isEmpty()"), "true");
  EXPECT_TRUE(errs("[1].containsAll(1)"));
  EXPECT_TRUE(errs("[1].containsAny(1)"));
  EXPECT_TRUE(errs("1.contains(1)"));
  EXPECT_TRUE(errs("principal.isEmpty()"));
}

TEST(Evaluate, tags_are_asked_for_with_has_tag_and_read_with_get_tag) {
  EXPECT_EQ(evaluate("principal.hasTag(\"shift\")"), "true");
  EXPECT_EQ(evaluate("principal.getTag(\"shift\")"), "\"night\"");
  EXPECT_EQ(evaluate("principal.hasTag(\"age\")"), "false") << "attributes are no tags";
  EXPECT_EQ(evaluate("User::\"nobody\".hasTag(\"shift\")"), "false");
  EXPECT_TRUE(errs("principal.getTag(\"missing\")"));
  EXPECT_TRUE(errs("User::\"nobody\".getTag(\"shift\")"));
  EXPECT_TRUE(errs("principal.hasTag(1)"));
  EXPECT_TRUE(errs("context.hasTag(\"a\")"));
}

TEST(Evaluate, a_wrong_number_of_arguments_to_an_extension_function_is_an_error_of_evaluation) {
  EXPECT_TRUE(errs("ip()"));
  EXPECT_TRUE(errs("ip(\"1.1.1.1\", \"1.1.1.1\")"));
  EXPECT_TRUE(errs("ip(\"1.1.1.1\").isIpv4(1)"));
  EXPECT_TRUE(errs("ip(1)"));
  EXPECT_TRUE(errs("context.lessThan(1)"));
}

TEST(Evaluate, messages_hold_no_values) {
  for (const auto* condition : {"ip(principal.name)", "decimal(principal.name)", "principal.age + 9223372036854775807",
                                "principal.getTag(principal.name)", "datetime(principal.name)"}) {
    const auto message = evaluate(condition);
    EXPECT_TRUE(message.starts_with("error: ")) << message;
    EXPECT_EQ(message.find("Ann"), std::string::npos) << message;
    EXPECT_EQ(message.find("42"), std::string::npos) << message;
  }
}

}  // namespace
}  // namespace ginnel::policy
