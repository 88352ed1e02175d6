// SPDX-License-Identifier: Apache-2.0
// Who is connected to the HTTPS server, and who gives way when there are too many
// (docs/decisions/0051-the-longest-waiting-gives-way.md).
//
// Thread: any. A guest is told things without the lock, and may tell the crowd things back.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <unordered_map>
#include <vector>

namespace ginnel {

// One connection as the crowd knows it.
class Guest {
 public:
  virtual ~Guest() = default;
  virtual void give_way() = 0;  // another takes its place; once

  // It waits for its client from now on: for a handshake, a request, the rest of one. What comes by drops waits on.
  void waits(std::int64_t now_ms) { waits_since_ms_ = now_ms; }
  void is_being_answered() { waits_since_ms_ = 0, was_served_ = true; }
  void is_being_refused() { waits_since_ms_ = 0; }

 private:
  friend class Crowd;
  std::atomic<std::int64_t> waits_since_ms_ = 0;  // 0: it does not
  std::atomic<bool> was_served_ = false;          // a whole request, at least once
  bool is_leaving_ = false;                       // under the crowd's lock
};

class Crowd {
 public:
  enum class Entry { alone, another_gave_way, full };

  explicit Crowd(std::size_t most) : most_(most) {}

  // SECURITY: who holds connections and sends nothing must not keep others out. Of too many, the one that has waited
  // longest gives way, those that were never served first. full: all of them are being answered.
  Entry enter(const std::shared_ptr<Guest>& guest);
  void leave(Guest* guest);

  std::vector<std::shared_ptr<Guest>> all() const;
  void wait_until_empty(std::chrono::milliseconds longest);

 private:
  bool is_full() const;
  std::weak_ptr<Guest>* longest_waiting();

  const std::size_t most_;
  mutable std::mutex mutex_;
  std::condition_variable is_empty_;
  std::unordered_map<Guest*, std::weak_ptr<Guest>> guests_;
};

}  // namespace ginnel
