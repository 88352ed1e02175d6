// SPDX-License-Identifier: Apache-2.0
#include "policy/json.h"

#include <gtest/gtest.h>

#include "policy/limits.h"
#include "tests/policy/support.h"

namespace ginnel::policy {
namespace {

// The attribute `x` of one entity given as JSON, as text; or the mistake.
std::string attribute(const std::string& json, const Schema* schema = nullptr) {
  const auto text = R"([{"uid": {"type": "User", "id": "a"}, "attrs": {"x": )" + json + R"(}, "parents": []}])";
  const auto entities = entities_from_json(text, "t", schema);
  if (!entities) return entities.error().front().text();
  const auto* value = entities->front().attrs.find("x");
  return value ? value->text() : "no x";
}

bool refused(const std::string& entities) { return !entities_from_json(entities, "t"); }

Schema typed(const std::string& type) {
  return *parse_schema("entity Group; entity User in [Group] { x: " + type +
                           " }; action v appliesTo { principal: User, resource: User, context: { ip?: ipaddr } };",
                       "t");
}

TEST(Json, plain_values_are_what_they_look_like) {
  EXPECT_EQ(attribute("true"), "true");
  EXPECT_EQ(attribute("-9223372036854775808"), "-9223372036854775808");
  EXPECT_EQ(attribute(R"("a\u00e9")"), "\"aé\"");
  EXPECT_EQ(attribute("[2, 1, 2]"), "[1, 2]");
  EXPECT_EQ(attribute(R"({"a": {"b": []}})"), R"({"a": {"b": []}})");
}

TEST(Json, entities_and_extension_values_have_explicit_forms) {
  EXPECT_EQ(attribute(R"({"__entity": {"type": "A::B", "id": "c"}})"), R"(A::B::"c")");
  EXPECT_EQ(attribute(R"({"__extn": {"fn": "ip", "arg": "10.0.0.1"}})"), R"(ip("10.0.0.1"))");
  EXPECT_EQ(attribute(R"({"__extn": {"fn": "decimal", "args": ["1.5"]}})"), R"(decimal("1.5"))");
  EXPECT_EQ(attribute(R"({"__extn": {"fn": "offset", "args": [{"__extn": {"fn": "datetime", "arg": "1970-01-01"}},
                                                             {"__extn": {"fn": "duration", "arg": "1s"}}]}})"),
            Value(Datetime{1000}).text());
  EXPECT_EQ(attribute(R"({"__entity": {"type": "A", "id": "c"}, "y": 1})"),
            R"({"__entity": {"id": "c", "type": "A"}, "y": 1})")
      << "only alone is the key an escape";
}

TEST(Json, without_a_schema_strings_and_pairs_stay_what_they_are) {
  EXPECT_EQ(attribute(R"("10.0.0.1")"), R"("10.0.0.1")");
  EXPECT_EQ(attribute(R"({"type": "User", "id": "b"})"), R"({"id": "b", "type": "User"})");
}

TEST(Json, a_schema_makes_the_short_forms_mean_their_type) {
  const auto ip = typed("ipaddr"), user = typed("User"), set = typed("Set<decimal>"), record = typed("{y?: duration}");
  EXPECT_EQ(attribute(R"("10.0.0.1")", &ip), R"(ip("10.0.0.1"))");
  EXPECT_EQ(attribute(R"({"fn": "ip", "arg": "10.0.0.1"})", &ip), R"(ip("10.0.0.1"))");
  EXPECT_EQ(attribute(R"({"type": "User", "id": "b"})", &user), R"(User::"b")");
  EXPECT_EQ(attribute(R"(["1.5", {"__extn": {"fn": "decimal", "arg": "0.5"}}])", &set),
            R"([decimal("0.5"), decimal("1.5")])");
  EXPECT_EQ(attribute(R"({"y": "1d"})", &record), R"({"y": duration("86400000ms")})");
}

TEST(Json, data_that_departs_from_the_schema_is_refused_with_its_place) {
  const auto ip = typed("ipaddr"), number = typed("Long"), user = typed("User"), record = typed("{y: Long}");
  EXPECT_EQ(attribute(R"("10.0.0")", &ip), "t:1:1: [0].attrs.x: this is not an ip address");
  EXPECT_EQ(attribute(R"("7")", &number), "t:1:1: [0]: User.x: expected Long, found string");
  EXPECT_EQ(attribute(R"({"type": "Group", "id": "g"})", &user), "t:1:1: [0]: User.x: expected User, found Group");
  EXPECT_EQ(attribute("{}", &record), "t:1:1: [0].attrs.x: the attribute `y` is missing");
  EXPECT_EQ(attribute(R"({"y": 1, "z": 2})", &record), "t:1:1: [0].attrs.x: the schema has no attribute `z` here");
}

TEST(Json, what_has_no_value_in_the_language_is_refused) {
  for (const auto* json :
       {"null", "1.5", "1.0", "1e2", "9223372036854775808", R"({"a": 1, "a": 2})", R"({"__entity": 1})",
        R"({"__entity": {"type": "A B", "id": ""}})", R"({"__entity": {"type": "if", "id": ""}})",
        R"({"__entity": {"type": "", "id": ""}})", R"({"__entity": {"type": "A::", "id": ""}})",
        R"({"__extn": {"fn": "foo", "arg": ""}})", R"({"__extn": {"fn": "ip", "arg": "x"}})",
        R"({"__extn": {"fn": "ip", "arg": 1}})", R"({"__extn": {"fn": "ip", "args": ["::1", "::1"]}})",
        R"({"__expr": "1 + 1"})", "[1, null]", "\"\xff\"", "tru"}) {
    EXPECT_TRUE(attribute(json).starts_with("t:1:")) << json << " gave " << attribute(json);
  }
}

TEST(Json, an_entity_has_uid_attrs_and_parents_and_may_have_tags) {
  const auto entities = entities_from_json(
      R"([{"uid": {"__entity": {"type": "User", "id": "a"}}, "attrs": {}, "parents": [{"type": "G", "id": "g"}],
           "tags": {"t": {"__extn": {"fn": "ip", "arg": "::1"}}}}])",
      "t");
  ASSERT_TRUE(entities);
  EXPECT_EQ(entities->front().uid, (EntityUid{"User", "a"}));
  EXPECT_EQ(entities->front().parents, (std::vector<EntityUid>{{"G", "g"}}));
  EXPECT_NE(entities->front().tags.find("t")->as_ip(), nullptr);
  EXPECT_TRUE(refused(R"([{"uid": {"type": "User", "id": "a"}, "attrs": {}}])"));
  EXPECT_TRUE(refused(R"([{"uid": {"type": "User", "id": "a"}, "parents": []}])"));
  EXPECT_TRUE(refused(R"([{"uid": "User::\"a\"", "attrs": {}, "parents": []}])"));
  EXPECT_TRUE(refused("{}"));
  EXPECT_TRUE(refused("[1]"));
}

TEST(Json, every_entity_with_a_mistake_is_listed) {
  const auto entities =
      entities_from_json(R"([{}, {"uid": {"type": "User", "id": "a"}, "attrs": {}, "parents": []}, 1])", "t");
  ASSERT_FALSE(entities);
  ASSERT_EQ(entities.error().size(), 2u);
  EXPECT_TRUE(entities.error()[1].message.starts_with("[2]"));
}

TEST(Json, broken_json_is_told_with_line_and_column) {
  const auto entities = entities_from_json("[\n  {,}\n]", "t");
  ASSERT_FALSE(entities);
  EXPECT_EQ(entities.error().front().text(), "t:2:4: this is not JSON");
}

TEST(Json, the_schemas_actions_are_added_and_those_given_must_agree) {
  const auto schema = *parse_schema("action a; action b in [a];", "t");
  const auto entities = entities_from_json("[]", "t", &schema);
  ASSERT_TRUE(entities);
  EXPECT_EQ(entities->size(), 2u);
  const std::string good =
      R"([{"uid": {"type": "Action", "id": "b"}, "attrs": {}, "parents": [{"type": "Action", "id": "a"}]}])";
  const std::string bad = R"([{"uid": {"type": "Action", "id": "b"}, "attrs": {}, "parents": []}])";
  EXPECT_EQ(entities_from_json(good, "t", &schema)->size(), 2u);
  EXPECT_FALSE(entities_from_json(bad, "t", &schema));
}

TEST(Json, a_context_is_guided_by_its_action) {
  const auto schema = typed("Long");
  const EntityUid known{"Action", "v"}, unknown{"Action", "w"};
  const std::string text = R"({"ip": "::1"})";
  EXPECT_NE(context_from_json(text, "t", &schema, &known)->find("ip")->as_ip(), nullptr);
  EXPECT_NE(context_from_json(text, "t", &schema, &unknown)->find("ip")->as_string(), nullptr);
  EXPECT_NE(context_from_json(text, "t")->find("ip")->as_string(), nullptr);
  EXPECT_FALSE(context_from_json(R"({"other": 1})", "t", &schema, &known));
  EXPECT_FALSE(context_from_json("[]", "t"));
}

TEST(Json, deep_nesting_is_refused_and_no_crash) {
  EXPECT_FALSE(context_from_json(std::string(100'000, '['), "t"));
  const auto text = "{\"x\": " + std::string(limits::nesting_max, '[') + std::string(limits::nesting_max, ']') + "}";
  const auto context = context_from_json(text, "t");
  ASSERT_FALSE(context);
  EXPECT_NE(context.error().front().message.find("nests deeper"), std::string::npos);
}

}  // namespace
}  // namespace ginnel::policy
