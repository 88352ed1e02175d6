// SPDX-License-Identifier: Apache-2.0
// How commands speak: errors as what, why, do and id; bad news always in the same shape.
#pragma once

#include <ostream>
#include <string>
#include <vector>

#include "federation/base/error.h"
#include "node/cli/command.h"

namespace ginnel {

// ginnel: cannot import police.csv: column `OCC_DATE` is missing
//   why     ...
//   do      ...
//   id      ...
void print_error(std::ostream& err, const Error& error);

// 75 for what may work later, 3 for what policy refused, 2 for a wrong configuration, 1 for the rest.
ExitCode exit_code_for(const Error& error);

// Both at once, for the end of a command.
ExitCode failed_with(Streams& streams, const Error& error);
ExitCode failed_with(Streams& streams, const std::vector<Error>& errors);

std::string program_version();

// "41,233"
std::string with_commas(std::uint64_t number);

}  // namespace ginnel
