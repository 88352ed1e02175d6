// SPDX-License-Identifier: Apache-2.0
#include "node/work/allocations.h"

#include <algorithm>

#include "node/store/codec.h"

namespace ginnel {
namespace {

constexpr const char* cannot = "cannot allocate the person";

// The newest word on each, in the order of the first.
Expected<std::vector<Allocation>> folded(const Expected<std::vector<std::uint64_t>>& sequences,
                                         const StoreReader& reader) {
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

Expected<void> append(const AllocationEntry& entry, const ActorId& actor, Turn& turn) {
  auto key = turn.person_key(entry.person);
  if (!key) return tl::unexpected(key.error());
  auto sequence = turn.append(EntryKind::allocation, actor, *key, encode(entry));
  return sequence ? Expected<void>() : tl::unexpected(sequence.error());
}

bool is_over(const Allocation& one, Instant now) { return one.entry.to.is_set() && one.entry.to <= now; }

Expected<void> end_one(AllocationEntry entry, const std::string& reason, const ActorId& actor, Turn& turn) {
  entry.to = turn.now();
  entry.from = std::min(entry.from, entry.to);
  entry.reason = reason;
  return append(entry, actor, turn);
}

}  // namespace

Expected<AllocationId> Allocations::allocate(AllocationEntry entry, const ActorId& actor, Turn& turn) const {
  if (!entry.from.is_set()) entry.from = turn.now();
  if (entry.to.is_set() && entry.to <= entry.from)
    return fail("bad-allocation", cannot, "it would end before it begins", "correct `to`, or leave it out");
  if (entry.reason.size() > limits::allocation_reason_bytes_max)
    return fail("bad-allocation", cannot, "`reason` is too long", "say it in fewer words");
  auto standing = of_person(entry.person, turn);
  if (!standing) return tl::unexpected(standing.error());
  for (const auto& one : *standing)
    if (one.entry.worker == entry.worker && !is_over(one, entry.from) &&
        (!entry.to.is_set() || one.entry.from < entry.to))
      return fail("bad-allocation", cannot, "the worker is allocated to them already for some of that time",
                  "end the other first");
  entry.allocation = AllocationId::make(random_);
  if (auto done = append(entry, actor, turn); !done) return tl::unexpected(done.error());
  return entry.allocation;
}

Expected<void> Allocations::end(const AllocationId& id, const std::string& reason, const ActorId& actor,
                                Turn& turn) const {
  auto found = folded(turn.allocation_history(id), turn);
  if (!found) return tl::unexpected(found.error());
  if (found->empty()) return fail("not-found", cannot, "there is no such allocation", "");
  if (is_over(found->front(), turn.now())) return {};  // said twice
  return end_one(found->front().entry, reason, actor, turn);
}

Expected<std::size_t> Allocations::hand_over_all(const UserId& from, const UserId& to, const std::string& to_team,
                                                 const std::string& reason, const ActorId& actor, Turn& turn) const {
  auto standing = of_worker(from, turn);
  if (!standing) return tl::unexpected(standing.error());
  std::size_t count = 0;
  for (const auto& one : *standing) {
    if (is_over(one, turn.now())) continue;
    if (auto done = end_one(one.entry, reason, actor, turn); !done) return tl::unexpected(done.error());
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

Expected<std::vector<Allocation>> Allocations::of_person(const PersonRef& person, const StoreReader& reader) {
  return folded(reader.allocations_of(person), reader);
}
Expected<std::vector<Allocation>> Allocations::of_worker(const UserId& worker, const StoreReader& reader) {
  return folded(reader.allocations_to(worker), reader);
}

Expected<bool> Allocations::is_allocated(const UserId& worker, const PersonRef& person, Instant now,
                                         const StoreReader& reader) {
  auto all = of_person(person, reader);
  if (!all) return tl::unexpected(all.error());
  return std::any_of(all->begin(), all->end(),
                     [&](const Allocation& one) { return one.entry.worker == worker && one.is_current(now); });
}

}  // namespace ginnel
