// SPDX-License-Identifier: Apache-2.0
// The assembled answer about one child: what a practitioner sees, as data (DESIGN 14, POST /api/v1/case-views).
//
// Every string here was let through by two policies, the holder's and the asker's own. A view is a value: the loop
// makes it, its audit entry is durable before anybody gets it, and web pages, API and CLI render the same one.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "federation/base/id.h"
#include "federation/base/time.h"
#include "federation/record/identity.h"
#include "federation/record/record.h"
#include "federation/wire/part_status.h"
#include "federation/wire/step.h"

namespace ginnel {

// What a practitioner asks. Words are checked against the vocabulary by the gate, not here.
struct ViewRequest {
  Identity child;
  std::string purpose;
  std::string basis;
  std::string reason;               // why, in the practitioner's words; kept in the ledger, never sent
  std::string case_ref;             // the agency's own case number; only a salted commitment of it is sent
  std::vector<MemberId> scope;      // empty: every member that holds records
  std::string break_glass_reason;   // empty: no break-glass
  Instant as_known_at;              // not set: now
  std::int64_t deadline_ms = 5000;  // limits::view_deadline_ms_min .. _max
  // Set: the node itself looks, for a worker, at somebody whom it holds; `child` is empty, and the view is not listed.
  PersonRef held;
};

struct ViewContact {
  std::string name, role, team, phone;
};

struct ViewPart {
  MemberId agency;
  std::string agency_name;  // "Bradford District Care"
  std::string agency_kind;  // "health"
  PartStatus status = PartStatus::silent;
  std::string reason;          // a sentence for people; always set unless answered
  ViewContact contact;         // whom to ring, whatever the status
  Instant answered_at;         // not set: no answer
  Instant data_to;             // the answering node's sources are complete up to here; not set: not told
  std::uint32_t items = 0;     // shown
  std::uint32_t withheld = 0;  // counted
};

// A file of a record. The bytes are had by its id, where this node keeps them.
struct ViewAttachment {
  Attachment file;
  AttachmentId id;  // empty: another agency keeps it; ring them
};

// That somebody holds an entry to be significant. It is an opinion of theirs, and a record of their agency.
struct ViewMark {
  RecordId id;
  MemberId agency;
  std::string reason;
  Author author;
  When recorded;
};

struct ViewItem {
  RecordId id;
  MemberId agency;
  std::string agency_kind;
  std::string category, kind;
  When occurred, recorded;
  Instant received;
  Step step = Step::headline;
  std::string headline;
  std::vector<Field> fields;                // content only
  std::string narrative;                    // content only
  std::vector<ViewAttachment> attachments;  // content only
  Assertion assertion = Assertion::fact;
  Author author;  // whom to ring about this record
  std::string source_system;
  RecordId replaces;      // of the same agency; empty: replaces nothing
  Instant superseded_at;  // of a view of a past moment: since when a later version holds; not set: it still does
  Hash hash{};            // of the item as it was sent: item_hash()
  std::vector<ViewMark> marks{};  // by people, the newest last
};

struct ViewWithheld {
  MemberId agency;
  std::string category;  // coarsened by @shown_as
  std::uint32_t count = 0;
  std::string reason;  // the rule's title, for people
  std::string ask;     // whom to ask
};

// Something that the view showed, or would have, and that its agency has taken back since.
struct ViewWithdrawn {
  MemberId agency;
  Instant at;          // when this node was told
  std::string kind;    // word of the list `notice_kind`
  std::string reason;  // may be empty
};

struct CaseView {
  ViewId id;
  PersonRef person;           // as the asking node holds them; empty where it does not, or may not tell so
  std::string family, given;  // as known to the asking node, else as asked
  Date birth_date;            // may be unset
  std::string nhs_number;     // may be empty
  std::string standing;       // "On a child protection plan since ...": from a process head held here; may be empty
  std::string purpose, basis;
  Instant asked_at, kept_until;
  Instant as_known_at;  // not set: as known now
  Instant shown_at;
  std::int64_t elapsed_ms = 0;
  bool allocated = false;       // whoever looks is allocated to the child
  bool complete = false;        // only answered, withheld, refused, not-known
  bool open = false;            // late parts may still join
  std::uint32_t revision = 0;   // how many agencies' parts had come: a later showing with the same has nothing new
  std::vector<ViewPart> parts;  // one per member in scope, the asker's own first
  std::vector<ViewItem> items;  // newest first
  std::vector<ViewWithheld> withheld;
  std::vector<ViewWithdrawn> withdrawn;
};

// A view that a practitioner asked for and may open again. Named as they asked, not as records have it: listing it
// reads nothing.
struct RecentView {
  ViewId id;
  Identity asked;
  std::string purpose;
  Instant asked_at, kept_until;
  bool open = false;
};

// What somebody who watches a view is told: only that they should look, never what there is to see.
enum class ViewNews {
  changed,  // a late part joined
  closed,   // no more will
};
// Runs on the loop's thread and must not block. False: nobody listens any more; without news, it is only asked that.
using SeeNews = std::function<bool(const ViewNews* news, std::uint32_t revision)>;

// Only answered, withheld, refused, not-known.
bool is_complete(const std::vector<ViewPart>& parts);

}  // namespace ginnel
