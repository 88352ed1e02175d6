// SPDX-License-Identifier: Apache-2.0
#include "policy/explain.h"

#include <gtest/gtest.h>

#include "tests/policy/support.h"

namespace ginnel::policy {
namespace {

using test::parse;

// The text of the first obstacle; with the error behind it when it erred.
std::string obstacle(const std::string& policy) {
  const auto set = parse(policy);
  const auto found = first_obstacle(set.policies().front(), test::small_request(), test::small_world());
  if (!found) return "none";
  return found->erred ? found->text + " ! " + found->error : found->text;
}

TEST(Explain, a_satisfied_policy_has_no_obstacle) {
  EXPECT_EQ(obstacle("permit(principal, action, resource) when { true } unless { false };"), "none");
}

TEST(Explain, the_scope_comes_first_in_its_own_words) {
  EXPECT_EQ(obstacle("permit(principal in Team::\"west\", action, resource) when { false };"),
            "principal in Team::\"west\"");
  EXPECT_EQ(obstacle("permit(principal, action == Action::\"edit\", resource is Note);"), "action == Action::\"edit\"");
}

TEST(Explain, of_joined_conditions_the_deciding_one_is_named) {
  EXPECT_EQ(obstacle("permit(principal, action, resource) when { context.hour > 8 && context.hour < 18 && true };"),
            "context.hour < 18");
  EXPECT_EQ(obstacle("permit(principal, action, resource) unless { context.urgent || principal.age > 40 };"),
            "principal.age > 40");
  EXPECT_EQ(obstacle("permit(principal, action, resource) when { context.urgent || false };"),
            "context.urgent || false");
}

TEST(Explain, an_error_is_told_with_the_condition_that_has_it) {
  EXPECT_EQ(obstacle("permit(principal, action, resource) when { true && principal.missing == 1 };"),
            "principal.missing == 1 ! an entity of type `User` has no attribute `missing`");
}

TEST(Explain, the_place_is_that_of_the_text) {
  const auto set = parse("permit(principal, action, resource)\nwhen { true }\nwhen { true &&\n  context.urgent };");
  const auto found = first_obstacle(set.policies().front(), test::small_request(), test::small_world());
  ASSERT_TRUE(found);
  EXPECT_EQ(found->at, (Position{4, 3}));
  EXPECT_EQ(found->part, Obstacle::Part::when);
}

TEST(Explain, the_nearest_permit_is_about_the_action_and_meets_the_most) {
  const auto set = parse(
      "permit(principal, action == Action::\"edit\", resource);"
      "permit(principal is Team, action, resource);"
      "permit(principal, action, resource) when { false };"
      "permit(principal, action, resource) when { true } when { context.urgent };"
      "forbid(principal, action, resource);");
  const auto near = nearest_permit(set, test::small_request(), test::small_world());
  ASSERT_TRUE(near);
  EXPECT_EQ(near->policy, 3u);
  EXPECT_EQ(near->obstacle.text, "context.urgent");
}

TEST(Explain, there_is_no_nearest_permit_when_one_is_satisfied_or_none_exists) {
  const auto request = test::small_request();
  const auto entities = test::small_world();
  EXPECT_FALSE(nearest_permit(parse("forbid(principal, action, resource);"), request, entities));
  EXPECT_FALSE(nearest_permit(parse("permit(principal, action, resource) when {true} when {true} when {false};"
                                    "permit(principal, action, resource);"),
                              request, entities));
}

}  // namespace
}  // namespace ginnel::policy
