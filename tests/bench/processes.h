// SPDX-License-Identifier: Apache-2.0
// The part `processes` of ginnel_bench.
#pragma once

#include <string>
#include <vector>

namespace ginnel::bench {

void processes(const std::vector<std::string>& counts);

}  // namespace ginnel::bench
