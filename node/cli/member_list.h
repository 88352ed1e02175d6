// SPDX-License-Identifier: Apache-2.0
// ginnel member list and show.
#pragma once

#include "node/cli/command.h"

namespace ginnel {

ExitCode member_list(Invocation& call);
ExitCode member_show(Invocation& call);

}  // namespace ginnel
