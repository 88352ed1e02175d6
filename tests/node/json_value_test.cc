// SPDX-License-Identifier: Apache-2.0
#include "node/web/json_value.h"

#include <gtest/gtest.h>

#include "node/web/limits.h"

namespace ginnel {
namespace {

using Kind = JsonValue::Kind;

TEST(JsonValue, reads_every_kind) {
  auto value = read_json(R"({"n":null,"b":true,"i":-7,"r":1.5,"t":"\u00e9","l":[1,"2",[]],"o":{"x":{}}})");
  ASSERT_TRUE(value) << value.error().text();
  EXPECT_EQ(value->find("n"), nullptr);
  EXPECT_TRUE(value->find("b")->boolean);
  EXPECT_EQ(value->find("i")->integer, -7);
  EXPECT_EQ(value->find("r")->real, 1.5);
  EXPECT_EQ(value->find("t")->text, "\xC3\xA9");
  ASSERT_EQ(value->find("l")->list.size(), 3u);
  EXPECT_EQ(value->find("l")->list[1].text, "2");
  EXPECT_EQ(value->find("l")->list[2].kind, Kind::list);
  EXPECT_EQ(value->find("o")->find("x")->kind, Kind::object);
  EXPECT_EQ(value->find("missing"), nullptr);
}

TEST(JsonValue, a_root_may_be_any_value) {
  EXPECT_EQ(read_json("7")->integer, 7);
  EXPECT_EQ(read_json("[]")->kind, Kind::list);
  EXPECT_EQ(read_json("null")->kind, Kind::null);
}

TEST(JsonValue, siblings_after_nested_values_land_where_they_belong) {
  auto value = read_json(R"([[1],{"a":[2]},3,{"b":{"c":4},"d":5}])");
  ASSERT_TRUE(value);
  ASSERT_EQ(value->list.size(), 4u);
  EXPECT_EQ(value->list[2].integer, 3);
  EXPECT_EQ(value->list[3].find("b")->find("c")->integer, 4);
  EXPECT_EQ(value->list[3].find("d")->integer, 5);
}

TEST(JsonValue, what_two_readers_could_read_differently_is_refused) {
  for (const char* text : {R"({"a":1,"a":2})", R"({"x":{"a":1,"a":1}})", "{\"a\":\"\xff\"}", "{\"a\":\"\xED\xA0\x80\"}",
                           R"({"a":"\ud800"})", "{} x", "[1,]", "{'a':1}", "NaN", "01", "", "18446744073709551615"})
    EXPECT_EQ(read_json(text).error().code, "bad-json") << text;
}

TEST(JsonValue, depth_and_number_of_values_are_bounded) {
  auto nested = [](std::size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); };
  EXPECT_TRUE(read_json(nested(limits::json_depth_max)));
  EXPECT_FALSE(read_json(nested(limits::json_depth_max + 1)));
  EXPECT_FALSE(read_json(nested(100'000)));
  std::string many = "[0";
  for (std::size_t i = 0; i < limits::json_values_max; ++i) many += ",0";
  EXPECT_FALSE(read_json(many + "]"));
}

TEST(JsonValue, an_error_holds_nothing_of_the_text) {
  auto read = read_json(R"({"name":"Tester",)");
  EXPECT_EQ(read.error().text().find("Tester"), std::string::npos);
}

}  // namespace
}  // namespace ginnel
