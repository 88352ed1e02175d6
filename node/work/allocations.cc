// SPDX-License-Identifier: Apache-2.0
#include "node/work/allocations.h"

#include <algorithm>

namespace ginnel {
namespace {

constexpr const char* cannot_allocate = "cannot allocate the person";

}  // namespace

Expected<AllocationId> Allocations::allocate(AllocationEntry entry, const ActorId& actor, Turn& turn) const {
  if (!entry.from.is_set()) entry.from = turn.now();
  if (entry.to.is_set() && entry.to <= entry.from)
    return fail("bad-allocation", cannot_allocate, "it would end before it begins", "correct `to`, or leave it out");
  if (entry.reason.size() > limits::allocation_reason_bytes_max)
    return fail("bad-allocation", cannot_allocate, "`reason` is too long", "say it in fewer words");
  auto are = worker_relations(entry.worker, entry.person, turn.now(), turn);
  if (!are) return tl::unexpected(are.error());
  if (are->contains(WorkerRelation::conflict))
    return fail("conflict-of-interest", cannot_allocate,
                "a conflict of interest between the worker and the person is recorded", "allocate another worker");
  auto standing = of_person(entry.person, turn);
  if (!standing) return tl::unexpected(standing.error());
  for (const auto& one : *standing)
    if (one.entry.worker == entry.worker && !one.is_over(entry.from) &&
        (!entry.to.is_set() || one.entry.from < entry.to))
      return fail("bad-allocation", cannot_allocate, "the worker is allocated to them already for some of that time",
                  "end the other first");
  entry.allocation = AllocationId::make(random_);
  if (auto done = say_relation(entry, actor, turn); !done) return tl::unexpected(done.error());
  return entry.allocation;
}

Expected<void> Allocations::end(const AllocationId& id, const std::string& reason, const ActorId& actor,
                                Turn& turn) const {
  auto found = find_relation(WorkerRelation::responsible, id, turn);
  if (!found) return tl::unexpected(found.error());
  if (!*found) return fail("not-found", cannot_allocate, "there is no such allocation", "");
  if ((*found)->is_over(turn.now())) return {};  // said twice
  return end_relation((*found)->entry, reason, actor, turn);
}

Expected<std::size_t> Allocations::hand_over_all(const UserId& from, const UserId& to, const std::string& to_team,
                                                 const std::string& reason, const ActorId& actor, Turn& turn) const {
  auto standing = of_worker(from, turn);
  if (!standing) return tl::unexpected(standing.error());
  std::size_t count = 0;
  for (const auto& one : *standing) {
    if (one.is_over(turn.now())) continue;
    if (auto done = end_relation(one.entry, reason, actor, turn); !done) return tl::unexpected(done.error());
    ++count;
    AllocationEntry next = one.entry;
    next.worker = to;
    next.team = to_team;
    next.from = std::max(one.entry.from, turn.now());
    next.reason = reason;
    auto made = allocate(std::move(next), actor, turn);
    if (!made && made.error().code != "bad-allocation") return tl::unexpected(made.error());  // they have them already
  }
  return count;
}

Expected<bool> Allocations::is_allocated(const UserId& worker, const PersonRef& person, Instant now,
                                         const StoreReader& reader) {
  auto are = worker_relations(worker, person, now, reader);
  if (!are) return tl::unexpected(are.error());
  return are->contains(WorkerRelation::responsible);
}

}  // namespace ginnel
