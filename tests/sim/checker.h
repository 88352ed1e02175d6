// SPDX-License-Identifier: Apache-2.0
// What must hold in every run, read from the ledgers and from what was shown: apart from the workload, and from the
// code that keeps it.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "tests/sim/world.h"

namespace ginnel::sim {

// A view as somebody at `asker` saw it, with the child's story.
struct ShownView {
  std::string asker;
  Story story;
  CaseView view;
};

// A view that some node's ledger says was asked.
struct AskedView {
  std::string asker;
  Story story;
  ViewId id;
};
std::vector<AskedView> asked_views(World& world);

// Sentences about what does not hold; every node must be up.
std::vector<std::string> broken_invariants(World& world, const std::vector<ShownView>& shown);

}  // namespace ginnel::sim
