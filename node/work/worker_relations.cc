// SPDX-License-Identifier: Apache-2.0
#include "node/work/worker_relations.h"

#include <algorithm>

#include "node/store/said_entries.h"

namespace ginnel {
namespace {

using Sequences = Expected<std::vector<std::uint64_t>>;

constexpr SaidAs<AllocationEntry, AllocationId> as_allocation{
    EntryKind::allocation, decode_allocation, &AllocationEntry::allocation, "cannot read the allocations",
    limits::allocations_of_one_max};

// The newest word on each, in the order of the first.
Expected<std::vector<Allocation>> folded_allocations(const Sequences& sequences, const StoreReader& reader) {
  auto all = newest_of_each(sequences, reader, as_allocation);
  if (!all) return tl::unexpected(all.error());
  std::vector<Allocation> out;
  for (auto& one : *all) out.push_back({std::move(one.entry), one.at, one.by});
  return out;
}

Expected<std::vector<Allocation>> folded_of(WorkerRelation relation, const Sequences& sequences,
                                            const StoreReader& reader) {
  auto all = folded_allocations(sequences, reader);
  if (all) std::erase_if(*all, [&](const Allocation& one) { return one.entry.relation != relation; });
  return all;
}

}  // namespace

Expected<std::set<WorkerRelation>> worker_relations(const UserId& worker, const PersonRef& person, Instant now,
                                                    const StoreReader& reader) {
  auto all = folded_allocations(reader.allocations_of(person), reader);
  if (!all) return tl::unexpected(all.error());
  std::set<WorkerRelation> out;
  for (const Allocation& one : *all)
    if (one.entry.worker == worker && one.is_current(now)) out.insert(one.entry.relation);
  return out;
}

Expected<std::vector<Allocation>> relations_of_person(WorkerRelation relation, const PersonRef& person,
                                                      const StoreReader& reader) {
  return folded_of(relation, reader.allocations_of(person), reader);
}

Expected<std::vector<Allocation>> relations_of_worker(WorkerRelation relation, const UserId& worker,
                                                      const StoreReader& reader) {
  return folded_of(relation, reader.allocations_to(worker), reader);
}

Expected<std::optional<Allocation>> find_relation(WorkerRelation relation, const AllocationId& id,
                                                  const StoreReader& reader) {
  auto found = folded_of(relation, reader.allocation_history(id), reader);
  if (!found) return tl::unexpected(found.error());
  return found->empty() ? std::optional<Allocation>() : std::optional(std::move(found->front()));
}

Expected<void> say_relation(const AllocationEntry& entry, const ActorId& actor, Turn& turn) {
  return append_about(entry.person, EntryKind::allocation, entry, actor, turn);
}

Expected<void> end_relation(AllocationEntry entry, const std::string& reason, const ActorId& actor, Turn& turn) {
  entry.to = turn.now();
  entry.from = std::min(entry.from, entry.to);
  entry.reason = reason;
  return say_relation(entry, actor, turn);
}

}  // namespace ginnel
