// SPDX-License-Identifier: Apache-2.0
#include "node/store/ledger.h"

#include <gtest/gtest.h>

#include "node/store/limits.h"
#include "node/store/memory_kv.h"
#include "tests/node/store_for_tests.h"

namespace ginnel {
namespace {

EntryHeader sample_header() {
  EntryHeader header;
  header.kind = EntryKind::disclosed;
  header.incarnation = 0x0102030405060708;
  header.sequence = 0x1112131415161718;
  header.time = Instant{0x2122232425262728};
  header.actor = *ActorId::parse("303132333435363738393a3b3c3d3e3f");
  header.data_key = *KeyId::parse("404142434445464748494a4b4c4d4e4f");
  return header;
}

constexpr const char* sample_header_hex =
    "0001001200000000010203040506070811121314151617182122232425262728"
    "303132333435363738393a3b3c3d3e3f404142434445464748494a4b4c4d4e4f";

TEST(LedgerEntry, the_header_has_the_documented_bytes) {
  EXPECT_EQ(to_hex(encode_header(sample_header())), sample_header_hex);
  Bytes entry = encode_header(sample_header());
  entry.resize(EntryHeader::size + 28);
  EXPECT_EQ(decode_header(entry).value(), sample_header());
}

TEST(LedgerEntry, a_header_of_another_form_is_refused) {
  Bytes good = encode_header(sample_header());
  good.resize(EntryHeader::size + 28);
  for (auto [at, byte] : std::vector<std::pair<std::size_t, int>>{{0, 1}, {1, 2}, {2, 9}, {3, 200}, {4, 1}, {7, 1}}) {
    Bytes bad = good;
    bad[at] = std::uint8_t(byte);
    EXPECT_EQ(decode_header(bad).error().code, "entry-damaged") << at;
  }
  EXPECT_FALSE(decode_header(ByteView(good).first(EntryHeader::size + 27)));
}

TEST(LedgerEntry, every_bit_of_header_and_body_is_authenticated) {
  SeededRandom random(3);
  const SecretKey key = SecretKey::make(random);
  const Bytes body = {1, 2, 3, 4, 5};
  const Bytes entry = seal_entry(sample_header(), body, key, random);
  EXPECT_EQ(entry.size(), 64u + 12 + 5 + 16);
  EXPECT_EQ(open_entry(sample_header(), entry, key).value(), body);
  for (std::size_t bit = 0; bit < entry.size() * 8; ++bit) {
    Bytes bad = entry;
    bad[bit / 8] ^= std::uint8_t(1 << bit % 8);
    auto header = decode_header(bad);
    EXPECT_FALSE(header && open_entry(*header, bad, key)) << "bit " << bit;
  }
}

class LedgerTest : public testing::Test {
 protected:
  // A ledger of 50 entries under two keys, the second of which was erased.
  void SetUp() override {
    auto txn = kv_.write().value();
    head_.member = *MemberId::parse("leeds-csc");
    head_.incarnation = 4;
    for (std::uint64_t at = 0; at < 50; ++at) add(*txn, at % 7 == 6 ? erased_ : kept_);
    ASSERT_TRUE(write_ledger_head(*txn, head_, root_));
    ASSERT_TRUE(txn->commit());
  }
  void add(KvWrite& txn, const KeyId& key) {
    const EntryHeader header{EntryKind::operator_act, 4, head_.frontier.size(), noon, ActorId(), key};
    ASSERT_TRUE(append_entry(txn, head_.frontier, seal_entry(header, Bytes(9, 9), secret_, random_)));
  }
  LedgerReport verify() {
    auto head = read_ledger_head(*kv_.read().value(), root_);
    EXPECT_TRUE(head);
    auto report = verify_ledger(
        *kv_.read().value(), *head,
        [&](const KeyId& id) -> Expected<SecretKey> {
          if (id == kept_) return secret_;
          return fail("key-missing", "", "the key is gone");
        },
        [&](const KeyId& id) -> Expected<bool> { return id == erased_; });
    EXPECT_TRUE(report);
    return *report;
  }
  Bytes key_of(std::uint64_t sequence) {
    Bytes key;
    put_u64(key, sequence);
    return key;
  }

  SeededRandom random_{4};
  const SecretKey root_ = SecretKey::make(random_), secret_ = SecretKey::make(random_);
  const KeyId kept_ = KeyId::make(random_), erased_ = KeyId::make(random_);
  MemoryKv kv_;
  LedgerHead head_;
};

TEST_F(LedgerTest, a_good_ledger_verifies_with_its_erased_bodies) {
  const LedgerReport report = verify();
  EXPECT_TRUE(report.good());
  EXPECT_EQ(report.entries, 50u);
  EXPECT_EQ(report.opened, 43u);
  EXPECT_EQ(report.erased, 7u);
  EXPECT_EQ(report.root, head_.frontier.root());
}

TEST_F(LedgerTest, the_head_comes_back_and_no_bit_of_it_can_change) {
  const auto row = rows_of(kv_, Table::meta).at(0);
  auto head = read_ledger_head(*kv_.read().value(), root_);
  EXPECT_EQ(head->member.text(), "leeds-csc");
  EXPECT_EQ(head->incarnation, 4u);
  EXPECT_EQ(head->frontier.root(), head_.frontier.root());
  for (std::size_t bit = 0; bit < row.second.size() * 8; ++bit) {
    Bytes bad = row.second;
    bad[bit / 8] ^= std::uint8_t(1 << bit % 8);
    put_row(kv_, Table::meta, row.first, bad);
    EXPECT_EQ(read_ledger_head(*kv_.read().value(), root_).error().code, "ledger-damaged");
  }
}

TEST_F(LedgerTest, a_removed_a_swapped_and_an_added_entry_are_problems) {
  const auto rows = rows_of(kv_, Table::entries);
  erase_row(kv_, Table::entries, key_of(20));
  EXPECT_FALSE(verify().good());
  put_row(kv_, Table::entries, key_of(20), rows[21].second);
  EXPECT_FALSE(verify().good());
  EXPECT_EQ(read_entry(*kv_.read().value(), 20).error().code, "entry-damaged");
  put_row(kv_, Table::entries, key_of(20), rows[20].second);
  EXPECT_TRUE(verify().good());
  put_row(kv_, Table::entries, key_of(50), rows[49].second);
  EXPECT_FALSE(verify().good());
}

TEST_F(LedgerTest, problems_are_counted_in_full_and_told_up_to_a_limit) {
  for (const auto& [key, entry] : rows_of(kv_, Table::entries)) {
    Bytes bad = entry;
    bad.back() ^= 1;
    put_row(kv_, Table::entries, key, bad);
  }
  const LedgerReport report = verify();
  EXPECT_GE(report.problem_count, 43u);
  EXPECT_LE(report.problems.size(), limits::ledger_problems_max);
}

TEST_F(LedgerTest, subtrees_that_are_not_stored_are_computed) {
  const auto txn = kv_.read().value();
  std::vector<Hash> leaves;
  for (const auto& [key, entry] : rows_of(kv_, Table::entries)) leaves.push_back(leaf_hash(entry));
  const Subtree subtree = stored_subtrees(*txn);
  EXPECT_EQ(subtree(0, 13).value(), leaves[13]);
  EXPECT_EQ(subtree(1, 3).value(), node_hash(leaves[6], leaves[7]));
  EXPECT_EQ(rows_of(kv_, Table::tree).size(), 3u + 1u);  // of sixteen, and of thirty-two
}

}  // namespace
}  // namespace ginnel
