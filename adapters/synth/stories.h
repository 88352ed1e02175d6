// SPDX-License-Identifier: Apache-2.0
// The planted children: lived told event by event, and what each node should answer about them. One file for each in
// adapters/synth/stories/; who they are is told in docs/formats/synthetic-data.md.
//
// Dates count back from `today`; nothing in a story is by chance. One at a time: the exports know the keys of one
// family.
#pragma once

#include <vector>

#include "adapters/synth/life.h"

namespace ginnel::synth {

struct Story {
  Family family;
  std::vector<Part> parts;
  PlantedChild planted;
  bool is_sealed = false;  // an identity before an adoption
};

using StoryTeller = Story (*)(Date today, Numbers& numbers, Exports& exports);

// Those below, in this order.
const std::vector<StoryTeller>& story_tellers();

Story moved_twice(Date today, Numbers& numbers, Exports& exports);
Story three_concerns(Date today, Numbers& numbers, Exports& exports);
Story new_adult(Date today, Numbers& numbers, Exports& exports);
Story was_not_brought(Date today, Numbers& numbers, Exports& exports);
Story refuge_address(Date today, Numbers& numbers, Exports& exports);
Story adopted(Date today, Numbers& numbers, Exports& exports);
Story before_adoption(Date today, Numbers& numbers, Exports& exports);  // the same child, and nothing may tell it
Story sexual_health_competent(Date today, Numbers& numbers, Exports& exports);

}  // namespace ginnel::synth
