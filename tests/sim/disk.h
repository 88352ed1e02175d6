// SPDX-License-Identifier: Apache-2.0
// The simulator's disk: a store in memory that loses power, fails to commit, and fills up.
//
// Thread: one. What was committed is what lies on it; each_row() shows that as it lies there, sealed or not.
#pragma once

#include <functional>
#include <memory>
#include <optional>

#include "node/store/memory_kv.h"

namespace ginnel::sim {

class SimDisk : public Kv {
 public:
  SimDisk();

  Expected<std::unique_ptr<KvRead>> read() override { return kv_.read(); }
  Expected<std::unique_ptr<KvWrite>> write() override;

  void lose_power();  // what was not committed is gone, and the disk is mended
  void mend() { failing_commits_ = 0, room_.reset(); }
  void fail_commits(unsigned count) { failing_commits_ = count; }
  // After that many more writes each says `map-full`, until it is mended.
  void fill_after(std::size_t puts) { room_ = puts; }

  bool has_open_transaction() { return !kv_.write(); }
  // Every row of the last commit.
  void each_row(const std::function<void(ByteView key, ByteView value)>& row);

 private:
  friend class DiskWrite;

  MemoryKv kv_;
  unsigned failing_commits_ = 0;
  std::optional<std::size_t> room_;
};

}  // namespace ginnel::sim
