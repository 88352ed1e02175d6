// SPDX-License-Identifier: Apache-2.0
// The checkers of a run, one for each promise of DESIGN 1 that there is something to check of yet, each in a file of
// its own. They read Evidence and nothing else: neither the workload nor the code that keeps the promise.
#pragma once

#include "tests/sim/evidence.h"

namespace ginnel::sim {

Findings check_data_stays(const Evidence& evidence);          // 1
Findings check_decided(const Evidence& evidence);             // 2
Findings check_recorded(const Evidence& evidence);            // 3
Findings check_silence(const Evidence& evidence);             // 5
Findings check_delivered(const Evidence& evidence);           // 6
Findings check_processes(const Evidence& evidence);           // 6 and 8
Findings check_nobody_is_harmed(const Evidence& evidence);    // 11
Findings check_corrections_arrive(const Evidence& evidence);  // 12

// All of them.
Findings broken_promises(const Evidence& evidence);

}  // namespace ginnel::sim
