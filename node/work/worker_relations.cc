// SPDX-License-Identifier: Apache-2.0
#include "node/work/worker_relations.h"

#include <algorithm>

#include "node/store/codec.h"

namespace ginnel {
namespace {

using Sequences = Expected<std::vector<std::uint64_t>>;

// The newest word on each, in the order of the first.
Expected<std::vector<Allocation>> folded(const Sequences& sequences, const StoreReader& reader) {
  if (!sequences) return tl::unexpected(sequences.error());
  if (sequences->size() > limits::allocations_of_one_max)
    return fail("too-many", "cannot read the allocations", "there are too many of one", "");
  std::vector<Allocation> out;
  for (const auto sequence : *sequences) {
    auto opened = reader.entry(sequence);
    if (!opened) return tl::unexpected(opened.error());
    if (opened->erased || opened->header.kind != EntryKind::allocation)
      return fail("index-mismatch", "cannot read an allocation", "its index row names another's entry",
                  "stop the node and run `ginnel store rebuild`");
    auto entry = decode_allocation(opened->body);
    if (!entry) return tl::unexpected(entry.error());
    const auto by = opened->header.actor.empty() ? UserId() : *UserId::from(opened->header.actor.bytes());
    const Allocation said{std::move(*entry), opened->header.time, by};
    auto before = std::find_if(out.begin(), out.end(),
                               [&](const Allocation& one) { return one.entry.allocation == said.entry.allocation; });
    if (before == out.end())
      out.push_back(said);
    else
      *before = said;
  }
  return out;
}

Expected<std::vector<Allocation>> folded_of(WorkerRelation relation, const Sequences& sequences,
                                            const StoreReader& reader) {
  auto all = folded(sequences, reader);
  if (all) std::erase_if(*all, [&](const Allocation& one) { return one.entry.relation != relation; });
  return all;
}

}  // namespace

Expected<std::set<WorkerRelation>> worker_relations(const UserId& worker, const PersonRef& person, Instant now,
                                                    const StoreReader& reader) {
  auto all = folded(reader.allocations_of(person), reader);
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
  auto key = turn.person_key(entry.person);
  if (!key) return tl::unexpected(key.error());
  auto sequence = turn.append(EntryKind::allocation, actor, *key, encode(entry));
  return sequence ? Expected<void>() : tl::unexpected(sequence.error());
}

Expected<void> end_relation(AllocationEntry entry, const std::string& reason, const ActorId& actor, Turn& turn) {
  entry.to = turn.now();
  entry.from = std::min(entry.from, entry.to);
  entry.reason = reason;
  return say_relation(entry, actor, turn);
}

}  // namespace ginnel
