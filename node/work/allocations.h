// SPDX-License-Identifier: Apache-2.0
// Who is responsible for whom: a worker for a person of this node, from one moment to another, with its history.
//
// Someone may have several allocated workers (a social worker and a family support worker); the same worker only once
// at a time, and nobody with whom they have a conflict of interest.
//
// Thread: the loop; no state. Failure: `no-person`, `bad-allocation`, `conflict-of-interest`, `not-found`, and the
// store's.
#pragma once

#include "node/work/worker_relations.h"

namespace ginnel {

class Allocations {
 public:
  explicit Allocations(Random& random) : random_(random) {}

  // `allocation` is empty in it. Errors: `bad-allocation` if it would end before it begins, or stands already;
  // `conflict-of-interest`.
  Expected<AllocationId> allocate(AllocationEntry entry, const ActorId& actor, Turn& turn) const;
  // From now on; one to come never begins.
  Expected<void> end(const AllocationId& id, const std::string& reason, const ActorId& actor, Turn& turn) const;
  // Ends all that are current or to come of `from`, and gives the same people to `to` from now on. How many.
  Expected<std::size_t> hand_over_all(const UserId& from, const UserId& to, const std::string& to_team,
                                      const std::string& reason, const ActorId& actor, Turn& turn) const;

  // As they stand, ended ones too, in the order in which they were made.
  static Expected<std::vector<Allocation>> of_person(const PersonRef& person, const StoreReader& reader) {
    return relations_of_person(WorkerRelation::responsible, person, reader);
  }
  static Expected<std::vector<Allocation>> of_worker(const UserId& worker, const StoreReader& reader) {
    return relations_of_worker(WorkerRelation::responsible, worker, reader);
  }
  static Expected<bool> is_allocated(const UserId& worker, const PersonRef& person, Instant now,
                                     const StoreReader& reader);

 private:
  Random& random_;
};

}  // namespace ginnel
