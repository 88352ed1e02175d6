// SPDX-License-Identifier: Apache-2.0
// Makes this node's part of a case view: for a peer that asks, and for its own practitioner.
//
//   find the person -> labels -> gate -> read by permit -> items and counts -> disclosed entry
//
// Thread: the loop. Success: the part; its decision, and what it discloses to a peer, are in the turn's batch.
// Failure: whatever could not be established makes the part `unknown`, and what may not be asked makes it `refused`;
// an Error means that the ledger could not take the entries, and nothing may be sent.
#pragma once

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
  Access access;  // ask, view, peer, worker, reason, case_ref; the rest is filled in
};

struct MadePart {
  Answer answer;
  PersonRef person;  // empty: not held
  KeyId key;         // under which entries about this subject are sealed
};

class PartMaker {
 public:
  PartMaker(const Gate& gate, const PersonFinder& finder) : gate_(gate), finder_(finder) {}

  // With access.peer set, a disclosed entry is appended when anything is given.
  Expected<MadePart> make(const PartAsk& ask, const OwnPart& own, Turn& turn) const;

  // The part of an ask that is not put to the gate at all, because of who asks or what for: `refused` with the reason,
  // and a decided entry like any other. `ask.about` may be empty: the ask named nobody.
  Expected<MadePart> refuse(const PartAsk& ask, const Error& why, const OwnPart& own, Turn& turn) const;

 private:
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
