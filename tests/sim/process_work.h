// SPDX-License-Identifier: Apache-2.0
// What people do in the processes of a run, at random and from the seed: the authorities begin and order them, agencies
// bring something to them from their own nodes, and alerts are taken up.
//
// As the workload, it only does and notes down: what was confirmed to whoever did it stands in Truth.
#pragma once

#include <string>

#include "tests/sim/evidence.h"

namespace ginnel::sim {

class ProcessWork {
 public:
  ProcessWork(World& world, Truth& truth, Evidence& evidence, std::uint64_t seed)
      : world_(world), truth_(truth), evidence_(evidence), dice_(seed) {}

  void some_act();

 private:
  std::uint64_t roll(std::uint64_t sides) { return dice_.below(sides); }
  Machine* some_machine(bool leads);
  void note(Machine& machine, const std::string& what);

  void begin(Machine& machine);
  // The strategy discussion at once, from so long ago that its warnings and its end come while the run goes on.
  void begin_discussion(Machine& machine, const ProcessId& process);
  // One thing that the first open step lacks, or its end; or an alert that nobody took up.
  void advance(Machine& machine);
  void contribute(Machine& machine, const TrueProcess& process, const ProcessStepLine& step,
                  const ProcessTakes& wanted);
  void close(Machine& machine, const TrueProcess& process, const ProcessStepLine& step);
  void take_up(Machine& machine, const TrueProcess& process, const ProcessDetail& detail);
  void bring(Machine& machine);
  std::string promised(const TrueContribution& contribution);

  World& world_;
  Truth& truth_;
  Evidence& evidence_;
  SeededRandom dice_;
};

}  // namespace ginnel::sim
