// SPDX-License-Identifier: Apache-2.0
// What a look at the records of all agencies found, as far as the engine needs it: of each that it happened, when, of
// which kind, and who holds it. No word of what happened.
//
// Thread: any; values.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "federation/base/time.h"

namespace ginnel {

struct SeenRecord {
  std::string kind;                // "was_not_brought"
  When at;                         // when it happened; not set: nobody knows, and it counts in no pattern
  std::set<std::string> agencies;  // as people know them; several recorded it alike, and it happened once
};

struct Seen {
  std::vector<SeenRecord> records;
  std::set<std::string> unanswered, withheld;  // agencies: that did not answer; that hold something back
};

}  // namespace ginnel
