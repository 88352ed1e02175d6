// SPDX-License-Identifier: Apache-2.0
// How the policy bundle in force stands at this node: since when, and whose signatures it bears. About nobody.
//
// Values only. What the bundle says is node/view/policy_in_words.h.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "federation/base/time.h"

namespace ginnel {

// One group of trustees whose signatures it needs.
struct PolicySigners {
  std::string group;
  std::uint32_t needed = 0;
  std::vector<std::string> have;  // members' names
};

struct PolicyStanding {
  Instant since;           // when this node put it in force; not set: it was done before the node kept the moment
  bool is_sealed = false;  // one signed document; else a folder, which nobody signed
  std::vector<PolicySigners> signers;
  bool in_shadow = false;  // decides by it, and tells others nothing yet
};

}  // namespace ginnel
