// SPDX-License-Identifier: Apache-2.0
// The inbox for people: which of what other members told a worker may see now, and who took it up.
//
// For whom: the worker by whose ask the sender knows the child, and the roles that oversee. Each showing is decided
// again, by this agency's policy, for the reader's own role and the purpose of that ask, with the markings of all that
// is known of the child; the lower step wins, as in a case view. Decision and showing are entries of the turn.
//
// Thread: the loop. Failure: `not-found` (no such item, or not yours: the same words), `undecided` (of a single one: it
// cannot be said now; a list counts them), and the store's.
// Limits: limits::inbox_*.
#pragma once

#include "federation/directory/directory.h"
#include "federation/wire/notice.h"
#include "node/notices/inbox_view.h"
#include "node/notices/stored_inbox.h"
#include "node/people/account.h"
#include "node/view/kept_views.h"
#include "node/view/part_maker.h"

namespace ginnel {

namespace limits {
inline constexpr std::size_t inbox_listed_max = 50;   // of one list
inline constexpr std::size_t inbox_read_max = 2000;   // that are opened to find some among them
inline constexpr std::size_t inbox_counted_max = 99;  // newest rows of one list, for its count
inline constexpr std::size_t acknowledgement_bytes_max = 2000;
}  // namespace limits

class InboxReader {
 public:
  struct Parts {  // all outlive the object
    const Gate& gate;
    const PartMaker& parts;
    const DirectoryBook& book;
    const KeptViews& kept;
    // Whether an item that invites is the reader's to answer, who may see it then.
    std::function<Expected<bool>(const Session&, const NoticeId& item, const StoreReader&)> is_to_answer;
  };
  explicit InboxReader(const Parts& parts) : p_(parts) {}

  Expected<InboxList> list(const Session& worker, const OwnPart& own, Turn& turn) const;
  // How processes stand that other agencies lead, the newest word of each; of the newest limits::inbox_read_max items.
  Expected<InboxList> overviews(const Session& worker, const OwnPart& own, Turn& turn) const;
  Expected<InboxItem> show(const Session& worker, const NoticeId& id, const OwnPart& own, Turn& turn) const;
  // Once: whoever comes later is told who did. `bad-note` if it is too long.
  Expected<InboxItem> acknowledge(const Session& worker, const NoticeId& id, const std::string& note,
                                  const OwnPart& own, Turn& turn) const;
  // How many of the reader's newest items nobody took up; shows none of them.
  Expected<std::uint64_t> waiting(const Session& worker, const StoreReader& reader) const;
  // Who was shown what the item takes back. For the roles that oversee: `not-found` for others.
  Expected<std::vector<Reliance>> relied_on(const Session& worker, const NoticeId& id, Turn& turn) const;

  bool oversees(const Session& worker) const;
  // `forbidden`: a role that is shown no case has no inbox.
  Expected<void> check_role(const Session& worker) const;

 private:
  struct Opened;
  using Wanted = std::function<bool(const Opened& item)>;
  Expected<InboxList> list_of(const Session& worker, const OwnPart& own, const Wanted& wanted, std::size_t read_max,
                              Turn& turn) const;
  Expected<std::optional<Opened>> open(const InboxRow& row, const OwnPart& own, const Turn& turn) const;
  Expected<std::set<std::string>> markings_about(const Opened& item, const Turn& turn) const;
  // Nothing: not to this reader. `undecided`: it cannot be said now.
  Expected<std::optional<InboxItem>> shown(const Session& worker, Opened& item, Turn& turn) const;
  PartAsk own_ask(const Opened& item, const Asking& asking) const;
  Expected<bool> decide_report(const Opened& item, const Asking& asking, InboxItem& out, Turn& turn) const;
  InboxItem outline(const Opened& item, const Session& worker, Instant now) const;
  Expected<bool> may_see(const Session& worker, const InboxRow& row, const StoreReader& reader) const;

  Parts p_;
};

}  // namespace ginnel
