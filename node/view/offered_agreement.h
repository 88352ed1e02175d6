// SPDX-License-Identifier: Apache-2.0
// An agreement that somebody would put in force, looked at before: read as adopting it does, held against the one in
// force, and tried on what this node decided. Nothing is adopted, and nothing is kept of it.
//
// Thread: reading and comparing on a worker, never on the loop: they may take seconds. The rest are values. No name, no
// text and no id of a person is in them: words of the lists, rules, and numbers of ledger entries.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "federation/base/bytes.h"
#include "federation/base/error.h"
#include "node/gate/compare_bundles.h"
#include "node/gate/policy_replay.h"
#include "node/view/policy_in_words.h"
#include "node/view/policy_standing.h"

namespace ginnel {

struct OfferedAgreement {
  std::shared_ptr<const Bundle> bundle;  // as it would decide here: with this agency's own policies over it
  std::vector<std::string> obstacles;    // a sentence each: why it would not be put in force as it is
};

// A sealed bundle, by the one in force. Failure: it is none, or it cannot be read: those of decode_sealed_bundle() and
// read_bundle(), with every fault of every file as a line of `why`.
Expected<OfferedAgreement> read_offered(ByteView sealed, const std::shared_ptr<const Bundle>& in_force);

struct ComparedAgreement {
  PolicyInWords words;  // the offered one's
  BundlesCompared with_the_one_in_force;
};
// Tries its cases, too; one that comes out otherwise is an obstacle. `give_up` as for compare_policies().
ComparedAgreement compare_offered(const Bundle& in_force, OfferedAgreement& offered,
                                  const std::function<bool()>& give_up = {});

// Past decisions that came out in one way and would come out in another.
struct ReplayedInWords {
  std::string then, now;          // "one line of it", "nothing"
  std::string why_then, why_now;  // rules and reasons; may be empty
  std::string ring;               // whom who asks would be told to ring; empty: the agency's duty contact
  std::string nearest;            // where no rule permits it any more: what came nearest, and what it wants
  bool tells_less = false;
  std::vector<std::string> asked_by;  // "West Yorkshire Police, Practitioner, for Child protection (3)"
  std::vector<std::string> about;     // "Health (4)"
  std::size_t records = 0, decisions = 0;
  Instant first, last;
  std::vector<std::uint64_t> entries;  // of the ledger: the newest limits::replay_entries_shown_max
};

namespace limits {
inline constexpr std::size_t replay_rows_shown_max = 100;
inline constexpr std::size_t replay_entries_shown_max = 12;
inline constexpr std::size_t replay_askers_shown_max = 12;
}  // namespace limits

// What the node says of it.
struct TriedAgreement {
  bool is_in_force = false;            // it is the one in force
  std::vector<PolicySigners> signers;  // none: no list of members is held, so signatures cannot be looked at
  std::vector<std::string> obstacles;
  Replayed replayed;                  // without its rows
  std::vector<ReplayedInWords> rows;  // that concern most records first
  std::size_t rows_left_out = 0;
};

// `name_of` gives a member's name. The rows of `replayed` are taken out of it.
void tell_replay(Replayed replayed, const Bundle& in_force, const Bundle& offered,
                 const std::function<std::string(const MemberId&)>& name_of, TriedAgreement& out);

}  // namespace ginnel
