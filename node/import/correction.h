// SPDX-License-Identifier: Apache-2.0
// Which event of a return is an earlier one with its date corrected. Returns have no ids of events: a day is all there
// is, so a corrected day looks like an event that went and another that came.
//
// A held day that the file does not tell, and a told day that is not held, are one event corrected only if nothing else
// fits: both stand at the same place among the days that agree, as many went as came there, the file would tell of the
// held day if it were still true, and the two are within limits::correction_days_max or have day and month swapped.
// Whatever is doubtful is two events: an event shown twice misleads less than one that is hidden.
//
// Thread: any; pure.
#pragma once

#include <cstddef>
#include <map>
#include <vector>

#include "adapters/adapter.h"

namespace ginnel {

namespace limits {
inline constexpr int correction_days_max = 31;
}  // namespace limits

// For each told day that corrects a held one: which, as an index into `held`. `held` may be in any order.
std::multimap<Date, std::size_t> corrections(const std::vector<Date>& held, const SourceSeries& series);

}  // namespace ginnel
