// SPDX-License-Identifier: Apache-2.0
#include "node/store/lmdb_kv.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>

#include "tests/node/temp_directory.h"

namespace ginnel {
namespace {

TEST(LmdbKv, what_was_committed_is_there_after_opening_again) {
  TempDirectory directory;
  {
    auto kv = open_lmdb(directory.path() + "/kv");
    auto txn = (*kv)->write();
    ASSERT_TRUE((*txn)->put(Table::keys, view_of("a"), view_of("1")));
    ASSERT_TRUE((*txn)->commit());
  }
  auto kv = open_lmdb(directory.path() + "/kv");
  ASSERT_TRUE(kv) << kv.error().text();
  auto read = (*kv)->read();
  EXPECT_EQ((*read)->get(Table::keys, view_of("a")).value(), std::optional(Bytes{'1'}));
}

TEST(LmdbKv, a_second_open_is_refused_in_the_same_process_and_in_another) {
  TempDirectory directory;
  auto first = open_lmdb(directory.path() + "/kv");
  ASSERT_TRUE(first);
  auto second = open_lmdb(directory.path() + "/kv");
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, "store-in-use");
  const pid_t child = ::fork();
  if (child == 0) {
    auto there = open_lmdb(directory.path() + "/kv");
    ::_exit(!there && there.error().code == "store-in-use" ? 0 : 1);
  }
  int status = 1;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0);
}

// A child that only reads says what it found by its exit code. The environment of the parent is not touched in it: it
// was opened after the fork.
TEST(LmdbKv, beside_the_process_that_writes_another_reads_what_was_committed_and_writes_nothing) {
  TempDirectory directory;
  const std::string path = directory.path() + "/kv";
  int go[2], went[2];
  ASSERT_EQ(::pipe(go) | ::pipe(went), 0);
  const pid_t child = ::fork();
  if (child == 0) {
    ::close(go[1]);  // the parent's end alone: it is heard when that fails
    char byte = 0;
    if (::read(go[0], &byte, 1) != 1) ::_exit(10);
    auto kv = open_lmdb_to_read(path);
    if (!kv) ::_exit(11);
    const auto value = [&] { return (*(*kv)->read())->get(Table::keys, view_of("a")).value_or(std::nullopt); };
    if (value() != std::optional(Bytes{'1'})) ::_exit(12);
    auto write = (*kv)->write();
    if (write || write.error().code != "store-in-use") ::_exit(13);
    if (::write(went[1], "r", 1) != 1 || ::read(go[0], &byte, 1) != 1) ::_exit(14);
    ::_exit(value() == std::optional(Bytes{'2'}) ? 0 : 15);
  }
  auto kv = open_lmdb(path);
  ASSERT_TRUE(kv) << kv.error().text();
  const auto put = [&](const char* value) {
    auto txn = (*kv)->write();
    ASSERT_TRUE((*txn)->put(Table::keys, view_of("a"), view_of(value)));
    ASSERT_TRUE((*txn)->commit());
  };
  put("1");
  char byte = 0;
  ASSERT_EQ(::write(go[1], "g", 1), 1);
  ASSERT_EQ(::read(went[0], &byte, 1), 1);
  put("2");
  ASSERT_EQ(::write(go[1], "g", 1), 1);
  int status = 1;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_EQ(WEXITSTATUS(status), 0);
  put("3");  // the writer was not disturbed
  kv->reset();
  EXPECT_EQ((*open_lmdb(path).value()->read())->get(Table::keys, view_of("a")).value(), std::optional(Bytes{'3'}));
}

TEST(LmdbKv, to_read_a_folder_without_a_store_makes_none) {
  TempDirectory directory;
  const auto kv = open_lmdb_to_read(directory.path());
  ASSERT_FALSE(kv);
  EXPECT_EQ(kv.error().code, "no-store");
  EXPECT_TRUE(std::filesystem::is_empty(directory.path()));
}

TEST(LmdbKv, a_full_map_is_an_error_and_the_store_stands_after_it) {
  TempDirectory directory;
  auto kv = open_lmdb(directory.path() + "/kv", {.map_bytes = 1 << 20});
  auto txn = (*kv)->write();
  ASSERT_TRUE((*txn)->put(Table::meta, view_of("kept"), view_of("1")));
  ASSERT_TRUE((*txn)->commit());
  txn = (*kv)->write();
  const Bytes large(64 * 1024, 7);
  Expected<void> put = {};
  for (std::uint8_t i = 0; i < 32 && put; ++i) put = (*txn)->put(Table::entries, Bytes{i}, large);
  ASSERT_FALSE(put);
  EXPECT_EQ(put.error().code, "map-full");
  EXPECT_FALSE((*txn)->commit());
  txn->reset();
  kv->reset();
  kv = open_lmdb(directory.path() + "/kv", {.map_bytes = 16 << 20});
  auto read = (*kv)->read();
  EXPECT_EQ((*read)->get(Table::meta, view_of("kept")).value(), std::optional(Bytes{'1'}));
  EXPECT_EQ((*read)->last_key(Table::entries).value(), std::optional<Bytes>());
}

TEST(LmdbKv, use_after_fork_ends_the_child_and_leaves_the_parent_alone) {
  TempDirectory directory;
  auto kv = open_lmdb(directory.path() + "/kv");
  EXPECT_DEATH((void)(*kv)->read(), "owner");
  auto txn = (*kv)->write();
  ASSERT_TRUE((*txn)->put(Table::meta, view_of("a"), view_of("1")));
  EXPECT_TRUE((*txn)->commit());
}

TEST(LmdbKv, values_of_odd_lengths_come_back_as_they_were) {
  TempDirectory directory;
  auto kv = open_lmdb(directory.path() + "/kv");
  auto txn = (*kv)->write();
  for (std::uint8_t i = 0; i < 64; ++i) ASSERT_TRUE((*txn)->put(Table::meta, Bytes{1, i}, Bytes(i, i)));
  ASSERT_TRUE((*txn)->commit());
  auto read = (*kv)->read();
  for (std::uint8_t i = 0; i < 64; ++i)
    EXPECT_EQ((*read)->get(Table::meta, Bytes{1, i}).value(), std::optional(Bytes(i, i)));
}

}  // namespace
}  // namespace ginnel
