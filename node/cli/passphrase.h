// SPDX-License-Identifier: Apache-2.0
// How commands come by secrets: from a file, or typed on the terminal without echo. Never from arguments.
//
// Failure: `no-passphrase` when there is neither.
#pragma once

#include <string>

#include "node/cli/command.h"
#include "node/setup/unlock.h"

namespace ginnel {

// The first line of the file; `what` names it in errors: "the passphrase".
Expected<std::string> read_secret_file(const std::string& file, const std::string& what);

// From the terminal. `prompt` goes to standard error.
Expected<std::string> type_secret(const std::string& prompt);

// --passphrase-file and --share-file, else the terminal.
AskSecret ask_secret_of(const Invocation& call);
OptionSpec passphrase_option();
OptionSpec share_option();

}  // namespace ginnel
