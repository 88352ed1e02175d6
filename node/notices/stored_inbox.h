// SPDX-License-Identifier: Apache-2.0
// The inbox in the store: what other members told, each once, and the receipts that were given for it.
//
// Whom it is about is found by the ask alone that the notice names, and which of the two asked it. A sender with which
// no such ask was exchanged is refused, in the same words whatever this node knows.
//
// Thread: the loop; between use() and use(nullptr) it reads and writes that turn. Failure: the store's.
#pragma once

#include <functional>
#include <set>

#include "federation/delivery/take_notices.h"
#include "node/gate/vocabulary.h"
#include "node/notices/inbox_budget.h"
#include "node/store/numbered_rows.h"
#include "node/store/store.h"

namespace ginnel {

// An item of the inbox, by an id of this node's own: two members may give the same.
NoticeId inbox_id(const MemberId& from, const NoticeId& notice);

// Something that was told before holds no longer: by its id, or, to whom was told only that it exists, by its kind.
bool takes_back(const Notice& notice);

// Where an item stands.
struct InboxRow {
  NoticeId id;              // inbox_id()
  std::uint64_t entry = 0;  // sequence of its entry
  UserId user;              // who asked; empty: nobody of this node did
  bool operator==(const InboxRow&) const = default;
};

class StoredInbox : public Inbox {
 public:
  using Sign = std::function<Expected<Bytes>(const Receipt&)>;
  // What a record that is told has an effect on beside the inbox, in the turn that takes it. `person`: of this node's;
  // empty: none. False: not now, the sender is to tell it again.
  using See = std::function<Expected<bool>(const MemberId& from, const PersonRef& person, const Item& item, Turn&)>;
  StoredInbox(const Vocabulary& words, Sign sign, See see, InboxLimits limits)
      : words_(words), sign_(std::move(sign)), see_(std::move(see)), budget_(limits) {}

  void use(Turn* turn) { turn_ = turn; }

  // What one of our own notices came to, for whoever oversees.
  Expected<void> note_undelivered(const MemberId& peer, const NoticeId& notice, Access access);

  // What was taken since it was last asked, and is somebody's here to do: to acknowledge that something holds no
  // longer, or to answer an invitation.
  struct ToDo {
    NoticeId item;  // inbox_id()
    MemberId from;
    PersonRef person;     // of this node's; empty: none
    ViewId view;          // of the ask; empty: nobody of this node asked
    UserId user;          // who asked; empty: nobody
    RecordId invitation;  // empty: it takes something back
    Instant due;          // of an invitation that says so
  };
  std::vector<ToDo> take_to_do() { return std::exchange(to_do_, {}); }

  // What was over its sender's budget, and answered `later`.
  std::uint64_t held_back() const { return held_back_; }

  // Whose lists changed since it was last asked; an empty id: those of whoever oversees.
  std::set<UserId> take_changed() { return std::exchange(changed_, {}); }

  // Inbox
  Expected<std::optional<Bytes>> stored_receipt(const MemberId& from, const NoticeId& id) override;
  Expected<Outcome> take(const MemberId& from, const Notice& notice) override;
  Expected<Bytes> sign(const Receipt& receipt) override { return sign_(receipt); }
  Expected<void> keep(const MemberId& from, const Receipt& receipt, ByteView signed_receipt) override;

 private:
  struct Exchanged {  // the ask that a notice names
    Access access;
    KeyId key;
    UserId user;
  };
  Expected<std::optional<Exchanged>> ask_of(const MemberId& from, const Notice& notice) const;
  Expected<void> list(const InboxRow& row);

  const Vocabulary& words_;
  Sign sign_;
  See see_;
  InboxBudget budget_;
  std::uint64_t held_back_ = 0;
  Turn* turn_ = nullptr;
  std::set<UserId> changed_;
  std::vector<ToDo> to_do_;
};

// The origin of the task to acknowledge an item that takes something back.
std::string acknowledge_origin(const NoticeId& item);
bool is_acknowledge_origin(std::string_view origin);

// The origin of the task to answer what an item invites to, however many items tell of it here: the first one counts.
std::string invitation_origin(const NoticeId& first);
std::optional<NoticeId> invited_by(std::string_view origin);
Expected<NoticeId> first_told(Turn& turn, const MemberId& from, const RecordId& record, const NoticeId& item);

// The lists: of one worker, and (no user) of whoever oversees. Newest last.
NumberedRows inbox_list(const UserId& user);
Expected<InboxRow> decode_inbox_row(ByteView bytes);
Expected<std::optional<InboxRow>> find_inbox_row(const NoticeId& id, const StoreReader& reader);

// Who took an item up.
struct Acknowledged {
  UserId user;
  std::string name;
  Instant at;
  std::string note;
};
Expected<std::optional<Acknowledged>> acknowledged(const NoticeId& id, const StoreReader& reader);
Expected<void> put_acknowledged(Turn& turn, const NoticeId& id, const Acknowledged& by);

}  // namespace ginnel
