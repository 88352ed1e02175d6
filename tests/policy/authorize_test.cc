// SPDX-License-Identifier: Apache-2.0
#include "policy/authorize.h"

#include <gtest/gtest.h>

#include "tests/policy/support.h"

namespace ginnel::policy {
namespace {

using test::parse;

Response decide(const std::string& policies) {
  return authorize(parse(policies), test::small_request(), test::small_world());
}
bool allows(const std::string& scope) { return decide("permit(" + scope + ");").allowed(); }

using Indexes = std::vector<std::size_t>;

TEST(Authorize, no_policy_is_a_deny_without_reasons) {
  const auto response = decide("");
  EXPECT_FALSE(response.allowed());
  EXPECT_TRUE(response.reasons.empty());
  EXPECT_TRUE(response.errors.empty());
}

TEST(Authorize, all_satisfied_permits_are_the_reasons_of_an_allow) {
  const auto response = decide(
      "permit(principal, action, resource);"
      "permit(principal, action, resource) when { false };"
      "permit(principal is User, action, resource);");
  EXPECT_TRUE(response.allowed());
  EXPECT_EQ(response.reasons, (Indexes{0, 2}));
}

TEST(Authorize, a_satisfied_forbid_wins_and_is_the_only_reason) {
  const auto response = decide("permit(principal, action, resource); forbid(principal, action, resource);");
  EXPECT_FALSE(response.allowed());
  EXPECT_EQ(response.reasons, (Indexes{1}));
}

TEST(Authorize, an_erring_permit_is_skipped_and_reported) {
  const auto response = decide(
      "permit(principal, action, resource) when { principal.missing };"
      "permit(principal, action, resource);");
  EXPECT_TRUE(response.allowed());
  EXPECT_EQ(response.reasons, (Indexes{1}));
  ASSERT_EQ(response.errors.size(), 1u);
  EXPECT_EQ(response.errors[0].policy, 0u);
  EXPECT_FALSE(response.forbid_erred());
}

TEST(Authorize, an_erring_forbid_is_skipped_as_the_language_says_and_is_told_apart) {
  const auto response = decide(
      "permit(principal, action, resource);"
      "forbid(principal, action, resource) when { principal.missing };");
  EXPECT_TRUE(response.allowed());
  ASSERT_EQ(response.errors.size(), 1u);
  EXPECT_EQ(response.errors[0].effect, Effect::forbid);
  EXPECT_TRUE(response.forbid_erred());
}

TEST(Authorize, a_condition_that_is_no_boolean_errs) {
  EXPECT_EQ(decide("permit(principal, action, resource) when { 1 };").errors.size(), 1u);
}

TEST(Authorize, a_condition_behind_a_false_one_is_not_evaluated) {
  const auto response =
      decide("permit(principal, action, resource) when { false } when { principal.missing } unless { 1 };");
  EXPECT_FALSE(response.allowed());
  EXPECT_TRUE(response.errors.empty());
}

TEST(Authorize, unless_turns_its_condition_round) {
  EXPECT_TRUE(decide("permit(principal, action, resource) unless { context.urgent };").allowed());
  EXPECT_FALSE(decide("permit(principal, action, resource) unless { !context.urgent };").allowed());
}

TEST(Authorize, the_scope_asks_for_principal_action_and_resource) {
  EXPECT_TRUE(allows("principal == User::\"ann\", action == Action::\"view\", resource == File::\"f1\""));
  EXPECT_FALSE(allows("principal == User::\"bob\", action, resource"));
  EXPECT_FALSE(allows("principal, action == Action::\"edit\", resource"));
  EXPECT_FALSE(allows("principal, action, resource == File::\"f2\""));
  EXPECT_TRUE(allows("principal in Agency::\"leeds\", action, resource in File::\"f1\""));
  EXPECT_FALSE(allows("principal == Agency::\"leeds\", action, resource"));
}

TEST(Authorize, an_action_is_in_its_groups_and_in_any_of_a_list) {
  EXPECT_TRUE(allows("principal, action in Action::\"read\", resource"));
  EXPECT_TRUE(allows("principal, action in [Action::\"edit\", Action::\"read\"], resource"));
  EXPECT_FALSE(allows("principal, action in [Action::\"edit\"], resource"));
  EXPECT_FALSE(allows("principal, action in [], resource"));
}

TEST(Authorize, the_scope_asks_for_types) {
  EXPECT_TRUE(allows("principal is User, action, resource is File"));
  EXPECT_FALSE(allows("principal is Team, action, resource"));
  EXPECT_TRUE(allows("principal is User in Team::\"east\", action, resource"));
  EXPECT_FALSE(allows("principal is User in Team::\"west\", action, resource"));
  EXPECT_FALSE(allows("principal is Team in Team::\"east\", action, resource"));
}

TEST(Authorize, a_template_decides_nothing_until_it_is_linked) {
  auto set = parse("permit(principal in ?principal, action, resource == ?resource);");
  EXPECT_FALSE(authorize(set, test::small_request(), test::small_world()).allowed());
  ASSERT_TRUE(set.link("policy0", "east", {EntityUid{"Team", "east"}, EntityUid{"File", "f1"}}));
  const auto response = authorize(set, test::small_request(), test::small_world());
  EXPECT_TRUE(response.allowed());
  ASSERT_EQ(response.reasons.size(), 1u);
  EXPECT_EQ(set.policies()[response.reasons[0]].id, "east");
}

}  // namespace
}  // namespace ginnel::policy
