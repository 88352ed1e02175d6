// SPDX-License-Identifier: Apache-2.0
// Transfers of the lead as people see and change them: what Service gives to API, pages and command line, and takes
// from them.
//
// A list names nobody: whom a transfer is about is told by the one transfer alone, and the telling is an entry.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "federation/base/id.h"
#include "federation/base/time.h"
#include "federation/wire/answer.h"
#include "federation/wire/transfer.h"

namespace ginnel {

namespace limits {
inline constexpr std::size_t transfers_shown_max = 200;       // of one list; `more` says that there are others
inline constexpr std::size_t transfer_items_shown_max = 500;  // of a file that is not the node's own yet
}  // namespace limits

// --- what is wished

struct NewLeadOffer {
  ProcessId process;
  std::string to;    // a member that can lead
  std::string move;  // word of the list `move_kind`
  std::string why;
};
struct TransferSaying {
  TransferId transfer;
  std::string said;  // "accept": a name of TransferAct, one that TransferDetail::may_say has
  std::string text;  // why, or how; needed where needs_why_in_transfer() says so
  Date held;         // of a conference: the day
};

// --- what is shown

struct TransferSummary {
  TransferId id;
  ProcessId process;
  PersonRef person;               // of this node; empty: the file has not become its own
  std::string definition, title;  // title: as this node calls such a process
  std::string originator, receiver;
  std::string originator_name, receiver_name;
  std::string move, state;                    // move: title of the word; state: "offered"
  Instant offered;                            // by the originator
  std::string lead_name;                      // who orders steps now; empty: nobody
  std::vector<std::string> accountable_name;  // who answers for the child now; never empty
  bool is_ours = false;                       // this node offered it
  bool waits_for_us = false;                  // somebody here may say what comes next
  bool has_ended = false;
};
struct TransferList {
  std::vector<TransferSummary> transfers;  // newest first
  bool more = false;
};

struct TransferLine {
  std::string said, by, by_name;
  std::string who;  // name and role; empty: the node by itself
  std::string text;
  Instant at;
  When held;
};
struct AccountableLine {
  std::string member, name;
  std::uint64_t epoch = 0;
  Instant since, until;  // not set: from before the offer; still
};
// Whom it is about, as the originator told it.
struct TransferChild {
  std::string name, nhs_number;
  Date born;
};
// How much of the file is where.
struct TransferFileState {
  std::size_t parts = 0, parts_here = 0;
  std::uint64_t size_bytes = 0;
  bool is_complete = false;           // the receiver has said so
  bool is_own = false;                // it has become the receiver's own records, at this node
  std::vector<Withheld> not_given{};  // counted, why, and whom to ask
};
struct TransferDetail {
  TransferSummary transfer;
  std::optional<TransferChild> child;    // nothing: it has not come yet, or is not for who asks
  std::vector<TransferLine> statements;  // in the order of their times
  std::vector<AccountableLine> accountable;
  std::vector<std::string> may_say;  // by who asks: names of TransferAct
  std::vector<std::string> hangs;    // sentences: what is missing, and for whom it waits
  TransferFileState file;
  std::vector<Item> items;  // at a receiver that does not lead yet: what came, for who decides on it
  Instant as_at;
};

}  // namespace ginnel
