// SPDX-License-Identifier: Apache-2.0
// The rows of the command table, a noun's in the file that bears its name.
#pragma once

#include <vector>

#include "node/cli/command.h"

namespace ginnel {

std::vector<Command> demo_commands();
std::vector<Command> node_commands();
std::vector<Command> import_commands();  // and synth
std::vector<Command> case_commands();
std::vector<Command> find_commands();
std::vector<Command> store_commands();  // and ledger
std::vector<Command> user_commands();
std::vector<Command> policy_commands();
std::vector<Command> seal_commands();  // of policy
Command policy_explain_command();
Command policy_replay_command();
std::vector<Command> process_commands();
std::vector<Command> transfer_commands();
std::vector<Command> link_commands();
std::vector<Command> person_commands();
std::vector<Command> report_commands();
std::vector<Command> sharing_commands();
std::vector<Command> consent_commands();
std::vector<Command> refusal_commands();
std::vector<Command> retention_commands();
std::vector<Command> conflict_commands();
std::vector<Command> member_commands();
Command node_doctor_command();
std::vector<Command> work_commands();
std::vector<Command> notice_commands();

}  // namespace ginnel
