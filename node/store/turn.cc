// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "federation/base/check.h"
#include "federation/base/crypto/seal.h"
#include "federation/wire/limits.h"
#include "federation/wire/record_codec.h"
#include "node/store/codec.h"
#include "node/store/news.h"
#include "node/store/store_parts.h"

namespace ginnel {
// How a turn writes: everything behind Turn that needs the environment and the keys.
struct Turn::Writer {
  Parts& parts;
  KvWrite& kv = *parts.write;
  Store::Parts& store = parts.store;

  // Whatever fails half-way leaves rows that belong to nothing: such a turn is never committed.
  template <class T>
  Expected<T> poison(const Error& error) {
    if (!parts.failed) parts.failed = error;
    if (is_engine_error(error)) store.latch(error);
    return tl::unexpected(error);
  }

  Expected<void> check_open() const {
    CHECK(!parts.committed);
    if (parts.failed) return fail("turn-failed", "cannot write in this turn", parts.failed->text(), "begin another");
    return store.check_writable();
  }

  Expected<std::uint64_t> append(EntryKind kind, const ActorId& actor, const KeyId& key_id, ByteView body) {
    if (auto open = check_open(); !open) return tl::unexpected(open.error());
    if (body.size() > limits::entry_body_bytes_max)
      return fail("too-long", "cannot write the entry", "its body is over the limit", "");
    if (parts.entries >= limits::turn_entries_max)
      return fail("turn-full", "cannot write the entry", "the turn has too many entries", "");
    auto key = parts.data_key(key_id);
    if (!key) return tl::unexpected(key.error());
    const EntryHeader header{kind, store.head.incarnation, parts.frontier.size(), parts.now, actor, key_id};
    const Bytes entry = seal_entry(header, body, *key, store.random);
    if (auto appended = append_entry(kv, parts.frontier, entry); !appended)
      return poison<std::uint64_t>(appended.error());
    auto applied = store.indexes.apply(kv, header, body,
                                       [this](std::uint64_t at, EntryHeader* of) { return parts.open_body(at, of); });
    if (!applied) return poison<std::uint64_t>(applied.error());
    ++parts.entries;
    return header.sequence;
  }

  KeyId take_key(KeyKind pool, KeyKind otherwise) {
    auto key = store.keys->take(pool);
    if (!key) return store.keys->add(parts.new_keys, otherwise, parts.now);
    parts.taken_keys.emplace_back(pool, *key);
    return *key;
  }

  // One subject's record is under their key; several subjects' under its own, which each of their keys opens, so that
  // erasing one never takes the record from another.
  Expected<KeyId> record_key(const std::vector<KeyId>& subject_keys) {
    if (subject_keys.size() == 1) return subject_keys.front();
    std::vector<std::pair<KeyId, SecretKey>> wrappers;
    for (const auto& id : subject_keys) {
      auto key = parts.data_key(id);
      if (!key) return tl::unexpected(key.error());
      wrappers.emplace_back(id, *key);
    }
    return store.keys->add_shared(parts.new_keys, KeyKind::record, parts.now, wrappers);
  }

  // Either's key opens an entry about two people; erasing one leaves it to the other.
  Expected<std::uint64_t> append_about_both(EntryKind kind, const ActorId& actor, ByteView body,
                                            const std::vector<KeyId>& keys) {
    auto key = record_key(keys);
    if (!key) return tl::unexpected(key.error());
    parts.groups.clear();
    return append(kind, actor, *key, body);
  }

  // A marking makes a version with an id of its own and is no news. Who was given the one before it was given the same.
  Expected<void> name_unmarked(Record version, News& news) const {
    for (std::size_t left = limits::news_unmarked_max; left > 0 && !version.replaces.empty(); --left) {
      auto before = record_of(version.replaces);
      if (!before && before.error().code == "erased") return {};
      if (!before) return tl::unexpected(before.error());
      version.id = before->id;
      version.replaces = before->replaces;
      version.markings_by_person = before->markings_by_person;
      if (version != *before) return {};
      news.also_replaced.push_back(before->id);
    }
    return {};
  }

  // For whom the record was about before as well: a child who is no longer meant was told of too.
  Expected<void> leave_news(Turn& turn, News news) {
    if (!news.replaces.empty()) {
      auto earlier = record_of(news.replaces);
      if (!earlier && earlier.error().code != "erased") return tl::unexpected(earlier.error());
      for (const auto& subject : earlier ? earlier->subjects : std::vector<Subject>())
        news.people.push_back(subject.person);
      if (earlier)
        if (auto found = name_unmarked(*earlier, news); !found) return found;
    } else if (!news.is_new) {
      return {};
    }
    std::sort(news.people.begin(), news.people.end());
    news.people.erase(std::unique(news.people.begin(), news.people.end()), news.people.end());
    bool anybody_asked = false;
    for (const auto& person : news.people) {
      auto asked = turn.access_to(person, {EntryKind::disclosed, EntryKind::received});
      if (!asked) return tl::unexpected(asked.error());
      anybody_asked = anybody_asked || !asked->empty();
    }
    // What was replaced is on the node's own screens too.
    if (!anybody_asked && news.replaces.empty()) return {};
    auto appended = news_rows().append(turn, encode(news));
    return appended ? Expected<void>() : tl::unexpected(appended.error());
  }

  // The record, if it still holds.
  Expected<Record> check_current(const RecordId& id) const {
    constexpr const char* cannot = "cannot change the record";
    auto sequence = store.indexes.record(kv, id);
    if (!sequence) return tl::unexpected(sequence.error());
    if (!*sequence) return fail("no-record", cannot, "the node holds no such record", "");
    auto record = parts.record_at(**sequence, id);
    if (!record) return record;
    for (const auto& subject : record->subjects) {
      auto head = parts.head_of(subject.person);
      if (!head && head.error().code == "no-person") continue;  // erased; it is about others too
      if (!head) return tl::unexpected(head.error());
      auto rows = store.indexes.records_of(kv, subject.person, *head);
      if (!rows) return tl::unexpected(rows.error());
      const bool is_current = std::any_of(rows->begin(), rows->end(), [&](const PersonRecord& row) {
        return row.record == id && row.replaced_by == 0;
      });
      if (!is_current) return fail("already-replaced", cannot, "it holds no longer", "look at what took its place");
    }
    return record;
  }

  Expected<Record> record_of(const RecordId& id) const {
    auto sequence = store.indexes.record(kv, id);
    if (!sequence) return tl::unexpected(sequence.error());
    if (!*sequence) return fail("erased", "cannot read the record", "the node has it no more", "");
    return parts.record_at(**sequence, id);
  }

  // The version that nothing has replaced. A second version of an old one would stand beside it for ever.
  Expected<PersonRecord> newest_of(const Record& record, std::uint64_t sequence) const {
    const PersonRef& subject = record.subjects.front().person;
    auto head = parts.head_of(subject);
    if (!head) return tl::unexpected(head.error());
    auto rows = store.indexes.records_of(kv, subject, *head);
    if (!rows) return tl::unexpected(rows.error());
    for (const auto& row : *rows) {  // oldest first: what replaces stands behind what it replaces
      if (row.sequence != sequence) continue;
      if (row.replaced_by == 0) return row;
      sequence = row.replaced_by;
    }
    return fail("no-record", "cannot mark the record", "it was replaced by one about somebody else");
  }

  // Entries that stay readable without the lost keys, and that records under lost keys have replaced.
  Expected<std::vector<std::uint64_t>> replaced_for_others(const PersonRef& person, const std::vector<KeyId>& lost) {
    const auto is_lost = [&](const KeyId& key) { return std::find(lost.begin(), lost.end(), key) != lost.end(); };
    auto head = parts.head_of(person);
    if (!head) return tl::unexpected(head.error());
    auto rows = store.indexes.records_of(kv, person, *head);
    if (!rows) return tl::unexpected(rows.error());
    std::vector<std::uint64_t> out;
    for (const auto& row : *rows) {
      EntryHeader header;
      auto body = parts.open_body(row.sequence, &header);
      if (!body) return tl::unexpected(body.error());
      if (!is_lost(header.data_key)) continue;
      auto record = decode_record(*body);
      if (!record) return tl::unexpected(record.error());
      if (record->replaces.empty()) continue;
      auto replaced = store.indexes.record(kv, record->replaces);
      if (!replaced) return tl::unexpected(replaced.error());
      if (!*replaced) continue;
      auto entry = read_entry(kv, **replaced);
      if (!entry) return tl::unexpected(entry.error());
      auto replaced_header = decode_header(*entry);
      if (!replaced_header) return tl::unexpected(replaced_header.error());
      if (!is_lost(replaced_header->data_key)) out.push_back(**replaced);
    }
    return out;
  }

  Expected<void> drop_expiry(SideTable table, const IndexMap::Mac& mac) {
    auto before = store.side.peek(kv, IndexMap::MapId(table), mac, {});
    if (!before) return tl::unexpected(before.error());
    if (!*before) return {};
    const auto expires = read_u64(**before, 0);
    if (!expires || *expires == 0) return {};
    return kv.erase(Table::side_expiry, expiry_key(*expires, table, mac));
  }

  static Bytes expiry_key(std::uint64_t expires, SideTable table, const IndexMap::Mac& mac) {
    Bytes key;
    put_u64(key, expires);
    key.push_back(std::uint8_t(table));
    ginnel::append(key, mac);
    return key;
  }
};

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

Expected<PersonRef> Turn::put_person(PersonVersion version, const ActorId& actor) {
  Writer writer{*parts_};
  if (auto open = writer.check_open(); !open) return tl::unexpected(open.error());
  const auto& keys = version.link_keys;
  if (keys.size() > limits::link_keys_per_person_max || std::any_of(keys.begin(), keys.end(), [](const auto& key) {
        return key.empty() || key.size() > limits::link_key_bytes_max;
      }))
    return fail("too-long", "cannot write the person", "they have too many link keys, or too long ones", "");
  PersonRef& ref = version.person.ref;
  KeyId key;
  if (ref.empty()) {
    ref = PersonRef::make(parts_->store.random);
    key = writer.take_key(KeyKind::person, KeyKind::person);
  } else {
    auto known = person_key(ref);
    if (!known) return tl::unexpected(known.error());
    key = *known;
  }
  auto body = encode(version);
  if (!body) return tl::unexpected(body.error());
  auto sequence = writer.append(EntryKind::person, actor, key, *body);
  if (!sequence) return tl::unexpected(sequence.error());
  parts_->person_keys.emplace(ref, key);
  return ref;
}

Expected<RecordId> Turn::put_record(Record record, const ActorId& actor, Tell tell, std::string reason) {
  return put_version(std::move(record), true, actor, tell, std::move(reason));
}

Expected<RecordId> Turn::put_version(Record record, bool keep_markings, const ActorId& actor, Tell tell,
                                     std::string reason) {
  Writer writer{*parts_};
  if (auto open = writer.check_open(); !open) return tl::unexpected(open.error());
  if (record.subjects.empty() || record.subjects.size() > limits::key_wraps_max)
    return fail("bad-record", "cannot write the record", "it has no subject, or too many", "");
  std::vector<KeyId> keys;
  for (const auto& subject : record.subjects) {
    auto key = person_key(subject.person);
    if (!key) return tl::unexpected(key.error());
    if (std::find(keys.begin(), keys.end(), *key) == keys.end()) keys.push_back(*key);
  }
  if (!record.replaces.empty()) {
    auto replaced = parts_->store.indexes.record(parts_->kv, record.replaces);
    if (!replaced) return tl::unexpected(replaced.error());
    if (!*replaced) return fail("no-record", "cannot write the record", "it replaces one that the node has not", "");
    // INVARIANT: a marking put on by a person survives every new version, whoever writes it (DESIGN 5). What mark()
    // takes off it has cleared from the version that it replaces by itself.
    if (keep_markings) {
      auto earlier = parts_->record_at(**replaced, record.replaces);
      if (!earlier && earlier.error().code != "erased") return tl::unexpected(earlier.error());
      if (earlier)
        record.markings_by_person.insert(earlier->markings_by_person.begin(), earlier->markings_by_person.end());
    }
  }
  News news{record.id,
            record.replaces,
            {},
            record.label.category,
            {},
            record.replaces.empty() ? "new-record" : "correction",
            std::move(reason),
            tell == Tell::others};
  if (record.id.empty()) record.id = RecordId::make(parts_->store.random);
  if (!record.received_by_node.is_set()) record.received_by_node = parts_->now;
  auto body = encode_record(record);
  if (!body) return tl::unexpected(body.error());
  auto key = writer.record_key(keys);
  if (!key) return tl::unexpected(key.error());
  auto sequence = writer.append(EntryKind::record, actor, *key, *body);
  if (!sequence) return tl::unexpected(sequence.error());
  news.record = record.id;
  for (const auto& subject : record.subjects) news.people.push_back(subject.person);
  // What a marking makes says what the version before it said: nothing to tell, and nothing to take back.
  if (keep_markings)
    if (auto left = writer.leave_news(*this, std::move(news)); !left) return tl::unexpected(left.error());
  return record.id;
}

Expected<RecordId> Turn::correct(const RecordId& record, const RecordChange& change, const ActorId& actor) {
  Writer writer{*parts_};
  if (auto open = writer.check_open(); !open) return tl::unexpected(open.error());
  auto current = writer.check_current(record);
  if (!current) return tl::unexpected(current.error());
  Record next = std::move(*current);
  next.id = RecordId();
  next.replaces = record;
  if (!change.headline.empty()) next.headline = change.headline;
  if (!change.narrative.empty()) next.narrative = change.narrative;
  next.author = change.author;
  next.received_by_node = now();
  // The source's own row keeps its content hash, so that the next import of the same row changes nothing.
  return put_record(std::move(next), actor, Tell::others, change.reason);
}

Expected<void> Turn::retract(const RecordId& record, std::string kind, std::string reason, const ActorId& actor) {
  Writer writer{*parts_};
  if (auto open = writer.check_open(); !open) return open;
  auto earlier = writer.check_current(record);
  if (!earlier) return tl::unexpected(earlier.error());
  auto sequence = parts_->store.indexes.record(parts_->kv, record);
  if (!sequence) return tl::unexpected(sequence.error());
  EntryHeader header;
  auto opened = parts_->open_body(**sequence, &header);
  if (!opened) return tl::unexpected(opened.error());
  Access taken_back;
  taken_back.person = earlier->subjects.front().person;
  taken_back.reason = reason;
  taken_back.outcome = kind;
  taken_back.items.push_back({record, Step::none, {}, {}, {}, {}});
  // Under the record's own key: it lives as long as the record, for everybody it is about.
  auto appended = append(EntryKind::retracted, actor, header.data_key, std::move(taken_back));
  if (!appended) return tl::unexpected(appended.error());
  return writer.leave_news(
      *this, {RecordId(), record, {}, earlier->label.category, {}, std::move(kind), std::move(reason), false});
}

namespace {

// True if anything changes. What is not there cannot be taken off; that is for the caller to tell.
bool change_markings(std::set<std::string>& markings, const MarkingChange& change) {
  const auto before = markings;
  markings.insert(change.put_on.begin(), change.put_on.end());
  for (const auto& marking : change.take_off) markings.erase(marking);
  return markings != before;
}

tl::unexpected<Error> not_marked() {
  return fail("not-marked", "cannot take the marking off", "nobody here has put it on",
              "a marking that a source system gave is taken off there");
}

}  // namespace

Expected<void> Turn::mark(const PersonRef& person, const MarkingChange& change, const ActorId& actor) {
  auto group = merged_with(person);
  if (!group) return tl::unexpected(group.error());
  std::vector<PersonVersion> versions;
  std::set<std::string> put_on_before, all;
  for (const auto& one : *group) {
    auto version = parts_->version_of(one);
    if (!version) return tl::unexpected(version.error());
    const Person& is = version->person;
    put_on_before.insert(is.markings_by_person.begin(), is.markings_by_person.end());
    all.insert(is.markings_by_source.begin(), is.markings_by_source.end());
    versions.push_back(std::move(*version));
  }
  for (const auto& marking : change.take_off)
    if (!put_on_before.contains(marking)) return not_marked();
  all.insert(put_on_before.begin(), put_on_before.end());
  all.insert(change.put_on.begin(), change.put_on.end());
  if (all.size() > limits::markings_max)
    return fail("too-many", "cannot mark the person", "they have too many markings");
  for (auto& version : versions)
    if (change_markings(version.person.markings_by_person, change))
      if (auto put = put_person(std::move(version), actor); !put) return tl::unexpected(put.error());
  return {};
}

Expected<RecordId> Turn::mark(const RecordId& id, const MarkingChange& change, const ActorId& actor) {
  auto sequence = parts_->store.indexes.record(parts_->kv, id);
  if (!sequence) return tl::unexpected(sequence.error());
  if (!*sequence) return fail("no-record", "cannot mark the record", "the node holds no such record");
  auto named = parts_->record_at(**sequence, id);
  if (!named) return tl::unexpected(named.error());
  auto current = Writer{*parts_}.newest_of(*named, **sequence);
  if (!current) return tl::unexpected(current.error());
  auto record = parts_->record_at(current->sequence, current->record);
  if (!record) return tl::unexpected(record.error());
  for (const auto& marking : change.take_off)
    if (!record->markings_by_person.contains(marking)) return not_marked();
  std::set<std::string> all = record->label.markings;
  all.insert(record->markings_by_person.begin(), record->markings_by_person.end());
  all.insert(change.put_on.begin(), change.put_on.end());
  if (all.size() > limits::markings_max) return fail("too-many", "cannot mark the record", "it has too many markings");
  if (!change_markings(record->markings_by_person, change)) return record->id;
  record->replaces = record->id;
  record->id = RecordId();
  return put_version(std::move(*record), false, actor, Tell::nobody, {});
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

Expected<std::vector<KeyId>> Turn::bury(const PersonRef& person, std::string reason, const ActorId& actor) {
  Writer writer{*parts_};
  if (auto open = writer.check_open(); !open) return tl::unexpected(open.error());
  auto group = merged_with(person);
  if (!group) return tl::unexpected(group.error());
  std::vector<KeyId> keys;
  for (const auto& one : *group) {
    auto key = person_key(one);
    if (!key) return tl::unexpected(key.error());
    keys.push_back(*key);
  }
  auto lost = parts_->store.keys->lost_with(keys);
  if (!lost) return tl::unexpected(lost.error());
  Tombstone tombstone{std::move(*lost), person, ViewId(), {}, std::move(reason), *group};
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
  const Tombstone tombstone{{key}, PersonRef(), view, {}, std::move(reason), {}};
  auto sequence = Writer{*parts_}.append(EntryKind::tombstone, actor, node_key(), encode(tombstone));
  if (!sequence) return tl::unexpected(sequence.error());
  return {};
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
  const auto& side = parts_->store.side;
  const auto id = IndexMap::MapId(table);
  const auto mac = side.mac(id, key);
  if (auto dropped = writer.drop_expiry(table, mac); !dropped) return writer.poison<void>(dropped.error());
  const Bytes context = parts_->side_context(side.row_key(id, mac, {}), expires);
  Bytes row;
  put_u64(row, std::uint64_t(expires.ms));
  ginnel::append(row, seal(parts_->store.side_key, plaintext, context, parts_->store.random));
  auto put = side.put(writer.kv, id, mac, {}, row);
  if (put && expires.is_set())
    put = writer.kv.put(Table::side_expiry, Writer::expiry_key(std::uint64_t(expires.ms), table, mac), {});
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

Expected<std::size_t> Turn::drop_expired() {
  Writer writer{*parts_};
  if (auto open = writer.check_open(); !open) return tl::unexpected(open.error());
  Bytes until;
  put_u64(until, std::uint64_t(parts_->now.ms) + 1);
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
    auto done = parts_->store.side.erase(writer.kv, key[8], mac, {});
    if (done) done = writer.kv.erase(Table::side_expiry, key);
    if (!done) return writer.poison<std::size_t>(done.error());
  }
  return expired.size();
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
