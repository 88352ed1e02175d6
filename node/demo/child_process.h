// SPDX-License-Identifier: Apache-2.0
// A process that the demonstration started and will end.
//
// Thread: the main thread only: the kernel ends a child when the thread that made it does.
// Order: a child goes with its parent, whatever ends the parent (PR_SET_PDEATHSIG); a ChildProcess that goes stops its
// process, with SIGTERM, then SIGKILL after child_stop_ms.
// Failure: `cannot-start`, when the program cannot be found or run.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "federation/base/error.h"

namespace ginnel {

namespace limits {
inline constexpr std::int64_t child_stop_ms = 5000;
}

class ChildProcess {
 public:
  // Standard output and error are appended to `log`; standard input is empty.
  static Expected<ChildProcess> start(const std::vector<std::string>& argv, const std::filesystem::path& log);
  ChildProcess(ChildProcess&& other) noexcept;
  ChildProcess& operator=(ChildProcess&& other) noexcept;
  ~ChildProcess();

  pid_t pid() const { return pid_; }
  // Nothing while it runs. A signal counts as 128 plus its number.
  std::optional<int> exit_status();
  int wait();

  void ask_to_stop();              // SIGTERM
  int stop(std::int64_t left_ms);  // waits so long, then SIGKILL

 private:
  explicit ChildProcess(pid_t pid) : pid_(pid) {}
  pid_t pid_ = -1;
  std::optional<int> status_;
};

}  // namespace ginnel
