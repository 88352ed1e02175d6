// SPDX-License-Identifier: Apache-2.0
#include "policy/entity.h"

#include <gtest/gtest.h>

#include "policy/limits.h"
#include "tests/policy/support.h"

namespace ginnel::policy {
namespace {

using test::world;

EntityUid uid(const std::string& id) { return {"T", id}; }

Entity node(const std::string& id, std::vector<std::string> parents = {}) {
  Entity entity{uid(id), {}, {}, {}};
  for (const auto& parent : parents) entity.parents.push_back(uid(parent));
  return entity;
}

TEST(Entities, ancestors_are_found_over_every_way) {
  const auto store = world({node("a", {"b", "c"}), node("b", {"d"}), node("c", {"d"}), node("d", {"e"}), node("x")});
  for (const auto* ancestor : {"b", "c", "d", "e"})
    EXPECT_TRUE(store.is_descendant(uid("a"), uid(ancestor))) << ancestor;
  EXPECT_FALSE(store.is_descendant(uid("a"), uid("x")));
  EXPECT_FALSE(store.is_descendant(uid("d"), uid("a")));
  EXPECT_FALSE(store.is_descendant(uid("a"), uid("a")));
  EXPECT_FALSE(store.is_descendant(uid("unknown"), uid("e")));
}

TEST(Entities, a_parent_that_is_only_named_is_an_ancestor_but_no_entity) {
  const auto store = world({node("a", {"b"})});
  EXPECT_TRUE(store.is_descendant(uid("a"), uid("b")));
  EXPECT_EQ(store.find(uid("b")), nullptr);
  EXPECT_FALSE(store.is_descendant(uid("b"), uid("a")));
}

TEST(Entities, a_circle_of_parents_is_refused) {
  EXPECT_FALSE(Entities::make({node("a", {"b"}), node("b", {"c"}), node("c", {"a"})}));
  EXPECT_FALSE(Entities::make({node("a", {"a"})}));
}

TEST(Entities, one_uid_may_be_given_twice_only_with_the_same_contents) {
  EXPECT_TRUE(Entities::make({node("a", {"b"}), node("a", {"b"})}));
  EXPECT_FALSE(Entities::make({node("a", {"b"}), node("a", {"c"})}));
}

TEST(Entities, a_very_long_chain_costs_no_stack) {
  std::vector<Entity> chain;
  for (int i = 0; i < 3'000; ++i) chain.push_back(node(std::to_string(i), {std::to_string(i + 1)}));
  EXPECT_TRUE(world(std::move(chain)).is_descendant(uid("0"), uid("3000")));
}

TEST(EntityLayer, its_entities_hide_the_base_and_reach_down_into_it) {
  const auto base = world({node("team", {"agency"}), node("agency", {"county"}), node("record", {"old"})});
  const auto layer = EntityLayer::make(base, {node("record", {"child"}), node("child", {"team"})});
  ASSERT_TRUE(layer);
  EXPECT_TRUE(layer->is_descendant(uid("record"), uid("county")));
  EXPECT_TRUE(layer->is_descendant(uid("record"), uid("team")));
  EXPECT_FALSE(layer->is_descendant(uid("record"), uid("old")));
  EXPECT_TRUE(layer->is_descendant(uid("team"), uid("county")));
  EXPECT_EQ(layer->find(uid("record"))->parents.front(), uid("child"));
  EXPECT_NE(layer->find(uid("agency")), nullptr);
  EXPECT_EQ(layer->find(uid("nobody")), nullptr);
}

TEST(EntityLayer, layers_lie_on_layers) {
  const auto base = world({node("agency")});
  const auto asker = EntityLayer::make(base, {node("asker", {"agency"})});
  ASSERT_TRUE(asker);
  const auto record = EntityLayer::make(*asker, {node("record", {"asker"})});
  ASSERT_TRUE(record);
  EXPECT_TRUE(record->is_descendant(uid("record"), uid("agency")));
  EXPECT_EQ(asker->find(uid("record")), nullptr);
}

TEST(EntityLayer, many_ways_to_one_ancestor_are_gone_once) {
  const Entities base;
  std::vector<Entity> all;  // each is in every later one: 2^62 ways from the first to the last
  for (std::size_t i = 0; i < limits::layer_entities_max; ++i) {
    all.push_back(node(std::to_string(i)));
    for (std::size_t k = i + 1; k < limits::layer_entities_max; ++k)
      all.back().parents.push_back(uid(std::to_string(k)));
  }
  const auto layer = EntityLayer::make(base, std::move(all));
  ASSERT_TRUE(layer);
  EXPECT_TRUE(layer->is_descendant(uid("0"), uid("63")));
  EXPECT_FALSE(layer->is_descendant(uid("0"), uid("elsewhere")));
}

TEST(EntityLayer, circles_contradictions_and_crowds_are_refused) {
  const Entities base;
  EXPECT_FALSE(EntityLayer::make(base, {node("a", {"b"}), node("b", {"a"})}));
  EXPECT_FALSE(EntityLayer::make(base, {node("a", {"a"})}));
  EXPECT_FALSE(EntityLayer::make(base, {node("a"), node("a", {"b"})}));
  std::vector<Entity> crowd;
  for (std::size_t i = 0; i <= limits::layer_entities_max; ++i) crowd.push_back(node(std::to_string(i)));
  EXPECT_FALSE(EntityLayer::make(base, std::move(crowd)));
}

}  // namespace
}  // namespace ginnel::policy
