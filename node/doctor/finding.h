// SPDX-License-Identifier: Apache-2.0
// One thing that the doctor found: how it stands, what about, the hops in order, and what to do.
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace ginnel {

enum class Health : unsigned char { ok, warning, failed };
constexpr const char* name_of(Health health) {
  return health == Health::ok ? "ok" : health == Health::warning ? "warning" : "failed";
}

struct Finding {
  Health health = Health::ok;
  std::string about;                                      // one line: "peer wakefield-csc"
  std::string code;                                       // for programs: "refused", "ok"; kebab-case
  std::vector<std::pair<std::string, std::string>> hops;  // "reached" -> "tcp://... in 1 ms"
  std::string remedy;                                     // a command where there is one; empty: nothing to do
  bool operator==(const Finding&) const = default;
};

}  // namespace ginnel
