// SPDX-License-Identifier: Apache-2.0
// What every engine behind the Store seam must do, run against each of them.
#include "node/store/kv.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "node/store/lmdb_kv.h"
#include "node/store/memory_kv.h"
#include "tests/node/temp_directory.h"

namespace ginnel {
namespace {

using Rows = std::vector<std::pair<std::string, std::string>>;

class KvTest : public testing::TestWithParam<std::string> {
 protected:
  void SetUp() override {
    if (GetParam() == "memory") {
      kv_ = std::make_unique<MemoryKv>();
    } else {
      auto opened = open_lmdb(directory_.path() + "/kv");
      ASSERT_TRUE(opened) << opened.error().text();
      kv_ = std::move(*opened);
    }
  }
  std::unique_ptr<KvWrite> write() {
    auto txn = kv_->write();
    EXPECT_TRUE(txn) << txn.error().text();
    return std::move(*txn);
  }
  void put(KvWrite& txn, std::string_view key, std::string_view value) {
    ASSERT_TRUE(txn.put(Table::entries, view_of(key), view_of(value)));
  }
  static Rows rows_of(const KvRead& txn, std::string_view from, std::string_view until) {
    Rows rows;
    EXPECT_TRUE(txn.scan(Table::entries, view_of(from), view_of(until), [&](ByteView key, ByteView value) {
      rows.emplace_back(text_of(key), text_of(value));
      return true;
    }));
    return rows;
  }
  static std::string at(const KvRead& txn, std::string_view key) {
    auto value = txn.get(Table::entries, view_of(key));
    EXPECT_TRUE(value);
    return *value ? std::string(text_of(**value)) : "(absent)";
  }

  TempDirectory directory_;
  std::unique_ptr<Kv> kv_;
};

TEST_P(KvTest, a_commit_is_seen_by_later_snapshots_only) {
  auto before = kv_->read();
  ASSERT_TRUE(before);
  auto txn = write();
  put(*txn, "a", "1");
  EXPECT_EQ(at(*txn, "a"), "1");
  auto during = kv_->read();
  ASSERT_TRUE(during);
  EXPECT_EQ(at(**during, "a"), "(absent)");
  ASSERT_TRUE(txn->commit());
  auto after = kv_->read();
  ASSERT_TRUE(after);
  EXPECT_EQ(at(**before, "a"), "(absent)");
  EXPECT_EQ(at(**during, "a"), "(absent)");
  EXPECT_EQ(at(**after, "a"), "1");
}

TEST_P(KvTest, a_snapshot_keeps_what_is_overwritten_and_erased_later) {
  auto txn = write();
  put(*txn, "a", "1");
  put(*txn, "b", "2");
  ASSERT_TRUE(txn->commit());
  txn.reset();
  auto snapshot = kv_->read();
  ASSERT_TRUE(snapshot);
  txn = write();
  put(*txn, "a", "changed");
  ASSERT_TRUE(txn->erase(Table::entries, view_of("b")));
  ASSERT_TRUE(txn->erase(Table::entries, view_of("never there")));
  ASSERT_TRUE(txn->commit());
  EXPECT_EQ(rows_of(**snapshot, "", ""), (Rows{{"a", "1"}, {"b", "2"}}));
  auto now = kv_->read();
  EXPECT_EQ(rows_of(**now, "", ""), (Rows{{"a", "changed"}}));
}

TEST_P(KvTest, a_transaction_that_goes_without_commit_changed_nothing) {
  auto txn = write();
  put(*txn, "a", "1");
  ASSERT_TRUE(txn->commit());
  txn = nullptr;
  txn = write();
  put(*txn, "a", "2");
  put(*txn, "a", "3");
  put(*txn, "b", "4");
  ASSERT_TRUE(txn->erase(Table::entries, view_of("a")));
  txn = nullptr;
  txn = write();
  EXPECT_EQ(rows_of(*txn, "", ""), (Rows{{"a", "1"}}));
}

TEST_P(KvTest, a_second_writer_is_refused_until_the_first_is_gone) {
  auto first = write();
  auto second = kv_->write();
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, "kv-busy");
  first.reset();
  EXPECT_TRUE(kv_->write());
}

TEST_P(KvTest, keys_are_in_the_order_of_unsigned_bytes) {
  auto txn = write();
  for (std::string key : {"b", "a", "ab", "\xff", "\x7f", "a\x01"}) put(*txn, key, "");
  Rows expected;
  for (std::string key : {"a", "a\x01", "ab", "b", "\x7f", "\xff"}) expected.emplace_back(key, "");
  EXPECT_EQ(rows_of(*txn, "", ""), expected);
  EXPECT_EQ(rows_of(*txn, "a\x01", "b"), (Rows{{"a\x01", ""}, {"ab", ""}}));
  EXPECT_EQ(rows_of(*txn, "c", "d"), Rows());
  EXPECT_EQ(txn->last_key(Table::entries).value(), std::optional(Bytes{0xff}));
  EXPECT_EQ(txn->last_key(Table::tree).value(), std::optional<Bytes>());
}

TEST_P(KvTest, a_prefix_scan_gives_the_prefix_and_nothing_after_it) {
  auto txn = write();
  for (std::string key : {"a", "a\xff", "a\xff\xff", "b", "\xff\xff", "\xff"}) put(*txn, key, "");
  auto count = [&](std::string_view prefix) {
    int rows = 0;
    EXPECT_TRUE(txn->scan_prefix(Table::entries, view_of(prefix), [&](ByteView, ByteView) { return ++rows, true; }));
    return rows;
  };
  EXPECT_EQ(count("a"), 3);
  EXPECT_EQ(count("a\xff"), 2);
  EXPECT_EQ(count("\xff"), 2);
  EXPECT_EQ(count(""), 6);
  int rows = 0;
  ASSERT_TRUE(txn->scan_prefix(Table::entries, view_of("a"), [&](ByteView, ByteView) { return ++rows, false; }));
  EXPECT_EQ(rows, 1);
}

TEST_P(KvTest, tables_do_not_see_each_other) {
  auto txn = write();
  ASSERT_TRUE(txn->put(Table::meta, view_of("k"), view_of("meta")));
  EXPECT_EQ(at(*txn, "k"), "(absent)");
}

INSTANTIATE_TEST_SUITE_P(Engines, KvTest, testing::Values("memory", "lmdb"),
                         [](const auto& info) { return info.param; });

}  // namespace
}  // namespace ginnel
