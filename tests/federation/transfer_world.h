// SPDX-License-Identifier: Apache-2.0
// Three authorities that hand one process on, over a network that loses, doubles and delays, with crashes, and restores
// from old backups. What is durable is apart from what a turn works on. The checker knows nothing of engines: it reads
// what was signed.
#pragma once

#include <array>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "federation/base/clock.h"
#include "federation/transfer/transfer_engine.h"
#include "federation/wire/signed.h"
#include "tests/federation/wire_samples.h"

namespace ginnel::samples {

struct TransferFaults {
  unsigned loss_percent = 0, doubling_percent = 0, crash_percent = 0;
  std::int64_t delay_ms_max = 1;
  unsigned restores = 2;  // at most, of all
  // Planted bugs, each of which the checker must find.
  bool forgets_to_recall = false, sends_before_commit = false;
};

class TransferNode : public TransferJournal {
 public:
  TransferNode(MemberId me, std::vector<MemberId> others, std::uint64_t seed, const TransferFaults& faults)
      : me(me), others_(std::move(others)), faults_(faults), random_(seed), engine(std::move(me), random_) {}

  struct Disk {
    std::map<TransferId, TransferLog> logs;
    std::vector<TransferId> order;
    std::map<TransferId, std::size_t> shown;
    std::set<MemberId> recalled;  // since the last restore
    std::uint64_t incarnation = 1;
    std::map<MemberId, std::uint64_t> incarnations;  // of others, as they were heard
  };

  // Everything is found again in what is durable.
  void start(Instant now) {
    engine.clear();
    work = disk;
    if (!engine.resume(now, *this)) std::abort();
  }
  void restore(const Disk& backup, Instant now) {
    const std::uint64_t incarnation = disk.incarnation + 1;
    disk = backup;
    disk.incarnation = incarnation;
    disk.recalled.clear();
    start(now);
  }

  // TransferJournal
  Expected<TransferLog> find(const TransferId& id) override {
    const auto found = work.logs.find(id);
    return found == work.logs.end() ? TransferLog() : found->second;
  }
  Expected<void> append(const TransferId& id, const SignedAct& said) override {
    if (!work.logs.contains(id)) work.order.insert(work.order.begin(), id);
    return work.logs[id].add(said);
  }
  Expected<bool> began(const ProcessId&) override { return me.text() == "bradford-csc"; }
  Expected<std::vector<TransferId>> of_process(const ProcessId&) override { return work.order; }
  Expected<std::vector<TransferId>> with(const MemberId& peer) override {
    std::vector<TransferId> out;
    for (const auto& id : work.order)
      if (work.logs.at(id).is_party(peer)) out.push_back(id);
    return out;
  }
  Expected<void> shown(const TransferId& id, std::size_t count) override {
    work.shown[id] = count;
    return {};
  }
  Expected<std::vector<TransferId>> unsettled() override {
    std::vector<TransferId> out;
    for (auto& [id, log] : work.logs)
      if (work.shown[id] < log.said_by(me).size()) out.push_back(id);
    return out;
  }
  std::vector<MemberId> authorities() override {
    std::vector<MemberId> out;
    for (const auto& other : others_)
      if (!gone.contains(other)) out.push_back(other);
    return out;
  }
  Expected<bool> has_recalled(const MemberId& peer) override {
    return work.incarnation == 1 || faults_.forgets_to_recall || work.recalled.contains(peer);
  }
  Expected<void> recalled(const MemberId& peer) override {
    work.recalled.insert(peer);
    return {};
  }
  // Signatures are tried in the tests of the wire: here a statement is believed.
  Expected<SignedAct> sign(const TransferStatement& statement) override {
    return read_kept_statement(encode_signed({encode_statement(statement), 1, Signature{1}, {}}));
  }
  Expected<SignedAct> verify(ByteView encoded, Instant) override { return read_kept_statement(encoded); }

  const MemberId me;
  std::set<MemberId> gone;  // members that can lead no more
  Disk disk, work;

 private:
  std::vector<MemberId> others_;
  const TransferFaults& faults_;
  SeededRandom random_;

 public:
  TransferEngine engine;  // of the random source above
};

class TransferWorld {
 public:
  explicit TransferWorld(std::uint64_t seed, TransferFaults faults = {})
      : faults(faults), random_(seed), restores_left_(faults.restores) {
    const std::array<const char*, 3> names{"bradford-csc", "leeds-csc", "wakefield-csc"};
    for (std::size_t i = 0; i < names.size(); ++i) {
      std::vector<MemberId> others;
      for (const auto* name : names)
        if (name != names[i]) others.push_back(member(name));
      nodes_.push_back(std::make_unique<TransferNode>(member(names[i]), others, seed * 16 + i, this->faults));
    }
  }

  TransferNode& node(std::size_t i) { return *nodes_[i]; }
  TransferNode& node(const MemberId& id) {
    for (auto& one : nodes_)
      if (one->me == id) return *one;
    std::abort();
  }

  // One turn of a node: what it does is durable, and leaves, or neither is.
  template <class Do>
  bool turn(TransferNode& node, Do act) {
    act(node);
    const auto outgoing = node.engine.take_outgoing();
    for (const auto& alarm : node.engine.take_alarms()) alarms.push_back(alarm.error.text());
    const bool crashes = chance(faults.crash_percent);
    if (!crashes || faults.sends_before_commit) post(node, outgoing);
    if (crashes) {
      node.start(now);
      return false;
    }
    node.disk = node.work;
    keep_evidence(node);
    return true;
  }

  Expected<TransferId> offer(std::size_t from, std::size_t to) {
    Expected<TransferId> id;
    turn(node(from), [&](TransferNode& at) {
      NewTransfer wish;
      wish.offer.process = process;
      wish.offer.to = node(to).me;
      wish.offer.definition = "child-protection";
      wish.offer.move = "planned";
      wish.offer.child = Hash{7};
      wish.who = "A. Manager, team manager";
      id = at.engine.offer(wish, now, at);
    });
    return id;
  }

  Expected<void> say(std::size_t who, const TransferId& id, TransferAct said) {
    Expected<void> done;
    turn(node(who), [&](TransferNode& at) { done = at.engine.say(id, saying(at, id, said), now, at); });
    return done;
  }

  // Ends at the next thing that happens, or after this long.
  void step(std::int64_t ms) {
    Instant next = now + ms;
    for (auto& one : nodes_)
      if (auto due = one->engine.next_tick(); due && *due < next) next = *due;
    for (const auto& packet : packets_) next = std::min(next, packet.arrives);
    now = std::max(now, next);
    for (auto& one : nodes_)
      if (auto due = one->engine.next_tick(); due && *due <= now)
        turn(*one, [&](TransferNode& at) {
          if (!at.engine.tick(now, at)) std::abort();
        });
    deliver();
  }
  void run(std::int64_t ms) {
    for (const Instant end = now + ms; now < end;) step(end - now);
  }

  // One process from hand to hand, people clicking whatever they may, whenever.
  void live(std::size_t acts) {
    std::array<TransferNode::Disk, 3> backups;
    for (std::size_t i = 0; i < acts; ++i) {
      run(std::int64_t(random_.below(20 * second_ms)));
      const auto who = std::size_t(random_.below(3));
      switch (random_.below(10)) {
        case 0:
          offer(who, (who + 1 + random_.below(2)) % 3);
          break;
        case 1:
          backups[who] = node(who).disk;
          break;
        case 2:
          if (restores_left_ > 0 && chance(15)) {
            --restores_left_;
            node(who).restore(backups[who], now);
          }
          break;
        default:
          click(who);
      }
    }
  }
  // No faults any more: people bring everything to its end.
  void settle() {
    faults.loss_percent = faults.doubling_percent = faults.crash_percent = 0;
    for (int round = 0; round < 8; ++round) {
      run(hour_ms);
      for (std::size_t who = 0; who < 3; ++who) {
        const auto logs = node(who).disk.logs;
        for (const auto& [id, log] : logs) {
          const auto may = log.may_say(node(who).me);
          for (const TransferAct said : {TransferAct::assume, TransferAct::cancel, TransferAct::decline})
            if (may.contains(said) && !has_ended(log.state())) {
              say(who, id, said);
              break;
            }
        }
      }
    }
    run(hour_ms);
  }

  // What is wrong; empty: nothing. `is_settled`: nothing may be open any more.
  std::string check(bool is_settled) const {
    for (const auto& [epoch, leads] : assumed_)
      if (leads.size() > 1) return "epoch " + std::to_string(epoch) + " has two leads";
    for (const auto& said : alarms)
      if (said.find("something else") != said.npos) return "one side said two things under one number";
    std::map<TransferId, const TransferLog*> seen;
    for (const auto& one : nodes_)
      for (const auto& [id, log] : one->disk.logs) {
        const auto spans = log.accountable();
        if (spans[0].until.is_set() && (spans.size() < 2 || spans[0].until < spans[1].since))
          return "nobody was accountable for a while";
        if (!is_settled) continue;
        if (!has_ended(log.state())) return "an offer has not ended: " + std::string(name_of(log.state()));
        const auto [other, is_first] = seen.emplace(id, &log);
        if (!is_first && *other->second != log) return "the two sides do not hold the same";
      }
    return "";
  }
  // Who leads by all that was ever signed, and the epoch; before any move: who began it.
  std::pair<std::uint64_t, std::string> lead() const {
    if (assumed_.empty()) return {1, "bradford-csc"};
    return {assumed_.rbegin()->first, assumed_.rbegin()->second.begin()->text()};
  }

  Instant now = noon;
  TransferFaults faults;
  std::vector<std::string> alarms;
  const ProcessId process = *ProcessId::from(Bytes(16, 0x11));

 private:
  struct Packet {
    Instant arrives;
    MemberId from, to;
    std::uint64_t from_incarnation, to_incarnation;
    Outgoing message;
  };

  bool chance(unsigned percent) { return percent > 0 && random_.below(100) < percent; }

  ActWish saying(TransferNode& at, const TransferId& id, TransferAct said) {
    ActWish out;
    out.said = said;
    if (!is_automatic(said)) out.who = "B. Manager, team manager", out.text = "as agreed by telephone";
    if (said == TransferAct::bundle) out.manifest = Hash{std::uint8_t(1 + random_.below(3))};
    const auto log = at.find(id).value();
    if (said == TransferAct::release) {
      const auto* bundle = log.find(TransferAct::bundle);
      out.manifest = bundle ? bundle->manifest : Hash{9};
    }
    if (said == TransferAct::complete || said == TransferAct::assume) out.manifest = log.wanted_manifest();
    if (said == TransferAct::conference) out.held = When::on(*Date::of(2026, 11, 9));
    return out;
  }

  // Somebody does something that their page offers, or their node what it fetched.
  void click(std::size_t who) {
    std::vector<std::pair<TransferId, TransferAct>> choices;
    for (const auto& [id, log] : node(who).disk.logs) {
      for (const TransferAct said : log.may_say(node(who).me)) choices.emplace_back(id, said);
      for (const TransferAct said : {TransferAct::bundle, TransferAct::complete})
        if (!log.why_not(node(who).me, said)) choices.emplace_back(id, said);
    }
    // Mostly people go on: else hardly anything would get as far as a release.
    if (!chance(10))
      std::erase_if(choices, [](const auto& choice) {
        return choice.second == TransferAct::cancel || choice.second == TransferAct::decline ||
               choice.second == TransferAct::note;
      });
    if (choices.empty()) return;
    const auto& [id, said] = choices[random_.below(choices.size())];
    say(who, id, said);
  }

  void post(TransferNode& from, const std::vector<Outgoing>& messages) {
    for (const auto& message : messages)
      for (int copies = chance(faults.doubling_percent) ? 2 : 1; copies > 0; --copies) {
        if (chance(faults.loss_percent)) continue;
        packets_.push_back({now + 1 + std::int64_t(random_.below(std::uint64_t(faults.delay_ms_max))), from.me,
                            message.to, from.disk.incarnation, node(message.to).disk.incarnation, message});
      }
  }

  void deliver() {
    auto due = std::exchange(packets_, {});
    for (auto& packet : due) {
      if (packet.arrives > now) {
        packets_.push_back(packet);
        continue;
      }
      TransferNode& to = node(packet.to);
      // As the envelope has it: nothing that was written to another incarnation, or comes from one of before.
      if (packet.to_incarnation != to.disk.incarnation) continue;
      if (packet.from_incarnation < to.disk.incarnations[packet.from]) continue;
      turn(to, [&](TransferNode& at) { take(at, packet); });
    }
  }
  void take(TransferNode& at, const Packet& packet) {
    at.work.incarnations[packet.from] = packet.from_incarnation;
    at.engine.heard(packet.from, now);
    Expected<void> done;
    switch (packet.message.kind) {
      case Kind::transfer: {
        auto taken = at.engine.receive(packet.from, decode_transfer(packet.message.payload).value(), now, at);
        if (!taken) done = tl::unexpected(taken.error());
        break;
      }
      case Kind::transfer_recall:
        done = at.engine.receive_recall(packet.from, now, at);
        break;
      default:
        done = at.engine.receive_recalled(packet.from, decode_recalled(packet.message.payload).value(), now, at);
    }
    if (!done) std::abort();
  }

  void keep_evidence(const TransferNode& node) {
    for (const auto& [id, log] : node.disk.logs)
      if (log.find(TransferAct::assume)) assumed_[log.offer().epoch + 1].insert(log.receiver());
  }

  SeededRandom random_;
  std::vector<std::unique_ptr<TransferNode>> nodes_;
  std::vector<Packet> packets_;
  unsigned restores_left_;
  std::map<std::uint64_t, std::set<MemberId>> assumed_;  // by whom each epoch was ever assumed
};

}  // namespace ginnel::samples
