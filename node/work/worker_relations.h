// SPDX-License-Identifier: Apache-2.0
// What workers are to people of this node, as the entries of the kind `allocation` say it, with its history: who is
// responsible for whom (allocations.h), and who has a conflict of interest (conflicts.h).
//
// A relation, not a role: whoever decides about a record can ask what the worker is to the person. What is said of
// somebody holds for everybody whom they are merged with.
//
// Thread: the loop; no state. Failure: `no-person`, `index-mismatch`, `too-many`, and the store's.
// Limits: limits::allocations_of_one_max.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "federation/base/clock.h"
#include "node/store/store.h"

namespace ginnel {

namespace limits {
inline constexpr std::size_t allocations_of_one_max = 4096;  // entries about one worker, or one person
inline constexpr std::size_t allocation_reason_bytes_max = 2000;
}  // namespace limits

struct Allocation {
  AllocationEntry entry;  // as it stands now
  Instant said_at;        // when that was said, and by whom
  UserId said_by;
  bool is_current(Instant now) const { return entry.from <= now && (!entry.to.is_set() || now < entry.to); }
  bool is_over(Instant now) const { return entry.to.is_set() && entry.to <= now; }
};

// All that the worker is to the person at that moment.
Expected<std::set<WorkerRelation>> worker_relations(const UserId& worker, const PersonRef& person, Instant now,
                                                    const StoreReader& reader);

// Of one relation, as they stand, ended ones too, in the order in which they were made.
Expected<std::vector<Allocation>> relations_of_person(WorkerRelation relation, const PersonRef& person,
                                                      const StoreReader& reader);
Expected<std::vector<Allocation>> relations_of_worker(WorkerRelation relation, const UserId& worker,
                                                      const StoreReader& reader);
// Nothing: there is no such one of that relation.
Expected<std::optional<Allocation>> find_relation(WorkerRelation relation, const AllocationId& id,
                                                  const StoreReader& reader);

// Writes the entry, under the person's key.
Expected<void> say_relation(const AllocationEntry& entry, const ActorId& actor, Turn& turn);
// From now on; one to come never begins.
Expected<void> end_relation(AllocationEntry entry, const std::string& reason, const ActorId& actor, Turn& turn);

}  // namespace ginnel
