// SPDX-License-Identifier: Apache-2.0
// What the checkers look at: what went over the wires, what people were shown, what the ledgers hold, what lies on the
// disks, and the truth. All of it is seen from outside; no checker asks a node how it works.
//
// Collected while a run goes on, and read once when everything has drained and every node is up (close()).
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "federation/wire/notice.h"
#include "tests/sim/truth.h"
#include "tests/sim/world.h"

namespace ginnel::sim {

struct SentMessage {
  Event event = 0;
  Header header;
  std::optional<Ask> ask;
  std::optional<Answer> answer;
  std::vector<Notice> notices;
  std::vector<Receipt> receipts;
  bool tells(const RecordId& record) const;
};

// A view on somebody's screen.
struct Screen {
  Event begun = 0, shown = 0;
  MemberId at;
  std::string user;
  std::size_t child = 0;
  CaseView view;
};

struct InboxScreen {
  Event shown = 0;
  MemberId at;
  std::string user;
  InboxList list;
};

class Evidence : public Onlooker {
 public:
  Evidence(World& world, const Truth& truth) : world_(world), truth_(truth) {}

  void sent(const Packet& packet, const Message& message) override;
  void saw(Screen screen) { screens_.push_back(std::move(screen)); }
  void saw(InboxScreen screen) { inboxes_.push_back(std::move(screen)); }
  // Reads the ledgers. Every node must be up.
  void close();
  // From here on everybody was well again: what is shown from then on must be whole.
  void mark_calm() { calm_ = now(); }

  World& world() const { return world_; }
  const Truth& truth() const { return truth_; }
  Event now() const { return world_.trace().events(); }
  Event calm() const { return calm_; }
  const std::vector<SentMessage>& sent() const { return sent_; }
  const std::vector<Screen>& screens() const { return screens_; }
  const std::vector<InboxScreen>& inboxes() const { return inboxes_; }
  const std::set<MemberId>& honest() const { return honest_; }
  // Entries of what was asked, decided, told and shown, oldest first.
  const std::vector<AccessEntry>& ledger(const MemberId& member) const { return ledgers_.at(member); }

 private:
  World& world_;
  const Truth& truth_;
  std::vector<SentMessage> sent_;
  std::vector<Screen> screens_;
  std::vector<InboxScreen> inboxes_;
  std::set<MemberId> honest_;
  std::map<MemberId, std::vector<AccessEntry>> ledgers_;
  Event calm_ = 0;
};

// One sentence about what does not hold, and which promise of DESIGN 1 it breaks.
struct Finding {
  int promise = 0;
  std::string what;
};
using Findings = std::vector<Finding>;

}  // namespace ginnel::sim
