// SPDX-License-Identifier: Apache-2.0
// The inbox as data: what a worker sees of what other members told, decided for them again at each showing.
//
// A value: pages, API and terminal render the same one.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "federation/wire/notice_id.h"
#include "node/process/invitation.h"
#include "node/process/overview.h"
#include "node/view/case_view.h"

namespace ginnel {

struct InboxItem {
  std::string id;   // of the item, in hex: this node's own
  MemberId agency;  // who told it; of a report: who could not be told
  std::string agency_name, agency_kind;
  std::string kind;   // word of the list `notice_kind`
  std::string title;  // of that word
  Instant told_at;    // when they wrote it down
  Instant arrived_at;
  std::string family, given;  // as the ask names them by which both agencies know the child
  Date birth_date;
  PersonRef person;  // as this node holds them; empty: not, or by nobody's ask
  ViewId view;       // of the reader's own, where it is still kept; empty: none
  Step step = Step::none;
  std::string category;
  std::optional<ViewItem> record;           // at headline and above
  std::optional<Invitation> invitation;     // that it makes, and the reader can answer
  std::optional<ProcessOverview> overview;  // of a process that another agency leads
  std::vector<Field> stands;                // the same in sentences, as they are now
  std::string reason;                       // why not more, or why something was taken back
  ViewContact contact;                      // whom to ring
  bool takes_back = false;                  // something told before holds no longer
  std::optional<Instant> struck_at;         // what this told was itself taken back, then
  std::string struck_reason;
  std::optional<Instant> acknowledged_at;
  std::string acknowledged_by;  // a person's name
  std::string note;
};

struct InboxList {
  std::vector<InboxItem> items;  // newest first
  std::uint64_t waiting = 0;     // of these, not acknowledged
  bool has_more = false;         // older ones, past limits::inbox_listed_max
  std::uint64_t undecided = 0;   // others, of which it cannot be said now whether they may be shown
};

// Who was shown something that was taken back: for a review of what was done on the strength of it.
struct Reliance {
  UserId user;
  std::string name;  // of the worker
  ViewId view;       // empty: shown as a notice
  Instant first, last;
  std::uint64_t times = 0;
};

struct CorrectionMade {
  RecordId item;     // what takes its place; empty: nothing
  std::size_t told;  // workers of other members who were given it, or told that it exists, and will be told
};

// What somebody who watches an inbox is told: only that they should look.
enum class InboxNews : std::uint8_t {
  listening,  // nothing: it is only asked whether somebody listens
  changed,
  closed,  // nothing more comes here: ask again
};
// Runs on the loop's thread and must not block. False: nobody listens any more.
using SeeInbox = std::function<bool(InboxNews news)>;

}  // namespace ginnel
