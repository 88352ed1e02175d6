// SPDX-License-Identifier: Apache-2.0
// Writes go straight into the state and are taken back when they are not committed; a state that a snapshot still
// looks at is copied before it is written to.
#include "node/store/memory_kv.h"

#include <algorithm>

#include "federation/base/check.h"
#include "node/store/limits.h"

namespace ginnel {
namespace {

struct Order {
  using is_transparent = void;
  template <class A, class B>
  bool operator()(const A& a, const B& b) const {
    return std::lexicographical_compare(a.begin(), a.end(), b.begin(), b.end());
  }
};

tl::unexpected<Error> lost() {
  return fail("kv-failed", "cannot use the store", "the transaction ended or the power was lost", "restart the node");
}

}  // namespace

struct MemoryKv::State {
  std::array<std::map<Bytes, Bytes, Order>, table_count> tables;
};

namespace {

std::optional<Bytes> get_from(const MemoryKv::State& state, Table table, ByteView key) {
  const auto& rows = state.tables[std::size_t(table)];
  auto found = rows.find(key);
  if (found == rows.end()) return std::nullopt;
  return found->second;
}

void scan_in(const MemoryKv::State& state, Table table, ByteView from, ByteView until, const KvRead::Row& row) {
  const auto& rows = state.tables[std::size_t(table)];
  for (auto at = rows.lower_bound(from); at != rows.end(); ++at) {
    if (!until.empty() && !Order()(at->first, until)) return;
    if (!row(at->first, at->second)) return;
  }
}

std::optional<Bytes> last_in(const MemoryKv::State& state, Table table) {
  const auto& rows = state.tables[std::size_t(table)];
  if (rows.empty()) return std::nullopt;
  return rows.rbegin()->first;
}

class MemoryRead : public KvRead {
 public:
  explicit MemoryRead(std::shared_ptr<const MemoryKv::State> state) : state_(std::move(state)) {}
  Expected<std::optional<Bytes>> get(Table table, ByteView key) const override { return get_from(*state_, table, key); }
  Expected<void> scan(Table table, ByteView from, ByteView until, const Row& row) const override {
    scan_in(*state_, table, from, until, row);
    return {};
  }
  Expected<std::optional<Bytes>> last_key(Table table) const override { return last_in(*state_, table); }

 private:
  std::shared_ptr<const MemoryKv::State> state_;
};

}  // namespace

class MemoryWrite : public KvWrite {
 public:
  explicit MemoryWrite(MemoryKv& kv) : kv_(kv), life_(kv.life_) { kv_.writer_open_ = true; }
  ~MemoryWrite() override {
    if (!alive()) return;
    kv_.undo();
    kv_.writer_open_ = false;
  }

  Expected<std::optional<Bytes>> get(Table table, ByteView key) const override {
    if (!alive()) return lost();
    return get_from(*kv_.state_, table, key);
  }
  Expected<void> scan(Table table, ByteView from, ByteView until, const Row& row) const override {
    if (!alive()) return lost();
    scan_in(*kv_.state_, table, from, until, row);
    return {};
  }
  Expected<std::optional<Bytes>> last_key(Table table) const override {
    if (!alive()) return lost();
    return last_in(*kv_.state_, table);
  }

  Expected<void> put(Table table, ByteView key, ByteView value) override {
    if (!alive()) return lost();
    CHECK(!key.empty() && key.size() <= limits::kv_key_bytes_max && value.size() <= limits::kv_value_bytes_max);
    auto& rows = own().tables[std::size_t(table)];
    auto [at, added] = rows.try_emplace(copy_of(key));
    kv_.undo_.push_back({table, at->first, added ? std::nullopt : std::optional(std::move(at->second))});
    at->second = copy_of(value);
    return {};
  }
  Expected<void> erase(Table table, ByteView key) override {
    if (!alive()) return lost();
    auto& rows = own().tables[std::size_t(table)];
    auto at = rows.find(key);
    if (at == rows.end()) return {};
    kv_.undo_.push_back({table, at->first, std::move(at->second)});
    rows.erase(at);
    return {};
  }

  Expected<void> commit() override {
    if (!alive()) return lost();
    const bool fails = kv_.commit_fails && kv_.commit_fails();
    if (!alive()) return lost();  // the hook may have cut the power
    if (fails) kv_.undo();
    kv_.undo_.clear();
    kv_.writer_open_ = false;
    ended_ = true;
    if (fails)
      return fail("kv-failed", "cannot commit", "the store reports an input or output error", "check the disk");
    return {};
  }

 private:
  bool alive() const { return !ended_ && life_ == kv_.life_; }
  MemoryKv::State& own() {
    if (kv_.state_.use_count() > 1) kv_.state_ = std::make_shared<MemoryKv::State>(*kv_.state_);
    return *kv_.state_;
  }

  MemoryKv& kv_;
  const std::uint64_t life_;
  bool ended_ = false;
};

MemoryKv::MemoryKv() : state_(std::make_shared<State>()) {}
MemoryKv::~MemoryKv() = default;

void MemoryKv::undo() {
  for (auto at = undo_.rbegin(); at != undo_.rend(); ++at) {
    auto& rows = state_->tables[std::size_t(at->table)];
    if (at->before)
      rows.insert_or_assign(std::move(at->key), std::move(*at->before));
    else
      rows.erase(at->key);
  }
  undo_.clear();
}

void MemoryKv::crash() {
  undo();
  writer_open_ = false;
  ++life_;
}

Expected<std::unique_ptr<KvRead>> MemoryKv::read() {
  if (undo_.empty()) return std::make_unique<MemoryRead>(state_);
  // Somebody is writing: the last commit is this state without what they wrote.
  MemoryKv past;
  past.state_ = std::make_shared<State>(*state_);
  past.undo_ = undo_;
  past.undo();
  return std::make_unique<MemoryRead>(past.state_);
}

Expected<std::unique_ptr<KvWrite>> MemoryKv::write() {
  if (writer_open_) return fail("kv-busy", "cannot write to the store", "a writer is open already", "one at a time");
  return std::make_unique<MemoryWrite>(*this);
}

}  // namespace ginnel
