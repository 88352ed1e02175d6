// SPDX-License-Identifier: Apache-2.0
#include "tests/sim/disk.h"

#include "federation/base/check.h"

namespace ginnel::sim {

class DiskWrite : public KvWrite {
 public:
  DiskWrite(SimDisk& disk, std::unique_ptr<KvWrite> under) : disk_(disk), under_(std::move(under)) {}

  Expected<std::optional<Bytes>> get(Table table, ByteView key) const override { return under_->get(table, key); }
  Expected<void> scan(Table table, ByteView from, ByteView until, const Row& row) const override {
    return under_->scan(table, from, until, row);
  }
  Expected<std::optional<Bytes>> last_key(Table table) const override { return under_->last_key(table); }
  Expected<void> put(Table table, ByteView key, ByteView value) override {
    if (disk_.room_ && *disk_.room_ == 0)
      return fail("map-full", "cannot write to the store", "the simulated disk is full", "make room and restart");
    if (disk_.room_) --*disk_.room_;
    return under_->put(table, key, value);
  }
  Expected<void> erase(Table table, ByteView key) override { return under_->erase(table, key); }
  Expected<void> commit() override { return under_->commit(); }

 private:
  SimDisk& disk_;
  std::unique_ptr<KvWrite> under_;
};

SimDisk::SimDisk() {
  kv_.commit_fails = [this] { return failing_commits_ > 0 && failing_commits_-- > 0; };
}

Expected<std::unique_ptr<KvWrite>> SimDisk::write() {
  auto under = kv_.write();
  if (!under) return under;
  return std::make_unique<DiskWrite>(*this, std::move(*under));
}

void SimDisk::lose_power() {
  kv_.crash();
  mend();
}

void SimDisk::each_row(const std::function<void(ByteView key, ByteView value)>& row) {
  auto reader = kv_.read();
  CHECK(reader.has_value());
  for (std::size_t table = 0; table < table_count; ++table) {
    auto scanned = (*reader)->scan(Table(table), {}, {}, [&](ByteView key, ByteView value) {
      row(key, value);
      return true;
    });
    CHECK(scanned.has_value());
  }
}

}  // namespace ginnel::sim
