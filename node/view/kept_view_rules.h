// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "federation/base/time.h"

namespace ginnel {

// How long what peers answered stays readable: DESIGN 5, November 2026.
struct KeptViewRules {
  std::int64_t after_use_ms = 24 * hour_ms;
  std::int64_t at_most_ms = 7 * day_ms;  // after it was asked
};

}  // namespace ginnel
