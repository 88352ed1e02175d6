// SPDX-License-Identifier: Apache-2.0
#include "node/store/index.h"

#include <algorithm>
#include <map>
#include <set>

#include "federation/base/crypto/hash.h"
#include "federation/wire/record_codec.h"
#include "node/store/codec.h"
#include "node/store/limits.h"

namespace ginnel {
namespace {

constexpr std::size_t head_bytes = 8 + KeyId::size + 8 + sizeof(Hash);
constexpr std::size_t person_record_bytes = RecordId::size + 8;
constexpr std::size_t source_row_bytes = 16 + 8 + 16;

tl::unexpected<Error> mismatch(const char* why) {
  return fail("index-mismatch", "cannot trust an index", why,
              "stop the node and run `ginnel store rebuild`; until then the answer is unknown");
}

IndexMap::MapId map_id(Index index) { return IndexMap::MapId(index); }

Bytes sequence_bytes(std::uint64_t sequence) {
  Bytes bytes;
  put_u64(bytes, sequence);
  return bytes;
}

Bytes encode_head(const PersonHead& head) {
  Bytes row;
  put_u64(row, head.latest);
  append(row, head.key.bytes());
  put_u64(row, head.records);
  append(row, head.record_set.bytes());
  return row;
}

std::optional<PersonHead> decode_head(ByteView row) {
  if (row.size() != head_bytes) return std::nullopt;
  Hash set;
  std::copy_n(row.begin() + 32, set.size(), set.begin());
  return PersonHead{*read_u64(row, 0), *KeyId::from(row.subspan(8, KeyId::size)), *read_u64(row, 24), SetHash::of(set)};
}

Bytes encode_person_record(const RecordId& record, std::uint64_t replaced_by) {
  Bytes row = copy_of(record.bytes());
  put_u64(row, replaced_by);
  return row;
}

// People and records of one system may share a key: the kind keeps them apart.
Bytes source_key(EntryKind kind, std::string_view system, std::string_view key) {
  Bytes bytes = {std::uint8_t(kind == EntryKind::person ? 'P' : 'R')};
  append(bytes, view_of(system));
  bytes.push_back(0);  // no system's name holds one
  append(bytes, view_of(key));
  return bytes;
}

bool is_access(EntryKind kind) {
  switch (kind) {
    case EntryKind::asked:
    case EntryKind::decided:
    case EntryKind::disclosed:
    case EntryKind::received:
    case EntryKind::view_shown:
    case EntryKind::lookup:
      return true;
    default:
      return false;
  }
}

std::set<PersonRef> people_in(const Record& record) {
  std::set<PersonRef> people;
  for (const auto& subject : record.subjects) people.insert(subject.person);
  return people;
}

}  // namespace

Indexes::Indexes(const SecretKey& root)
    : map_(Table::index_rows, Table::index_buckets, derive_key(root, "ginnel index v1")),
      content_key_(derive_key(root, "ginnel index content v1")) {}

Expected<void> Indexes::create(KvWrite& kv) const {
  for (const auto& line : indexes) {
    if (!line.has_buckets) continue;
    if (auto created = map_.create(kv, map_id(line.index)); !created) return created;
  }
  return {};
}

// A content hash could be guessed from likely contents; its MAC cannot.
std::array<std::uint8_t, 16> Indexes::content_mac(const Hash& content_hash) const {
  const Hash full = hmac_sha256(content_key_.bytes(), content_hash);
  std::array<std::uint8_t, 16> mac;
  std::copy_n(full.begin(), mac.size(), mac.begin());
  return mac;
}

// What one entry changes. Rows are read with peek(): see IndexMap's SECURITY note.
class Indexes::Applier {
 public:
  Applier(const Indexes& indexes, KvWrite& kv, const EntryHeader& header, const OpenBody& open_body)
      : indexes_(indexes), map_(indexes.map_), kv_(kv), header_(header), open_body_(open_body) {}

  Expected<void> person(ByteView body) {
    auto version = decode_person_version(body);
    if (!version) return tl::unexpected(version.error());
    const PersonRef ref = version->person.ref;
    auto before = head_of(ref);
    if (!before) return tl::unexpected(before.error());
    PersonVersion earlier;
    PersonHead head;
    if (*before) {
      head = **before;
      auto earlier_body = open_body_(head.latest);
      if (!earlier_body) return tl::unexpected(earlier_body.error());
      auto decoded = decode_person_version(*earlier_body);
      if (!decoded) return tl::unexpected(decoded.error());
      earlier = std::move(*decoded);
    }
    head.latest = header_.sequence;
    head.key = header_.data_key;
    if (auto put = put_link_keys(ref, earlier.link_keys, version->link_keys); !put) return put;
    for (const auto& source : version->sources) {
      if (std::find(earlier.sources.begin(), earlier.sources.end(), source) != earlier.sources.end()) continue;
      if (auto put = put_source(EntryKind::person, source.system, source.key, ref.bytes(), source.version,
                                source.content_hash);
          !put)
        return put;
    }
    return put_head(ref, head);
  }

  Expected<void> record(ByteView body) {
    auto record = decode_record(body);
    if (!record) return tl::unexpected(record.error());
    std::map<PersonRef, PersonHead> heads;
    if (!record->replaces.empty())
      if (auto marked = mark_replaced(record->replaces, heads); !marked) return marked;
    for (const auto& person : people_in(*record)) {
      auto head = load(heads, person);
      if (!head) return tl::unexpected(head.error());
      const Bytes key = person_record_key(person, header_.sequence);
      const Bytes row = encode_person_record(record->id, 0);
      if (auto put = kv_.put(Table::index_rows, key, row); !put) return put;
      ++(*head)->records;
      (*head)->record_set.add(map_.row_hash(key, row));
    }
    for (const auto& [person, head] : heads)
      if (auto put = put_head(person, head); !put) return put;
    if (!record->source.system.empty())
      if (auto put = put_source(EntryKind::record, record->source.system, record->source.key, record->id.bytes(),
                                record->source.version, record->source.content_hash);
          !put)
        return put;
    return put(Index::record, record->id.bytes(), {}, sequence_bytes(header_.sequence));
  }

  Expected<void> access(ByteView body) {
    auto access = decode_access(body);
    if (!access) return tl::unexpected(access.error());
    Bytes kind;
    put_u16(kind, std::uint16_t(header_.kind));
    const Bytes sequence = sequence_bytes(header_.sequence);
    if (!access->ask.empty())
      if (auto done = put(Index::ask, access->ask.bytes(), sequence, kind); !done) return done;
    if (!access->view.empty())
      if (auto done = put(Index::view, access->view.bytes(), sequence, kind); !done) return done;
    if (!access->person.empty()) return put(Index::access, access->person.bytes(), sequence, kind);
    if (access->identity.empty()) return {};
    auto known = peek(Index::subject, view_of(access->identity), {});
    if (!known) return tl::unexpected(known.error());
    if (*known) return {};
    return put(Index::subject, view_of(access->identity), {}, header_.data_key.bytes());
  }

  Expected<void> tombstone(ByteView body) {
    auto tombstone = decode_tombstone(body);
    if (!tombstone) return tl::unexpected(tombstone.error());
    return put(Index::erased, tombstone->erased.bytes(), {}, sequence_bytes(header_.sequence));
  }

 private:
  Expected<void> put(Index index, ByteView key, ByteView suffix, ByteView value) {
    return map_.put(kv_, map_id(index), map_.mac(map_id(index), key), suffix, value);
  }
  Expected<std::optional<Bytes>> peek(Index index, ByteView key, ByteView suffix) const {
    return map_.peek(kv_, map_id(index), map_.mac(map_id(index), key), suffix);
  }

  Expected<void> put_link_keys(const PersonRef& person, const std::vector<std::string>& before,
                               const std::vector<std::string>& now) {
    const auto has = [](const std::vector<std::string>& keys, const std::string& key) {
      return std::find(keys.begin(), keys.end(), key) != keys.end();
    };
    constexpr auto id = MapId(Index::identity);
    for (const auto& key : before)
      if (!has(now, key))
        if (auto done = map_.erase(kv_, id, map_.mac(id, view_of(key)), person.bytes()); !done) return done;
    for (const auto& key : now)
      if (!has(before, key))
        if (auto done = put(Index::identity, view_of(key), person.bytes(), {}); !done) return done;
    return {};
  }

  Expected<void> put_source(EntryKind kind, std::string_view system, std::string_view key, ByteView id,
                            std::uint32_t version, const Hash& content_hash) {
    Bytes row = copy_of(id);
    put_u32(row, version);
    put_u32(row, 0);
    append(row, indexes_.content_mac(content_hash));
    return put(Index::source, source_key(kind, system, key), {}, row);
  }

  Expected<std::optional<PersonHead>> head_of(const PersonRef& person) const {
    auto row = peek(Index::person, person.bytes(), {});
    if (!row) return tl::unexpected(row.error());
    if (!*row) return std::optional<PersonHead>();
    auto head = decode_head(**row);
    if (!head) return mismatch("a person's head is damaged");
    return head;
  }
  Expected<void> put_head(const PersonRef& person, const PersonHead& head) {
    return put(Index::person, person.bytes(), {}, encode_head(head));
  }
  Expected<PersonHead*> load(std::map<PersonRef, PersonHead>& heads, const PersonRef& person) const {
    auto loaded = heads.find(person);
    if (loaded != heads.end()) return &loaded->second;
    auto head = head_of(person);
    if (!head) return tl::unexpected(head.error());
    if (!*head) return mismatch("a record's person has no head");
    return &heads.emplace(person, **head).first->second;
  }

  Bytes person_record_key(const PersonRef& person, std::uint64_t sequence) const {
    constexpr auto id = MapId(Index::person_records);
    return map_.row_key(id, map_.mac(id, person.bytes()), sequence_bytes(sequence));
  }

  // A replaced record leaves the current ones of everybody it was about, also of those the new version leaves out.
  Expected<void> mark_replaced(const RecordId& replaced, std::map<PersonRef, PersonHead>& heads) {
    auto row = peek(Index::record, replaced.bytes(), {});
    if (!row) return tl::unexpected(row.error());
    if (!*row || (*row)->size() != 8) return mismatch("a replaced record is not indexed");
    const std::uint64_t sequence = *read_u64(**row, 0);
    auto body = open_body_(sequence);
    if (!body) return tl::unexpected(body.error());
    auto earlier = decode_record(*body);
    if (!earlier) return tl::unexpected(earlier.error());
    for (const auto& person : people_in(*earlier)) {
      auto head = load(heads, person);
      if (!head) return tl::unexpected(head.error());
      const Bytes key = person_record_key(person, sequence);
      auto before = kv_.get(Table::index_rows, key);
      if (!before) return tl::unexpected(before.error());
      if (!*before) return mismatch("a person's record is not indexed");
      const Bytes now = encode_person_record(replaced, header_.sequence);
      if (auto put = kv_.put(Table::index_rows, key, now); !put) return put;
      (*head)->record_set.remove(map_.row_hash(key, **before));
      (*head)->record_set.add(map_.row_hash(key, now));
    }
    return {};
  }

  const Indexes& indexes_;
  const IndexMap& map_;
  KvWrite& kv_;
  const EntryHeader& header_;
  const OpenBody& open_body_;
};

Expected<void> Indexes::apply(KvWrite& kv, const EntryHeader& header, ByteView body, const OpenBody& open_body) const {
  Applier applier(*this, kv, header, open_body);
  if (header.kind == EntryKind::person) return applier.person(body);
  if (header.kind == EntryKind::record) return applier.record(body);
  if (header.kind == EntryKind::tombstone) return applier.tombstone(body);
  if (is_access(header.kind)) return applier.access(body);
  return {};
}

Expected<std::vector<PersonRef>> Indexes::people(const KvRead& kv, std::string_view link_key) const {
  const auto id = map_id(Index::identity);
  auto rows = map_.find(kv, id, map_.mac(id, view_of(link_key)));
  if (!rows) return tl::unexpected(rows.error());
  std::vector<PersonRef> people;
  for (const auto& row : *rows) {
    auto person = PersonRef::from(row.suffix);
    if (!person) return mismatch("a row is not of its index");
    people.push_back(*person);
  }
  return people;
}

Expected<std::optional<PersonHead>> Indexes::person(const KvRead& kv, const PersonRef& person) const {
  const auto id = map_id(Index::person);
  auto rows = map_.find(kv, id, map_.mac(id, person.bytes()));
  if (!rows) return tl::unexpected(rows.error());
  if (rows->empty()) return std::optional<PersonHead>();
  auto head = decode_head(rows->front().value);
  if (!head || rows->size() != 1) return mismatch("a row is not of its index");
  return head;
}

Expected<std::vector<PersonRecord>> Indexes::records_of(const KvRead& kv, const PersonRef& person,
                                                        const PersonHead& head) const {
  const auto id = map_id(Index::person_records);
  const Bytes prefix = map_.row_key(id, map_.mac(id, person.bytes()), {});
  std::vector<PersonRecord> records;
  SetHash set;
  bool well_formed = true;
  auto scanned = kv.scan_prefix(Table::index_rows, prefix, [&](ByteView key, ByteView row) {
    well_formed = key.size() == prefix.size() + 8 && row.size() == person_record_bytes && records.size() < head.records;
    if (!well_formed) return false;
    set.add(map_.row_hash(key, row));
    records.push_back(
        {*read_u64(key, prefix.size()), *RecordId::from(row.first(RecordId::size)), *read_u64(row, RecordId::size)});
    return true;
  });
  if (!scanned) return tl::unexpected(scanned.error());
  if (!well_formed || records.size() != head.records || set != head.record_set)
    return mismatch("a person's records are not those that were written");
  return records;
}

Expected<std::optional<std::uint64_t>> Indexes::record(const KvRead& kv, const RecordId& record) const {
  const auto id = map_id(Index::record);
  auto rows = map_.find(kv, id, map_.mac(id, record.bytes()));
  if (!rows) return tl::unexpected(rows.error());
  if (rows->empty()) return std::optional<std::uint64_t>();
  auto sequence = read_u64(rows->front().value, 0);
  if (!sequence) return mismatch("a row is not of its index");
  return sequence;
}

Expected<std::optional<SourceRow>> Indexes::source(const KvRead& kv, EntryKind kind, std::string_view system,
                                                   std::string_view key, const Hash& content_hash) const {
  const auto id = map_id(Index::source);
  auto rows = map_.find(kv, id, map_.mac(id, source_key(kind, system, key)));
  if (!rows) return tl::unexpected(rows.error());
  if (rows->empty()) return std::optional<SourceRow>();
  const Bytes& row = rows->front().value;
  if (row.size() != source_row_bytes) return mismatch("a row is not of its index");
  SourceRow out;
  std::copy_n(row.begin(), out.id.size(), out.id.begin());
  out.version = *read_u32(row, 16);
  out.same_content = equal_in_constant_time(ByteView(row).last(16), content_mac(content_hash));
  return out;
}

Expected<std::optional<KeyId>> Indexes::subject(const KvRead& kv, std::string_view identity) const {
  const auto id = map_id(Index::subject);
  auto rows = map_.find(kv, id, map_.mac(id, view_of(identity)));
  if (!rows) return tl::unexpected(rows.error());
  if (rows->empty()) return std::optional<KeyId>();
  auto key = KeyId::from(rows->front().value);
  if (!key) return mismatch("a row is not of its index");
  return key;
}

Expected<std::vector<std::uint64_t>> Indexes::sequences(const KvRead& kv, Index index, ByteView id) const {
  auto rows = map_.find(kv, map_id(index), map_.mac(map_id(index), id));
  if (!rows) return tl::unexpected(rows.error());
  std::vector<std::uint64_t> out;
  for (const auto& row : *rows) {
    auto sequence = read_u64(row.suffix, 0);
    if (!sequence) return mismatch("a row is not of its index");
    out.push_back(*sequence);
  }
  return out;
}

Expected<bool> Indexes::is_erased(const KvRead& kv, const KeyId& key) const {
  const auto id = map_id(Index::erased);
  auto rows = map_.find(kv, id, map_.mac(id, key.bytes()));
  if (!rows) return tl::unexpected(rows.error());
  return !rows->empty();
}

Expected<std::uint64_t> Indexes::check(const KvRead& kv, Index index) const {
  std::uint64_t rows = 0;
  auto checked = map_.for_each(kv, map_id(index), [&](ByteView, ByteView) { return ++rows, true; });
  if (!checked) return tl::unexpected(checked.error());
  return rows;
}

}  // namespace ginnel
