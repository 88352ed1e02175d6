// SPDX-License-Identifier: Apache-2.0
#include "policy/value.h"

#include <gtest/gtest.h>

namespace ginnel::policy {
namespace {

TEST(Value, a_value_of_one_type_is_none_of_another) {
  const Value number(1), truth(true), text("1"), entity(EntityUid{"T", "1"});
  EXPECT_NE(number, truth);
  EXPECT_NE(number, text);
  EXPECT_NE(text, entity);
  EXPECT_EQ(number.as_bool(), nullptr);
  EXPECT_EQ(*number.as_integer(), 1);
  EXPECT_EQ(entity.as_entity()->id, "1");
}

TEST(Value, entities_are_equal_by_type_and_id) {
  EXPECT_EQ(Value(EntityUid{"A::B", "x"}), Value(EntityUid{"A::B", "x"}));
  EXPECT_NE(Value(EntityUid{"A::B", "x"}), Value(EntityUid{"B", "x"}));
  EXPECT_NE(Value(EntityUid{"A", "x"}), Value(EntityUid{"A", "y"}));
}

TEST(Value, sets_know_neither_order_nor_repetition) {
  EXPECT_EQ(Set({1, 2, 2}), Set({2, 1}));
  EXPECT_EQ(Set({1, 2, 2}).size(), 2u);
  EXPECT_NE(Set({1}), Set({1, 2}));
  EXPECT_EQ(Set(std::vector<Value>{}), Set());
  EXPECT_TRUE(Set({1, "a", true}).contains("a"));
  EXPECT_FALSE(Set({1, "a", true}).contains(false));
  EXPECT_EQ(Value(Set({Value(Set({1, 2})), Value(Set({2, 1}))})), Value(Set({Value(Set({2, 1}))})));
}

TEST(Value, records_are_found_by_name_and_equal_whatever_their_order) {
  const Record record{{"b", 2}, {"a", 1}};
  EXPECT_EQ(*record.find("a"), Value(1));
  EXPECT_EQ(record.find("c"), nullptr);
  EXPECT_EQ(record, (Record{{"a", 1}, {"b", 2}}));
  EXPECT_NE(record, (Record{{"a", 1}}));
  EXPECT_NE(record, (Record{{"a", 1}, {"b", 3}}));
}

TEST(Value, of_two_fields_with_one_name_the_first_stays) {
  const Record record{{"a", 1}, {"a", 2}};
  EXPECT_EQ(record.size(), 1u);
  EXPECT_EQ(*record.find("a"), Value(1));
}

TEST(Value, the_text_of_a_value_is_how_a_policy_writes_it) {
  EXPECT_EQ(Value(-5).text(), "-5");
  EXPECT_EQ(Value("a\"b").text(), R"("a\"b")");
  EXPECT_EQ(Value(EntityUid{"Share::User", "x\n"}).text(), R"(Share::User::"x\n")");
  EXPECT_EQ(Value(Set({2, 1})).text(), "[1, 2]");
  EXPECT_EQ(Value(Record{{"b", true}, {"a", Set()}}).text(), R"({"a": [], "b": true})");
  EXPECT_EQ(Value(*Decimal::parse("-0.50")).text(), R"(decimal("-0.5"))");
  EXPECT_EQ(Value(*IpAddress::parse("10.0.0.0/8")).text(), R"(ip("10.0.0.0/8"))");
}

TEST(Value, uids_that_differ_hash_apart_even_when_joined_alike) {
  const std::hash<EntityUid> hash;
  EXPECT_NE(hash({"ab", "c"}), hash({"a", "bc"}));
  EXPECT_NE(hash({"a", "b"}), hash({"b", "a"}));
}

}  // namespace
}  // namespace ginnel::policy
