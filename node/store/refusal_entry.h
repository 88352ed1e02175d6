// SPDX-License-Identifier: Apache-2.0
// The body of the entries about refusals to share: what somebody decided not to share with whom, by which test, and
// when it is looked at again. Each entry holds the whole as it stands after one act.
//
// Sealed under the person's key, so that erasing the person takes it along.
#pragma once

#include <string>

#include "federation/base/id.h"
#include "federation/base/time.h"

namespace ginnel {

using RefusalId = Id<struct RefusalTag>;  // one decision not to share

// Working Together 2023 and the golden rules ask for the reason of sharing or not; Children Act 2004 s16LA (inserted by
// the Children's Wellbeing and Schools Act 2026 s4, commencement unconfirmed) for the test.
struct RefusalEntry {
  RefusalId refusal;
  PersonRef person;
  RecordId record;       // what was not shared; empty: whatever there is in the category
  std::string category;  // a word of the list `category`
  MemberId recipient;    // with whom; empty: with nobody outside of the agency
  std::string purpose;   // for what it was wanted; empty: for anything
  std::string test;      // a word of the list `refusal_test`
  std::string reason;    // how the test came out, in the author's words
  Instant decided;
  Instant review;            // when it is looked at again; not set: no more
  std::string outcome;       // of the last review: "stands" or "to_be_shared"; empty: there was none
  std::string after_review;  // what was said there
  bool operator==(const RefusalEntry&) const = default;
};

}  // namespace ginnel
