// SPDX-License-Identifier: Apache-2.0
// What a replay came to, for people and for programs.
#pragma once

#include <ostream>
#include <string>

#include "node/gate/policy_replay.h"

namespace ginnel {

// `in_force`: by which the node decides today, for the titles of its rules; null: they are told by their ids.
void print_replay(std::ostream& out, const Replayed& replayed, const Bundle& bundle, const Bundle* in_force = nullptr);

// {bundle, decisions, records, otherwise, recordsOtherwise, inShadow, byOtherRules, decidedBy: {bundle: decisions},
//  notDecidedAgain: {beforePolicy, notRecorded, notRecordedUntil, erased, unreadable, unreadableWhy, searches},
//  differences: [{then, now, rulesThen, rulesNow, reasonThen, reasonNow, ask, nearest, wants, records, decisions,
//  first,
//                 last, askers: [{agency, role, purpose, basis, decisions}], categories: {}, markings: {}, elsewhere:
//                 [], entries: []}]}
std::string replay_json(const Replayed& replayed);

}  // namespace ginnel
