// SPDX-License-Identifier: Apache-2.0
// Conflicts of interest: a worker who must not see or work the case of a person of this node, because they are of one
// family or household, or otherwise too near. While one stands, the agreement's policies show that worker nothing of
// the person, and nobody allocates them (DESIGN 7: refused and routed to another worker).
//
// Thread: the loop; no state. Failure: `no-person`, `bad-conflict`, `not-found`, and the store's.
#pragma once

#include "node/work/worker_relations.h"

namespace ginnel {

class Conflicts {
 public:
  explicit Conflicts(Random& random) : random_(random) {}

  struct Recorded {
    AllocationId id;
    bool was_allocated = false;  // the worker was responsible for the person: somebody else must be, soon
  };
  // From now on. Ends what the worker was allocated to the person. `allocation` is empty in the entry. Errors:
  // `bad-conflict` if one stands already, or no reason is given.
  Expected<Recorded> record(AllocationEntry entry, const ActorId& actor, Turn& turn) const;
  // It no longer stands. The worker is allocated to nobody by that.
  Expected<void> end(const AllocationId& id, const std::string& reason, const ActorId& actor, Turn& turn) const;

  static Expected<std::optional<Allocation>> find(const AllocationId& id, const StoreReader& reader) {
    return find_relation(WorkerRelation::conflict, id, reader);
  }
  // As they stand, ended ones too, in the order in which they were recorded.
  static Expected<std::vector<Allocation>> of_person(const PersonRef& person, const StoreReader& reader) {
    return relations_of_person(WorkerRelation::conflict, person, reader);
  }
  static Expected<std::vector<Allocation>> of_worker(const UserId& worker, const StoreReader& reader) {
    return relations_of_worker(WorkerRelation::conflict, worker, reader);
  }

 private:
  Random& random_;
};

}  // namespace ginnel
