// SPDX-License-Identifier: Apache-2.0
// What stands in the ledger: the header that everybody may read, and the bodies of the kinds in use.
//
// Numbers and layouts are final: docs/formats/ledger.md says the same for somebody who checks an export.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "federation/base/bytes.h"
#include "federation/base/id.h"
#include "federation/base/time.h"
#include "federation/record/person.h"
#include "federation/record/record.h"
#include "federation/wire/consent_told.h"
#include "federation/wire/notice_id.h"
#include "federation/wire/step.h"
#include "node/store/consent_entry.h"

namespace ginnel {

// A kind without a body below has none defined yet; nothing indexes it.
enum class EntryKind : std::uint16_t {
  genesis = 1,       // Genesis; sequence 0 of every incarnation
  person = 2,        // PersonVersion
  record = 3,        // a Record in the encoding of federation/wire
  merge = 4,         // Merge
  tombstone = 5,     // Tombstone
  import_run = 6,    // ImportRun
  rejected_row = 7,  // RejectedRow
  gone_at_source = 8,
  unmerge = 9,               // Unmerge
  marking = 10,              // Marking; beside the new versions that it made
  retracted = 11,            // Access: a record no longer holds, and nothing takes its place
  attachment = 12,           // AttachmentKept
  asked = 16,                // Access: our practitioner asked; before anything is sent
  decided = 17,              // Access: the gate's verdicts on one batch
  disclosed = 18,            // Access: what a peer was given
  received = 19,             // Access: what a peer gave
  view_shown = 20,           // Access: what our practitioner was shown
  lookup = 21,               // Access: a blind lookup asked or answered
  refusal_to_share = 22,     // RefusalEntry (node/store/refusal_entry.h)
  consent = 23,              // ConsentEntry (node/store/consent_entry.h)
  people_searched = 24,      // Access: whom our practitioner's search came upon, and whom it listed
  notice = 32,               // Access: what a peer told unasked, or that one of ours did not arrive
  receipt = 33,              // Access: a peer's signed receipt for notices of ours
  process_step = 34,         // ProcessEntry (node/store/process_entry.h)
  transfer = 35,             // TransferEntry (node/store/transfer_entry.h)
  task = 36,                 // TaskEntry (node/store/work_entry.h)
  allocation = 37,           // AllocationEntry
  notice_shown = 38,         // Access: a notice on somebody's screen
  notice_acknowledged = 39,  // Access: who took a notice up
  file_disclosed = 45,       // Access: a peer was given the bytes of a file
  file_received = 46,        // Access: a peer gave the bytes of a file; the copy is a side row
  directory_adopted = 48,    // Adopted
  policy_adopted = 49,       // Adopted
  unlock = 50,               // OperatorAct
  sign_in = 51,              // OperatorAct
  operator_act = 52,         // OperatorAct
  retention = 53,            // RetentionEntry (node/store/retention_entry.h)
};

std::string_view name_of(EntryKind kind);
std::optional<EntryKind> entry_kind_from(std::uint16_t number);  // nothing for a number this version does not know

// 64 bytes, big-endian, all of it authenticated with the body:
//   0 format version u16 | 2 kind u16 | 4 zero u32 | 8 incarnation u64 | 16 sequence u64 | 24 time i64 (ms)
//   32 actor 16 | 48 data key 16
struct EntryHeader {
  static constexpr std::size_t size = 64;
  static constexpr std::uint16_t format_version = 1;

  EntryKind kind = EntryKind::genesis;
  std::uint64_t incarnation = 0;
  std::uint64_t sequence = 0;
  Instant time;
  ActorId actor;  // who caused it; empty: the node itself
  KeyId data_key;
  bool operator==(const EntryHeader&) const = default;
};

struct Genesis {
  MemberId member;
  std::uint64_t incarnation = 1;
  bool operator==(const Genesis&) const = default;
};

// What one source system said of a person.
struct PersonSource {
  std::string system, key;
  Hash content_hash{};
  std::uint32_t version = 1;
  Bytes said;  // the encoded Person of this source alone; empty when it is the only one (then it is `person`)
  bool operator==(const PersonSource&) const = default;
};

struct PersonVersion {
  Person person;
  std::vector<std::string> link_keys;  // what find_people finds them by; kept, so that a rebuild needs no linking rules
  std::vector<PersonSource> sources;
  bool operator==(const PersonVersion&) const = default;
};

// How two people of this node stand to each other. A closed set: numbers are part of the stored format.
enum class LinkState : std::uint8_t {
  proposed = 0,  // a possible match: nothing is joined until a person decides
  merged = 1,    // one person, found, read and audited as one; each keeps what its own sources say
  apart = 2,     // somebody decided that they are two: no score joins or proposes them again
};

struct Merge {
  PersonRef one, other;
  LinkState state = LinkState::merged;  // merged or proposed
  std::string made_by;                  // "person", "score"
  std::int32_t score_centibits = 0;     // of a score: hundredths of a bit
  std::string reason;                   // a person's own words, or by what fields the score came about
  bool operator==(const Merge&) const = default;
};

// Undoes a merge, or declines a possible match: from here on they stand apart.
struct Unmerge {
  PersonRef one, other;
  std::string reason;
  bool operator==(const Unmerge&) const = default;
};

// Somebody put markings on a person or on one record, or took them off. What follows stands in the new versions of the
// person or the record; this says who did it and why.
struct Marking {
  PersonRef person;
  RecordId record;              // the version that carries it from now on; empty: the person as a whole
  std::vector<PersonRef> also;  // who was merged with the person at the time, and was marked with them
  std::vector<std::string> put_on, taken_off;
  std::string reason;
  bool operator==(const Marking&) const = default;
};

// One record, or one category, in a decision, a disclosure or a view.
struct AccessItem {
  RecordId record;                    // this node's; at the asking node: the peer's; of a search: the person's id
  Step step = Step::none;             // what was permitted or given
  std::string category;               // as named to the asker (coarsened), where nothing is given
  std::vector<std::string> policies;  // ids of the determining policies
  std::string reason;                 // for people: why not more
  Hash hash{};                        // of the item as sent or received; zero: none
  std::uint16_t label = 0;            // of `decided`: 1 + its place among DecidedBy::labels; 0: not recorded
  bool operator==(const AccessItem&) const = default;
};

// The label by which a record was decided: as it stood then, with the markings of the person among its own.
struct DecidedLabel {
  std::string kind, category, handling;
  MemberId owner;
  std::uint8_t sensitivity = 0;
  std::vector<std::string> markings;
  ConsentTold told = ConsentTold::nothing;  // by the holder, of another agency's record
  MemberId addressed_to{};                  // empty: to nobody in particular
  bool operator==(const DecidedLabel&) const = default;
};

// What held of consent for one root category: for who asked, for their purpose, then. Where nothing held, there is
// none.
struct DecidedConsent {
  std::string category;  // root
  std::string state;     // a word of the list `consent_state`
  std::string decider;   // a word of the list `decider`; empty: nobody decided
  Instant since;         // when it was decided; not set: nobody decided
  Competence competence = Competence::not_judged;
  bool operator==(const DecidedConsent&) const = default;
};

// What a decision went by beside the fields that Access has in any case: with them it can be made again, by other
// policies. Records change and are erased, so what they were is kept here; alike labels once.
struct DecidedBy {
  std::string agency_kind;  // of who asked; never empty
  bool break_glass = false;
  Step highest = Step::content;         // more was not wanted
  std::vector<std::string> proven;      // purposes
  std::vector<std::string> categories;  // that were asked for; none: all
  std::vector<DecidedLabel> labels;
  std::vector<DecidedConsent> consents;  // in the order of their categories
  bool consents_unreadable = false;      // what was recorded of consent could not be read: decided as refused
  bool operator==(const DecidedBy&) const = default;
};

// What the agency's own worker was to the person when something was decided for them (`node/work`). A closed set:
// numbers are part of the stored format.
enum class Allocated : std::uint8_t {
  not_asked = 0,  // another agency's worker, nobody in particular, or an entry of before this was recorded
  yes = 1,
  no = 2,           // out of caseload
  unreadable = 3,   // what was written of it could not be read: decided as in_conflict, since they may be
  in_conflict = 4,  // of interest: whatever else they are to them
};

// Who asked for what about whom, and what came of it. Which fields a kind fills stands in docs/formats/ledger.md.
struct Access {
  ViewId view;  // empty: none
  AskId ask;
  NoticeId notice;   // of what is told unasked; empty: none
  MemberId peer;     // the other member; empty: our own practitioner
  PersonRef person;  // as this node knows them; empty: not held
  std::vector<PersonRef>
      also;              // who was merged with them at the time, filled in by Turn::append; of a search: all shown
  std::string identity;  // canonical(Identity) where `person` is empty: finds the subject's key again
  std::string worker;    // the peer's pseudonym of who asks
  std::string role, purpose, basis, reason, case_ref;
  std::string bundle;  // version of the policy bundle that decided
  std::vector<MemberId> scope;
  std::vector<AccessItem> items;
  std::string outcome;                         // a status of DESIGN 14, or empty
  Bytes attached;                              // further evidence of the kind: the stored answer, a signed message
  Allocated allocated = Allocated::not_asked;  // of `decided` and `view_shown`
  std::vector<std::string> markings;           // of `received`: all that the part and its items carried;
                                               // of `decided`: all by which it was decided
  std::optional<DecidedBy> decided_by;         // of `decided`; nothing: an entry of before this was recorded
  bool in_shadow = false;  // of `decided`: the node shared nothing yet, and nothing of it was told to the peer
  std::string form{};      // of `view_shown`: as what it was given, `chronology-pdf`; empty: as a view
  bool operator==(const Access&) const = default;
};

struct ImportRun {
  std::string system, file;
  std::uint64_t people_added = 0, people_changed = 0, people_unchanged = 0;
  std::uint64_t records_added = 0, records_changed = 0, records_unchanged = 0;
  std::uint64_t rejected = 0, flagged = 0;
  bool complete = false;
  std::string quarantine{};  // why the source's files could not be read to their end; empty: they were
  bool operator==(const ImportRun&) const = default;
};

struct RejectedRow {
  std::string file;
  std::uint32_t line = 0;
  std::string field, reason;
  bool operator==(const RejectedRow&) const = default;
};

struct Adopted {
  std::uint64_t version = 0;
  Hash hash{};     // SHA-256 of the adopted document as signed
  Bytes document;  // may be empty where it is kept elsewhere
  bool operator==(const Adopted&) const = default;
};

struct OperatorAct {
  std::string act;     // kebab-case: "unlock", "user-added", "sign-in-failed"
  std::string method;  // "passphrase", "demo-file", "password", ...
  UserId user;         // whom it was about
  std::string detail;  // never a secret
  bool operator==(const OperatorAct&) const = default;
};

struct Tombstone {
  std::vector<KeyId> erased;  // the person's key, and the record keys that only it opened
  PersonRef person;           // whose key it was; empty: nobody's
  ViewId view;                // whose key it was; empty: no view's
  // Entries of records about others too that an erased record had replaced: they stay replaced.
  std::vector<std::uint64_t> still_replaced;
  std::string reason;
  std::vector<PersonRef> also;  // merged with the person, and erased with them
  // Records that went alone, each with all its earlier versions, while whom they are about stays.
  std::vector<RecordId> records{};
  bool operator==(const Tombstone&) const = default;
};

}  // namespace ginnel
