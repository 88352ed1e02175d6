// SPDX-License-Identifier: Apache-2.0
// Makes a demonstration's folder: the invented people, ten nodes that hold them, keys and documents for everybody.
//
// Thread: the main thread (it starts processes); blocks for seconds. Order: DIR/state.json is written last; a folder
// with DIR/unfinished and without it is a start that was cut off, and is made again from the beginning.
// Failure: `not-a-demo` when the folder holds something else: nothing is changed then.
#pragma once

#include <cstdint>
#include <filesystem>
#include <ostream>

#include "federation/base/error.h"
#include "node/demo/demo_state.h"
#include "node/setup/federation_plan.h"

namespace ginnel {

struct DemoSetup {
  DemoPaths paths;
  std::uint32_t children = 200;
  std::uint64_t seed = 1;
  FederationPlan plan;
  std::filesystem::path home;     // where config-examples is
  std::filesystem::path program;  // this program's file
};

Expected<DemoState> make_demo(const DemoSetup& setup, std::ostream& progress);

// For a demonstration that is there: gives nodes other ports where theirs are taken, and signs the list of members
// again when it has grown old. What changed is in `state`, in the nodes and on the disk.
Expected<void> refresh_demo(const DemoSetup& setup, DemoState& state, std::ostream& progress);

}  // namespace ginnel
