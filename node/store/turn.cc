// SPDX-License-Identifier: Apache-2.0
#include "node/store/turn_writer.h"

namespace ginnel {

Turn::~Turn() {
  if (parts_->committed) return;  // another turn may be open by now
  for (const auto& [pool, key] : parts_->taken_keys) parts_->store.keys->give_back(pool, key);
  parts_->store.turn_open = false;
}

Instant Turn::now() const { return parts_->now; }

Expected<std::uint64_t> Turn::append(EntryKind kind, const ActorId& actor, const KeyId& key, ByteView body) {
  CHECK(kind != EntryKind::person && kind != EntryKind::record);
  return Writer{*parts_}.append(kind, actor, key, body);
}

Expected<KeyId> Turn::key_for(std::span<const PersonRef> people) {
  Writer writer{*parts_};
  if (auto open = writer.check_open(); !open) return tl::unexpected(open.error());
  std::vector<KeyId> keys;
  for (const auto& person : people) {
    auto key = person_key(person);
    if (!key) return key;
    if (std::find(keys.begin(), keys.end(), *key) == keys.end()) keys.push_back(*key);
  }
  if (keys.empty()) return node_key();
  if (keys.size() > limits::key_wraps_max)
    return fail("too-many", "cannot write one entry about so many people", "it has more keys than one entry may");
  return writer.record_key(keys);
}

Expected<std::uint64_t> Turn::append(EntryKind kind, const ActorId& actor, const KeyId& key, Access access) {
  if (!access.person.empty()) {
    auto group = parts_->merged_with(access.person);
    if (!group) return tl::unexpected(group.error());
    access.also = std::move(*group);
    std::erase(access.also, access.person);
  }
  return append(kind, actor, key, encode(access));
}

Expected<void> Turn::merge(const Merge& merge, const ActorId& actor) {
  Writer writer{*parts_};
  if (auto open = writer.check_open(); !open) return open;
  constexpr const char* cannot = "cannot merge the two people";
  if (merge.one == merge.other) return fail("same-person", cannot, "they are the same", "");
  auto group = merged_with(merge.one);
  if (!group) return tl::unexpected(group.error());
  if (std::find(group->begin(), group->end(), merge.other) != group->end())
    return fail("already-merged", cannot, "they are merged already", "");
  auto before = link_between(merge.one, merge.other);
  if (!before) return tl::unexpected(before.error());
  if (*before && (merge.state == LinkState::proposed || merge.made_by != "person"))
    return fail("already-decided", cannot, "somebody was asked about them already, or decided", "");
  auto others = merged_with(merge.other);
  if (!others) return tl::unexpected(others.error());
  if (merge.state == LinkState::merged && group->size() + others->size() > limits::merged_people_max)
    return fail("too-many", cannot, "too many people would be one", "undo some of their merges");
  auto one = person_key(merge.one), other = person_key(merge.other);
  if (!one || !other) return tl::unexpected(one ? other.error() : one.error());
  auto sequence = writer.append_about_both(EntryKind::merge, actor, encode(merge), {*one, *other});
  return sequence ? Expected<void>() : tl::unexpected(sequence.error());
}

Expected<void> Turn::unmerge(const Unmerge& unmerge, const ActorId& actor) {
  Writer writer{*parts_};
  if (auto open = writer.check_open(); !open) return open;
  auto one = person_key(unmerge.one), other = person_key(unmerge.other);
  if (!one || !other) return tl::unexpected(one ? other.error() : one.error());
  auto before = link_between(unmerge.one, unmerge.other);
  if (!before) return tl::unexpected(before.error());
  if (!*before || **before == LinkState::apart)
    return fail("not-merged", "cannot take the two people apart", "nobody joined or proposed just these two",
                "name the two who were joined");
  auto sequence = writer.append_about_both(EntryKind::unmerge, actor, encode(unmerge), {*one, *other});
  return sequence ? Expected<void>() : tl::unexpected(sequence.error());
}

Expected<KeyId> Turn::new_key() {
  Writer writer{*parts_};
  if (auto open = writer.check_open(); !open) return tl::unexpected(open.error());
  return writer.take_key(KeyKind::spare, KeyKind::view);
}

Expected<KeyId> Turn::subject_key(std::string_view canonical_identity) {
  Writer writer{*parts_};
  if (auto open = writer.check_open(); !open) return tl::unexpected(open.error());
  if (auto made = parts_->subject_keys.find(std::string(canonical_identity)); made != parts_->subject_keys.end())
    return made->second;
  auto known = parts_->store.indexes.subject(parts_->kv, canonical_identity);
  if (!known) return tl::unexpected(known.error());
  if (*known) return **known;
  const KeyId key = writer.take_key(KeyKind::spare, KeyKind::subject);
  parts_->subject_keys.emplace(canonical_identity, key);
  return key;
}

Expected<void> Turn::put_side(SideTable table, ByteView key, ByteView plaintext, Instant expires) {
  Writer writer{*parts_};
  if (auto open = writer.check_open(); !open) return open;
  if (key.empty() || key.size() > limits::side_key_bytes_max || plaintext.size() > limits::side_value_bytes_max)
    return fail("too-long", "cannot keep a side row", "its key or value is over the limit", "");
  auto put = writer.put_side(table, parts_->store.side.mac(IndexMap::MapId(table), key), plaintext, expires);
  if (!put) return writer.poison<void>(put.error());
  return {};
}

Expected<void> Turn::erase_side(SideTable table, ByteView key) {
  Writer writer{*parts_};
  if (auto open = writer.check_open(); !open) return open;
  const auto& side = parts_->store.side;
  const auto mac = side.mac(IndexMap::MapId(table), key);
  auto done = writer.drop_expiry(table, mac);
  if (done) done = side.erase(writer.kv, IndexMap::MapId(table), mac, {});
  if (!done) return writer.poison<void>(done.error());
  return {};
}

Expected<std::size_t> Turn::drop_expired(const Linger* linger) {
  Writer writer{*parts_};
  if (auto open = writer.check_open(); !open) return tl::unexpected(open.error());
  Bytes until;
  put_u64(until, std::uint64_t(parts_->now.ms) + 1);
  std::size_t dropped = 0;
  std::vector<Bytes> expired;
  auto scanned = writer.kv.scan(Table::side_expiry, {}, until, [&](ByteView key, ByteView) {
    expired.push_back(copy_of(key));
    return expired.size() < limits::side_expired_per_turn_max;
  });
  if (!scanned) return writer.poison<std::size_t>(scanned.error());
  for (const auto& key : expired) {
    IndexMap::Mac mac;
    if (key.size() != 9 + mac.size() || key[8] == 0 || key[8] > side_table_count)
      return writer.poison<std::size_t>(
          Error{"index-mismatch", "cannot drop expired rows", "a row of the expiry table is damaged", ""});
    std::copy(key.begin() + 9, key.end(), mac.begin());
    const auto table = SideTable(key[8]);
    if (linger && linger->table == table) {
      auto held = writer.side(table, mac);
      if (!held) return writer.poison<std::size_t>(held.error());
      if (const auto until = linger->until(*held); until && *until > parts_->now) {
        if (auto put = writer.put_side(table, mac, *held, *until); !put) return writer.poison<std::size_t>(put.error());
        continue;
      }
    }
    auto done = parts_->store.side.erase(writer.kv, key[8], mac, {});
    if (done) done = writer.kv.erase(Table::side_expiry, key);
    if (!done) return writer.poison<std::size_t>(done.error());
    ++dropped;
  }
  return dropped;
}

Expected<Bytes> Turn::seal_with(const KeyId& key_id, ByteView plaintext, ByteView also) {
  auto key = parts_->data_key(key_id);
  if (!key) return tl::unexpected(key.error());
  return seal(*key, plaintext, also, parts_->store.random);
}

Expected<Bytes> Turn::open_with(const KeyId& key_id, ByteView sealed, ByteView also) const {
  auto key = parts_->data_key(key_id);
  if (!key) return tl::unexpected(key.error());
  auto opened = open_sealed(*key, sealed, also);
  if (!opened) return fail("not-sealed-so", "cannot open what was sealed", "the key or the bytes are not the ones", "");
  return std::move(*opened);
}

Expected<void> Turn::commit() {
  Writer writer{*parts_};
  if (auto open = writer.check_open(); !open) return open;
  Store::Parts& store = parts_->store;
  LedgerHead head = store.head;
  head.frontier = parts_->frontier;
  auto done = write_ledger_head(writer.kv, head, store.root);
  // INVARIANT: a key is durable before the entry that uses it. A crash between the two leaves unused keys.
  if (done && !parts_->new_keys.empty()) done = store.keys->write(parts_->new_keys);
  if (done) done = writer.kv.commit();
  if (!done) {
    parts_->failed = store.latch(done.error());
    return done;
  }
  store.head = std::move(head);
  store.turn_open = false;
  parts_->committed = true;
  return {};
}

}  // namespace ginnel
