// SPDX-License-Identifier: Apache-2.0
#include "policy/policy_set.h"

#include <gtest/gtest.h>

#include "tests/policy/support.h"

namespace ginnel::policy {
namespace {

using test::parse;

constexpr auto permit_all = "permit(principal, action, resource);";
constexpr auto template_of_two = "permit(principal == ?principal, action, resource in ?resource);";

TEST(PolicySet, merging_keeps_order_and_ids) {
  auto set = parse(permit_all);
  ASSERT_TRUE(set.merge(parse(permit_all, {false, "local"})));
  ASSERT_EQ(set.policies().size(), 2u);
  EXPECT_EQ(set.policies()[1].id, "local0");
  EXPECT_EQ(set.find("local0"), &set.policies()[1]);
}

TEST(PolicySet, a_merge_that_repeats_an_id_changes_nothing) {
  auto set = parse(permit_all);
  const auto other = parse(std::string("@id(\"x\")") + permit_all + permit_all + permit_all, {true, "policy"});
  ASSERT_TRUE(set.merge(other));
  const auto merged = set.merge(other);
  ASSERT_FALSE(merged);
  EXPECT_EQ(merged.error(), "the policy id `x` is used twice");
  EXPECT_EQ(set.policies().size(), 4u);
}

TEST(PolicySet, a_link_fills_exactly_the_slots_there_are) {
  auto set = parse(template_of_two);
  const EntityUid user{"User", "a"}, file{"File", "f"};
  EXPECT_FALSE(set.link("policy0", "l", {user, std::nullopt}));
  EXPECT_FALSE(set.link("policy0", "l", {std::nullopt, file}));
  EXPECT_FALSE(set.link("other", "l", {user, file}));
  EXPECT_TRUE(set.link("policy0", "l", {user, file}));
  EXPECT_FALSE(set.link("policy0", "l", {user, file})) << "the id is taken";
  EXPECT_FALSE(set.link("policy0", "policy0", {user, file})) << "also by a template";
  ASSERT_EQ(set.policies().size(), 1u);
  EXPECT_EQ(set.policies()[0].template_id, "policy0");
  EXPECT_EQ(set.policies()[0].principal.entities, std::vector<EntityUid>{user});
}

TEST(PolicySet, a_template_without_a_slot_takes_none) {
  auto set = parse("permit(principal == ?principal, action, resource);");
  EXPECT_FALSE(set.link("policy0", "l", {EntityUid{"User", "a"}, EntityUid{"File", "f"}}));
  EXPECT_TRUE(set.link("policy0", "l", {EntityUid{"User", "a"}, std::nullopt}));
}

TEST(PolicySet, a_policy_remembers_its_text_and_place) {
  const auto set =
      parse("\n  @a(\"b\")\n  permit(principal, action,\n    resource in File::\"f\") when { context.x };");
  const auto& policy = set.policies().front();
  EXPECT_EQ(policy.at, (Position{3, 3}));
  EXPECT_EQ(policy.text(policy.resource.span), "resource in File::\"f\"");
  EXPECT_EQ(policy.position(policy.resource.span), (Position{4, 5}));
  EXPECT_EQ(policy.text(policy.clauses->front().span), "when { context.x }");
  EXPECT_TRUE(policy.text(policy.span).starts_with("@a"));
  EXPECT_TRUE(policy.text(policy.span).ends_with(";"));
  EXPECT_EQ(policy.source->file, "test.cedar");
}

}  // namespace
}  // namespace ginnel::policy
