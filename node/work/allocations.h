// SPDX-License-Identifier: Apache-2.0
// Who is responsible for whom: a worker for a person of this node, from one moment to another, with its history.
//
// A relation, not a role: whoever decides about a record can ask whether the worker is allocated to the person. Someone
// may have several allocated workers (a social worker and a family support worker); the same worker only once at a
// time.
//
// Thread: the loop; no state. Failure: `no-person`, `bad-allocation`, `not-found`, and the store's.
// Limits: limits::allocations_of_one_max.
#pragma once

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
};

class Allocations {
 public:
  explicit Allocations(Random& random) : random_(random) {}

  // `allocation` is empty in it. Errors: `bad-allocation` if it would end before it begins, or stands already.
  Expected<AllocationId> allocate(AllocationEntry entry, const ActorId& actor, Turn& turn) const;
  // From now on; one to come never begins.
  Expected<void> end(const AllocationId& id, const std::string& reason, const ActorId& actor, Turn& turn) const;
  // Ends all that are current or to come of `from`, and gives the same people to `to` from now on. How many.
  Expected<std::size_t> hand_over_all(const UserId& from, const UserId& to, const std::string& to_team,
                                      const std::string& reason, const ActorId& actor, Turn& turn) const;

  // As they stand, ended ones too, in the order in which they were made.
  static Expected<std::vector<Allocation>> of_person(const PersonRef& person, const StoreReader& reader);
  static Expected<std::vector<Allocation>> of_worker(const UserId& worker, const StoreReader& reader);
  static Expected<bool> is_allocated(const UserId& worker, const PersonRef& person, Instant now,
                                     const StoreReader& reader);

 private:
  Random& random_;
};

}  // namespace ginnel
