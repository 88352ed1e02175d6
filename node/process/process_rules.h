// SPDX-License-Identifier: Apache-2.0
// By what a node runs processes: what [processes] of its configuration names, read.
//
// Thread: any; values.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "node/calendar/calendar.h"
#include "node/process/engine/definition.h"

namespace ginnel {

// As node.toml says it; paths are absolute. No definitions: the node runs no processes.
struct ProcessesConfig {
  std::vector<std::filesystem::path> definitions;
  std::filesystem::path holidays, terms;     // tables of the calendar; `terms` may be empty
  std::string authority;                     // whose definitions are followed where the member has none of its own
  std::string agency;                        // which of the definitions' agencies this member is: "social_care"
  std::map<std::string, std::string> roles;  // of the definitions, to roles of the node's users
};

struct ProcessRules {
  Definitions definitions;
  Calendar calendar;
  std::string authority, agency;
  std::map<std::string, std::string> roles;
};

}  // namespace ginnel
