// SPDX-License-Identifier: Apache-2.0
// One sender and one recipient of notices over a network that loses, doubles and reorders, with crashes on both sides.
// What is durable is apart from what a turn works on; a crash forgets the turn and the engine's memory. The checker at
// the end knows nothing of engines: it compares what was written down with what took effect.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "federation/delivery/delivery_engine.h"
#include "federation/delivery/take_notices.h"
#include "tests/federation/wire_samples.h"

namespace ginnel::samples {

struct Faults {
  unsigned loss_percent = 0, doubling_percent = 0, crash_percent = 0;
  bool is_cut = false;
  // Planted bugs, each of which the checker must find.
  bool receipts_leave_before_the_commit = false, nothing_is_remembered = false;
};

class DeliveryModel : public Outbox, public Inbox {
 public:
  explicit DeliveryModel(std::uint64_t seed, DeliverySettings settings = {})
      : random_(seed), engine_(random_, settings) {}

  struct Kept {  // one notice at the sender
    Queued queued;
    std::string state = "queued";  // delivered, refused, given-up, withdrawn
  };
  struct Sender {
    std::map<std::uint64_t, Kept> notices;
    std::uint64_t first = 1;
  };
  struct Effect {
    NoticeId id;
    std::uint64_t number;
    ChildMark child;
  };
  struct Recipient {
    std::map<NoticeId, Bytes> receipts;
    std::vector<Effect> effects;
  };

  void queue(std::uint16_t child) {
    Kept kept;
    kept.queued = {NoticeId::make(random_), sender_.notices.size() + 1,
                   ChildMark{std::uint8_t(child), std::uint8_t(child >> 8)}, now};
    sender_.notices.emplace(kept.queued.number, kept);
    engine_.wake(to, now);
  }

  // Runs until nothing is queued, or the time is over.
  void run(std::int64_t ms) {
    const Instant end = now + ms;
    while (now < end && is_any_queued()) {
      step_sender();
      deliver();
      auto next = engine_.next_tick();
      for (const auto& packet : packets_)
        if (!next || packet.arrives < *next) next = packet.arrives;
      now = next ? std::max(now + 1, std::min(*next, end)) : end;
    }
  }
  bool is_any_queued() const {
    for (const auto& [number, kept] : sender_.notices)
      if (kept.state == "queued") return true;
    return false;
  }

  // What is wrong with it all; empty: nothing.
  std::string check() const {
    std::map<NoticeId, unsigned> took;
    std::map<ChildMark, std::uint64_t> latest;
    for (const auto& effect : recipient_.effects) {
      if (++took[effect.id] > 1) return "a notice took effect twice";
      if (effect.number <= latest[effect.child]) return "a child's notices took effect out of order";
      latest[effect.child] = effect.number;
    }
    for (const auto& [number, kept] : sender_.notices) {
      if (kept.state == "delivered" && took[kept.queued.id] == 0)
        return "a notice counts as delivered and had no effect";
      if (kept.state == "queued") return "a notice is neither delivered nor reported";
    }
    return "";
  }

  std::size_t count(const std::string& state) const {
    std::size_t out = 0;
    for (const auto& [number, kept] : sender_.notices) out += kept.state == state;
    return out;
  }

  // Outbox
  Expected<Range> range(const MemberId&) override { return Range{work_.first, work_.notices.size() + 1}; }
  Expected<std::optional<Queued>> at(const MemberId&, std::uint64_t number) override {
    ++looked_at;
    const Kept& kept = work_.notices.at(number);
    return kept.state == "queued" ? std::optional(kept.queued) : std::nullopt;
  }
  Expected<std::optional<Queued>> find(const MemberId&, const NoticeId& id) override {
    for (const auto& [number, kept] : work_.notices)
      if (kept.queued.id == id && kept.state == "queued") return std::optional(kept.queued);
    return std::optional<Queued>();
  }
  Reach reach(const MemberId&, Instant) override { return reach_now; }
  Expected<std::optional<Notice>> release(const MemberId&, const Queued& queued) override {
    if (stuck_children.contains(queued.child)) return fail("index-mismatch", "cannot read the child's records", "", "");
    if (withdrawn_children.contains(queued.child)) {
      work_.notices.at(queued.number).state = "withdrawn";
      return std::optional<Notice>();
    }
    ++released;
    tried.insert(queued.id);
    Notice notice;
    notice.id = queued.id;
    notice.number = queued.number;
    notice.ask = *AskId::from(queued.child);
    notice.kind = "new-record";
    notice.at = queued.since;
    return std::optional(notice);
  }
  Expected<void> settle(const MemberId&, const std::vector<Settled>& settled, ByteView) override {
    for (const auto& one : settled)
      work_.notices.at(one.queued.number).state = one.outcome == Outcome::taken ? "delivered" : "refused";
    while (work_.first <= work_.notices.size() && work_.notices.at(work_.first).state != "queued") ++work_.first;
    return {};
  }
  Expected<void> give_up(const MemberId&, const Queued& queued) override {
    work_.notices.at(queued.number).state = "given-up";
    return {};
  }

  // Inbox
  Expected<std::optional<Bytes>> stored_receipt(const MemberId&, const NoticeId& id) override {
    auto found = at_.receipts.find(id);
    if (found == at_.receipts.end() || faults.nothing_is_remembered) return std::optional<Bytes>();
    return std::optional(found->second);
  }
  Expected<Outcome> take(const MemberId&, const Notice& notice) override {
    const ByteView ask = notice.ask.bytes();
    const ChildMark child{ask[0], ask[1]};
    if (refused_children.contains(child)) return Outcome::refused;
    if (is_later_for_all || later_children.contains(child)) return Outcome::later;
    at_.effects.push_back({notice.id, notice.number, child});
    return Outcome::taken;
  }
  Expected<Bytes> sign(const Receipt& receipt) override { return encode_receipt(receipt); }
  Expected<void> keep(const MemberId&, const Receipt& receipt, ByteView bytes) override {
    for (const auto& line : receipt.lines) at_.receipts[line.notice] = copy_of(bytes);
    return {};
  }

  Faults faults;
  Reach reach_now = Reach::open;
  std::set<ChildMark> stuck_children, withdrawn_children, refused_children, later_children;
  bool is_later_for_all = false;
  std::set<NoticeId> tried;
  std::size_t looked_at = 0, released = 0, in_flight_max = 0;
  Instant now = noon;
  const MemberId me = member("bradford-education"), to = member("bradford-csc");
  const Sender& sender() const { return sender_; }
  const Recipient& recipient() const { return recipient_; }

 private:
  struct Packet {
    bool is_receipt;
    Bytes payload;
    Instant arrives;
  };
  bool chance(unsigned percent) { return random_.below(100) < percent; }
  void put(bool is_receipt, const Bytes& payload) {
    if (faults.is_cut || chance(faults.loss_percent)) return;
    for (unsigned copies = chance(faults.doubling_percent) ? 2 : 1; copies > 0; --copies)
      packets_.push_back({is_receipt, payload, now + 1 + std::int64_t(random_.below(faults.loss_percent ? 3000 : 5))});
  }
  void crash_sender() {
    engine_.clear();
    engine_.wake(to, now);
  }
  template <class Do>
  void sender_turn(const Do& act) {
    work_ = sender_;
    if (!act()) return crash_sender();
    if (chance(faults.crash_percent)) return crash_sender();  // before the commit
    sender_ = work_;
    auto outgoing = engine_.take_outgoing();
    if (chance(faults.crash_percent)) return crash_sender();  // between commit and release
    for (const auto& message : outgoing) put(false, message.payload);
    in_flight_max = std::max(in_flight_max, engine_.under_way(to));
  }
  void step_sender() {
    sender_turn([&] { return engine_.tick(now, *this).has_value(); });
  }
  void deliver() {
    std::vector<Packet> due;
    std::erase_if(packets_, [&](const Packet& packet) {
      if (packet.arrives > now) return false;
      due.push_back(packet);
      return true;
    });
    for (const auto& packet : due) {
      if (packet.is_receipt) {
        const Receipt receipt = decode_receipt(packet.payload).value();
        sender_turn([&] { return engine_.receive(to, receipt, packet.payload, now, *this).has_value(); });
      } else {
        take(decode_notices(packet.payload).value());
      }
    }
  }
  void take(const std::vector<Notice>& notices) {
    at_ = recipient_;
    auto receipts = take_notices(me, to, notices, now, *this).value();
    const bool crashes = chance(faults.crash_percent);
    if (faults.receipts_leave_before_the_commit)
      for (const auto& receipt : receipts) put(true, receipt);
    if (crashes) return;
    recipient_ = at_;
    if (chance(faults.crash_percent) || faults.receipts_leave_before_the_commit) return;
    for (const auto& receipt : receipts) put(true, receipt);
  }

  SeededRandom random_;
  DeliveryEngine engine_;
  Sender sender_, work_;
  Recipient recipient_, at_;
  std::vector<Packet> packets_;
};

}  // namespace ginnel::samples
