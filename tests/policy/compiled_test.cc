// SPDX-License-Identifier: Apache-2.0
#include "policy/compiled.h"

#include <gtest/gtest.h>

#include "tests/policy/allocations.h"
#include "tests/policy/support.h"

namespace ginnel::policy {
namespace {

using test::parse;
using test::small_request;
using test::small_world;
using Indexes = std::vector<std::size_t>;

std::string said(const Response& response) {
  std::string out = response.allowed() ? "allow" : "deny";
  for (const auto reason : response.reasons) out += " " + std::to_string(reason);
  for (const auto& error : response.errors)
    out += " error " + std::to_string(error.policy) + "@" + std::to_string(error.where.begin) + ": " + error.message;
  return out;
}

// Both ways, the second twice: a request is not answered with what was worked out for the one before.
void decides_alike(const std::string& text, const std::vector<Request>& requests, const EntitySource& world,
                   const Entities& resident) {
  const auto set = parse(text);
  const CompiledPolicies ready(set, resident);
  Decider decider(ready);
  for (int round = 0; round < 2; ++round)
    for (const auto& request : requests)
      EXPECT_EQ(said(decider.decide(request, world)), said(authorize(set, request, world))) << text;
}

Request asked(const std::string& user, const std::string& action, int hour) {
  return {{"User", user}, {"Action", action}, {"File", "f1"}, Record{{"hour", hour}, {"urgent", hour < 6}}};
}

const std::vector<Request> different{asked("ann", "view", 23), asked("bob", "view", 3), asked("ann", "read", 3),
                                     asked("eve", "view", 23), asked("bob", "unknown", 3)};

TEST(CompiledPolicies, what_several_policies_ask_is_answered_anew_for_each_request) {
  const auto world = small_world();
  decides_alike(
      "permit(principal, action, resource) when { context.hour > 20 && principal has age };"
      "permit(principal, action, resource) when { context.hour > 20 || context.urgent };"
      "forbid(principal, action, resource) when { context.urgent } unless { context.hour > 20 };",
      different, world, world);
}

TEST(CompiledPolicies, an_error_stands_where_each_policy_has_it) {
  const auto world = small_world();
  const std::string text =
      "permit(principal, action, resource) when { principal.missing };"
      "permit(principal, action, resource) when { true && principal.missing };"
      "forbid(principal, action, resource) when { principal.age + 9223372036854775807 > 1 };"
      "forbid(principal, action, resource) unless { principal.age + 9223372036854775807 > 1 };";
  decides_alike(text, different, world, world);
  const auto set = parse(text);
  const CompiledPolicies ready(set, world);
  Decider decider(ready);
  const auto& errors = decider.decide(small_request(), world).errors;
  ASSERT_EQ(errors.size(), 4u);
  EXPECT_NE(errors[0].where.begin, errors[1].where.begin);
}

TEST(CompiledPolicies, computed_values_last_as_long_as_the_request) {
  const auto world = small_world();
  decides_alike(
      "permit(principal, action, resource) when { [principal, context.hour + 1].contains(24) };"
      "permit(principal, action, resource) when { context.hour + 1 == 24 && {a: context.hour + 1}.a == 24 };"
      "permit(principal, action, resource) when { {a: context.hour + 1}.a < 24 };",
      different, world, world);
}

TEST(CompiledPolicies, scopes_hold_for_resident_actions_their_groups_and_strangers) {
  const auto world = small_world();
  decides_alike(
      "permit(principal, action == Action::\"view\", resource);"
      "permit(principal, action in Action::\"read\", resource);"
      "permit(principal, action in [Action::\"unknown\", Action::\"read\"], resource);"
      "forbid(principal, action == Action::\"never\", resource);"
      "permit(principal, action, resource);",
      different, world, world);
}

TEST(CompiledPolicies, an_action_that_a_layer_changes_is_asked_of_the_layer) {
  const auto resident = small_world();
  // Here viewing is no reading, and what nobody knew is.
  const auto layer = EntityLayer::make(
      resident, {{{"Action", "view"}, {}, {}, {}}, {{"Action", "unknown"}, {}, {{"Action", "read"}}, {}}});
  ASSERT_TRUE(layer);
  const std::string text =
      "permit(principal, action in Action::\"read\", resource);"
      "permit(principal, action == Action::\"unknown\", resource);";
  decides_alike(text, different, *layer, resident);
  const auto set = parse(text);
  const CompiledPolicies ready(set, resident);
  EXPECT_EQ(Decider(ready).decide(asked("ann", "view", 1), *layer).reasons, Indexes{});
  EXPECT_EQ(Decider(ready).decide(asked("ann", "view", 1), resident).reasons, Indexes{0});
}

TEST(CompiledPolicies, more_ancestors_than_are_listed_are_found) {
  std::vector<Entity> entities{{{"User", "ann"}, {}, {}, {}}};
  for (int i = 0; i < 40; ++i) entities[0].parents.push_back({"Team", std::to_string(i)});
  const auto world = test::world(std::move(entities));
  for (int i : {0, 39, 40}) {
    const std::string team = "Team::\"" + std::to_string(i) + "\"";
    decides_alike("permit(principal in " + team +
                      ", action, resource);"
                      "permit(principal, action, resource) when { principal in " +
                      team + " };",
                  different, world, world);
  }
}

TEST(CompiledPolicies, an_entity_of_a_layer_has_the_ancestors_of_its_parents) {
  const auto resident = small_world();
  const auto layer = EntityLayer::make(
      resident, {{{"User", "new"}, {}, {{"Shift", "night"}}, {}}, {{"Shift", "night"}, {}, {{"Team", "east"}}, {}}});
  ASSERT_TRUE(layer);
  std::vector<Request> requests = different;
  requests.push_back(asked("new", "view", 23));
  decides_alike(
      "permit(principal in Agency::\"leeds\", action, resource);"
      "permit(principal in Shift::\"night\", action, resource);"
      "permit(principal, action, resource) when { principal in [Team::\"west\", Team::\"east\"] };",
      requests, *layer, resident);
}

TEST(CompiledPolicies, a_template_decides_nothing_and_an_empty_set_denies) {
  const auto world = small_world();
  decides_alike("permit(principal == ?principal, action, resource);", different, world, world);
  const PolicySet none;
  const CompiledPolicies ready(none, world);
  EXPECT_EQ(said(Decider(ready).decide(small_request(), world)), "deny");
}

TEST(CompiledPolicies, deciding_allocates_nothing_once_it_is_warm) {
  const auto world = small_world();
  const auto set = parse(
      "permit(principal in Agency::\"leeds\", action in Action::\"read\", resource)"
      " when { principal.roles.contains(\"lead\") && principal.home.at.floor < 3 };"
      "permit(principal, action, resource) when { principal.manager == User::\"bob\" || context.urgent };"
      "forbid(principal, action, resource) when { context.urgent } unless { principal.name like \"A*\" };");
  const CompiledPolicies ready(set, world);
  Decider decider(ready);
  const auto request = small_request();
  decider.decide(request, world);
  const std::size_t before = test::allocations();
  for (int i = 0; i < 10; ++i) decider.decide(request, world);
  EXPECT_EQ(test::allocations(), before);
  EXPECT_EQ(said(decider.decide(request, world)), "allow 0 1");
}

}  // namespace
}  // namespace ginnel::policy
