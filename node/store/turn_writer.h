// SPDX-License-Identifier: Apache-2.0
// Behind Turn: what writes entries, keys and rows in its transaction. For node/store/turn*.cc alone.
//
// Thread: the turn's. Failure: what fails half-way poisons the turn, which then never commits.
#pragma once

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
    return own_key(subject_keys);
  }

  // What has a time to keep of its own is under its own key also where it is about one person, so that it can be erased
  // while they stay.
  Expected<KeyId> own_key(const std::vector<KeyId>& subject_keys) {
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

  // In place of the row that is there.
  Expected<void> put_side(SideTable table, const IndexMap::Mac& mac, ByteView plaintext, Instant expires) {
    if (auto dropped = drop_expiry(table, mac); !dropped) return dropped;
    const auto id = IndexMap::MapId(table);
    const Bytes context = parts.side_context(store.side.row_key(id, mac, {}), expires);
    Bytes row;
    put_u64(row, std::uint64_t(expires.ms));
    ginnel::append(row, seal(store.side_key, plaintext, context, store.random));
    auto put = store.side.put(kv, id, mac, {}, row);
    if (put && expires.is_set())
      put = kv.put(Table::side_expiry, expiry_key(std::uint64_t(expires.ms), table, mac), {});
    return put;
  }

  Expected<Bytes> side(SideTable table, const IndexMap::Mac& mac) {
    const auto id = IndexMap::MapId(table);
    auto row = store.side.peek(kv, id, mac, {});
    if (!row) return tl::unexpected(row.error());
    if (!*row) return fail("index-mismatch", "cannot read a side row", "its expiry stands alone", "");
    return parts.open_side(store.side.row_key(id, mac, {}), **row);
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

}  // namespace ginnel
