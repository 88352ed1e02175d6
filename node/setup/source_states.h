// SPDX-License-Identifier: Apache-2.0
// How each source of the agency stands: up to when it is known, and whether its last files could be read.
//
// A source whose files cannot be read, or end in the middle, is *quarantined*: what was sound is kept, its data counts
// as known up to the last good import only, and its data owner is named wherever operators and managers look. The next
// import that reads to the end lifts it. No case data stands here.
//
// Thread: that of the reader or turn given. Failure: the store's; a row of another version is `bad-row`.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "adapters/source_identity.h"
#include "federation/base/error.h"
#include "federation/base/time.h"
#include "node/store/store.h"

namespace ginnel {

namespace limits {
inline constexpr std::size_t sources_max = 64;  // of one node
}

struct SourceState {
  std::string system;
  std::string file;               // of the last import
  Instant data_to;                // not set: nothing was read to its end yet
  Instant last_import;            // good or not
  Instant quarantined;            // since when; not set: it is not
  std::string code, why, remedy;  // of the quarantine
  DataOwner owner;
  bool is_supplement = false;
  bool operator==(const SourceState&) const = default;
};

// One sentence for operators and managers: what happened, and who is to be told.
std::string quarantine_words(const SourceState& state);

// Side table `settings`, key "sources". At most limits::sources_max; over it `too-much`.
Expected<std::vector<SourceState>> load_source_states(const StoreReader& reader);
Expected<void> put_source_states(Turn& turn, const std::vector<SourceState>& states);

// What one import came to. `problem`: why it did not read to the end; nothing: it did.
struct ImportOutcome {
  SourceIdentity source;
  std::string file;
  Instant now;
  std::optional<Instant> told_up_to;
  std::optional<Error> problem;
};

// The states after it: the source's own replaced or added.
std::vector<SourceState> with_outcome(std::vector<SourceState> states, const ImportOutcome& outcome);

}  // namespace ginnel
