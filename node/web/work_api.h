// SPDX-License-Identifier: Apache-2.0
// The API's JSON about work. Reading is as strict as node/web/requests.h has it: an unknown name, a wrong type, a
// control character or a text over its limit is refused.
//
// Thread: any; pure. Errors: `bad-json`, `bad-field`, `bad-date`. Texts name the field, never its value.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "federation/base/error.h"
#include "node/web/http_message.h"
#include "node/work/work_view.h"

namespace ginnel {

// ?which=mine|managed|unowned, ?state=active|closed
Expected<TaskQuery> read_task_query(const FormFields& query);
// {kind, person?, view?, due?, note?, to?}
Expected<NewTask> read_new_task(std::string_view json);
// accept: {} or nothing. done: {outcome, reason}. hand_over: {to, reason}. cancel: {reason}.
Expected<TaskChange> read_task_change(const TaskId& task, TaskChange::What what, std::string_view json);
// {from, to, reason}
Expected<HandOverAll> read_hand_over_all(std::string_view json);
// {person} or {source:{system, key}}, worker, from?, to?, reason?
Expected<NewAllocation> read_new_allocation(std::string_view json);
// {reason}
Expected<EndAllocation> read_end_allocation(const AllocationId& allocation, std::string_view json);
Expected<NewConflict> read_new_conflict(std::string_view json);

std::string to_json(const TaskList& list);
std::string to_json(const TaskDetail& task);
std::string to_json(const std::vector<AllocationRow>& rows);
std::string conflicts_json(const std::vector<AllocationRow>& rows);
std::string to_json(const HandedOver& handed);
std::string id_json(const std::string& id);  // {"id": ID}

// "open", "accepted", "done", "cancelled"; "opened", "accepted", "handed over", "to the deputy", ...
std::string_view name_of(TaskState state);
std::string_view name_of(TaskAct act);

}  // namespace ginnel
