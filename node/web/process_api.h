// SPDX-License-Identifier: Apache-2.0
// The API's JSON about processes. Reading is as strict as node/web/requests.h has it.
//
// Thread: any; pure. Errors: `bad-json`, `bad-field`, `bad-date`. Texts name the field, never its value.
#pragma once

#include <string>
#include <string_view>

#include "federation/base/error.h"
#include "node/process/process_view.h"

namespace ginnel {

// {definition, person, at?}
Expected<NewProcess> read_new_process(std::string_view json);
// {step, at?}
Expected<NewProcessStep> read_new_process_step(const ProcessId& process, std::string_view json);
// {name, text?, at?, member?, agency?}
Expected<NewContribution> read_new_contribution(const ProcessId& process, std::uint32_t step, std::string_view json);
// {name, text?, at?}
Expected<NewAnswer> read_new_answer(const NoticeId& notice, std::string_view json);
// {outcome, reason?, at?}
Expected<NewOutcome> read_new_outcome(const ProcessId& process, std::uint32_t step, std::string_view json);
// {clock, text}
Expected<NewLateReason> read_new_late_reason(const ProcessId& process, std::uint32_t step, std::string_view json);
// {to}
Expected<std::string> read_process_move(std::string_view json);
// {alert}
Expected<std::string> read_alert_key(std::string_view json);

std::string to_json(const ProcessList& list);
std::string to_json(const ProcessDetail& process);
std::string number_json(std::uint64_t number);  // {"number": N}

}  // namespace ginnel
