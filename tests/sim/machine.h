// SPDX-License-Identifier: Apache-2.0
// One member's machine in the simulator: the production Node over a store in memory, which can lose power.
//
// Thread: one. What survives a crash is what was committed; the Node, its engines' memory and the inbox do not. It has
// its own clock, which may be wrong.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "federation/directory/directory.h"
#include "node/node.h"
#include "tests/sim/disk.h"
#include "tests/sim/network.h"
#include "tests/sim/stories.h"

namespace ginnel::sim {

// What every machine is given: the trustees' papers, and the bundle in force.
struct Papers {
  TrustAnchor anchor;
  Bytes signed_directory;
  std::vector<Bytes> signed_statements;
  std::shared_ptr<const Bundle> bundle;
  RotationRules rotation;
  InboxLimits inbox{};
};

// The plan that the test head issuer of bradford-csc opens.
ProcessHead plan_head();

struct AccessEntry {
  EntryHeader header;
  Access access;
};

class Machine {
 public:
  Machine(const Member& member, OwnKeys keys, std::uint64_t seed, SimClock& clock, SimNetwork& network);

  void start(const Papers& papers);  // the first time, and after a crash
  void crash();
  // From the next start on.
  void set_shadow(bool in_shadow) { in_shadow_ = in_shadow; }
  void set_retention(std::shared_ptr<const RetentionSchedule> schedule) { retention_ = std::move(schedule); }
  void set_processes(bool has_them) { has_processes_ = has_them; }
  void freeze() { is_frozen_ = true; }
  void thaw() { is_frozen_ = false; }
  bool runs() const { return node_ && !is_frozen_; }
  bool is_up() const { return node_ != nullptr; }

  // Directly into the store, between two turns. The ids of the records, in order.
  std::pair<PersonRef, std::vector<RecordId>> put(const Holding& holding);
  void open_head(const Identity& child);
  // The next commit of the ledger's environment fails.
  void fail_next_commit() { ledger_.fail_commits(1); }
  void step_clock(std::int64_t ahead_ms) { clock_.step_to(ahead_ms); }
  std::int64_t clock_ahead_ms() const { return clock_.ahead_ms(); }
  Instant now() { return clock_.now(); }
  bool is_frozen() const { return is_frozen_; }
  // Since the world began; what it remembered in memory is gone after each but the first.
  std::uint64_t starts() const { return starts_; }

  Node& node() { return *node_; }
  Store& store() { return *store_; }
  SimDisk& ledger_disk() { return ledger_; }
  SimDisk& keys_disk() { return keys_disk_; }
  const MemberId& id() const { return member_.id; }
  const OwnKeys& keys() const { return keys_; }
  const DirectoryBook& book() const { return *book_; }
  // As its operator does it; at once.
  void disable(const std::string& user);
  const std::string& token(const std::string& user) const { return tokens_.at(user); }

  std::uint64_t ledger_size() { return store_->tree_head().size; }
  // The entries of one kind that can be opened without a permit, oldest first.
  std::vector<AccessEntry> accesses(EntryKind kind);
  std::vector<AccessEntry> all_accesses();
  std::vector<AccessEntry> accesses_of(const AskId& ask);
  LedgerReport verify();

 private:
  void create();
  std::vector<AccessEntry> accesses_where(const std::function<bool(EntryKind)>& wanted);
  void keep_papers(const Papers& papers);
  void load_papers(const Papers& papers);
  void add_users();

  Member member_;
  OwnKeys keys_;
  SeededRandom random_;
  SteppedClock clock_;
  SimNetwork& network_;
  SecretKey root_;
  SimDisk ledger_, keys_disk_;
  SimTransport transport_;
  bool is_created_ = false, is_frozen_ = false, in_shadow_ = false, has_processes_ = true;
  std::shared_ptr<const RetentionSchedule> retention_;
  std::uint64_t starts_ = 0;
  std::map<std::string, std::string> tokens_;
  std::unique_ptr<DirectoryBook> book_;
  std::unique_ptr<Store> store_;
  std::unique_ptr<Node> node_;
};

}  // namespace ginnel::sim
