// SPDX-License-Identifier: Apache-2.0
// Promise 7, from ledgers alone: who led a process when, who was accountable, and that the file went whole. It reads
// what was signed, and knows nothing of engines.
#pragma once

#include <string>
#include <vector>

#include "tests/sim/world.h"

namespace ginnel::sim {

// At any time, over all nodes that are up: no epoch of a process has two leads; between its offer and now somebody is
// accountable at every moment; nobody says two things under one number.
std::vector<std::string> broken_leads(World& world);

// When everybody is well again and nothing is on its way: both sides hold the same; what waits, waits for a person; a
// process is ordered by at most one node, the one that its statements name; and who leads it holds all its records.
std::vector<std::string> unsettled_leads(World& world);

}  // namespace ginnel::sim
