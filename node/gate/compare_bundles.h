// SPDX-License-Identifier: Apache-2.0
// What another bundle would change, in words: every kind of request that the two decide differently, and which rules
// are others. Of no record, child or worker.
//
// Thread: any, not the loop: it may take seconds. Values.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "node/gate/bundle.h"

namespace ginnel {

// One row of policy::compare_policies().
struct DifferenceInWords {
  bool tells_more = false;  // what was not told would be; else the other way about
  bool is_certain = false;  // else it may be so
  // Conditions, all of which hold; none: whoever asks, any step, any record, however it is asked for.
  std::vector<std::string> who, step, record, how;
  bool where_permitted = false, unless_permitted = false, unless_forbidden = false;
  std::vector<std::string> rules;  // "WY-12 What happened, for a proven child-protection purpose"
};

struct RuleChange {
  enum class Is : std::uint8_t {
    added,
    gone,
    decides_otherwise,  // its conditions are others; what comes of that stands in the differences
    says_otherwise,     // only what is told of it, or whether it hides
  };
  Is is = Is::added;
  std::string id, title;
  std::vector<std::string> says;  // what is said otherwise: "It no longer hides that there is such a record"
};

struct BundlesCompared {
  std::vector<DifferenceInWords> differences;
  std::string cannot;  // why the differences could not be told; empty: they are all of them
  std::vector<RuleChange> rules;
};

// "WY-12 What happened, for a proven child-protection purpose", as the first that has the rule says it; what is no rule
// of either stands as it is.
std::string rule_with_title(const std::string& id, const Bundle& first, const Bundle& second);

// Both as nodes decide by them, with own policies where they have any. `give_up` as for compare_policies().
BundlesCompared compare_bundles(const Bundle& before, const Bundle& after, const std::function<bool()>& give_up = {});

}  // namespace ginnel
