// SPDX-License-Identifier: Apache-2.0
// What a change of policies would do: every kind of request that one set allows and the other denies, as few rows as
// can be found, each a condition in the language itself.
//
// Numbers are compared by the intervals between the constants that stand in the policies, everything else by the values
// named there and "any other"; so the rows hold for all requests, not for samples. A row is certain when its conditions
// can be met together; whether two attributes are equal, and what each of them is, is followed through. It is not when
// it asks something that is not finite (`like`, a sum, an address), groups of which it is not known who lies in them,
// or attributes of two entities that may be one: then it says what may change. A row that nothing can meet is left out.
//
// Policies that differ in nothing but annotations, ids and places are the same.
//
// Both sets must pass validation, and the entities that requests name be known: then nothing errs, but for overflows.
// Templates decide nothing and are not compared; what was linked is.
#pragma once

#include <functional>
#include <string>
#include <tl/expected.hpp>
#include <vector>

#include "policy/entity.h"
#include "policy/policy_set.h"
#include "policy/schema.h"

namespace ginnel::policy {

struct Difference {
  bool allows = false;                  // after the change; it was the other before
  bool certain = false;                 // else it may be so
  std::vector<std::string> conditions;  // all of which hold; in the order in which each can be asked
  // What the policies that both sets have say is not written out in every row again: the row is only about requests
  // that one of their permits allows, that none of them allows, or that none of their forbids denies.
  bool where_permitted = false, unless_permitted = false, unless_forbidden = false;
  std::vector<std::string> policies;  // ids of those that only one set has and that it is about; of `before` first

  // `deny -> allow: CONDITION && CONDITION`, with `may:` before it where it is not certain, and the rest behind.
  std::string text() const;
};

// `resident` are entities whose places in groups are settled, such as categories; their attributes are not looked at.
// What is allowed now comes first. `give_up` is asked now and then, and yes ends it. Failure: a set does not pass
// validation, limits::compare_nodes_max or compare_rows_max, or it was given up.
tl::expected<std::vector<Difference>, std::string> compare_policies(const PolicySet& before, const PolicySet& after,
                                                                    const Schema& schema,
                                                                    const EntitySource* resident = nullptr,
                                                                    const std::function<bool()>& give_up = {});

}  // namespace ginnel::policy
