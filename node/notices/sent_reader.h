// SPDX-License-Identifier: Apache-2.0
// What this node told others unasked, for people: to whom, and how it went with each (DESIGN 10).
//
// For whom: whoever wrote down what was told, and the roles that oversee. Each showing is decided anew by this agency's
// policy for the reader's own role, as at a first contact; of what is concealed from them there is no row. Decision
// and showing are entries of the turn.
//
// Thread: the loop. Failure: `forbidden` (a role that is shown no case), `not-found` (no such notice, or not yours: the
// same words), `undecided` of a single one, and the store's.
#pragma once

#include "federation/directory/directory.h"
#include "node/notices/sent_view.h"
#include "node/notices/stored_outbox.h"
#include "node/people/account.h"
#include "node/view/part_maker.h"

namespace ginnel {

namespace limits {
inline constexpr std::size_t sent_listed_max = 50;             // events in one list
inline constexpr std::size_t sent_recipients_listed_max = 64;  // of one event
inline constexpr std::size_t sent_looked_at_max = 1000;        // rows of the outbox for one list
}  // namespace limits

class SentReader {
 public:
  struct Parts {  // all outlive the object
    const Gate& gate;
    const PartMaker& parts;
    const DirectoryBook& book;
  };
  explicit SentReader(const Parts& parts) : p_(parts) {}

  Expected<SentList> list(const Session& worker, const OwnPart& own, Turn& turn) const;
  // The notice to one recipient.
  Expected<SentNotice> show(const Session& worker, const NoticeId& id, const OwnPart& own, Turn& turn) const;

 private:
  struct Event;  // rows that came of one act, about one child
  Expected<std::vector<Event>> newest(const Session& worker, SentList& list, const Turn& turn) const;
  // Nothing: nothing that the reader may know.
  Expected<std::optional<SentNotice>> shown(const Session& worker, const Event& event, const OwnPart& own,
                                            Turn& turn) const;
  Expected<SentRecipient> recipient(const MemberId& peer, const OutboxRow& row, const Turn& turn) const;
  Expected<void> check_role(const Session& worker) const;
  bool oversees(const Session& worker) const;

  Parts p_;
};

}  // namespace ginnel
