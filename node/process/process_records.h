// SPDX-License-Identifier: Apache-2.0
// What is recorded of a process's steps beside the process itself: the beginning of a step to which others are invited,
// and the end of one, as records of whoever leads. Nobody types them again: they stand in case views and chronologies,
// and who works with the person is told of them as policy allows (node/notices).
//
// Only what the definition says is a record, as what its words say. What people contributed is not in them: a report of
// another agency is that agency's, and its own node's record. The beginning of a step to which agencies bring something
// from there invites them (invitation.h).
//
// Thread: any; pure, but for the ids.
#pragma once

#include <vector>

#include "federation/base/clock.h"
#include "federation/record/record.h"
#include "node/process/engine/engine.h"
#include "node/process/invitation.h"
#include "node/process/overview.h"

namespace ginnel {

// Who does it, and as whose it stands.
struct RecordedBy {
  Author author;
  MemberId owner;
};

// `process` is as it stands after `done`.
std::vector<Record> records_of(const ProcessId& id, const PersonRef& person, const RunningProcess& process,
                               const Definition& definition, const Effects& done, const RecordedBy& by, Random& random,
                               Instant now);

// How it stands. Of the steps that are records: what a definition does not have told, is not told here.
ProcessOverview overview_of(const ProcessId& id, const RunningProcess& process, const Definition& definition,
                            const ProcessEngine& engine, Instant now);

// The most sensitive of the steps that it tells; null: it tells none.
const StepRecord* most_sensitive(const ProcessOverview& overview, const RunningProcess& process,
                                 const Definition& definition);

// The same for one of the agencies that work in it, as restricted as that step. Its content hash is over what it says,
// but not over the moment.
Record record_of(const ProcessOverview& overview, const PersonRef& person, const MemberId& participant,
                 const StepRecord& as, const RecordedBy& by, Random& random, Instant now);

// What our own agency brings to a step of another's process, written for its lead. `category`: of the invitation.
struct Bringing {
  BroughtToStep brought;
  std::string title;  // of the step
  std::string category;
  MemberId lead;
  PersonRef person;
};
Record record_of(const Bringing& bringing, const RecordedBy& by, Random& random, Instant now);

}  // namespace ginnel
