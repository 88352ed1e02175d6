// SPDX-License-Identifier: Apache-2.0
// The case views of a node: begun by a practitioner, filled by peers, assembled and decided again whenever one is
// shown.
//
//   start:  own part, `asked` entry, one ask per peer in scope
//   add:    a peer's part arrives, early or late: `received` entry, the copy in it sealed under the view's own key
//   show:   all parts, decided by this agency's policy with the markings of all of them; the lower step wins;
//           `decided` and `view_shown` entries
//
// Thread: the loop. Ownership: the turn owns what is written; nothing given out here may leave before it is committed.
// Failure: `say-more` (several people fit), `not-found` (no such view, or not yours: the same words), `bad-*`, and the
// store's own. Limits: limits::view_*. A view that fell out of memory, or a restart, is made again from the ledger.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "federation/ask/ask_engine.h"
#include "federation/directory/directory.h"
#include "node/gate/gate.h"
#include "node/people/account.h"
#include "node/process/head_issuer.h"
#include "node/store/store.h"
#include "node/view/case_view.h"
#include "node/view/kept_views.h"
#include "node/view/part_maker.h"
#include "node/view/received_file.h"
#include "node/view/significance.h"

namespace ginnel {

namespace limits {
inline constexpr std::int64_t view_deadline_ms_min = 100, view_deadline_ms_max = 60 * second_ms;
inline constexpr std::size_t views_in_memory_max = 512;
inline constexpr std::size_t views_listed_max = 20;  // of one practitioner
// One peer's part as it is kept, in one ledger entry.
inline constexpr std::size_t part_items_max = 4096;
inline constexpr std::size_t part_bytes_max = std::size_t{6} << 20;
}  // namespace limits

class CaseViews {
 public:
  struct Parts {  // all outlive the object
    const Gate& gate;
    const PartMaker& parts;
    const PersonFinder& finder;
    const DirectoryBook& book;
    AskEngine& asks;
    KeptViews& kept;
    HeadIssuer* heads;  // null: this node issues none
    Random& random;
    const SecretKey& pseudonym_key;
  };
  explicit CaseViews(const Parts& parts) : p_(parts) {}

  Expected<ViewId> start(const Session& worker, const ViewRequest& request, const OwnPart& own, Turn& turn);

  // Parts of views that are gone, or not ours, are let fall.
  Expected<void> add(const PartArrived& arrived, Turn& turn);

  // True when every asked peer has answered or the view's deadline has passed.
  bool is_due(const ViewId& view, Instant now) const;
  std::optional<Instant> deadline(const ViewId& view) const;

  // How far a view is: how many parts it has, and whether more may join. `not-found` as for show(), which alone shows.
  struct State {
    std::uint32_t revision = 0;
    bool open = false;
  };
  Expected<State> state(const Session& worker, const ViewId& view, const OwnPart& own, Turn& turn);
  std::optional<State> state_now(const ViewId& view, Instant now) const;  // nothing: not in memory

  // This worker's views, newest first. Those of before a restart are kept, but not listed.
  std::vector<RecentView> recent(const UserId& user, Instant now) const;

  // `form`: as what it is given, for the entry; empty: as a view.
  Expected<CaseView> show(const Session& worker, const ViewId& view, const OwnPart& own, Turn& turn,
                          const std::string& form = {});

  // What was asked, to ask it again.
  Expected<ViewRequest> request(const Session& worker, const ViewId& view, const OwnPart& own, Turn& turn);

  // The label of an entry that the view shows this worker, decided anew. Everything else is the same `not-found`.
  Expected<RecordLabel> label(const Session& worker, const ViewId& view, const EntryRef& entry, const OwnPart& own,
                              Turn& turn);

  // For a record of this node that the view began with at content or above: what it may be read by, decided anew with
  // what is known now. Everything else is the same `not-found`.
  Expected<Permit> permit(const Session& worker, const ViewId& view, const RecordId& record, const OwnPart& own,
                          Turn& turn);

  // Whom the view is about, where this agency holds them and showed something of them in it; else `not-found`.
  Expected<PersonRef> subject(const Session& worker, const ViewId& view, const OwnPart& own, Turn& turn);

  // A file of another agency's item that the view shows this worker at content, by the id that show() gave it; decided
  // anew. Everything else is the same `not-found`.
  Expected<ViewFile> file(const Session& worker, const ViewId& view, const AttachmentId& file, const OwnPart& own,
                          Turn& turn);

  // The agency's own part is made anew when the view is shown next: there is something of its own to be seen in it.
  void renew(const ViewId& view);

  // Its time is over: nobody sees it again.
  void end(const ViewId& view);

  // Forgets what is in memory: all of it can be made again from the ledger.
  void clear() { views_.clear(); }

  // When a member was last heard, for "silent" parts.
  void heard(const MemberId& member, Instant now) { last_heard_[member] = now; }
  std::optional<Instant> last_heard(const MemberId& member) const;

 private:
  struct View {
    ViewId id;
    UserId user;
    ViewRequest request;
    std::string role;
    Identity about;    // the request's child, completed
    PersonRef person;  // empty: not held here
    KeyId subject_key, view_key;
    Instant asked_at, deadline;
    std::optional<ProcessHead> head;  // proves the purpose
    std::vector<MemberId> scope;      // the asker's own member first
    std::map<MemberId, Answer> answers;
    Hash own_standing{};                        // what the own part was decided by
    std::map<MemberId, std::string> not_asked;  // with the reason
  };

  State state_of(const View& view, Instant now) const;
  Expected<std::vector<MemberId>> scope_of(const ViewRequest& request, const MemberId& me) const;
  Ask ask_of(const View& view, const MemberId& to, const Bytes& head, const Salt& salt) const;
  Expected<void> refuse_conflict(const View& view, const OwnPart& own, Turn& turn) const;
  void ask_peers(View& view, const Ask& pattern, const MemberId& me, Instant now);
  Asking asking_of(const View& view, const OwnPart& own) const;
  PartAsk own_ask_of(const View& view, const OwnPart& own) const;
  // Up to where this agency shows an item of the view to its worker now.
  Expected<Step> step_now(const View& view, const MemberId& from, const Item& item, const OwnPart& own,
                          Turn& turn) const;
  Access access_of(const View& view) const;
  Expected<View*> find(const Session& worker, const ViewId& id, const OwnPart& own, Turn& turn);
  Expected<View> restore(const Session& worker, const ViewId& id, const OwnPart& own, Turn& turn);
  // The own part, if what it was decided by has changed since it was made.
  Expected<void> renew_own(View& view, const OwnPart& own, Turn& turn) const;
  void remember(View view);
  AttachmentId file_id(const ViewId& view, const MemberId& from, const RecordId& record, const Hash& sha256) const;
  static std::set<std::string> markings_of(const View& view);  // that any agency put on anything

  Parts p_;
  std::map<ViewId, View> views_;
  std::map<MemberId, Instant> last_heard_;
};

}  // namespace ginnel
