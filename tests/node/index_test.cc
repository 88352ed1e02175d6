// SPDX-License-Identifier: Apache-2.0
#include "node/store/index.h"

#include <gtest/gtest.h>

#include <set>

#include "federation/wire/record_codec.h"
#include "tests/node/store_for_tests.h"

namespace ginnel {
namespace {

TEST(Index, numbers_and_names_are_pinned_and_unique) {
  std::string all;
  std::set<std::uint8_t> numbers;
  for (const auto& line : indexes) {
    all += std::to_string(int(line.index)) + " " + std::string(line.name) + "\n";
    EXPECT_TRUE(numbers.insert(std::uint8_t(line.index)).second);
  }
  EXPECT_EQ(all,
            "1 identity\n2 person\n3 record\n4 source\n5 subject\n6 ask\n7 view\n8 access\n9 erased\n"
            "10 person-records\n11 links\n12 task\n13 task-origin\n14 task-holder\n15 task-person\n16 task-active\n"
            "17 allocation\n18 attachment\n19 process\n20 consent\n21 refusal\n22 retention\n"
            "23 transfer\n");
}

class IndexTest : public testing::Test {
 protected:
  void SetUp() override {
    txn_ = kv_.write().value();
    ASSERT_TRUE(index_.create(*txn_));
  }
  // What one entry says, applied; and kept, for later entries that look back.
  void apply(EntryKind kind, Bytes body, KeyId key) {
    EntryHeader header{kind, 1, bodies_.size(), noon, ActorId(), key};
    bodies_.push_back(body);
    auto applied = index_.apply(*txn_, header, body,
                                [&](std::uint64_t at, EntryHeader*) -> Expected<Bytes> { return bodies_.at(at); });
    ASSERT_TRUE(applied) << applied.error().text();
  }
  PersonRef person(Person who) {
    PersonVersion version = version_of(std::move(who));
    if (version.person.ref.empty()) version.person.ref = PersonRef::make(random_);
    version.sources = {{"ll", version.person.ref.hex(), Hash{5}, 3, {}}};
    apply(EntryKind::person, encode(version).value(), KeyId::make(random_));
    return version.person.ref;
  }
  RecordId record(Record what) {
    what.id = RecordId::make(random_);
    apply(EntryKind::record, encode_record(what).value(), KeyId::make(random_));
    return what.id;
  }

  SeededRandom random_{21};
  Indexes index_{SecretKey::make(random_)};
  MemoryKv kv_;
  std::unique_ptr<KvWrite> txn_;
  std::vector<Bytes> bodies_;
};

TEST_F(IndexTest, a_source_row_tells_same_content_from_changed) {
  const PersonRef ref = person(aisha());
  auto same = index_.source(*txn_, EntryKind::person, "ll", ref.hex(), Hash{5}).value();
  ASSERT_TRUE(same);
  EXPECT_TRUE(same->same_content);
  EXPECT_EQ(same->version, 3u);
  EXPECT_EQ(PersonRef(same->id), ref);
  EXPECT_FALSE(index_.source(*txn_, EntryKind::person, "ll", ref.hex(), Hash{6}).value()->same_content);
  EXPECT_FALSE(index_.source(*txn_, EntryKind::record, "ll", ref.hex(), Hash{5}).value());
  EXPECT_FALSE(index_.source(*txn_, EntryKind::person, "l", "l" + ref.hex(), Hash{5}).value());
}

TEST_F(IndexTest, people_who_share_a_link_key_are_all_found) {
  const PersonRef one = person(ben()), other = person(ben());
  auto found = index_.people(*txn_, "names:tester|ben|2018-07-01").value();
  EXPECT_EQ((std::set<PersonRef>(found.begin(), found.end())), (std::set{one, other}));
}

TEST_F(IndexTest, a_subject_named_twice_in_a_record_counts_once) {
  const PersonRef ref = person(aisha());
  Record twice = visit_to({ref, ref});
  twice.subjects.back().role = SubjectRole::household;
  record(twice);
  auto head = index_.person(*txn_, ref).value();
  ASSERT_TRUE(head);
  EXPECT_EQ(head->records, 1u);
  EXPECT_EQ(index_.records_of(*txn_, ref, *head).value().size(), 1u);
}

TEST_F(IndexTest, replaced_records_stay_with_what_replaced_them) {
  const PersonRef ref = person(aisha());
  Record version = visit_to({ref});
  version.replaces = record(visit_to({ref}));
  record(version);
  auto head = index_.person(*txn_, ref).value();
  auto rows = index_.records_of(*txn_, ref, *head).value();
  ASSERT_EQ(rows.size(), 2u);
  EXPECT_EQ(rows[0].replaced_by, rows[1].sequence);
  EXPECT_EQ(rows[1].replaced_by, 0u);
}

TEST_F(IndexTest, a_head_of_another_person_does_not_vouch_for_these_records) {
  const PersonRef ref = person(aisha()), other = person(ben());
  record(visit_to({ref}));
  auto head = index_.person(*txn_, other).value();
  EXPECT_EQ(index_.records_of(*txn_, ref, *head).error().code, "index-mismatch");
}

TEST_F(IndexTest, the_first_key_of_an_unknown_subject_is_kept) {
  Access access;
  access.identity = "nhs:9990000026";
  const KeyId first = KeyId::make(random_);
  apply(EntryKind::asked, encode(access), first);
  apply(EntryKind::asked, encode(access), KeyId::make(random_));
  EXPECT_EQ(index_.subject(*txn_, access.identity).value(), first);
  EXPECT_FALSE(index_.subject(*txn_, "nhs:9990000034").value());
}

TEST_F(IndexTest, kinds_without_a_body_are_indexed_nowhere) {
  std::size_t before = 0, after = 0;
  const auto count = [&](std::size_t& rows) {
    EXPECT_TRUE(txn_->scan(Table::index_rows, {}, {}, [&](ByteView, ByteView) { return ++rows, true; }));
  };
  count(before);
  apply(EntryKind::gone_at_source, {1, 2, 3}, KeyId());
  apply(EntryKind::operator_act, encode(OperatorAct()), KeyId());
  count(after);
  EXPECT_EQ(before, after);
}

TEST_F(IndexTest, a_body_that_is_none_is_an_error) {
  EntryHeader header{EntryKind::person, 1, 0, noon, ActorId(), KeyId()};
  auto applied = index_.apply(*txn_, header, Bytes{1, 2, 3},
                              [](std::uint64_t, EntryHeader*) -> Expected<Bytes> { return Bytes(); });
  EXPECT_EQ(applied.error().code, "bad-entry");
}

}  // namespace
}  // namespace ginnel
