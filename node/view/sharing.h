// SPDX-License-Identifier: Apache-2.0
// Who looked at what of one person, who was told what of them, and why: for the person, their family, and who answers
// for the agency's sharing. Counts, categories and ids; never what was told.
//
// Values only.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "federation/base/id.h"
#include "federation/base/time.h"
#include "node/store/entry.h"

namespace ginnel {

namespace limits {
inline constexpr std::size_t sharing_rows_max = 100;  // of one answer
}  // namespace limits

struct SharingRow {
  std::uint64_t entry = 0;  // its number in the ledger, which proves it
  Instant at;
  std::string what;    // the entry's kind: "asked", "decided", "disclosed", "received", "view_shown", "people_searched"
  MemberId member;     // the other agency; empty: within our own
  std::string worker;  // our own worker's name; empty: another agency's, or the node itself
  std::string role, purpose, basis, reason;
  Allocated allocated = Allocated::not_asked;  // of our own worker's looking: whether the person was of their caseload
  std::uint32_t told = 0;                      // records at headline or more
  std::uint32_t counted = 0;                   // told to exist, and no more
  std::uint32_t withheld = 0;                  // not told at all
};

struct SharingAccount {
  PersonRef person;
  std::vector<SharingRow> rows;  // newest first
  std::uint64_t before = 0;      // ask again with this for older ones; 0: there are none
  std::uint64_t erased = 0;      // of the entries looked at: they can no longer be read
};

}  // namespace ginnel
