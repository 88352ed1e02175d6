// SPDX-License-Identifier: Apache-2.0
// Damage, crashes and failed commits: what the store must notice, and what it must never say after.
#include <gtest/gtest.h>

#include <sstream>

#include "node/store/index.h"
#include "tests/node/store_for_tests.h"

namespace ginnel {
namespace {

// Everything that a user of the store can learn of Aisha; "unknown" for whatever is an error of trust.
std::string everything_about(StoreForTests& store, const PersonRef& ref, const std::vector<RecordId>& records) {
  auto snapshot = store->snapshot();
  if (!snapshot) return "unknown";
  std::string out;
  auto found = (*snapshot)->find_people(std::vector<std::string>{"nhs:9990000018"});
  out += found ? std::to_string(found->size()) : "unknown";
  auto labels = (*snapshot)->labels(ref);
  out += "|" + (labels ? std::to_string(labels->size()) : "unknown");
  auto markings = (*snapshot)->markings(ref);
  out += "|" + (markings ? std::to_string(markings->size()) : "unknown");
  for (const auto& id : records) {
    auto record = (*snapshot)->read(PermitForTests::make(id, Step::content));
    out += "|" + (record ? record->headline : record.error().code == "no-record" ? "none" : "unknown");
  }
  return out;
}

class StoreDamage : public testing::Test {
 protected:
  void SetUp() override {
    ref_ = store_.add(aisha());
    sibling_ = store_.add(ben());
    records_.push_back(store_.add(visit_to({ref_}, "first")));
    records_.push_back(store_.add(visit_to({ref_, sibling_}, "second")));
    Record third = visit_to({ref_}, "third");
    third.replaces = records_[0];
    records_.push_back(store_.add(third));
    good_ = everything_about(store_, ref_, records_);
    ASSERT_EQ(good_, "1|2|1|first|second|third");
  }
  // Whatever is said under damage is either what was said before it, or that it is unknown.
  void expect_no_lie(const std::string& what) {
    const auto opened = Store::open(store_.ledger(), store_.keys(), store_.root(), store_.random());
    if (!opened) return;
    std::stringstream said(everything_about(store_, ref_, records_)), before(good_);
    for (std::string part, right; std::getline(said, part, '|') && std::getline(before, right, '|');)
      EXPECT_TRUE(part == right || part == "unknown") << what << ": " << part << " where " << right << " is right";
  }

  StoreForTests store_;
  PersonRef ref_, sibling_;
  std::vector<RecordId> records_;
  std::string good_;
};

TEST_F(StoreDamage, a_flipped_bit_in_any_row_never_makes_the_store_lie) {
  for (Table table : {Table::meta, Table::entries, Table::index_rows, Table::index_buckets}) {
    for (const auto& [key, value] : rows_of(store_.ledger(), table)) {
      // Every byte of small rows; in long ones the header, and a body byte here and there.
      for (std::size_t at = 0; at < value.size(); at += at < 96 ? 1 : 61) {
        Bytes bad = value;
        bad[at] ^= std::uint8_t(1 << at % 8);
        put_row(store_.ledger(), table, key, bad);
        expect_no_lie("table " + std::to_string(int(table)) + " key " + to_hex(key) + " byte " + std::to_string(at));
      }
      put_row(store_.ledger(), table, key, value);
    }
  }
  EXPECT_EQ(everything_about(store_, ref_, records_), good_);
}

TEST_F(StoreDamage, a_flipped_bit_in_any_row_is_found_by_verification) {
  Indexes index(store_.root());
  auto is_noticed = [&] {
    if (!Store::open(store_.ledger(), store_.keys(), store_.root(), store_.random())) return true;
    auto snapshot = store_->snapshot();
    if (!snapshot || !(*snapshot)->verify().value().good()) return true;
    const auto txn = store_.ledger().read().value();
    for (const auto& line : indexes)
      if (line.has_buckets && !index.check(*txn, line.index)) return true;
    return !(*snapshot)->labels(ref_) || !(*snapshot)->labels(sibling_);
  };
  ASSERT_FALSE(is_noticed());
  for (Table table : {Table::meta, Table::entries, Table::tree, Table::index_rows, Table::index_buckets}) {
    for (const auto& [key, value] : rows_of(store_.ledger(), table)) {
      for (std::size_t at = 0; at < value.size(); at += 17) {
        Bytes bad = value;
        bad[at] ^= 0x10;
        put_row(store_.ledger(), table, key, bad);
        EXPECT_TRUE(is_noticed()) << "table " << int(table) << " key " << to_hex(key) << " byte " << at;
      }
      put_row(store_.ledger(), table, key, value);
    }
  }
}

TEST_F(StoreDamage, a_hidden_row_never_makes_the_store_lie) {
  for (Table table : {Table::entries, Table::index_rows, Table::index_buckets}) {
    for (const auto& [key, value] : rows_of(store_.ledger(), table)) {
      erase_row(store_.ledger(), table, key);
      expect_no_lie("table " + std::to_string(int(table)) + " without " + to_hex(key));
      put_row(store_.ledger(), table, key, value);
    }
  }
  for (const auto& [key, value] : rows_of(store_.keys(), Table::keys)) {
    erase_row(store_.keys(), Table::keys, key);
    store_.reopen();
    expect_no_lie("without key " + to_hex(key));
    put_row(store_.keys(), Table::keys, key, value);
    store_.reopen();
  }
}

TEST_F(StoreDamage, a_hidden_identity_row_is_unknown_and_not_nobody) {
  for (const auto& [key, value] : rows_of(store_.ledger(), Table::index_rows))
    if (key[0] == std::uint8_t(Index::identity)) erase_row(store_.ledger(), Table::index_rows, key);
  auto found = store_.snapshot()->find_people(std::vector<std::string>{"nhs:9990000018"});
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().code, "index-mismatch");
}

TEST_F(StoreDamage, a_hidden_bucket_is_unknown_and_not_nobody) {
  for (const auto& [key, value] : rows_of(store_.ledger(), Table::index_buckets))
    if (key[0] == std::uint8_t(Index::identity)) erase_row(store_.ledger(), Table::index_buckets, key);
  EXPECT_EQ(store_.snapshot()->find_people(std::vector<std::string>{"nhs:9990000026"}).error().code, "index-mismatch");
}

TEST_F(StoreDamage, hidden_records_of_a_person_are_unknown_and_not_none) {
  for (const auto& [key, value] : rows_of(store_.ledger(), Table::index_rows))
    if (key[0] == std::uint8_t(Index::person_records)) erase_row(store_.ledger(), Table::index_rows, key);
  EXPECT_EQ(store_.snapshot()->labels(ref_).error().code, "index-mismatch");
}

TEST_F(StoreDamage, a_hidden_key_is_an_error_and_no_erasure) {
  auto snapshot = store_.snapshot();
  const KeyId key = snapshot->person_key(ref_).value();
  snapshot.reset();
  erase_row(store_.keys(), Table::keys, key.bytes());
  store_.reopen();
  EXPECT_EQ(store_.snapshot()->labels(ref_).error().code, "key-missing");
}

TEST_F(StoreDamage, an_erased_persons_records_are_absent_and_a_siblings_stay) {
  auto turn = store_.begin();
  const KeyId key = turn->bury(ref_, "asked for", ActorId()).value().front();
  EXPECT_EQ(turn->read(PermitForTests::make(records_[0], Step::content)).error().code, "no-record");
  ASSERT_TRUE(turn->commit());
  turn.reset();
  EXPECT_EQ(store_->destroy_keys(std::vector{store_.snapshot()->person_key(sibling_).value()}).error().code,
            "no-tombstone");
  ASSERT_TRUE(store_->destroy_keys(std::vector{key}));
  store_.reopen();
  EXPECT_EQ(store_.snapshot()->read(PermitForTests::make(records_[0], Step::content)).error().code, "no-record");
  EXPECT_EQ(store_.snapshot()->read(PermitForTests::make(records_[1], Step::content))->headline, "second");
  EXPECT_EQ(store_.snapshot()->labels(sibling_).value().size(), 1u);
  auto report = store_.snapshot()->verify();
  ASSERT_TRUE(report);
  EXPECT_TRUE(report->good()) << report->problems.front();
  EXPECT_EQ(report->erased, 3u);  // the person, "first" and "third"
}

TEST(StoreCrash, between_the_commits_of_keys_and_ledger_leaves_unused_keys_only) {
  StoreForTests store;
  store.add(aisha());
  const auto entries = rows_of(store.ledger(), Table::entries);
  const auto keys = rows_of(store.keys(), Table::keys);
  store.memory_ledger().commit_fails = [&] {
    store.memory_ledger().crash();
    return false;
  };
  {
    auto turn = store.begin();
    ASSERT_TRUE(turn->put_person(version_of(ben()), ActorId()));
    EXPECT_FALSE(turn->commit());
  }
  store.memory_ledger().commit_fails = nullptr;
  EXPECT_EQ(rows_of(store.ledger(), Table::entries), entries);
  EXPECT_GT(rows_of(store.keys(), Table::keys).size(), keys.size());
  store.reopen();
  EXPECT_TRUE(store.snapshot()->verify()->good());
  EXPECT_FALSE(store.add(ben()).empty());
}

TEST(StoreCrash, of_the_keys_commit_leaves_the_ledger_as_it_was) {
  StoreForTests store;
  store.memory_keys().commit_fails = [] { return true; };
  auto turn = store.begin();
  ASSERT_TRUE(turn->put_person(version_of(ben()), ActorId()));
  EXPECT_FALSE(turn->commit());
  EXPECT_TRUE(store->read_only());
  EXPECT_EQ(rows_of(store.ledger(), Table::entries).size(), 1u);
}

TEST(StoreCrash, after_a_failed_commit_nothing_is_acknowledged_or_shown) {
  StoreForTests store;
  const PersonRef ref = store.add(aisha());
  auto held = store.snapshot();
  store.memory_ledger().commit_fails = [] { return true; };
  auto turn = store.begin();
  ASSERT_TRUE(turn->put_record(visit_to({ref}), ActorId()));
  EXPECT_EQ(turn->commit().error().code, "kv-failed");
  EXPECT_EQ(turn->commit().error().code, "turn-failed");
  turn.reset();
  store.memory_ledger().commit_fails = nullptr;
  EXPECT_TRUE(store->read_only());
  EXPECT_NE(store->read_only_reason().find("input or output"), std::string::npos);
  EXPECT_EQ(store->begin(noon).error().code, "read-only");
  EXPECT_EQ(store->snapshot().error().code, "read-only");
  EXPECT_EQ(store->refill_keys().error().code, "read-only");
  EXPECT_EQ(held->labels(ref).error().code, "read-only");
  held.reset();
  store.reopen();
  EXPECT_FALSE(store->read_only());
  EXPECT_TRUE(store.snapshot()->labels(ref).value().empty());
}

TEST(StoreCrash, an_init_that_lost_power_half_way_is_taken_up_again) {
  SeededRandom random(5);
  const SecretKey root = SecretKey::make(random);
  MemoryKv ledger, keys;
  ledger.commit_fails = [] { return true; };
  const MemberId member = *MemberId::parse("leeds-csc");
  EXPECT_FALSE(Store::create(ledger, keys, root, random, member, 1, noon));
  ledger.commit_fails = nullptr;
  EXPECT_TRUE(Store::create(ledger, keys, root, random, member, 1, noon));
  EXPECT_TRUE(Store::open(ledger, keys, root, random));
}

}  // namespace
}  // namespace ginnel
