// SPDX-License-Identifier: Apache-2.0
// One transfer of the lead, as what both sides have said: where it stands, and what may follow (DESIGN 12).
//
// Each side has one list of its own, signed and chained, and only it appends to that. What a side may say depends on
// its own list and on as much of the other's as it says that it has seen; so everybody who holds both lists judges
// every statement alike, in whatever order they came, and a statement that was right when it was said stays right.
//
// - The originator leads until it has said `release`. It says that at most once, after `acceptance`, and never after
//   `cancel`: cancel or release is its own choice, with which nobody can race.
// - The receiver leads from `assume` on, which follows `release` alone. In between nobody orders steps.
// - The originator is accountable until it has said `discharged`, for which it must hold `assume`. So somebody is
//   accountable at every moment, for a while both.
//
// Thread: any; a value. Failure: `transfer-not-now` (a rule), `transfer-not-yours`, `transfer-gap` (something before
// it, or that it has seen, is not here yet), `transfer-conflict` (its side has said something else under that number:
// both are evidence). Nothing changes then.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "federation/wire/transfer.h"

namespace ginnel {

enum class TransferState : std::uint8_t {
  offered,
  accepted,    // the receiver will hold the conference
  agreed,      // conference and written acceptance
  released,    // nobody orders steps; the originator is accountable
  assumed,     // the receiver leads; the originator is accountable beside it until it holds that
  moved,       // ended: the receiver alone
  declined,    // ended
  cancelling,  // until the receiver acknowledges it
  cancelled,   // ended
};
std::string_view name_of(TransferState state);  // "offered"
constexpr bool has_ended(TransferState state) {
  return state == TransferState::moved || state == TransferState::declined || state == TransferState::cancelled;
}

// For how long somebody answers for the child in one epoch of the lead.
struct Accountable {
  MemberId member;
  std::uint64_t epoch = 0;
  Instant since;  // not set: from before the offer
  Instant until;  // not set: still
  bool operator==(const Accountable&) const = default;
};

class TransferLog {
 public:
  // Appends to the list of who says it; held already: nothing changes. The first is the offer.
  Expected<void> add(const SignedAct& said);

  bool is_offered() const { return !originator_.empty(); }
  // Of an offered one.
  const TransferId& id() const { return first().transfer; }
  const Offered& offer() const { return first().offer; }
  const MemberId& originator() const { return first().by; }
  const MemberId& receiver() const { return first().offer.to; }
  const MemberId& other(const MemberId& me) const { return me == originator() ? receiver() : originator(); }
  bool is_party(const MemberId& member) const { return member == originator() || member == receiver(); }

  using Side = std::vector<SignedAct>;
  const Side& by_originator() const { return originator_; }
  const Side& by_receiver() const { return receiver_; }
  const Side& said_by(const MemberId& party) const { return party == originator() ? originator_ : receiver_; }
  std::size_t size() const { return originator_.size() + receiver_.size(); }
  // The newest of that kind, but for notes; null: nobody has said it.
  const TransferStatement* find(TransferAct said) const;
  TransferState state() const;
  // Who orders steps now; nothing: nobody, until the receiver assumes.
  std::optional<MemberId> lead() const;
  // In the order in which they began.
  std::vector<Accountable> accountable() const;

  // What `me` would say next, to be filled and signed: number, chain, and a time not before what it follows.
  TransferStatement next(const MemberId& me, TransferAct said, Instant now) const;
  // Why it may not be said now; nothing: it may. For what names a manifest: whichever it names.
  std::optional<std::string> why_not(const MemberId& me, TransferAct said) const;
  // What a person of theirs may say now.
  std::set<TransferAct> may_say(const MemberId& me) const;
  bool operator==(const TransferLog&) const = default;
  // What has to be fetched: of the release, or else of the newest bundle; zero: nothing yet.
  Hash wanted_manifest() const;
  // The receiver has said that it holds everything of that.
  bool is_complete() const;

 private:
  const TransferStatement& first() const { return originator_.front().statement; }
  Expected<void> check(const TransferStatement& statement, bool is_originator) const;

  Side originator_, receiver_;
};

}  // namespace ginnel
