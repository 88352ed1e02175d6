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
inline constexpr std::size_t sharing_rows_max = 100;                // of one answer
inline constexpr std::uint64_t withheld_entries_read_max = 50'000;  // of the ledger, the newest; for one account
inline constexpr std::uint64_t withheld_entries_per_turn = 250;
inline constexpr int withheld_days_max = 92;
inline constexpr int withheld_days_usual = 28;
}  // namespace limits

struct SharingRow {
  std::uint64_t entry = 0;  // its number in the ledger, which proves it
  Instant at;
  std::string what;    // the entry's kind: "asked", "decided", "disclosed", "received", "view_shown", "people_searched"
  std::string form{};  // of a view that was taken away: "chronology-pdf"; empty: it was not
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

// What this node did not tell other members in a period, counted: no person, no worker, no record.
struct WithheldRow {
  MemberId member;  // who asked
  std::string member_name;
  std::string category;     // its title, coarsened as the asker was told it; empty: the ask as a whole was refused
  std::string reason;       // the rule's title, or why it was refused
  std::uint64_t count = 0;  // of records, or of refused asks
};

struct WithheldAccount {
  Date from, to;      // both count
  Instant read_from;  // set where the ledger was too long to be read to the period's beginning: nothing before counts
  std::vector<WithheldRow> withheld, refused;  // the most first
  std::uint64_t asks = 0;                      // of other members, in the period
  std::uint64_t asks_withheld_from = 0;        // of those: something was withheld
  std::uint64_t in_shadow = 0;                 // told nothing because the node did not share yet; not in the rows
  std::uint64_t erased = 0, unreadable = 0;    // could not be counted
};

}  // namespace ginnel
