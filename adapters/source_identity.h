// SPDX-License-Identifier: Apache-2.0
// What a mapping or an adapter's file says of the source as a whole: its name, and who answers for its data.
//
// Read on its own, so that a source whose files or mapping cannot be used is still known by name, and its owner told.
//
// Thread: any; pure.
#pragma once

#include <filesystem>
#include <string>

#include "federation/base/error.h"

namespace ginnel {

// The person who is told when the source cannot be read. A member of the agency's staff, not a subject.
struct DataOwner {
  std::string name, role, contact;
  auto operator<=>(const DataOwner&) const = default;
};

struct SourceIdentity {
  std::string system;   // name of the source system
  std::string adapter;  // "cin", "annex-a", "ssda903"; empty: a mapping of comma-separated files
  DataOwner owner;
  // It repeats, once a year, what another source of the agency tells day by day: its age says nothing of the agency's.
  bool is_supplement = false;
};

// Nothing is checked but that it is TOML and names its system: the reader of the whole file tells every mistake.
// Error: `bad-mapping`.
Expected<SourceIdentity> read_source_identity(const std::filesystem::path& file);

}  // namespace ginnel
