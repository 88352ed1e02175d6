// SPDX-License-Identifier: Apache-2.0
// The one door to records. Every read, for a person or a peer, starts here.
//
// Thread: the loop. Decides against the bundle in force at the turn's start.
// Success: one verdict per record, in order; the decision entry is in the turn's batch, so nothing decided here can
//          leave before it is durable (promise 3).
// Failure: unknown words, an erring forbid or a missing proof are refusals, never errors: a caller cannot mistake
//          "could not decide" for "may see" (promise 2). An error means that the decision could not be recorded.
// Limits:  limits::decide_records_max per call.
#pragma once

#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "federation/base/error.h"
#include "federation/wire/step.h"
#include "node/gate/bundle.h"
#include "node/gate/consents.h"
#include "node/gate/permit.h"
#include "node/store/entry.h"
#include "node/store/label_reader.h"

namespace ginnel {

namespace policy {
class Decider;
}

class StoreReader;
class Turn;
class DecisionFacts;

namespace limits {
inline constexpr std::size_t decide_records_max = 4096;  // so that the decision fits one ledger entry
}

// Who asks, and for what. For a peer's ask these are claims that its member signed.
struct Asking {
  MemberId agency;
  std::string agency_kind;  // from the directory, never from the message
  std::string worker;       // a pseudonym or user id, in hex
  std::string role, purpose, basis;
  std::set<std::string> proven;  // purposes for which a genuine process head of this child was shown
  bool break_glass = false;
  Step highest = Step::content;      // more is not wanted
  std::set<std::string> categories;  // empty: all; else these and what is below them
};

// What is known of the person whom a decision is about, beside their records.
struct AboutPerson {
  bool is_allocated = false;  // whether the worker is, to them
  Consents consents;          // for who asks, for their purpose, now
  bool in_conflict = false;   // whether the worker is, with them; also where that cannot be read
};

// As it is decided by what the ledger's entry says of the worker.
AboutPerson about_person(Allocated worker, Consents consents);

struct Verdict {
  RecordId record;
  // none: nothing may tell that the record exists. exists: counted. More: shown up to there.
  Step step = Step::none;
  std::optional<Permit> permit;                // at headline and above
  std::string shown_as;                        // category for the count, coarsened
  std::string reason;                          // the rule's title: why not more; empty when everything wanted is given
  std::string ask;                             // whom to ask
  std::vector<std::string> policies;           // ids of what determined the step and its end
  ConsentTold consent = ConsentTold::nothing;  // of the own agency's record: what opened it goes with it
};
using Verdicts = std::vector<Verdict>;

// Where the decision is recorded: the entry's actor and key, and what of the Access is known already (ask, view, peer,
// person or identity, worker, reason). The gate fills in role, purpose, basis, bundle and items.
struct DecisionFor {
  ActorId actor;
  KeyId key;
  Access access;
};

// One of the node's own people whom a worker may mean.
struct PersonAsked {
  PersonRef person;                // the one id that stands for all whom they are merged with
  std::set<std::string> markings;  // on any of them
  AboutPerson known;               // decide_people() finds it out itself
};

struct PersonVerdict {
  PersonRef person;
  // none: nothing may tell that they are held. exists: counted. headline: shown, where there is a permit.
  Step step = Step::none;
  std::optional<PersonPermit> permit;  // for those who are shown; not for who comes after the most that may be
  std::string reason, ask;             // why not shown, and whom to ask
  std::vector<std::string> policies;
};

class Gate {
 public:
  explicit Gate(std::shared_ptr<const Bundle> bundle) : bundle_(std::move(bundle)) {}

  // Refusals for the ask as a whole, before anything is read: `unknown-word` names the word and its list, `forbidden`
  // (the role is shown no cases), `basis-not-in-force`, `break-glass-without-reason`.
  Expected<void> check_words(const Asking& asking) const;
  // Whether a refusal of this code comes from there: not from who is served at all, or what the node can do.
  static bool refuses_with(std::string_view code);
  // The same for a statutory return of the own agency, which is nobody's case. SECURITY: that the role has
  // `makes_returns` is its caller's to know, as with every other capability of a role.
  Expected<void> check_return(const Asking& asking) const;

  // Decides each record and appends the decision entry to the turn. `markings` are those on the person, and on every
  // part of the view: WY-34 and its like read them. Records outside asking.categories get no verdict.
  Expected<Verdicts> decide(const Asking& asking, std::span<const RecordLabel> records,
                            const std::set<std::string>& markings, const DecisionFor& recorded, Turn& turn) const;

  // Decides whether each of the agency's own people may be shown to its own worker: like a record of the vocabulary's
  // [people], with the markings that are on them. The first `most` who may be are given a permit. Appends the one
  // `people_searched` entry, under a key that each of those shown opens; `recorded.key` is not used.
  Expected<std::vector<PersonVerdict>> decide_people(const Asking& asking, std::span<const PersonAsked> people,
                                                     std::size_t most, const DecisionFor& recorded, Turn& turn) const;

  // What decide() would say of one record, for tests of policies and for explaining them. Nothing is recorded, so
  // nothing may be read by it: it gives no permit.
  Verdict would_decide(const Asking& asking, const AboutPerson& about, const RecordLabel& record,
                       const std::set<std::string>& markings) const;

  // Whether somebody's addresses may be told, or as much as compared for who searches. No: where the bundle says so, or
  // where a marking that travels is on them, because it speaks of where they are.
  bool shows_addresses(const Asking& asking, PersonAsked person, const StoreReader& reader, Instant now) const;

  // What a worker of the own agency for whom it is decided is to the person now. decide() asks it itself, for everybody
  // alike, and records it.
  static Allocated allocated(const DecisionFor& recorded, const Turn& turn);

  // What holds of consent for a person, for this asking; decide() asks it itself, for everybody alike, and records it.
  // SECURITY: where it cannot be read it says so, and counts as refused.
  Consents consents(const Asking& asking, const PersonRef& person, const StoreReader& reader, Instant now) const;

  // The purpose for which who states none is decided: the least that there is.
  static std::string least_purpose();

  // The purpose that counts: one that needs a head and has none is first contact (DESIGN 7).
  std::string effective_purpose(const Asking& asking) const;

  // Whether a marking is told with the part as a whole, beside those on the items that are given. Only one that other
  // agencies' records are decided by: any other would tell what @shown_as and @conceal keep back.
  bool may_tell_marking(const std::string& marking) const;

  const Bundle& bundle() const { return *bundle_; }
  const std::shared_ptr<const Bundle>& shared_bundle() const { return bundle_; }

 private:
  Expected<void> check_known(const Asking& asking) const;
  Expected<void> check_basis(const Asking& asking) const;
  // What a record with this label gets: of no record yet, and without a permit. `decider` is the bundle's.
  Verdict decide_label(policy::Decider& decider, const Asking& asking, const AboutPerson& about,
                       const RecordLabel& record, const std::set<std::string>& markings) const;
  static Verdict give(Verdict decided, const RecordLabel& record);
  Verdict decide_person(Asking asking, const PersonAsked& person, const std::string& category) const;
  bool shows_addresses(const Asking& asking, const PersonAsked& person) const;

  // Tries one step of the ladder; false: the climb ends here, and the verdict says why.
  bool climb(policy::Decider& decider, const DecisionFacts& facts, Step step, Verdict& verdict) const;

  std::shared_ptr<const Bundle> bundle_;
};

}  // namespace ginnel
