// SPDX-License-Identifier: Apache-2.0
// A Kv that remembers every write that was committed, so that the same writes can be made again by themselves.
#pragma once

#include <utility>
#include <vector>

#include "node/store/kv.h"

namespace ginnel {

struct RecordedWrite {
  Table table = Table::meta;
  Bytes key;
  std::optional<Bytes> value;  // nothing: erased
};
using RecordedCommits = std::vector<std::vector<RecordedWrite>>;

class RecordingKv : public Kv {
 public:
  explicit RecordingKv(std::unique_ptr<Kv> kv) : kv_(std::move(kv)) {}
  Expected<std::unique_ptr<KvRead>> read() override { return kv_->read(); }
  Expected<std::unique_ptr<KvWrite>> write() override {
    auto txn = kv_->write();
    if (!txn) return tl::unexpected(txn.error());
    return std::make_unique<Write>(std::move(*txn), commits);
  }

  // Closes what it records, and goes on with what `open` then gives.
  template <class Open>
  void reopen(Open open) {
    kv_.reset();
    kv_ = open();
  }

  RecordedCommits commits;

 private:
  class Write : public KvWrite {
   public:
    Write(std::unique_ptr<KvWrite> txn, RecordedCommits& commits) : txn_(std::move(txn)), commits_(commits) {}
    Expected<std::optional<Bytes>> get(Table table, ByteView key) const override { return txn_->get(table, key); }
    Expected<void> scan(Table table, ByteView from, ByteView until, const Row& row) const override {
      return txn_->scan(table, from, until, row);
    }
    Expected<std::optional<Bytes>> last_key(Table table) const override { return txn_->last_key(table); }
    Expected<void> put(Table table, ByteView key, ByteView value) override {
      writes_.push_back({table, copy_of(key), copy_of(value)});
      return txn_->put(table, key, value);
    }
    Expected<void> erase(Table table, ByteView key) override {
      writes_.push_back({table, copy_of(key), {}});
      return txn_->erase(table, key);
    }
    Expected<void> commit() override {
      auto committed = txn_->commit();
      if (committed) commits_.push_back(std::move(writes_));
      return committed;
    }

   private:
    std::unique_ptr<KvWrite> txn_;
    RecordedCommits& commits_;
    std::vector<RecordedWrite> writes_;
  };

  std::unique_ptr<Kv> kv_;
};

}  // namespace ginnel
