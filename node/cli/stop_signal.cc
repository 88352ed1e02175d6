// SPDX-License-Identifier: Apache-2.0
#include "node/cli/stop_signal.h"

#include <pthread.h>
#include <signal.h>

namespace ginnel {
namespace {

sigset_t stop_signals() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGTERM);
  sigaddset(&set, SIGINT);
  return set;
}

}  // namespace

StopSignal::StopSignal() {
  ::signal(SIGPIPE, SIG_IGN);
  sigset_t set = stop_signals();
  ::pthread_sigmask(SIG_BLOCK, &set, nullptr);
  thread_ = std::thread([this, set] {
    int got = 0;
    sigwait(&set, &got);
    source_.request_stop();
  });
}

StopSignal::~StopSignal() {
  ::pthread_kill(thread_.native_handle(), SIGTERM);  // ends the wait if nobody else did
  thread_.join();
}

}  // namespace ginnel
