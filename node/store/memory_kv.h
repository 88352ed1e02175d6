// SPDX-License-Identifier: Apache-2.0
// The Store seam in memory: the simulator's disk, which can lose power and fail to commit.
//
// Thread: one. A snapshot that is open while something is written costs a copy of everything.
#pragma once

#include <array>
#include <functional>
#include <map>
#include <memory>

#include "node/store/kv.h"

namespace ginnel {

class MemoryKv : public Kv {
 public:
  MemoryKv();
  ~MemoryKv() override;

  Expected<std::unique_ptr<KvRead>> read() override;
  Expected<std::unique_ptr<KvWrite>> write() override;

  // Power loss: what was not committed is gone, and whoever still holds a transaction gets errors from it.
  void crash();

  // Asked at every commit; true makes it fail, with nothing of it kept.
  std::function<bool()> commit_fails;

  struct State;

 private:
  friend class MemoryWrite;
  void undo();

  std::shared_ptr<State> state_;
  struct Undo {
    Table table;
    Bytes key;
    std::optional<Bytes> before;
  };
  std::vector<Undo> undo_;
  bool writer_open_ = false;
  std::uint64_t life_ = 0;  // counts crashes: a transaction of an earlier life is dead
};

}  // namespace ginnel
