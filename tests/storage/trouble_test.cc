// SPDX-License-Identifier: Apache-2.0
// What may befall a store's folder: full, torn, cut, left by a killed process, wanted by two. Each is said so that an
// operator knows what to do, and doing it helps.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstring>
#include <filesystem>
#include <fstream>

#include "node/store/page_check.h"
#include "tests/storage/filled_store.h"

namespace ginnel {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

constexpr std::size_t meta_at = 16, meta_bytes = 136, commit_at = 144;

struct Copy {
  Copy() { fs::copy(filled().directory(), folder.path(), fs::copy_options::recursive); }
  std::string ledger() const { return folder.path() + "/ledger"; }
  std::string file() const { return ledger() + "/data.mdb"; }
  Outcome examined() const { return examine_copy(filled(), folder.path()); }
  // As whoever has kept a copy does.
  void restore() {
    fs::copy(filled().directory() + "/ledger", ledger(),
             fs::copy_options::recursive | fs::copy_options::overwrite_existing);
  }
  TempDirectory folder;
};

std::string bytes_of(const std::string& file, std::uint64_t at, std::size_t count) {
  std::ifstream in(file, std::ios::binary);
  in.seekg(std::streamoff(at));
  std::string out(count, '\0');
  in.read(out.data(), std::streamsize(count));
  return out;
}
void overwrite(const std::string& file, std::uint64_t at, const std::string& bytes) {
  std::fstream out(file, std::ios::in | std::ios::out | std::ios::binary);
  out.seekp(std::streamoff(at));
  out.write(bytes.data(), std::streamsize(bytes.size()));
}

void expect_said(const Error& error, const char* code) {
  EXPECT_EQ(error.code, code);
  EXPECT_FALSE(error.what.empty());
  EXPECT_FALSE(error.why.empty());
  EXPECT_FALSE(error.remedy.empty()) << error.text();
}
void expect_right(const Outcome& out) {
  EXPECT_FALSE(out.died) << out.how;
  EXPECT_EQ(out.refused, "");
  EXPECT_EQ(out.right, filled().right().size());
  EXPECT_TRUE(out.problems.empty()) << out.problems.front();
}

// A process that opens the copy and does something with it, then ends as it was told.
template <class Act>
int in_child(const Act& act) {
  const pid_t child = ::fork();
  if (child == 0) ::_exit(act());
  int status = 0;
  EXPECT_EQ(::waitpid(child, &status, 0), child);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

TEST(StoreTrouble, a_flipped_number_of_a_commit_never_goes_back_by_one) {
  std::size_t refused = 0;
  for (std::uint64_t page = 0; page < 2; ++page) {
    for (unsigned bit = 0; bit < 64; ++bit) {
      Copy copy;
      const std::uint64_t at = page * page_bytes + commit_at + bit / 8;
      std::string byte = bytes_of(copy.file(), at, 1);
      byte[0] = char(byte[0] ^ char(1 << bit % 8));
      overwrite(copy.file(), at, byte);
      const auto opened = open_lmdb(copy.ledger());
      ASSERT_FALSE(opened) << "page " << page << " bit " << bit;
      expect_said(opened.error(), "pages-damaged");
      ++refused;
    }
  }
  EXPECT_EQ(refused, 128u);
}

TEST(StoreTrouble, a_torn_meta_page_is_named_and_a_kept_copy_is_the_way_out) {
  Copy copy;
  const auto report = check_pages(copy.file(), PageDepth::quick).value();
  const std::uint64_t page = report.commit & 1, newest = page * page_bytes + meta_at;
  const std::string as_written = bytes_of(copy.file(), newest, meta_bytes);
  const std::string other = bytes_of(copy.file(), (1 - page) * page_bytes + meta_at, meta_bytes);
  ASSERT_NE(as_written, other);
  for (std::size_t torn = 8; torn < meta_bytes; torn += 8) {
    const std::string mixed = as_written.substr(0, torn) + other.substr(torn);
    if (mixed == as_written) continue;
    overwrite(copy.file(), newest, mixed);
    const Outcome out = copy.examined();
    EXPECT_FALSE(out.died) << torn << ": " << out.how;
    EXPECT_THAT(out.refused, HasSubstr("page " + std::to_string(page) + " of")) << torn;
  }
  copy.restore();
  expect_right(copy.examined());
}

TEST(StoreTrouble, a_file_that_was_cut_is_named_and_a_kept_copy_is_the_way_out) {
  Copy copy;
  fs::resize_file(copy.file(), fs::file_size(copy.file()) / 2);
  const auto opened = open_lmdb(copy.ledger());
  ASSERT_FALSE(opened);
  expect_said(opened.error(), "pages-damaged");
  EXPECT_THAT(opened.error().why, HasSubstr("the file ends before it"));
  copy.restore();
  expect_right(copy.examined());
}

TEST(StoreTrouble, a_full_map_stops_the_store_and_a_larger_one_is_the_way_out) {
  Copy copy;
  {
    auto ledger =
        open_lmdb(copy.ledger(), {.map_bytes = 4096 * (check_pages(copy.file(), PageDepth::quick)->pages + 8)});
    auto keys = open_lmdb(copy.folder.path() + "/keys");
    SeededRandom random(3);
    auto store = Store::open(**ledger, **keys, filled().root(), random).value();
    Expected<void> done;
    for (int i = 0; i < 400 && done; ++i) {
      auto turn = store->begin(noon);
      if (!turn) break;
      auto put = (*turn)->put_person(version_of(ben()), ActorId());
      done = put ? (*turn)->commit() : tl::unexpected(put.error());
    }
    ASSERT_FALSE(done);
    expect_said(done.error(), "map-full");
    EXPECT_THAT(done.error().remedy, HasSubstr("map_gib"));
    EXPECT_TRUE(store->read_only());
    EXPECT_FALSE(store->snapshot());
  }
  const Outcome out = copy.examined();  // with the ordinary size
  EXPECT_EQ(out.refused, "");
  EXPECT_EQ(out.unknown, 0u);
  EXPECT_TRUE(out.problems.empty());
}

TEST(StoreTrouble, a_full_disk_stops_the_store_and_space_is_the_way_out) {
  Copy copy;
  const int code = in_child([&] {
    ::signal(SIGXFSZ, SIG_IGN);
    auto ledger = open_lmdb(copy.ledger());
    auto keys = open_lmdb(copy.folder.path() + "/keys");
    SeededRandom random(3);
    auto store = Store::open(**ledger, **keys, filled().root(), random).value();
    const rlimit now{fs::file_size(copy.file()), RLIM_INFINITY};
    ::setrlimit(RLIMIT_FSIZE, &now);
    for (int i = 0; i < 2000; ++i) {
      auto turn = store->begin(noon);
      if (!turn) return 1;
      Record visit = visit_to({(*turn)->put_person(version_of(ben()), ActorId()).value()});
      visit.narrative.assign(20'000, 'n');
      auto put = (*turn)->put_record(visit, ActorId());
      auto done = put ? (*turn)->commit() : tl::unexpected(put.error());
      if (done) continue;
      const bool is_said = done.error().code == "disk-full" && !done.error().remedy.empty();
      return is_said && store->read_only() && !store->snapshot() ? 0 : 2;
    }
    return 3;
  });
  EXPECT_EQ(code, 0);
  const Outcome out = copy.examined();
  EXPECT_EQ(out.refused, "");
  EXPECT_EQ(out.unknown, 0u);
  EXPECT_TRUE(out.wrong.empty() || out.wrong.front().find("people") == 0) << out.wrong.front();
  EXPECT_TRUE(out.problems.empty());
}

TEST(StoreTrouble, a_reader_that_was_killed_holds_no_page_back) {
  Copy copy;
  const int code = in_child([&] {
    auto ledger = open_lmdb(copy.ledger());
    auto reader = (*ledger)->read();
    ::raise(SIGKILL);
    return 0;
  });
  EXPECT_EQ(code, -SIGKILL);
  auto ledger = open_lmdb(copy.ledger());
  ASSERT_TRUE(ledger) << ledger.error().text();
  const auto grown_by = [&](int commits) {
    const auto before = fs::file_size(copy.file());
    for (int i = 0; i < commits; ++i) put_row(**ledger, Table::side_rows, view_of("key"), Bytes(1000, std::uint8_t(i)));
    return fs::file_size(copy.file()) - before;
  };
  (void)grown_by(20);
  EXPECT_EQ(grown_by(200), 0u) << "pages that nobody reads are used again";
}

TEST(StoreTrouble, a_second_process_is_told_who_has_the_folder_and_may_have_it_afterwards) {
  Copy copy;
  {
    auto first = open_lmdb(copy.ledger());
    ASSERT_TRUE(first);
    EXPECT_EQ(
        in_child([&] {
          auto second = open_lmdb(copy.ledger());
          if (second || second.error().code != "store-in-use") return 1;
          return second.error().why.find(copy.ledger()) != std::string::npos && !second.error().remedy.empty() ? 0 : 2;
        }),
        0);
  }
  EXPECT_TRUE(open_lmdb(copy.ledger()));
  expect_right(copy.examined());
}

TEST(StoreTrouble, a_large_file_is_looked_at_whole_after_its_process_was_killed) {
  Copy copy;
  const LmdbOptions large{.whole_check_bytes = 0};
  // A leaf of a table: the last page that begins like one and is in use.
  const auto report = check_pages(copy.file(), PageDepth::whole).value();
  std::uint64_t leaf = 0;
  for (std::uint64_t page = 2; page < report.pages; ++page)
    if (!std::binary_search(report.free.begin(), report.free.end(), page)) {
      const std::string head = bytes_of(copy.file(), page * page_bytes, 16);
      std::uint64_t number = 0;
      std::memcpy(&number, head.data(), 8);
      if (number == page && head[10] == 2) leaf = leaf == 0 ? page : leaf;
    }
  ASSERT_NE(leaf, 0u);
  const auto spoil = [&] { overwrite(copy.file(), leaf * page_bytes + 16, "\xff\xff"); };
  const std::string good = bytes_of(copy.file(), leaf * page_bytes + 16, 2);
  spoil();
  ASSERT_FALSE(check_pages(copy.file(), PageDepth::whole)) << "the damage is one that a whole look sees";
  EXPECT_TRUE(open_lmdb(copy.ledger(), large)) << "shut in order: a quick look, so that a large node starts at once";
  overwrite(copy.file(), leaf * page_bytes + 16, good);
  EXPECT_EQ(in_child([&] {
              auto kv = open_lmdb(copy.ledger(), large);
              ::raise(SIGKILL);
              return 0;
            }),
            -SIGKILL);
  spoil();
  const auto opened = open_lmdb(copy.ledger(), large);
  ASSERT_FALSE(opened);
  EXPECT_THAT(opened.error().why, HasSubstr("page " + std::to_string(leaf) + " of"));
}

TEST(StoreTrouble, a_commit_is_found_whole_by_the_look_at_its_pages_whatever_was_written) {
  TempDirectory folder;
  SeededRandom random(11);
  for (int round = 0; round < 12; ++round) {
    auto kv = open_lmdb(folder.path() + "/kv");
    ASSERT_TRUE(kv) << round << ": " << kv.error().text();
    for (int commit = 0; commit < 12; ++commit) {
      auto txn = (*kv)->write();
      for (int i = 0; i < 60; ++i) {
        Bytes key;
        put_u64(key, random.below(400));
        key.resize(8 + random.below(300));
        const auto table = Table(random.below(table_count));
        // Every length of value: inside a page, of just about a page, of many.
        if (random.below(3) == 0)
          ASSERT_TRUE((*txn)->erase(table, key));
        else
          ASSERT_TRUE(
              (*txn)->put(table, key, Bytes(random.below(10) == 0 ? random.below(30'000) : random.below(300), 7)));
      }
      ASSERT_TRUE((*txn)->commit());
    }
    kv->reset();
    auto report = check_pages(folder.path() + "/kv/data.mdb", PageDepth::whole);
    ASSERT_TRUE(report) << round << ": " << report.error().text();
    EXPECT_GT(report->used, 0u);
  }
}

}  // namespace
}  // namespace ginnel
