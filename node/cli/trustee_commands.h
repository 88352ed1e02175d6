// SPDX-License-Identifier: Apache-2.0
// ginnel member admit, revoke, renew and key: what a trustee does.
#pragma once

#include <string>

#include "federation/directory/papers.h"
#include "node/cli/command.h"

namespace ginnel {

ExitCode member_admit(Invocation& call);
ExitCode member_revoke(Invocation& call);
ExitCode member_renew(Invocation& call);
ExitCode member_key(Invocation& call);

// `unreadable`, `too-long`, `bad-papers`.
Expected<Papers> read_papers_file(const std::string& file);

}  // namespace ginnel
