// SPDX-License-Identifier: Apache-2.0
// Decisions about sharing as people record and see them: what Service gives to the API and the command line, and takes
// from them.
//
// Thread: any; values. What somebody decided is a record about a person: shown to the agency's own workers alone.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "node/store/consent_entry.h"
#include "node/view/registers.h"

namespace ginnel {

namespace limits {
inline constexpr std::size_t consents_shown_max = 200;  // of one person, the newest; `more` says that there are others
}

struct NewConsent {
  ConsentEntry entry;                 // its id is made; `from` not set: from now
  std::vector<std::string> mistakes;  // found while it was read
};

struct ConsentWithdrawal {
  ConsentId consent;
  std::string reason;
};

struct ConsentRow {
  ConsentEntry entry;
  std::string state;  // what it is now: a word of the list `consent_state`
  bool has_begun = true;
  std::string words;  // "the child was judged competent and refused on 3 Mar 2026"
  Instant recorded_at;
  std::string recorded_by, withdrawn_by;  // names; the second empty: nobody
};

struct ConsentList {
  std::vector<ConsentRow> rows;  // newest first
  bool more = false;
  DecisionsAbout about;  // for pages
};

using ConsentRegister = RegisterPage<ConsentRow>;

}  // namespace ginnel
