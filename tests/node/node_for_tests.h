// SPDX-License-Identifier: Apache-2.0
// One production node by itself, under the shipped agreement: its clock, its wires and its store are in the test's
// hand.
#pragma once

#include <gtest/gtest.h>

#include <deque>
#include <functional>
#include <initializer_list>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "adapters/statutory/format.h"
#include "node/import/open_source.h"
#include "node/node.h"
#include "node/setup/accounts.h"
#include "tests/federation/members.h"
#include "tests/node/gate_for_tests.h"
#include "tests/source_tree.h"

namespace ginnel {

class HandClock : public Clock {
 public:
  Instant now() override { return at; }
  Instant at = noon;
};

class Wires : public Transport {
 public:
  Sent send(const MemberId& to, ByteView frame) override {
    sent.push_back({to, copy_of(frame)});
    return Sent::queued;
  }
  std::vector<Frame> receive(std::size_t frames_max) override {
    std::vector<Frame> out;
    while (!waiting.empty() && out.size() < frames_max) {
      out.push_back(std::move(waiting.front()));
      waiting.pop_front();
    }
    return out;
  }
  TransportCounters counters() const override { return {}; }
  std::vector<Frame> sent;
  std::deque<Frame> waiting;
};

// Nobody else holds records, so that a view is whole at once.
inline void alone(samples::Members& members) {
  for (auto& entry : members.directory.members) entry.holds_records = entry.id.text() == "bradford-csc";
}

// Node and directory of bradford-csc; `arrange` may change the members before the directory is signed.
struct NodeForTests {
  explicit NodeForTests(const std::function<void(samples::Members&)>& arrange = {}) {
    if (arrange) arrange(members);
    book.emplace(members.book());
    keys = OwnKeys::make(random);
    keys.signing = members.keys("bradford-csc").signing;
    start();
  }
  void start() {
    static const auto cin_format = [] {
      auto format = statutory::load_format(source_tree() / "config-examples/adapters/cin.toml",
                                           words_of(west_yorkshire()->vocabulary));
      EXPECT_TRUE(format) << format.error().front().text();
      return std::make_shared<const statutory::Format>(std::move(*format));
    }();
    settings.cin_format = cin_format;
    settings.member = *MemberId::parse("bradford-csc");
    settings.own_basis = "public_task";
    node = std::make_unique<Node>(Node::Parts{clock, random, wires, *store, *book, keys, west_yorkshire()}, settings);
  }
  void run() {
    while (node->turn()) {
    }
  }
  Account add_user(const std::string& username, const std::string& role, const std::string& password_hash = "hash") {
    auto turn = store.begin(clock.at);
    auto added = ginnel::add_user(*turn, {username, "S. Worker", role, "team", password_hash}, random);
    EXPECT_TRUE(added && turn->commit());
    return added ? added->account : Account();
  }

  // Adds a user who is shown by the same name, and gives the token of their programs.
  // Of new users, by their names.
  std::map<std::string, std::string> tokens_of_new(
      std::initializer_list<std::pair<const char*, const char*>> names_and_roles) {
    std::map<std::string, std::string> tokens;
    for (const auto& [name, role] : names_and_roles) tokens[name] = token_of_new(name, role);
    return tokens;
  }
  std::string token_of_new(const std::string& name, const std::string& role) {
    auto turn = store.begin();
    auto added = ginnel::add_user(*turn, {name, name, role, "team", "hash"}, random);
    EXPECT_TRUE(added && turn->commit());
    return added ? added->api_token.token : std::string();
  }
  // What one of the node's calls answers, once it has done all it had to do.
  template <class T, class Start>
  Expected<T> result(Start start) {
    std::optional<Expected<T>> out;
    start([&](Expected<T> got) { out = std::move(got); });
    run();
    EXPECT_TRUE(out);
    return out ? std::move(*out) : fail("none", "no answer");
  }

  HandClock clock;
  Wires wires;
  StoreForTests store;
  samples::Members members;
  std::optional<DirectoryBook> book;
  SeededRandom random{31};
  OwnKeys keys;
  NodeSettings settings;
  std::unique_ptr<Node> node;
};

}  // namespace ginnel
