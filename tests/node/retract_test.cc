// SPDX-License-Identifier: Apache-2.0
// Taking a record back and putting it right, and the News that a turn leaves of it.
#include "node/store/news.h"
#include "tests/node/store_for_tests.h"

namespace ginnel {
namespace {

class Retract : public testing::Test {
 protected:
  RecordId put(Tell tell = Tell::others) {
    auto turn = store.begin();
    auto id = turn->put_record(visit_to({child, sibling}), ActorId(), tell);
    EXPECT_TRUE(id && turn->commit());
    return id.value_or(RecordId());
  }
  void somebody_asked() {
    auto turn = store.begin();
    Access access;
    access.person = child;
    access.ask = AskId::make(random);
    access.peer = *MemberId::parse("leeds-csc");
    ASSERT_TRUE(turn->append(EntryKind::disclosed, ActorId(), *turn->person_key(child), access));
    ASSERT_TRUE(turn->commit());
  }
  std::vector<News> news() {
    auto turn = store.begin();
    std::vector<News> out;
    const auto range = news_rows().range(*turn).value();
    for (auto number = range.first; number < range.end; ++number)
      if (auto row = news_rows().at(*turn, number).value()) out.push_back(decode_news(*row).value());
    return out;
  }
  std::size_t current(const PersonRef& person) { return store.snapshot()->labels(person)->size(); }

  SeededRandom random{8};
  StoreForTests store;
  PersonRef child = store.add(aisha()), sibling = store.add(ben());
};

TEST_F(Retract, takes_a_record_from_everybody_whom_it_was_about) {
  const RecordId record = put();
  ASSERT_EQ(current(child) + current(sibling), 2u);
  auto turn = store.begin();
  ASSERT_TRUE(turn->retract(record, "wrong-child", "it was about another", ActorId()));
  EXPECT_EQ(turn->retract(record, "wrong-child", "again", ActorId()).error().code, "already-replaced");
  ASSERT_TRUE(turn->commit());
  EXPECT_EQ(current(child) + current(sibling), 0u);
  EXPECT_TRUE(store.snapshot()->verify()->good());
}

TEST_F(Retract, a_correction_keeps_label_and_subjects) {
  const RecordId record = put();
  auto turn = store.begin();
  const auto next = turn->correct(record, {"Telephone call", "", "it was no visit", {}}, ActorId());
  ASSERT_TRUE(next && turn->commit());
  const auto labels = store.snapshot()->labels(sibling);
  ASSERT_EQ(labels->size(), 1u);
  EXPECT_EQ(labels->front().id, *next);
  EXPECT_EQ(labels->front().label.category, "social-care.visit");
}

TEST_F(Retract, news_are_left_of_children_whom_somebody_asked_about_and_of_what_is_replaced) {
  put();
  EXPECT_TRUE(news().empty()) << "nobody asked";
  somebody_asked();
  put(Tell::nobody);
  EXPECT_TRUE(news().empty()) << "a source's first reading is told to nobody";
  const RecordId record = put();
  ASSERT_EQ(news().size(), 1u);
  EXPECT_EQ(news()[0].record, record);
  EXPECT_EQ(news()[0].kind, "new-record");
  EXPECT_EQ(news()[0].people.size(), 2u);
  auto turn = store.begin();
  ASSERT_TRUE(turn->retract(record, "retraction", "filed twice", ActorId()) && turn->commit());
  turn.reset();
  ASSERT_EQ(news().size(), 2u);
  EXPECT_EQ(news()[1].replaces, record);
  EXPECT_TRUE(news()[1].record.empty());
  EXPECT_EQ(news()[1].reason, "filed twice");
}

}  // namespace
}  // namespace ginnel
