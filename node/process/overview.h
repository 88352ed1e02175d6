// SPDX-License-Identifier: Apache-2.0
// How a process stands, as its lead tells those who work in it: what is done and by whom, what is due, who is late and
// why (DESIGN 11). One record for each agency that brought something, addressed to it; the newest takes the place of
// the one before without a word, because that one was right when it stood (docs/decisions/0068).
//
//   the lead's process -> overview (a record) -> notice -> the participant's node, which reads it here
//
// Thread: any; pure. What a peer wrote is read here: whatever is not as it should be is none. Limits: below.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "federation/record/record.h"

namespace ginnel {

inline constexpr std::string_view overview_kind = "process_overview";  // word of the list `record_kind`

namespace limits {
inline constexpr std::size_t overview_steps_max = 20;  // every open one first, then those that ended last
}  // namespace limits

struct OverviewStep {
  std::uint32_t number = 0;
  std::string title;
  std::string owner;  // in the lead's words: "Independent chair"
  bool is_open = false, is_cancelled = false;
  When opened, closed;
  Instant due;                         // the first end of its clocks that counts; not set: none does
  std::string late_because;            // what was said of it; empty: nothing was
  std::vector<std::string> waits_for;  // evidence that is not there yet
  std::vector<std::string> missing;    // agencies without which it has no quorum
  std::string outcome;                 // of an ended one
  bool operator==(const OverviewStep&) const = default;
};

struct ProcessOverview {
  ProcessId process;
  std::string title;                // "Child protection"
  std::vector<std::string> states;  // in words
  Instant as_at;
  bool has_ended = false;
  std::vector<OverviewStep> steps;  // in the order in which they began
  std::size_t left_out = 0;         // ended ones that are not told for want of room
  bool operator==(const ProcessOverview&) const = default;
};

std::vector<Field> fields_of(const ProcessOverview& overview);
// Of a record that was told as such. Nothing: it is none, or not as much was told as there is to it.
std::optional<ProcessOverview> overview_of(std::string_view kind, const std::string& headline,
                                           const std::vector<Field>& fields);

// A line for each step, as people read it: {"Strategy discussion", "open since 12 Nov 2026; LATE, due 13 Nov 2026
// 10:00: the chair was ill; waits for attendance"}.
std::vector<Field> for_people(const ProcessOverview& overview, Instant now);

}  // namespace ginnel
