// SPDX-License-Identifier: Apache-2.0
#include "node/work/conflicts.h"

#include "node/work/allocations.h"

namespace ginnel {
namespace {

constexpr const char* cannot_record_conflict = "cannot record the conflict of interest";

tl::unexpected<Error> bad(const char* why, const char* remedy) {
  return fail("bad-conflict", cannot_record_conflict, why, remedy);
}

}  // namespace

Expected<Conflicts::Recorded> Conflicts::record(AllocationEntry entry, const ActorId& actor, Turn& turn) const {
  if (entry.reason.empty()) return bad("`reason` is empty", "say in a few words what stands between them");
  if (entry.reason.size() > limits::allocation_reason_bytes_max)
    return bad("`reason` is too long", "say it in fewer words");
  auto standing = of_person(entry.person, turn);
  if (!standing) return tl::unexpected(standing.error());
  for (const auto& one : *standing)
    if (one.entry.worker == entry.worker && one.is_current(turn.now()))
      return bad("one between the worker and the person stands already", "nothing is to be done");

  auto allocations = Allocations::of_person(entry.person, turn);
  if (!allocations) return tl::unexpected(allocations.error());
  Recorded out;
  for (const auto& one : *allocations) {
    if (one.entry.worker != entry.worker || one.is_over(turn.now())) continue;
    out.was_allocated |= one.is_current(turn.now());
    if (auto ended = end_relation(one.entry, "a conflict of interest", actor, turn); !ended)
      return tl::unexpected(ended.error());
  }
  entry.relation = WorkerRelation::conflict;
  entry.from = turn.now();
  entry.to = {};
  out.id = entry.allocation = AllocationId::make(random_);
  if (auto said = say_relation(entry, actor, turn); !said) return tl::unexpected(said.error());
  return out;
}

Expected<void> Conflicts::end(const AllocationId& id, const std::string& reason, const ActorId& actor,
                              Turn& turn) const {
  auto found = find(id, turn);
  if (!found) return tl::unexpected(found.error());
  if (!*found) return fail("not-found", "cannot end the conflict of interest", "there is no such one", "");
  if ((*found)->is_over(turn.now())) return {};  // said twice
  return end_relation((*found)->entry, reason, actor, turn);
}

}  // namespace ginnel
