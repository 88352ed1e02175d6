// SPDX-License-Identifier: Apache-2.0
// The planted children: lives told event by event, and what each node should answer about them.
#pragma once

#include <vector>

#include "adapters/synth/life.h"

namespace ginnel::synth {

struct Story {
  Family family;
  std::vector<Part> parts;
  PlantedChild planted;
};

inline constexpr int story_count = 3;

// 0 moved-twice, 1 refuge-address, 2 sexual-health-competent. Dates count back from `today`; nothing in them is by
// chance. One at a time: the exports know the keys of one family.
Story plant_story(int which, Date today, Numbers& numbers, Exports& exports);

}  // namespace ginnel::synth
