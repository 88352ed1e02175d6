// SPDX-License-Identifier: Apache-2.0
#include "tests/sim/trace.h"

#include <array>
#include <cstdio>
#include <ostream>

namespace ginnel::sim {

void Trace::print(Instant now, const std::string& who, const std::string& sentence) {
  const std::int64_t ms = now.ms % day_ms;
  std::array<char, 64> place{};
  std::snprintf(place.data(), place.size(), "#%-6llu %02d:%02d:%02d.%03d  %-18s ", (unsigned long long)events_,
                int(ms / hour_ms), int(ms / minute_ms % 60), int(ms / second_ms % 60), int(ms % 1000), who.c_str());
  *out_ << place.data() << sentence << "\n";
}

}  // namespace ginnel::sim
