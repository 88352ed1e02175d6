// SPDX-License-Identifier: Apache-2.0
// Reads the pages of an environment's file before the engine maps them.
//
// LMDB has no checksums. It follows what a page says: a flipped bit in one makes it read outside the file (the process
// is killed), hide keys, or, in one of the two meta pages, go back by a commit and lose it without a word. Here every
// page is read as bytes, and each number in it is tried against the others: kinds, offsets, order of keys, depths, and
// that every page of the file is in use once or free once. What only damages a value is not seen here: the layers above
// authenticate those. docs/formats/pages.md has the layout.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "federation/base/error.h"

namespace ginnel {

// INVARIANT: LmdbKv writes the number of the commit under this name into the main table, in the commit itself.
inline constexpr const char* commit_row = "commit";

enum class PageDepth {
  quick,  // the meta pages, the list of free pages and the list of tables
  whole,  // every page of every table: reads the file but for the inside of long values
};

struct PageReport {
  std::uint64_t pages = 0;          // of the file, as the newest commit counts them
  std::uint64_t commit = 0;         // the newest
  std::vector<std::uint64_t> free;  // pages that hold nothing; in ascending order, with PageDepth::whole alone
  std::uint64_t used = 0;           // with PageDepth::whole alone
};

// A file that is missing or empty is a new environment: an empty report. Errors: `pages-damaged`, with the page and its
// table, or the error of reading.
Expected<PageReport> check_pages(const std::string& file, PageDepth depth);

}  // namespace ginnel
