// SPDX-License-Identifier: Apache-2.0
// The outbox in the store: what waits for each member, and how each notice went.
//
// Thread: the loop; between use() and use(nullptr) it reads and writes that turn. Failure: the store's: the turn must
// not be kept. A member that is told nothing has no rows.
#pragma once

#include <cstdint>
#include <vector>

#include "federation/delivery/delivery_engine.h"
#include "node/notices/release.h"

namespace ginnel {

// Whoever ever had something waiting.
Expected<std::vector<MemberId>> outbox_peers(const StoreReader& reader);
// Everything for one member, by the number that it has for them; newest last. A row goes limits::outbox_kept_ms after
// it was settled.
NumberedRows outbox_list(const MemberId& peer);
// Where what one worker wrote down waits or went, as outbox_place() reads it; newest last.
NumberedRows outbox_list_by(const UserId& user);
struct OutboxPlace {
  MemberId peer;
  std::uint64_t number = 0;
};
Expected<OutboxPlace> outbox_place(ByteView bytes);
// Nothing: there is none, or its time is over.
Expected<std::optional<OutboxRow>> outbox_row(const OutboxPlace& place, const StoreReader& reader);
Expected<std::optional<OutboxPlace>> find_outbox_place(const MemberId& peer, const NoticeId& id,
                                                       const StoreReader& reader);

class StoredOutbox : public Outbox {
 public:
  // In shadow everything waits: nothing leaves, and what its time runs out for goes to a named person.
  StoredOutbox(const Release& release, const DirectoryBook& book, bool in_shadow)
      : release_(release), book_(book), in_shadow_(in_shadow) {}

  void use(Turn* turn) { turn_ = turn; }

  // Gives it its number. The turn's commit makes it the node's promise.
  Expected<void> queue(const MemberId& peer, OutboxRow row);

  // What ended undelivered since it was last asked: for people.
  struct Undelivered {
    MemberId peer;
    OutboxRow row;
  };
  std::vector<Undelivered> take_undelivered() { return std::exchange(undelivered_, {}); }

  // Outbox
  Expected<Range> range(const MemberId& peer) override;
  Expected<std::optional<Queued>> at(const MemberId& peer, std::uint64_t number) override;
  Expected<std::optional<Queued>> find(const MemberId& peer, const NoticeId& id) override;
  Reach reach(const MemberId& peer, Instant now) override;
  Expected<std::optional<Notice>> release(const MemberId& peer, const Queued& queued) override;
  Expected<void> settle(const MemberId& peer, const std::vector<Settled>& settled, ByteView signed_receipt) override;
  Expected<void> give_up(const MemberId& peer, const Queued& queued) override;

 private:
  Expected<std::optional<OutboxRow>> row_at(const MemberId& peer, std::uint64_t number) const {
    return outbox_row({peer, number}, *turn_);
  }
  Expected<void> end(const MemberId& peer, OutboxRow row, Sending state);

  const Release& release_;
  const DirectoryBook& book_;
  const bool in_shadow_;
  Turn* turn_ = nullptr;
  std::vector<Undelivered> undelivered_;
};

}  // namespace ginnel
