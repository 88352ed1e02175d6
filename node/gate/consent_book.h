// SPDX-License-Identifier: Apache-2.0
// What was decided about sharing what is held on a person: recorded, withdrawn, and read for a decision of the gate.
//
// Thread: the loop; no state. Failure: `bad-consent` names every mistake; `not-found`, and the store's.
// Limits: limits::consent_entries_of_one_max.
#pragma once

#include <string>
#include <vector>

#include "federation/base/clock.h"
#include "node/gate/consents.h"
#include "node/store/store.h"

namespace ginnel {

namespace limits {
inline constexpr std::size_t consent_entries_of_one_max = 1024;  // about one person; over it nothing more is recorded
inline constexpr std::size_t consent_entries_read_max = 16 * consent_entries_of_one_max;  // of people who were joined
inline constexpr std::size_t consent_note_bytes_max = 2000;
inline constexpr std::size_t consent_name_bytes_max = 200;
inline constexpr std::size_t consent_words_max = 64;  // categories, purposes or recipients of one decision
}  // namespace limits

struct KeptConsent {
  ConsentEntry entry;  // as it stands now
  Instant said_at;     // when it was recorded first, and by whom
  UserId said_by;
  UserId withdrawn_by;  // empty: it was not
};

// Everything that is wrong with a decision, a sentence each. `from` not set: from now.
std::vector<std::string> consent_mistakes(const ConsentEntry& entry, Instant now, const Vocabulary& words);

class ConsentBook {
 public:
  ConsentBook(const Vocabulary& words, Random& random) : words_(words), random_(random) {}

  // `consent` is empty in it. `mistakes` are those found before; told with those found here.
  Expected<ConsentId> record(ConsentEntry entry, std::vector<std::string> mistakes, const ActorId& actor,
                             Turn& turn) const;
  // From now on, of consent that was given. Withdrawn twice is withdrawn.
  Expected<void> withdraw(const ConsentId& consent, const std::string& reason, const ActorId& actor, Turn& turn) const;

  // Those about a person and all whom they are merged with, in the order in which they were recorded first.
  static Expected<std::vector<KeptConsent>> of_person(const PersonRef& person, const StoreReader& reader);
  static Expected<KeptConsent> find(const ConsentId& consent, const StoreReader& reader);
  // Resolved for one question. SECURITY: what cannot be read comes back as unreadable, and counts as refused.
  static Consents resolved(const PersonRef& person, const ConsentQuestion& question, const Vocabulary& words,
                           const StoreReader& reader);

 private:
  const Vocabulary& words_;
  Random& random_;
};

}  // namespace ginnel
