// SPDX-License-Identifier: Apache-2.0
// What policy needs to know of a record, and nothing more: the gate sees labels, never content.
//
// Words (category, marking, handling) come from the vocabulary of the policy bundle (DESIGN 19); no C++ names one.
#pragma once

#include <cstdint>
#include <set>
#include <string>

#include "federation/base/id.h"
#include "federation/base/time.h"

namespace ginnel {

// How long a record is kept, and when somebody looks at it again.
struct Retention {
  std::string rule;  // id of the owner's retention rule, empty: the agency's default
  Date review_on;    // not set: no review planned
  auto operator<=>(const Retention&) const = default;
};

struct Label {
  std::string category;               // dotted, e.g. "health.sexual"
  std::uint8_t sensitivity = 1;       // 0 involvement and contact .. 4 professional decision only
  std::set<std::string> markings;     // e.g. "protected_address"; ordered, so that encoding is canonical
  std::string handling = "official";  // GSC word, or a police 3x5x2 code "3x5x2:2:B:C:conditions"
  MemberId owner;                     // the member that answers for the record
  Retention retention;
  MemberId addressed_to{};  // for whom its author wrote it; empty: for nobody in particular
  bool operator==(const Label&) const = default;
};

inline constexpr std::uint8_t sensitivity_max = 4;

}  // namespace ginnel
