// SPDX-License-Identifier: Apache-2.0
// When a member's keys change by themselves, and what the statement that announces it says (DESIGN 8).
//
//   |--------- life of statement n ---------------------------|
//   |  60 % used: n+1 is announced      | n+1 begins   | n is refused
//                                       |<- overlap ->|
//
// The announcement travels before the new key is used, so that peers already know it; the overlap is for what is under
// way. With the default rules both lie before two thirds of the life.
//
// Thread: any; pure.
#pragma once

#include <optional>

#include "federation/directory/directory.h"

namespace ginnel {

struct RotationRules {
  std::int64_t life_ms = 365 * day_ms;      // of a statement; at most limits::key_statement_life_ms_max
  std::int64_t announce_percent = 60;       // of the life used when the next statement is made
  std::int64_t announced_ms = 14 * day_ms;  // from making it to its beginning
  std::int64_t overlap_ms = 7 * day_ms;     // from then on, the old one is accepted still
};

// How much of its life is used, 0 to 100.
std::int64_t percent_used(const KeyStatement& statement, Instant now);

// When the statement after `current` is made.
Instant rotates_at(const KeyStatement& current, const RotationRules& rules);

// The one after `current`, with everything but its keys: `signing_key` and `curve_key` are for the caller. If `current`
// is over already (the node was off), the new one begins at once; peers that would admit it must be told by file.
KeyStatement statement_after(const KeyStatement& current, Instant now, const RotationRules& rules);

}  // namespace ginnel
