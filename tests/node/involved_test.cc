// SPDX-License-Identifier: Apache-2.0
#include "node/notices/involved.h"

#include "node/store/codec.h"
#include "tests/node/gate_for_tests.h"

namespace ginnel {
namespace {

class InvolvedTest : public testing::Test {
 protected:
  void note(EntryKind kind, const std::string& purpose, const std::string& outcome, Instant at,
            const std::string& worker = "w1", bool is_notice = false) {
    auto turn = store.begin(at);
    Access access;
    access.person = child;
    access.ask = AskId::make(random);
    access.peer = *MemberId::parse("leeds-csc");
    access.worker = worker;
    access.purpose = purpose;
    access.outcome = outcome;
    if (is_notice) access.notice = NoticeId::make(random);
    if (outcome == "answered") access.items.push_back({record, Step::headline, "police", {}, {}, {}});
    const auto key = turn->person_key(child);
    ASSERT_TRUE(turn->append(kind, ActorId(), *key, access));
    ASSERT_TRUE(turn->commit());
  }
  std::vector<Involved> at(Instant now) {
    auto turn = store.begin(now);
    auto found = involved_with(child, west_yorkshire()->vocabulary, *turn);
    EXPECT_TRUE(found);
    return found.value_or(std::vector<Involved>());
  }

  SeededRandom random{5};
  StoreForTests store;
  PersonRef child = store.add(aisha());
  RecordId record = RecordId::make(random);
};

TEST_F(InvolvedTest, ends_after_the_period_of_its_purpose) {
  note(EntryKind::disclosed, "child_protection", "answered", noon);
  EXPECT_EQ(at(noon + 365 * day_ms).size(), 1u);
  EXPECT_EQ(at(noon + 366 * day_ms).size(), 0u);
}

TEST_F(InvolvedTest, of_who_was_asked_ends_earlier) {
  note(EntryKind::received, "child_protection", "answered", noon);
  ASSERT_EQ(at(noon + 183 * day_ms).size(), 1u);
  EXPECT_TRUE(at(noon + 183 * day_ms)[0].asked_by_us);
  EXPECT_EQ(at(noon + 184 * day_ms).size(), 0u);
}

TEST_F(InvolvedTest, is_nobody_who_answered_that_they_know_nothing) {
  for (const char* outcome : {"not-known", "refused", "unknown", "out-of-date"})
    note(EntryKind::received, "child_protection", outcome, noon);
  note(EntryKind::decided, "child_protection", "not-known", noon);
  EXPECT_TRUE(at(noon + 1).empty());
}

TEST_F(InvolvedTest, is_nobody_who_asked_for_another_than_a_case_purpose) {
  for (const char* purpose : {"audit", "statistics", "subject_access", "no-such-purpose", ""})
    note(EntryKind::disclosed, purpose, "answered", noon);
  EXPECT_TRUE(at(noon + 1).empty());
}

TEST_F(InvolvedTest, lasts_no_longer_because_somebody_was_told) {
  note(EntryKind::disclosed, "child_protection", "answered", noon);
  note(EntryKind::disclosed, "child_protection", "answered", noon + 300 * day_ms, "w1", true);
  EXPECT_EQ(at(noon + 366 * day_ms).size(), 0u);
}

TEST_F(InvolvedTest, is_each_worker_once_by_their_latest_ask) {
  for (int i = 0; i < 3; ++i) note(EntryKind::disclosed, "child_protection", "answered", noon + i);
  note(EntryKind::disclosed, "first_contact", "answered", noon + 9, "w2");
  const auto found = at(noon + 10);
  ASSERT_EQ(found.size(), 2u);
  EXPECT_EQ(found[0].since, noon + 2);
}

TEST_F(InvolvedTest, a_record_was_counted_for_those_whose_ask_was_decided_so_and_answered) {
  // Each ask is decided, and the answer disclosed; the one of w3 came to nothing before it was.
  const auto ask = [&](const std::string& worker, Step step, bool is_answered, Instant when) {
    auto turn = store.begin(when);
    Access access;
    access.person = child;
    access.ask = AskId::make(random);
    access.peer = *MemberId::parse("leeds-csc");
    access.worker = worker;
    access.purpose = "first_contact";
    const auto key = turn->person_key(child);
    Access disclosed = access;
    access.items.push_back({record, step, "police", {}, {}, {}});
    ASSERT_TRUE(turn->append(EntryKind::decided, ActorId(), *key, access));
    disclosed.outcome = "withheld";
    if (step >= Step::headline) disclosed.items = access.items;
    if (is_answered) {
      ASSERT_TRUE(turn->append(EntryKind::disclosed, ActorId(), *key, disclosed));
    }
    ASSERT_TRUE(turn->commit());
  };
  ask("w1", Step::exists, true, noon);
  ask("w2", Step::none, true, noon);
  ask("w3", Step::exists, false, noon);
  ask("w4", Step::headline, true, noon);
  ask("w4", Step::exists, true, noon + 1);
  auto turn = store.begin(noon + 2);
  const auto told = given_to(child, record, *turn);
  ASSERT_TRUE(told);
  ASSERT_EQ(told->size(), 2u);
  EXPECT_EQ((*told)[0].worker, "w1");
  EXPECT_TRUE((*told)[0].was_only_counted);
  EXPECT_EQ((*told)[0].counted_as, "police");
  EXPECT_EQ((*told)[1].worker, "w4") << "whoever was given it once was given it";
  EXPECT_FALSE((*told)[1].was_only_counted);
}

TEST_F(InvolvedTest, a_record_was_given_to_those_whose_disclosures_name_it) {
  note(EntryKind::disclosed, "child_protection", "answered", noon);
  note(EntryKind::disclosed, "child_protection", "withheld", noon + 1, "w2");
  auto turn = store.begin(noon + 1000 * day_ms);
  EXPECT_EQ(given_to(child, record, *turn)->size(), 1u);
  EXPECT_TRUE(given_to(child, RecordId::make(random), *turn)->empty());
}

}  // namespace
}  // namespace ginnel
