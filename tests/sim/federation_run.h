// SPDX-License-Identifier: Apache-2.0
// One seed, one run: six production nodes, a workload and mishaps for minutes of their time (safety), then calm, in
// which everything must drain and agree (liveness), then the checkers over what was seen.
//
//   Findings findings = FederationRun({.seed = 8812}).go();
//
// The same options are the same run, to the byte. `federation_run --help` runs one from the command line.
#pragma once

#include <cstdint>
#include <iosfwd>
#include <optional>

#include "tests/sim/mishaps.h"
#include "tests/sim/process_work.h"
#include "tests/sim/workload.h"

namespace ginnel::sim {

struct RunOptions {
  std::uint64_t seed = 1;
  std::ostream* trace = nullptr;    // an event a line
  std::optional<Event> until = {};  // stop there, and print what every node holds to `state`
  std::ostream* state = nullptr;
};

class FederationRun {
 public:
  explicit FederationRun(const RunOptions& options);

  // What does not hold; nothing if it was stopped before its end.
  Findings go();
  // Whether it ran to its end, and the checkers looked at it.
  bool is_judged() const { return is_judged_; }
  Event events() const { return evidence_.now(); }
  const Evidence& evidence() const { return evidence_; }

 private:
  bool storm();
  bool calm();
  void print_state();

  RunOptions options_;
  World world_;
  Truth truth_;
  Evidence evidence_;
  Workload workload_;
  ProcessWork process_work_;
  Mishaps mishaps_;
  SeededRandom dice_;
  bool is_judged_ = false;
};

}  // namespace ginnel::sim
