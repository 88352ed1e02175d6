// SPDX-License-Identifier: Apache-2.0
// What happens to a child, agency by agency: 10 to 40 records of each child over all agencies.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "adapters/synth/agency_export.h"
#include "adapters/synth/copying.h"
#include "adapters/synth/family.h"

namespace ginnel::synth {

inline constexpr int child_records_min = 10, child_records_max = 40;

// What one agency holds of one child.
struct Part {
  std::string node;
  PersonCopy child;
  Involvement involvement;
  bool involved = true;  // has an involvement record
  std::vector<Event> events;
  int records() const {  // of the child
    int count = int(involved);
    for (const Event& event : events) count += int(event.about_child);
    return count;
  }
  int rows() const { return int(events.size()) + int(involved); }
};

using Exports = std::map<std::string, std::unique_ptr<AgencyExport>>;  // by node id

Worker make_worker(const std::string& node, const std::string& role, const std::string& team, Chance& chance);

// The child's parts. Parents whom a record is about get their keys in `exports`.
std::vector<Part> live(const Family& family, const Somebody& child, Date today, Exports& exports, FaultDice& dice);
// The unborn child's part, at the authority that has the mother; nothing if it does not.
std::optional<Part> live_unborn(const Family& family, Date today, Exports& exports, Chance& chance);

}  // namespace ginnel::synth
