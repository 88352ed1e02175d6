// SPDX-License-Identifier: Apache-2.0
// What this node told other members unasked, as data: one event, and for each of its recipients how it went.
//
// A value: pages, API and terminal render the same one.
#pragma once

#include <string>
#include <vector>

#include "federation/base/id.h"
#include "federation/base/time.h"
#include "federation/wire/notice_id.h"
#include "node/store/work_entry.h"

namespace ginnel {

struct SentRecipient {
  NoticeId id;  // of the notice to them
  MemberId agency;
  std::string agency_name;
  bool asked_by_us = false;  // told because this agency asked them; otherwise a worker of theirs asked
  std::string state;         // queued, sent, delivered, withheld, refused or not-delivered
  std::string state_title;   // for people
  Instant at;                // when it came to that; of queued and sent: when it was written down

  // Of what was refused or not delivered: who has to tell them another way.
  std::vector<TaskHolder> reported_to;  // before it is told
  std::vector<std::string> reported;    // their names, or the titles of their roles
  std::string told_otherwise;           // how that ended; empty: it has not
};

struct SentNotice {
  std::string kind;           // word of the list `notice_kind`
  std::string title;          // of that word
  Instant at;                 // when it was written down
  std::string family, given;  // as the ask names the child by which both agencies know them
  Date birth_date;
  std::string category, headline;  // of what is told, as far as the reader may know; may be empty
  std::string reason;              // of what was taken back, for everybody who was told it; may be empty
  std::vector<SentRecipient> recipients;
};

struct SentList {
  std::vector<SentNotice> notices;  // newest first
  bool has_more = false;            // older ones, past limits::sent_listed_max
  std::uint64_t undecided = 0;      // others, of which it cannot be said now whether they may be shown
};

}  // namespace ginnel
