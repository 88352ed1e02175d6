// SPDX-License-Identifier: Apache-2.0
// What a turn takes away for good: people, single records, the copies of a view. Tombstones here; the keys go with
// Store::destroy_keys() after the commit.
#include "node/store/turn_writer.h"

namespace ginnel {
namespace {

// INVARIANT: nothing that is held is erased, by whatever path: each goes through here.
Expected<void> check_not_held(const StoreReader& reader, const PersonRef& person) {
  auto holds = reader.holds_on(person);
  if (!holds) return tl::unexpected(holds.error());
  if (holds->empty()) return {};
  // Whoever erases need not be somebody who may read why it is held.
  const RetentionEntry& hold = holds->front();
  const std::string who = hold.author.empty() ? std::string("whoever put the hold on") : hold.author;
  return fail("held", "cannot erase what is held on the person",
              "it is to be kept: " + who + " put a hold on it on " + for_people(london_date(hold.since)) +
                  ", to be looked at again on " + for_people(hold.review_on) + " (hold " + hold.retention.hex() + ")",
              "ask " + who + ", or your governance lead, whether it can be released");
}

}  // namespace

Expected<std::vector<KeyId>> Turn::bury(const PersonRef& person, std::string reason, const ActorId& actor) {
  Writer writer{*parts_};
  if (auto open = writer.check_open(); !open) return tl::unexpected(open.error());
  auto group = merged_with(person);
  if (!group) return tl::unexpected(group.error());
  if (auto free = check_not_held(*this, person); !free) return tl::unexpected(free.error());
  std::vector<KeyId> keys;
  for (const auto& one : *group) {
    auto key = person_key(one);
    if (!key) return tl::unexpected(key.error());
    keys.push_back(*key);
  }
  auto lost = parts_->store.keys->lost_with(keys);
  if (!lost) return tl::unexpected(lost.error());
  Tombstone tombstone{std::move(*lost), person, ViewId(), {}, std::move(reason), *group, {}};
  std::erase(tombstone.also, person);
  for (const auto& one : *group) {
    auto replaced = writer.replaced_for_others(one, tombstone.erased);
    if (!replaced) return tl::unexpected(replaced.error());
    tombstone.still_replaced.insert(tombstone.still_replaced.end(), replaced->begin(), replaced->end());
    if (auto gone = parts_->erase_blobs(one, tombstone.erased); !gone)
      return writer.poison<std::vector<KeyId>>(gone.error());
  }
  auto sequence = writer.append(EntryKind::tombstone, actor, node_key(), encode(tombstone));
  if (!sequence) return tl::unexpected(sequence.error());
  for (const auto& one : *group) parts_->person_keys.erase(one);
  parts_->opened_records.clear();
  parts_->groups.clear();
  return keys;
}

Expected<void> Turn::bury_view(const ViewId& view, const KeyId& key, std::string reason, const ActorId& actor) {
  const Tombstone tombstone{{key}, PersonRef(), view, {}, std::move(reason), {}, {}};
  auto sequence = Writer{*parts_}.append(EntryKind::tombstone, actor, node_key(), encode(tombstone));
  if (!sequence) return tl::unexpected(sequence.error());
  return {};
}

Expected<std::vector<KeyId>> Turn::bury_records(const PersonRef& person, std::span<const RecordId> records,
                                                std::string reason, const ActorId& actor) {
  Writer writer{*parts_};
  if (auto open = writer.check_open(); !open) return tl::unexpected(open.error());
  auto group = merged_with(person);
  if (!group) return tl::unexpected(group.error());
  if (auto free = check_not_held(*this, person); !free) return tl::unexpected(free.error());
  Tombstone tombstone{{}, PersonRef(), ViewId(), {}, std::move(reason), {}, {}};
  for (const auto& record : records) {
    auto current = writer.check_current(record);
    if (!current) return tl::unexpected(current.error());
    const PersonRef& subject = current->subjects.front().person;
    auto alone = parts_->alone(record);
    if (!alone) return tl::unexpected(alone.error());
    if (!*alone || std::find(group->begin(), group->end(), subject) == group->end())
      return fail("not-alone", "cannot erase the record by itself",
                  "it is about somebody else too, or is sealed with all else that is held on the person",
                  "it goes when everything held on the person does");
    tombstone.records.insert(tombstone.records.end(), (*alone)->records.begin(), (*alone)->records.end());
    tombstone.erased.insert(tombstone.erased.end(), (*alone)->keys.begin(), (*alone)->keys.end());
  }
  if (tombstone.records.empty()) return std::vector<KeyId>();
  for (const auto& one : *group)
    if (auto gone = parts_->erase_blobs(one, tombstone.erased); !gone)
      return writer.poison<std::vector<KeyId>>(gone.error());
  auto sequence = writer.append(EntryKind::tombstone, actor, node_key(), encode(tombstone));
  if (!sequence) return tl::unexpected(sequence.error());
  parts_->opened_records.clear();
  return std::move(tombstone.erased);
}

}  // namespace ginnel
