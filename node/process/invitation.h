// SPDX-License-Identifier: Apache-2.0
// An invitation to a step of a process, and what an invited agency brings to it from its own node, as records that any
// node reads: neither has a message of its own (docs/decisions/0066).
//
//   invitation (the lead's record) -> notice -> somebody answers -> what they bring (their agency's record) -> notice
//   -> the lead's process
//
// Thread: any; pure. What a peer wrote is read here: whatever is not as it should be is none. Limits: StepRef.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "federation/wire/answer.h"

namespace ginnel {

// Words of the list `record_kind`.
inline constexpr std::string_view invitation_kind = "process_invitation";
inline constexpr std::string_view contribution_kind = "process_contribution";
// The system that records of processes come from.
inline constexpr const char* process_source = "ginnel-process";

// A step of a process, wherever it runs: "PROCESS/7".
struct StepRef {
  ProcessId process;
  std::uint32_t number = 0;
  bool operator==(const StepRef&) const = default;
  std::string text() const { return process.hex() + "/" + std::to_string(number); }
  static std::optional<StepRef> parse(std::string_view text);
};

struct Invitation {
  StepRef at;
  std::string title;                 // of the step, in the lead's words
  std::vector<std::string> wanted;   // "attendance", "report"; never empty
  std::vector<std::string> invited;  // agencies, in words
  Instant due;                       // the first end of the step's clocks; not set: none is known
};
std::vector<Field> fields_of(const Invitation& invitation);
// Of a record that was told as such. Nothing: it is none, or not as much was told as an answer needs.
std::optional<Invitation> invitation_of(std::string_view kind, const std::string& headline,
                                        const std::vector<Field>& fields);

struct BroughtToStep {
  StepRef at;
  std::string name;  // "attendance"
  std::string text;  // with who wrote it
  When when;
};
std::vector<Field> fields_of(const BroughtToStep& brought);
// Nothing: it brings nothing to a process, or carries a marking, so that a person has to look at it first.
std::optional<BroughtToStep> brought_of(const Item& item);

}  // namespace ginnel
