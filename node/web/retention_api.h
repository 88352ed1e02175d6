// SPDX-License-Identifier: Apache-2.0
// The API's JSON about how long something is kept. Reading is as strict as node/web/requests.h has it, and tells every
// mistake.
//
// Thread: any; pure. Errors: `bad-json`, `bad-field`.
#pragma once

#include <string>
#include <string_view>

#include "federation/base/error.h"
#include "node/view/retention_view.h"

namespace ginnel {

// {outcome, reason, reviewOn?}
Expected<NewRetentionDecision> read_retention_decision(const TaskId& task, std::string_view json);
// {person, reason, reviewOn}
Expected<NewHold> read_new_hold(std::string_view json);
// {reason}
Expected<HoldRelease> read_hold_release(const RetentionId& hold, std::string_view json);

std::string to_json(const RetentionDesk& desk);

}  // namespace ginnel
