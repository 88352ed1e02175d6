// SPDX-License-Identifier: Apache-2.0
// A few threads and a bounded queue, for what takes too long on the loop or a web thread: Argon2id, rendering.
//
// Thread: post() from any; stop() once, from the owner. Tasks must not throw.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace ginnel {

class Workers {
 public:
  Workers(std::size_t threads, std::size_t queue_max);
  ~Workers();  // stop()

  // False: the queue is full or stop() was called, and the task is dropped.
  bool post(std::function<void()> task);

  // Running tasks finish, waiting ones are dropped.
  void stop();

 private:
  void run();

  const std::size_t queue_max_;
  std::mutex mutex_;
  std::condition_variable has_work_;
  bool is_stopping_ = false;
  std::deque<std::function<void()>> queue_;
  std::vector<std::thread> threads_;
};

}  // namespace ginnel
