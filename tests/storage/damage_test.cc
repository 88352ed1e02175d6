// SPDX-License-Identifier: Apache-2.0
// A thousand single bits flipped and ends cut off in copies of a store's files, each opened and read in every ordinary
// way by a process of its own: nothing wrong is shown, nothing is missed without a word, and nobody dies of it.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iostream>

#include "node/store/page_check.h"
#include "tests/storage/filled_store.h"

namespace ginnel {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t damages = 1000, shards = 10;

struct Damage {
  std::string file;  // "ledger" or "keys"
  std::uint64_t at = 0;
  int bit = -1;  // -1: the file ends at `at`
  std::string text() const {
    return file + (bit < 0 ? " cut at " : " bit " + std::to_string(bit) + " of ") + std::to_string(at) + " (page " +
           std::to_string(at / page_bytes) + ")";
  }
};

// A tenth are cuts; of the flips half are anywhere, and half in what LMDB itself reads of a page.
Damage damage_of(std::uint64_t seed, const std::string& copy) {
  SeededRandom random(seed * 7919 + 5);
  Damage out;
  out.file = random.below(5) == 0 ? "keys" : "ledger";
  const std::uint64_t size = fs::file_size(copy + "/" + out.file + "/data.mdb");
  const bool cut = random.below(10) == 0, inside = random.below(2) == 0;
  out.at = inside || cut ? random.below(size) : random.below(size / page_bytes) * page_bytes + random.below(160);
  out.bit = cut ? -1 : int(random.below(8));
  return out;
}

void apply(const Damage& damage, const std::string& copy) {
  const std::string file = copy + "/" + damage.file + "/data.mdb";
  if (damage.bit < 0) return fs::resize_file(file, damage.at);
  std::fstream bytes(file, std::ios::in | std::ios::out | std::ios::binary);
  bytes.seekg(std::streamoff(damage.at));
  const char was = char(bytes.get());
  bytes.seekp(std::streamoff(damage.at));
  bytes.put(char(was ^ char(1 << damage.bit)));
}

bool in_free_page(const Damage& damage) {
  const auto report = check_pages(filled().directory() + "/" + damage.file + "/data.mdb", PageDepth::whole).value();
  const auto& free = report.free;
  auto is_free = [&](std::uint64_t page) { return std::binary_search(free.begin(), free.end(), page); };
  if (damage.bit >= 0) return is_free(damage.at / page_bytes);
  for (std::uint64_t page = damage.at / page_bytes; page < report.pages; ++page)
    if (!is_free(page)) return false;
  return true;
}

// Bytes of a page that hold nothing: padding, the gap between the list of rows and the rows, the rest of a meta page.
bool in_gap(const Damage& damage) {
  if (damage.bit < 0) return false;
  std::ifstream file(filled().directory() + "/" + damage.file + "/data.mdb", std::ios::binary);
  std::uint8_t page[page_bytes];
  const std::size_t within = damage.at % page_bytes;
  file.seekg(std::streamoff(damage.at - within));
  file.read(reinterpret_cast<char*>(page), page_bytes);
  if (within == 8 || within == 9) return true;
  if (damage.at < 2 * page_bytes) return within >= 16 + 136;
  const auto lower = page[12] + 256u * page[13], upper = page[14] + 256u * page[15];
  return (page[10] & 3) != 0 && within >= lower && within < upper;
}

class Damaged : public testing::TestWithParam<std::uint64_t> {};

TEST_P(Damaged, copies_show_nothing_wrong_and_say_what_is_damaged) {
  std::size_t refused = 0, unknown = 0, verified = 0, free = 0, gap = 0, unread = 0;
  for (std::uint64_t seed = GetParam(); seed < damages; seed += shards) {
    TempDirectory copy;
    fs::copy(filled().directory(), copy.path(), fs::copy_options::recursive);
    const Damage damage = damage_of(seed, copy.path());
    apply(damage, copy.path());
    const Outcome out = examine_copy(filled(), copy.path());
    const std::string what = "seed " + std::to_string(seed) + ": " + damage.text();
    EXPECT_FALSE(out.died) << what << ": " << out.how;
    EXPECT_TRUE(out.wrong.empty()) << what << ": " << out.wrong.front();
    if (out.died || !out.wrong.empty()) continue;
    if (!out.refused.empty()) {
      ++refused;
      // What could not be opened, why, and in brackets what to do.
      EXPECT_NE(out.refused.find(": "), std::string::npos) << what << ": " << out.refused;
      EXPECT_EQ(out.refused.back(), ')') << what << ": " << out.refused;
      continue;
    }
    EXPECT_EQ(out.right + out.unknown, filled().right().size()) << what;
    if (out.unknown > 0) {
      ++unknown;
      EXPECT_FALSE(out.problems.empty()) << what << ": not named by verification: " << out.told.front();
    } else if (!out.problems.empty()) {
      ++verified;
    } else if (in_free_page(damage)) {
      ++free;
    } else if (in_gap(damage)) {
      ++gap;
    } else {
      ++unread;
      if (std::getenv("SHOW_UNREAD")) std::cout << what << " +" << damage.at % page_bytes << "\n";
    }
  }
  std::cout << refused << " would not open, " << unknown << " answered in part, " << verified
            << " were found by verification alone; harmless: " << free << " in free pages, " << gap << " in gaps, "
            << unread << " in bytes of pages that nothing reads\n";
}

INSTANTIATE_TEST_SUITE_P(Shard, Damaged, testing::Range(std::uint64_t{0}, shards));

}  // namespace
}  // namespace ginnel
