// SPDX-License-Identifier: Apache-2.0
// Turns SIGTERM and SIGINT into a request to stop.
//
// Make it before any other thread: the signals are blocked in its maker, and threads inherit that. A second signal does
// nothing more; who cannot wait sends SIGKILL.
#pragma once

#include <stop_token>
#include <thread>

namespace ginnel {

class StopSignal {
 public:
  StopSignal();
  ~StopSignal();
  std::stop_token token() const { return source_.get_token(); }

 private:
  std::stop_source source_;
  std::thread thread_;
};

}  // namespace ginnel
