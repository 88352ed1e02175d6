// SPDX-License-Identifier: Apache-2.0
// What this node tells others unasked, and what others tell it.
//
//   a turn leaves News of a record -> plan(): who is involved, a row in the outbox for each -> DeliveryEngine: at each
//   release the gate decides anew, the disclosure is written -> commit -> the message leaves -> the receipt settles it
//   a message of notices -> take(): effect, the fact that it was taken and the receipt in one commit -> the receipt
//   leaves
//
// Thread: the loop. Everything is written to the turn; what take_outgoing() gives leaves after its commit (promise 3).
// Failure: an Error is the store's, and the turn must not be kept. What a peer sends never makes one.
// Limits: limits::news_per_turn_max, limits::delivery_*.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <vector>

#include "federation/delivery/delivery_engine.h"
#include "federation/directory/directory.h"
#include "federation/wire/envelope.h"
#include "node/notices/release.h"
#include "node/notices/stored_inbox.h"
#include "node/notices/stored_outbox.h"
#include "node/store/news.h"

namespace ginnel {

namespace limits {
inline constexpr std::size_t news_per_turn_max = 64;
}

struct NoticeCounts {
  std::uint64_t queued = 0, delivered = 0, refused = 0, not_delivered = 0, received = 0;
};

struct NotDelivered {
  NoticeId notice;
  PersonRef person;
};

class Notices {
 public:
  struct Parts {  // all outlive the object
    const Gate& gate;
    const PartMaker& parts;
    const DirectoryBook& book;
    Random& random;
    bool in_shadow = false;  // nothing is told yet: what is to be told waits
    StoredInbox::See see;
  };
  Notices(const Parts& parts, MemberId me, Contact duty, DeliverySettings settings, InboxLimits inbox_limits,
          StoredInbox::Sign sign);

  // At the start: whether anything waits, so that a node without any does nothing by itself.
  void look(const StoreReader& reader);
  // Between begin() and end() everything belongs to this turn.
  void begin(Turn& turn);
  void end();

  // A message of kind notice or receipt. The reply's payload, if there is one, is in take_outgoing().
  Expected<std::optional<Drop>> receive(const Message& message, Turn& turn);
  void heard(const MemberId& peer) { delivery_.heard(peer); }
  // Who is to be told of what was written, and what is due to be sent.
  Expected<void> tick(Turn& turn);

  std::vector<Outgoing> take_outgoing() { return std::exchange(outgoing_, {}); }
  std::optional<Instant> next_tick() const;
  // The turn was not kept: everything is found again in the store.
  void clear(Instant now);
  // Somebody was joined with another, or parted: what is under way is sent again, in one order for both.
  void people_changed();

  // Whose inbox changed in this turn; an empty id: that of whoever oversees.
  std::set<UserId> take_changed() { return inbox_.take_changed(); }
  // What this turn gave up: somebody has to tell them another way.
  std::vector<NotDelivered> take_not_delivered() { return std::exchange(not_delivered_, {}); }
  std::vector<StoredInbox::ToDo> take_to_do() { return inbox_.take_to_do(); }
  const NoticeCounts& counts() const { return counts_; }
  std::uint64_t held_back() const { return inbox_.held_back(); }
  const StoredOutbox& outbox() const { return outbox_; }

 private:
  Expected<void> plan(Turn& turn);
  Expected<void> plan_one(const News& news, Turn& turn);
  Expected<void> tell_of_undelivered();
  void reply(const Message& to, Bytes receipt, Instant now);

  Parts p_;
  MemberId me_;
  Release release_;
  StoredOutbox outbox_;
  StoredInbox inbox_;
  DeliveryEngine delivery_;
  bool is_woken_ = false;  // whoever has something waiting was found in the store
  bool has_news_ = true;   // or may have
  Instant look_from_;      // when to look for either
  std::vector<Outgoing> outgoing_;
  std::vector<NotDelivered> not_delivered_;
  NoticeCounts counts_;
};

}  // namespace ginnel
