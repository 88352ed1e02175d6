// SPDX-License-Identifier: Apache-2.0
// What a node's agency had of somebody at a past moment: which versions, and by which label each is decided now.
#include "tests/node/store_for_tests.h"

namespace ginnel {
namespace {

class StorePast : public testing::Test {
 protected:
  RecordId put(Record record, Instant at, const RecordId& replaces = {}) {
    record.replaces = replaces;
    auto turn = store.begin(at);
    auto id = turn->put_record(std::move(record), ActorId(), Tell::nobody);
    EXPECT_TRUE(id) << id.error().text();
    EXPECT_TRUE(turn->commit());
    return id.value_or(RecordId());
  }
  // Headlines, with "~" after those that hold no longer and "!" after those of which none does.
  std::string held(Instant moment) {
    auto snapshot = store.snapshot();
    auto past = snapshot->labels_at(child, moment);
    if (!past) return past.error().code;
    std::string out;
    for (const auto& one : *past) {
      auto record = snapshot->read(PermitForTests::make(one.label.id, Step::content));
      out += (out.empty() ? "" : ", ") + (record ? record->headline : record.error().code);
      if (one.superseded_at.is_set()) out += one.taken_back ? "!" : "~";
    }
    return out;
  }
  Label label_of(Instant moment) {
    auto past = store.snapshot()->labels_at(child, moment);
    EXPECT_TRUE(past && past->size() == 1);
    return past && !past->empty() ? past->front().label.label : Label();
  }

  StoreForTests store;
  PersonRef child = store.add(aisha());
  const Instant first = noon + hour_ms, second = noon + 2 * hour_ms, third = noon + 3 * hour_ms;
};

TEST_F(StorePast, has_what_had_come_and_not_what_came_later) {
  put(visit_to({child}, "one"), first);
  put(visit_to({child}, "two"), second);
  EXPECT_EQ(held(noon), "");
  EXPECT_EQ(held(first), "one");
  EXPECT_EQ(held(second + -1), "one");
  EXPECT_EQ(held(second), "one, two");
}

TEST_F(StorePast, has_the_version_that_held_then_and_says_since_when_another_does) {
  const RecordId record = put(visit_to({child}, "as it was"), first);
  put(visit_to({child}, "put right"), second, record);
  EXPECT_EQ(held(first), "as it was~");
  EXPECT_EQ(held(second), "put right");
  auto past = store.snapshot()->labels_at(child, first);
  ASSERT_EQ(past->size(), 1u);
  EXPECT_EQ(past->front().superseded_at, second);
}

TEST_F(StorePast, knows_what_was_taken_back_since_and_drops_what_was_taken_back_before) {
  const RecordId record = put(visit_to({child}, "wrong"), first);
  auto turn = store.begin(second);
  ASSERT_TRUE(turn->retract(record, "retraction", "it never was", ActorId()));
  ASSERT_TRUE(turn->commit());
  EXPECT_EQ(held(first), "wrong!");
  EXPECT_EQ(held(second), "");
}

// A version that was put right before it was taken back is taken back too.
TEST_F(StorePast, a_version_is_taken_back_with_the_newest) {
  const RecordId record = put(visit_to({child}, "one"), first);
  const RecordId right = put(visit_to({child}, "two"), second, record);
  auto turn = store.begin(third);
  ASSERT_TRUE(turn->retract(right, "retraction", "it never was", ActorId()));
  ASSERT_TRUE(turn->commit());
  EXPECT_EQ(held(first), "one!");
  EXPECT_EQ(held(second), "two!");
  EXPECT_EQ(held(third), "");
}

TEST_F(StorePast, a_first_version_was_known_when_its_source_recorded_it) {
  Record record = visit_to({child}, "imported much later");
  record.recorded_at_source = When::on({2026, 11, 9});
  put(record, first);
  EXPECT_EQ(held(london_instant({2026, 11, 9}, 23 * 60 + 58)), "");
  EXPECT_EQ(held(london_instant({2026, 11, 10}, 0) + -1), "imported much later");
  // A source that is ahead of the node's clock changes nothing.
  record.headline = "of a clock that is ahead";
  record.recorded_at_source = When::on({2027, 1, 1});
  put(record, second);
  EXPECT_EQ(held(second), "imported much later, of a clock that is ahead");
}

TEST_F(StorePast, a_later_version_was_known_when_the_node_had_it) {
  Record record = visit_to({child}, "one");
  record.recorded_at_source = When::on({2026, 11, 9});
  const RecordId before = put(record, first);
  record.headline = "two";
  put(record, second, before);
  EXPECT_EQ(held(first), "one~");
  EXPECT_EQ(held(second), "two");
}

// SECURITY: what protects a record protects what it said before.
TEST_F(StorePast, what_is_known_of_a_record_now_holds_for_its_earlier_versions) {
  Record record = visit_to({child}, "one");
  record.label.markings = {"third_party_identity"};
  const RecordId before = put(record, first);
  record.headline = "two";
  record.label.markings = {"live_investigation"};
  record.label.category = "social-care.s47";
  record.label.sensitivity = 3;
  put(record, second, before);
  const Label then = label_of(first);
  EXPECT_EQ(then.markings, (std::set<std::string>{"live_investigation", "third_party_identity"}));
  EXPECT_EQ(then.category, "social-care.s47");
  EXPECT_EQ(then.sensitivity, 3);
}

TEST_F(StorePast, a_record_that_became_less_sensitive_is_decided_by_what_it_was) {
  Record record = visit_to({child}, "one");
  record.label.sensitivity = 4;
  const RecordId before = put(record, first);
  record.label.sensitivity = 1;
  put(record, second, before);
  EXPECT_EQ(label_of(first).sensitivity, 4);
  EXPECT_EQ(label_of(second).sensitivity, 1);
}

TEST_F(StorePast, a_marking_that_somebody_put_on_later_holds_for_then) {
  const RecordId record = put(visit_to({child}, "one"), first);
  auto turn = store.begin(second);
  ASSERT_TRUE(turn->mark(record, {{"protected_address"}, {}}, ActorId()));
  ASSERT_TRUE(turn->commit());
  EXPECT_TRUE(label_of(first).markings.contains("protected_address"));
}

TEST_F(StorePast, whoever_is_one_person_now_is_one_then) {
  const PersonRef other = store.add(ben());
  put(visit_to({child}, "one"), first);
  put(visit_to({other}, "two"), first);
  put(visit_to({child, other}, "of both"), first);
  EXPECT_EQ(held(first), "one, of both");
  auto turn = store.begin(second);
  ASSERT_TRUE(turn->merge({child, other, LinkState::merged, "person", 0, "one child"}, ActorId()));
  ASSERT_TRUE(turn->commit());
  EXPECT_EQ(held(first), "one, two, of both");
}

}  // namespace
}  // namespace ginnel
