// SPDX-License-Identifier: Apache-2.0
#include "node/store/key_table.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <vector>

#include "node/store/limits.h"
#include "node/store/memory_kv.h"

namespace ginnel {
namespace {

constexpr Instant created_at{1'700'000'000'000};

class KeyTableTest : public testing::Test {
 protected:
  void SetUp() override {
    ASSERT_TRUE(KeyTable::create(kv_, root_, random_, created_at));
    reopen();
  }
  void reopen() {
    auto opened = KeyTable::open(kv_, root_, random_);
    ASSERT_TRUE(opened) << opened.error().text();
    table_ = std::move(*opened);
  }
  KeyId add(KeyKind kind = KeyKind::person) {
    NewKeys made;
    const KeyId id = table_->add(made, kind, created_at);
    EXPECT_TRUE(table_->write(made));
    return id;
  }
  KeyId add_shared(std::vector<KeyId> wrappers) {
    std::vector<std::pair<KeyId, SecretKey>> opened;
    for (const auto& id : wrappers) opened.emplace_back(id, table_->open_key(id).value());
    NewKeys made;
    const KeyId id = table_->add_shared(made, KeyKind::record, created_at, opened);
    EXPECT_TRUE(table_->write(made));
    return id;
  }
  std::string code_of_opening(const KeyId& id) {
    auto key = table_->open_key(id);
    return key ? "opened" : key.error().code;
  }
  Bytes row(const KeyId& id) { return kv_.read().value()->get(Table::keys, id.bytes()).value().value(); }
  void put_row(const KeyId& id, const Bytes& bytes) {
    auto txn = kv_.write().value();
    ASSERT_TRUE(txn->put(Table::keys, id.bytes(), bytes));
    ASSERT_TRUE(txn->commit());
  }

  SeededRandom random_{7};
  SecretKey root_ = SecretKey::make(random_);
  MemoryKv kv_;
  std::unique_ptr<KeyTable> table_;
};

TEST_F(KeyTableTest, a_written_key_is_the_same_after_opening_again) {
  const KeyId id = add();
  const SecretKey key = table_->open_key(id).value();
  reopen();
  EXPECT_EQ(table_->open_key(id).value(), key);
  EXPECT_EQ(code_of_opening(table_->node_key()), "opened");
}

TEST_F(KeyTableTest, another_root_key_opens_nothing) {
  const SecretKey other = SecretKey::make(random_);
  EXPECT_EQ(KeyTable::open(kv_, other, random_).error().code, "wrong-root-key");
}

TEST_F(KeyTableTest, a_second_table_is_never_made_over_the_first) {
  EXPECT_EQ(KeyTable::create(kv_, root_, random_, created_at).error().code, "not-empty");
}

TEST_F(KeyTableTest, every_flipped_bit_of_a_row_is_noticed) {
  const KeyId id = add();
  const Bytes good = row(id);
  for (std::size_t bit = 0; bit < good.size() * 8; ++bit) {
    Bytes bad = good;
    bad[bit / 8] ^= std::uint8_t(1 << bit % 8);
    put_row(id, bad);
    reopen();
    EXPECT_NE(code_of_opening(id), "opened") << "bit " << bit;
  }
}

TEST_F(KeyTableTest, a_row_put_in_the_place_of_another_does_not_open) {
  const KeyId a = add(), b = add();
  put_row(a, row(b));
  reopen();
  EXPECT_EQ(code_of_opening(a), "key-damaged");
}

TEST_F(KeyTableTest, no_key_stands_in_the_clear) {
  const KeyId id = add();
  const SecretKey key = table_->open_key(id).value();
  const Bytes bytes = row(id);
  EXPECT_EQ(std::search(bytes.begin(), bytes.end(), key.bytes().begin(), key.bytes().end()), bytes.end());
}

TEST_F(KeyTableTest, keys_of_a_turn_that_was_not_written_are_nowhere) {
  NewKeys made;
  const KeyId id = table_->add(made, KeyKind::view, created_at);
  EXPECT_NE(made.find(id), nullptr);
  EXPECT_EQ(code_of_opening(id), "key-missing");
}

TEST_F(KeyTableTest, a_shared_key_opens_while_one_of_its_people_is_left) {
  const KeyId anna = add(), ben = add();
  const KeyId shared = add_shared({anna, ben});
  const KeyId only_anna = add_shared({anna});
  const SecretKey bens = table_->open_key(ben).value(), common = table_->open_key(shared).value();

  ASSERT_TRUE(table_->erase(std::vector{anna}));
  for (int round = 0; round < 2; ++round) {
    EXPECT_EQ(code_of_opening(anna), "key-missing");
    EXPECT_EQ(code_of_opening(only_anna), "key-missing");
    EXPECT_EQ(table_->open_key(ben).value(), bens);
    EXPECT_EQ(table_->open_key(shared).value(), common);
    EXPECT_EQ(code_of_opening(table_->node_key()), "opened");
    reopen();
  }
  ASSERT_TRUE(table_->erase(std::vector{ben}));
  EXPECT_EQ(code_of_opening(shared), "key-missing");
}

TEST_F(KeyTableTest, an_erasure_wraps_every_other_row_anew) {
  const KeyId gone = add();
  const KeyId kept = add();
  const Bytes before = row(kept);
  ASSERT_TRUE(table_->erase(std::vector{gone}));
  EXPECT_NE(row(kept), before);
  const KeyId later = add();
  reopen();
  EXPECT_EQ(code_of_opening(kept), "opened");
  EXPECT_EQ(code_of_opening(later), "opened");
}

TEST_F(KeyTableTest, an_erasure_goes_over_more_than_a_page_of_rows) {
  ASSERT_TRUE(table_->refill(KeyKind::spare, 3000, created_at));
  const KeyId a = *table_->take(KeyKind::spare), b = *table_->take(KeyKind::spare);
  ASSERT_TRUE(table_->erase(std::vector{a}));
  EXPECT_EQ(code_of_opening(a), "key-missing");
  EXPECT_EQ(code_of_opening(b), "opened");
}

TEST_F(KeyTableTest, the_nodes_own_key_is_not_erased) {
  EXPECT_EQ(table_->erase(std::vector{table_->node_key()}).error().code, "cannot-erase");
}

TEST_F(KeyTableTest, an_erasure_that_does_not_commit_leaves_the_table_as_it_was) {
  const KeyId id = add();
  kv_.commit_fails = [] { return true; };
  EXPECT_FALSE(table_->erase(std::vector{id}));
  kv_.commit_fails = nullptr;
  EXPECT_EQ(code_of_opening(id), "opened");
  const KeyId later = add();
  reopen();
  EXPECT_EQ(code_of_opening(id), "opened");
  EXPECT_EQ(code_of_opening(later), "opened");
}

TEST_F(KeyTableTest, spares_are_durable_before_they_are_taken_and_taken_once) {
  ASSERT_TRUE(table_->refill(KeyKind::spare, 10, created_at));
  std::set<KeyId> taken;
  while (auto id = table_->take(KeyKind::spare)) taken.insert(*id);
  EXPECT_EQ(taken.size(), 10u);
  reopen();
  for (const auto& id : taken) EXPECT_EQ(code_of_opening(id), "opened");
  EXPECT_EQ(table_->left(KeyKind::spare), 0u);
}

TEST_F(KeyTableTest, the_row_has_the_documented_layout) {
  const KeyId id = add(KeyKind::view);
  const Bytes bytes = row(id);
  ASSERT_EQ(bytes.size(), 16u + 80u);
  EXPECT_EQ(to_hex(ByteView(bytes).first(8)), "0001020000000001");
  EXPECT_EQ(read_u64(bytes, 8), std::uint64_t(created_at.ms));
  EXPECT_EQ(ByteView(bytes).subspan(16, 16).size(), 16u);
  EXPECT_EQ(to_hex(ByteView(bytes).subspan(16, 20)), std::string(32, '0') + "00000001");
}

}  // namespace
}  // namespace ginnel
