// SPDX-License-Identifier: Apache-2.0
// What somebody wrote wrongly, all of it told at once.
#pragma once

#include <string>
#include <vector>

#include "federation/base/error.h"

namespace ginnel {

// A line of `why` for each mistake.
tl::unexpected<Error> fail_with_all(const char* code, const char* what, const std::vector<std::string>& mistakes);

}  // namespace ginnel
