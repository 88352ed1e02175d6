// SPDX-License-Identifier: Apache-2.0
#include "node/store/memory_kv.h"

#include <gtest/gtest.h>

namespace ginnel {
namespace {

TEST(MemoryKv, a_crash_loses_what_was_not_committed_and_ends_its_transactions) {
  MemoryKv kv;
  auto txn = kv.write();
  ASSERT_TRUE((*txn)->put(Table::meta, view_of("kept"), view_of("1")));
  ASSERT_TRUE((*txn)->commit());
  txn = kv.write();
  ASSERT_TRUE((*txn)->put(Table::meta, view_of("lost"), view_of("2")));
  kv.crash();
  EXPECT_EQ((*txn)->commit().error().code, "kv-failed");
  EXPECT_EQ((*txn)->get(Table::meta, view_of("kept")).error().code, "kv-failed");
  auto next = kv.write();  // while the dead one is still held
  ASSERT_TRUE(next);
  txn->reset();
  EXPECT_EQ((*next)->get(Table::meta, view_of("kept")).value(), std::optional(Bytes{'1'}));
  EXPECT_EQ((*next)->get(Table::meta, view_of("lost")).value(), std::optional<Bytes>());
  EXPECT_TRUE((*next)->put(Table::meta, view_of("lost"), view_of("3")));
  EXPECT_TRUE((*next)->commit());
}

TEST(MemoryKv, a_commit_that_fails_keeps_nothing) {
  MemoryKv kv;
  kv.commit_fails = [] { return true; };
  auto txn = kv.write();
  ASSERT_TRUE((*txn)->put(Table::meta, view_of("a"), view_of("1")));
  EXPECT_EQ((*txn)->commit().error().code, "kv-failed");
  auto read = kv.read();
  EXPECT_EQ((*read)->get(Table::meta, view_of("a")).value(), std::optional<Bytes>());
}

TEST(MemoryKv, power_may_go_during_a_commit) {
  MemoryKv kv;
  kv.commit_fails = [&] {
    kv.crash();
    return false;
  };
  auto txn = kv.write();
  ASSERT_TRUE((*txn)->put(Table::meta, view_of("a"), view_of("1")));
  EXPECT_FALSE((*txn)->commit());
  kv.commit_fails = nullptr;
  auto read = kv.read();
  EXPECT_EQ((*read)->get(Table::meta, view_of("a")).value(), std::optional<Bytes>());
}

}  // namespace
}  // namespace ginnel
