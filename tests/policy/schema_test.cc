// SPDX-License-Identifier: Apache-2.0
#include "policy/schema.h"

#include <gtest/gtest.h>

#include "tests/policy/support.h"

namespace ginnel::policy {
namespace {

Schema parsed(const std::string& text) {
  auto schema = parse_schema(text, "test.cedarschema");
  if (!schema) {
    ADD_FAILURE() << to_text(schema.error());
    return {};
  }
  return *std::move(schema);
}

std::string schema_mistakes(const std::string& text) {
  const auto schema = parse_schema(text, "t");
  if (!schema) return to_text(schema.error());
  return "none";
}

std::string problems(const Schema& schema, const Entity& entity) {
  std::string out;
  for (const auto& problem : schema.problems(entity)) out += problem + "\n";
  return out;
}

constexpr auto sharing = R"(
  @doc("what is shared")
  namespace Share {
    type Period = { from: datetime, until?: datetime };
    entity Agency;
    entity Worker in [Agency] = { role: String, "duty hours"?: Long, periods: Set<Period>, boss?: Worker } tags ipaddr;
    entity State enum ["given", "refused"];
    action read;
    action "view", copy in [read] appliesTo {
      principal: [Worker], resource: Agency, context: { hour: Long, state?: State },
    };
  }
)";

Entity worker() {
  return {{"Share::Worker", "w"},
          Record{{"role", "lead"}, {"periods", Set({Value(Record{{"from", *Datetime::parse("2024-01-01")}})})}},
          {{"Share::Agency", "a"}},
          {}};
}

TEST(Schema, names_are_resolved_in_their_namespace_and_shared_by_all_names_of_a_declaration) {
  const auto schema = parsed(sharing);
  const auto* type = schema.find_entity_type("Share::Worker");
  ASSERT_NE(type, nullptr);
  EXPECT_EQ(type->parents, std::vector<std::string>{"Share::Agency"});
  EXPECT_EQ(type->shape.find("boss")->type.entity_type, "Share::Worker");
  EXPECT_EQ(type->shape.find("periods")->type.element->find("from")->type.kind, Value::Type::datetime);
  EXPECT_FALSE(type->shape.find("duty hours")->required);
  EXPECT_EQ(type->tags->kind, Value::Type::ip);
  for (const auto* action : {"view", "copy"}) {
    const auto* found = schema.find_action({"Share::Action", action});
    ASSERT_NE(found, nullptr) << action;
    EXPECT_EQ(found->parents, (std::vector<EntityUid>{{"Share::Action", "read"}}));
    EXPECT_EQ(found->context.find("state")->type.entity_type, "Share::State");
  }
}

TEST(Schema, declared_types_stand_before_entity_types_and_the_languages_own) {
  const auto schema =
      parsed("type decimal = Long; entity ipaddr; entity A { a: decimal, b: __cedar::decimal, c: ipaddr };");
  const auto& shape = schema.find_entity_type("A")->shape;
  EXPECT_EQ(shape.find("a")->type.kind, Value::Type::integer);
  EXPECT_EQ(shape.find("b")->type.kind, Value::Type::decimal);
  EXPECT_EQ(shape.find("c")->type.kind, Value::Type::entity);
}

TEST(Schema, an_attribute_may_hold_an_action_of_the_nearest_namespace_that_has_any) {
  const auto schema =
      parsed("action a; namespace N { entity A { x: Action }; } namespace M { entity A { x: Action }; action b; }");
  EXPECT_EQ(schema.find_entity_type("N::A")->shape.find("x")->type.entity_type, "Action");
  EXPECT_EQ(schema.find_entity_type("M::A")->shape.find("x")->type.entity_type, "M::Action");
  EXPECT_EQ(problems(schema, {{"M::A", "x"}, Record{{"x", EntityUid{"M::Action", "b"}}}, {}, {}}), "");
  EXPECT_NE(problems(schema, {{"M::A", "x"}, Record{{"x", EntityUid{"M::Action", "c"}}}, {}, {}}), "");
}

TEST(Schema, an_actions_entity_has_all_its_groups) {
  const auto schema = parsed("action a; action b in a; action c in [\"b\"];");
  const auto entities = schema.action_entities();
  ASSERT_EQ(entities.size(), 3u);
  EXPECT_EQ(entities[2].parents, (std::vector<EntityUid>{{"Action", "a"}, {"Action", "b"}}));
}

TEST(Schema, every_mistake_is_listed_with_its_place) {
  EXPECT_EQ(
      schema_mistakes("entity A in [Nope] { x: Lnog };\naction a in [b] appliesTo { principal: A, resource: Set };"),
      "t:1:14: there is no entity type `Nope`\n"
      "t:1:25: there is no type `Lnog`\n"
      "t:2:14: there is no action Action::\"b\"\n"
      "t:2:53: there is no entity type `Set`\n");
}

TEST(Schema, what_the_official_implementation_refuses_is_refused) {
  for (const auto* text : {"entity A; entity A;",
                           "action a; action a;",
                           "type T = T;",
                           "type T = {x: Set<T>};",
                           "type Long = String;",
                           "entity if;",
                           "entity A { if: Long };",
                           "entity Action;",
                           "entity A = Long;",
                           "entity A enum [];",
                           "entity A { x: Long, };;",
                           "action a in a;",
                           "action a in [b]; action b in [a];",
                           "action a in [];",
                           "entity A; action a appliesTo { principal: [], resource: A };",
                           "entity A; action a appliesTo { principal: A };",
                           "entity A; namespace N { entity A; }",
                           "namespace N {} namespace N {}",
                           "namespace A { namespace B {} }",
                           "namespace A { entity B;",
                           "@a @a entity A;",
                           "entity A in [A,];",
                           "entity A { x: Set };",
                           "entity A",
                           "entity __cedar;",
                           "namespace __cedar::A {}",
                           "entity all; namespace N {@a}",
                           "entity all; @a",
                           "entity A { x: Long, @a };",
                           "action if;",
                           "action \"if\"; action a in if;",
                           "entity A { x: Boolean };",
                           "entity A { x: __cedar::Boolean };",
                           "entity A { x: Action };",
                           "action a; entity A in Action;",
                           "type T = {a: Long, a: Long};"}) {
    EXPECT_NE(schema_mistakes(text), "none") << text;
  }
  for (const auto* text :
       {"", "entity A in A;", "entity principal, action;", "entity A { \"if\": Long, __cedar: Long };",
        "action \"if\", __cedar;",
        "action a; entity A { x: Action }; namespace N { entity A2 { x: Set<Action> }; action b; }",
        "entity A; namespace N { action a appliesTo { principal: A, resource: [A, A] }; }", "type T = {}; entity T;",
        "action a; namespace N { action b in [a]; action c in Action::\"a\"; }"}) {
    EXPECT_EQ(schema_mistakes(text), "none") << text;
  }
}

TEST(Schema, deep_types_are_a_mistake_and_no_crash) {
  std::string nested = "entity A { x: ", chain = "type T0 = Long;";
  for (int i = 0; i < 100'000; ++i) nested += "Set<";
  for (int i = 1; i < 5'000; ++i) chain = "type T" + std::to_string(i) + " = T" + std::to_string(i - 1) + ";" + chain;
  EXPECT_NE(schema_mistakes(nested).find("nests deeper"), std::string::npos);
  EXPECT_NE(schema_mistakes(chain), "none");
}

TEST(Schema, an_entity_that_fits_has_no_problems) { EXPECT_EQ(problems(parsed(sharing), worker()), ""); }

TEST(Schema, an_entity_that_departs_is_told_where_without_its_values) {
  const auto schema = parsed(sharing);
  auto entity = worker();
  entity.attrs = Record{{"role", 7}, {"extra", 1}};
  entity.parents = {{"Share::Worker", "boss"}};
  entity.tags = Record{{"t", "secret"}};
  EXPECT_EQ(problems(schema, entity),
            "Share::Worker: there is no attribute `extra`\n"
            "Share::Worker.role: expected String, found long\n"
            "Share::Worker: the attribute `periods` is missing\n"
            "Share::Worker tag: expected ipaddr, found string\n"
            "Share::Worker: it cannot be in a `Share::Worker`\n");
  EXPECT_EQ(problems(schema, {{"Share::Nobody", "x"}, {}, {}, {}}),
            "Share::Nobody: there is no entity type `Share::Nobody`\n");
  EXPECT_EQ(problems(schema, {{"Share::State", "unsure"}, {}, {}, {}}),
            "Share::State: the enumeration `Share::State` has no such entity\n");
}

TEST(Schema, a_request_is_checked_against_its_action) {
  const auto schema = parsed(sharing);
  const Request good{{"Share::Worker", "w"}, {"Share::Action", "view"}, {"Share::Agency", "a"}, Record{{"hour", 9}}};
  EXPECT_TRUE(schema.problems(good).empty());
  auto bad = good;
  bad.principal = {"Share::Agency", "a"};
  EXPECT_EQ(schema.problems(bad).size(), 1u);
  bad = good;
  bad.context = Record{{"state", EntityUid{"Share::State", "unsure"}}};
  EXPECT_EQ(schema.problems(bad).size(), 2u) << "hour is missing and the state is none";
  bad = good;
  bad.action = {"Share::Action", "delete"};
  EXPECT_EQ(schema.problems(bad).size(), 1u);
  bad = good;
  bad.action = {"Share::Action", "read"};
  EXPECT_FALSE(schema.problems(bad).empty()) << "a group applies to nothing";
}

}  // namespace
}  // namespace ginnel::policy
