// SPDX-License-Identifier: Apache-2.0
// Makes this node's part of a case view: for a peer that asks, and for its own practitioner.
//
//   find the person -> labels -> gate -> read by permit -> items and counts -> disclosed entry
//
// Thread: the loop. Success: the part; its decision, and what it discloses to a peer, are in the turn's batch.
// Failure: whatever could not be established makes the part `unknown`, and what may not be asked makes it `refused`;
// an Error means that the ledger could not take the entries, and nothing may be sent.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "federation/wire/answer.h"
#include "node/gate/gate.h"
#include "node/store/store.h"
#include "node/view/person_finder.h"

namespace ginnel {

// A source without which this node's answer would not be whole.
struct OwnSource {
  std::string system;
  Instant data_to;  // not set: it was never read to its end
  std::int64_t age_ms_max = 0;
};

// What this node says of itself in every part.
struct OwnPart {
  MemberId member;
  std::string kind;  // from the directory
  std::string name;
  Contact duty;
  std::string basis;                 // its own legal basis for answering
  Instant data_to;                   // its sources are complete up to here; not set: nothing was imported yet
  std::int64_t data_age_ms_max = 0;  // older: the part is out of date
  std::vector<OwnSource> sources{};  // each with its own limit; none: data_to and data_age_ms_max alone count
};

struct PartAsk {
  Asking asking;
  Identity about;
  ActorId actor;
  Access access;          // ask, view, peer, worker, reason, case_ref; the rest is filled in
  Bytes as_sent{};        // the peer's ask: kept with the disclosure, to decide by its claims again
  Instant as_known_at{};  // not set: now
};

// What may be told of one record, to one who asks so now: what their whole answer would hold of it.
struct ToldUnasked {
  Step step = Step::none;          // none: nothing may tell that it exists
  std::optional<Item> item;        // at headline and above
  std::string category, reason;    // as it would be counted, where only its existence is told
  std::set<std::string> markings;  // of the answer as a whole
  std::optional<Permit> permit{};  // by which the item was read, for files that it names
};

struct MadePart {
  Answer answer;
  PersonRef person;  // empty: not held
  KeyId key;         // under which entries about this subject are sealed
};

class PartMaker {
 public:
  PartMaker(const Gate& gate, const PersonFinder& finder) : gate_(gate), finder_(finder) {}

  // With access.peer set, a disclosed entry is appended when anything is given. With access.in_shadow too, all is
  // decided and recorded and nothing is given: the answer says that the agency does not share yet, alike for every
  // child.
  Expected<MadePart> make(const PartAsk& ask, const OwnPart& own, Turn& turn) const;

  // Of one current record about a person of this node, as make() would tell it to the same ask now; with a decided
  // entry. Nothing: the ask is none that would be decided, it would find somebody else, or the record holds no longer.
  // An error of the code `undecided`: it cannot be said now.
  Expected<std::optional<ToldUnasked>> tell(const PartAsk& ask, const PersonRef& person, const RecordId& record,
                                            Turn& turn) const;

  // Stands for everything about the person, and about these records, that a decision goes by and that can change: a
  // part that was made by another is not to be given again. Nobody held: always the same. Of a part for a past moment,
  // `as_known_at` is that moment.
  Expected<Hash> standing(const PersonRef& person, const std::vector<RecordId>& told, const Turn& turn,
                          Instant as_known_at = {}) const;

  // The part of an ask that is not put to the gate at all, because of who asks or what for: `refused` with the reason,
  // and a decided entry like any other. `ask.about` may be empty: the ask named nobody.
  Expected<MadePart> refuse(const PartAsk& ask, const Error& why, const OwnPart& own, Turn& turn) const;

 private:
  // Everything that the gate is to know of a person.
  struct Labelled {
    std::vector<PersonRef> people;  // who are one
    std::vector<RecordLabel> labels;
    std::set<std::string> markings;
    std::map<RecordId, PastRecord> past{};  // for a past moment alone: what became of each since
  };
  Expected<Labelled> label(const PersonRef& person, const Turn& turn, Instant as_known_at = {}) const;
  Expected<void> choose_key(MadePart& part, const PartAsk& ask, Turn& turn) const;
  Expected<void> fill(MadePart& part, const PartAsk& ask, Turn& turn) const;
  Expected<void> record_refusal(const MadePart& part, const PartAsk& ask, Turn& turn) const;

  const Gate& gate_;
  const PersonFinder& finder_;
};

// Counts what is withheld, alike things together.
class WithheldCounts {
 public:
  void add(const Verdict& verdict);
  void add(const Withheld& counted);
  std::vector<Withheld> take();

 private:
  std::vector<Withheld> counts_;
};

// SHA-256 over an encoded answer that holds this item alone, to the ask "ginnel item hash" and answered at 1 ms: the
// same at both ends, so a disclosure and a receipt can be compared. Zero if the item is too long to be sent.
Hash item_hash(const Item& item);

// The status that follows from what is shown and counted; of a part that could be made.
PartStatus status_of(std::size_t items, std::size_t withheld);

}  // namespace ginnel
