// SPDX-License-Identifier: Apache-2.0
// One member's machine in the simulator: the production Node over a store in memory, which can lose power.
//
// Thread: one. What survives a crash is what was committed; the Node, its engines' memory and the inbox do not.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "federation/directory/directory.h"
#include "node/node.h"
#include "node/store/memory_kv.h"
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
  void freeze() { is_frozen_ = true; }
  void thaw() { is_frozen_ = false; }
  bool runs() const { return node_ && !is_frozen_; }
  bool is_up() const { return node_ != nullptr; }

  // Directly into the store, between two turns. The ids of the records, in order.
  std::pair<PersonRef, std::vector<RecordId>> put(const Holding& holding);
  void open_head(const Identity& child);
  // The next commit of the ledger's environment fails.
  void fail_next_commit() { fail_commits_ = 1; }

  Node& node() { return *node_; }
  Store& store() { return *store_; }
  MemoryKv& ledger_kv() { return ledger_; }
  const MemberId& id() const { return member_.id; }
  const OwnKeys& keys() const { return keys_; }
  const DirectoryBook& book() const { return *book_; }
  const std::string& token(const std::string& user) const { return tokens_.at(user); }

  std::uint64_t ledger_size() { return store_->tree_head().size; }
  // The entries of one kind that can be opened without a permit, oldest first.
  std::vector<AccessEntry> accesses(EntryKind kind);
  std::vector<AccessEntry> accesses_of(const AskId& ask);
  LedgerReport verify();

 private:
  void create();
  void keep_papers(const Papers& papers);
  void load_papers(const Papers& papers);
  void add_users();

  Member member_;
  OwnKeys keys_;
  SeededRandom random_;
  SimClock& clock_;
  SimNetwork& network_;
  SecretKey root_;
  MemoryKv ledger_, keys_kv_;
  SimTransport transport_;
  bool is_created_ = false, is_frozen_ = false;
  unsigned fail_commits_ = 0;
  std::map<std::string, std::string> tokens_;
  std::unique_ptr<DirectoryBook> book_;
  std::unique_ptr<Store> store_;
  std::unique_ptr<Node> node_;
};

}  // namespace ginnel::sim
