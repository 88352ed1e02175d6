// SPDX-License-Identifier: Apache-2.0
#include "node/import/correction.h"

#include <algorithm>
#include <cstdlib>

namespace ginnel {
namespace {

bool could_be_one(Date held, Date told) {
  if (std::abs(held.days() - told.days()) <= limits::correction_days_max) return true;
  return held.year == told.year && held.month == told.day && held.day == told.month;
}

// Whether the file would still tell of the held day. Of the time before it, it tells of what was not over then: of both
// days, or of neither.
bool is_covered(Date held, Date told, const SourceSeries& series) {
  if (!series.since.is_set()) return false;
  return held >= series.since || (series.and_open_before && told < series.since);
}

struct Gap {
  std::vector<std::size_t> held;
  std::vector<Date> told;
};

}  // namespace

std::multimap<Date, std::size_t> corrections(const std::vector<Date>& held, const SourceSeries& series) {
  std::vector<std::size_t> order(held.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return held[a] < held[b]; });
  std::vector<Date> told = series.told;
  std::sort(told.begin(), told.end());

  // One walk over both: how many days agreed so far is the place that a day stands at.
  std::map<std::size_t, Gap> gaps;
  std::size_t place = 0, at_held = 0, at_told = 0;
  while (at_held < order.size() || at_told < told.size()) {
    const bool has_both = at_held < order.size() && at_told < told.size();
    if (has_both && held[order[at_held]] == told[at_told]) {
      ++place, ++at_held, ++at_told;
    } else if (at_told == told.size() || (has_both && held[order[at_held]] < told[at_told])) {
      gaps[place].held.push_back(order[at_held++]);
    } else {
      gaps[place].told.push_back(told[at_told++]);
    }
  }

  std::multimap<Date, std::size_t> out;
  for (const auto& [where, gap] : gaps) {
    if (gap.held.size() != gap.told.size()) continue;
    bool all_fit = true;
    for (std::size_t i = 0; i < gap.held.size(); ++i)
      all_fit =
          all_fit && could_be_one(held[gap.held[i]], gap.told[i]) && is_covered(held[gap.held[i]], gap.told[i], series);
    for (std::size_t i = 0; all_fit && i < gap.held.size(); ++i) out.emplace(gap.told[i], gap.held[i]);
  }
  return out;
}

}  // namespace ginnel
