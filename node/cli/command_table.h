// SPDX-License-Identifier: Apache-2.0
// The one table of commands, and the command line that reads it.
//
// Failure: words that fit no row are told with what was probably meant, and give ExitCode::usage.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "node/cli/command.h"

namespace ginnel {

const std::vector<Command>& command_table();

// `words` without the program's name. Returns the process's exit code.
int run_command_line(const std::vector<std::string>& words, Streams streams);
// The same over a given table, for tests.
int run_command_line(std::span<const Command> table, const std::vector<std::string>& words, Streams streams);

std::string overview(std::span<const Command> table);
std::string help_of(const Command& command);
// A bash completion script: ginnel completions > /etc/bash_completion.d/ginnel
std::string bash_completions(std::span<const Command> table);

}  // namespace ginnel
