// SPDX-License-Identifier: Apache-2.0
#include "tests/sim/promises.h"

namespace ginnel::sim {

Findings broken_promises(const Evidence& evidence) {
  Findings all;
  for (auto* check : {check_data_stays, check_decided, check_recorded, check_silence, check_delivered, check_processes,
                      check_nobody_is_harmed, check_corrections_arrive}) {
    const Findings found = check(evidence);
    all.insert(all.end(), found.begin(), found.end());
  }
  return all;
}

}  // namespace ginnel::sim
