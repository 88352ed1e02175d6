// SPDX-License-Identifier: Apache-2.0
// What was decided about sharing, resolved for one question: for who asks, for their purpose, now (DESIGN 7). The rule,
// for each root category:
//
//   1. What applies: decisions that name the category, and the purpose and recipient or none, and have begun.
//   2. A decision of the same decider is replaced by a later one that covers as much or less: the narrower was said of
//      this very question. A general word said later replaces no particular one. A withdrawal replaces every `given`
//      before it. What is over or withdrawn replaces no refusal.
//   3. Competence is what was judged with a decision that is not replaced and not over. Competent goes before not
//      competent: who was judged able is not contradicted by who asks somebody else. Who withdrew stays competent, and
//      a judgement that opens goes with what was withdrawn. Else nobody judged it.
//   4. Whose word counts. A `given` of somebody who needs a judgement (a child) counts with one alone; of somebody who
//      decides for another (a parent) only where that other was judged not competent. Where the person decided
//      themselves and was not judged otherwise, nothing that is said for them counts: neither way.
//   5. Of what counts, refused goes before given, withdrawn, unsafe to ask and expired; nothing is `not_asked`.
//
// SECURITY: consent opens nothing by itself. It is a fact that policies may ask about, and a forbid goes over every
// permit. What cannot be read counts as refused.
//
// Thread: any; pure.
#pragma once

#include <map>
#include <span>
#include <string>
#include <string_view>

#include "federation/wire/consent_told.h"
#include "node/gate/vocabulary.h"
#include "node/store/consent_entry.h"

namespace ginnel {

// Who wants it, and for what.
struct ConsentQuestion {
  std::string purpose;
  MemberId recipient;
  Instant now;
};

// What holds for one root category.
struct Consenting {
  std::string state = "not_asked";  // a word of the list `consent_state`
  std::string decider;              // whose word it is; empty: nobody's
  Instant since;                    // when it was said; not set: it was not
  Competence competence = Competence::not_judged;
  bool operator==(const Consenting&) const = default;
};

struct Consents {
  std::map<std::string, Consenting, std::less<>> by_category;  // root categories; one that is not in it was not asked
  bool are_unreadable = false;
  bool operator==(const Consents&) const = default;

  bool none() const { return by_category.empty() && !are_unreadable; }
  // Of the root of a category.
  Consenting of(std::string_view category) const;
  // The same for another agency's record, whose holder told what it went by. What this agency was told itself against
  // sharing, or of competence, goes before that.
  Consenting of(std::string_view category, ConsentTold told) const;
};

// `decisions` in the order in which they were recorded, each as it stands now.
Consents resolve_consents(std::span<const ConsentEntry> decisions, const ConsentQuestion& question,
                          const Vocabulary& words);

// What is told with a record of the category to whoever it goes to.
ConsentTold told_of(const Consenting& consenting);

// "the child was judged competent and refused on 3 Mar 2026"; for workers of the agency that recorded it. The second
// says of what first: "Health: the child ...".
std::string decision_words(const Consenting& consenting, const Vocabulary& words);
std::string consent_words(std::string_view category, const Consenting& consenting, const Vocabulary& words);

}  // namespace ginnel
