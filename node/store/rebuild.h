// SPDX-License-Identifier: Apache-2.0
// Makes every index again from the ledger, compares it with the one in use, and puts it in its place.
//
// For a stopped node: nothing else may write. `scratch` is an empty environment: memory for a small node, a directory
// of its own for a large one. The ledger is not verified here: `ginnel ledger verify` does that, and comes first. No
// plaintext leaves (DESIGN 7): a report holds names of indexes and counts.
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "node/store/store.h"

namespace ginnel {

struct IndexComparison {
  std::string index;              // its name
  std::uint64_t rows_in_use = 0;  // rows and buckets
  std::uint64_t rows_rebuilt = 0;
  std::uint64_t differing = 0;  // rows of either that the other has not, or has otherwise
};

struct RebuildReport {
  std::uint64_t entries = 0;  // applied
  std::uint64_t erased = 0;   // left out: their key was destroyed
  std::vector<IndexComparison> indexes;
  bool equal() const {
    for (const auto& one : indexes)
      if (one.differing != 0) return false;
    return true;
  }
};

class Rebuild {
 public:
  Rebuild(Store& store, Kv& scratch) : store_(store), scratch_(scratch) {}

  // Builds into scratch and compares. Errors: the store's, where an entry cannot be read at all.
  Expected<RebuildReport> run();
  // Replaces the indexes in use with the built ones, in one commit. After run().
  Expected<void> adopt();

 private:
  Expected<void> build(RebuildReport& report);
  Expected<void> apply(KvWrite& kv, const KvRead& ledger, std::uint64_t sequence, RebuildReport& report);
  Expected<Bytes> open_body(const KvRead& ledger, std::uint64_t sequence, EntryHeader* header) const;

  Store& store_;
  Kv& scratch_;
  std::set<KeyId> missing_;  // keys that the table has not: each needs a tombstone
};

}  // namespace ginnel
