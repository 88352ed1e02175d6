// SPDX-License-Identifier: Apache-2.0
// The running nodes of a demonstration: started together, watched, stopped together.
//
// Thread: the main thread, which is the nodes' parent. Failure: `not-ready` names the node and ends with its log.
#pragma once

#include <map>
#include <ostream>
#include <stop_token>
#include <string>

#include "node/demo/child_process.h"
#include "node/demo/demo_state.h"

namespace ginnel {

class DemoNodes {
 public:
  DemoNodes(const DemoPaths& paths, const DemoState& state, std::filesystem::path program)
      : paths_(paths), state_(state), program_(std::move(program)) {}
  ~DemoNodes() { stop_all(); }

  Expected<void> start_all();
  // It, or every node, says so at /readyz. `stopped` when somebody asked to stop meanwhile.
  Expected<void> wait_until_ready(std::stop_token stop);
  Expected<void> wait_until_ready(std::stop_token stop, const std::string& id);

  Expected<void> start(const std::string& id);
  Expected<void> stop(const std::string& id);
  void stop_all();

  // Tells of nodes that ended by themselves since the last call, or were killed. They are not started again.
  void tell_of_ended(std::ostream& err);

  std::map<std::string, RunningNode> how_they_run() const;
  bool was_started(const std::string& id) const { return processes_.contains(id); }  // and not stopped since

 private:
  std::vector<std::string> argv_of(const std::string& id) const;

  const DemoPaths& paths_;
  const DemoState& state_;
  std::filesystem::path program_;
  std::map<std::string, ChildProcess> processes_;
};

}  // namespace ginnel
