// SPDX-License-Identifier: Apache-2.0
// One member with a production node, its wires on loopback and its store on a real disk; or the bare wires and store.
#pragma once

#include <atomic>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "federation/transport/zmq_transport.h"
#include "node/node.h"
#include "node/setup/own_keys.h"
#include "node/store/lmdb_kv.h"
#include "tests/bench/bench.h"
#include "tests/federation/members.h"
#include "tests/node/temp_directory.h"

namespace ginnel::bench {

// Begins at the noon of the sample papers and goes on as the machine's clock does. Thread: any.
class BenchClock : public Clock {
 public:
  Instant now() override {
    const auto gone = std::chrono::steady_clock::now() - begun_;
    return samples::noon + std::chrono::duration_cast<std::chrono::milliseconds>(gone).count();
  }

 private:
  std::chrono::steady_clock::time_point begun_ = std::chrono::steady_clock::now();
};

// Everybody's papers, and whom to find where.
struct BenchFederation {
  samples::Members members;
  std::vector<std::pair<std::string, std::string>> endpoints;

  DirectoryBook book() {
    DirectoryBook out(members.anchor, {});
    need(out.adopt(members.sign_directory(members.enough_signers()), samples::noon));
    for (const auto& [name, endpoint] : endpoints) {
      auto statement = members.statement(name);
      statement.endpoints = {endpoint};
      need(out.add_statement(members.sign_statement(statement)));
    }
    return out;
  }
};

class BenchMember {
 public:
  BenchMember(BenchFederation& federation, const std::string& name)
      : federation_(federation), id(*MemberId::parse(name)) {
    const auto& mine = federation.members.keys(name);
    keys.identity = mine.identity;
    keys.signing = mine.signing;
    keys.curve = mine.curve;
    transport = need(ZmqTransport::open({id, "tcp://127.0.0.1:0", keys.curve}));
    federation.endpoints.emplace_back(name, transport->endpoint());
  }
  ~BenchMember() { stop(); }

  // Once every member of the bench has its endpoint.
  void meet() {
    book = std::make_unique<DirectoryBook>(federation_.book());
    transport->set_peers(book->peers(id, clock.now()));
  }
  void make_node() {
    ledger = need(open_lmdb(directory.path() + "/ledger"));
    keys_kv = need(open_lmdb(directory.path() + "/keys"));
    need(Store::create(*ledger, *keys_kv, root, *random, id, 1, clock.now()));
    store = need(Store::open(*ledger, *keys_kv, root, *random));
    NodeSettings settings;
    settings.member = id;
    settings.duty = {"Duty desk", "", id.text(), "01632 960033", "always"};
    settings.own_basis = "public_task";
    settings.test_head_issuer = true;
    node = std::make_unique<Node>(Node::Parts{clock, *random, *transport, *store, *book, keys, agreement()}, settings);
    node->on_post([this] { transport->wake(); });
    auto turn = need(store->begin(clock.now()));
    need(node->set_data_to(clock.now(), *turn));
    need(turn->commit());
  }

  // As the loop of node/app.cc; once, in the caller's thread.
  void loop() {
    if (node->turn()) return;
    const auto next = node->next_wake();
    transport->wait(next ? int(std::clamp<std::int64_t>(*next - clock.now(), 0, 1000)) : 1000);
  }
  void start() {
    is_stopping_ = false;
    thread_ = std::thread([this] {
      while (!is_stopping_) loop();
    });
  }
  void stop() {
    if (!thread_.joinable()) return;
    is_stopping_ = true;
    transport->wake();
    thread_.join();
  }

 private:
  BenchFederation& federation_;

 public:
  const MemberId id;
  BenchClock clock;
  std::unique_ptr<Random> random = system_random();
  TempDirectory directory;
  OwnKeys keys;
  std::unique_ptr<ZmqTransport> transport;
  std::unique_ptr<DirectoryBook> book;
  SecretKey root = SecretKey::make(*random);
  std::unique_ptr<Kv> ledger, keys_kv;
  std::unique_ptr<Store> store;
  std::unique_ptr<Node> node;

 private:
  std::atomic<bool> is_stopping_ = false;
  std::thread thread_;
};

}  // namespace ginnel::bench
