// SPDX-License-Identifier: Apache-2.0
#include "node/store/index.h"

#include <algorithm>

#include "federation/base/crypto/hash.h"
#include "node/store/index_rows.h"

namespace ginnel {

using namespace index_rows;
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
  auto head = decode_person_head(rows->front().value);
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

Expected<std::vector<std::uint64_t>> Indexes::sequences(const KvRead& kv, Index index, ByteView id,
                                                        const std::set<EntryKind>& kinds) const {
  auto rows = map_.find(kv, map_id(index), map_.mac(map_id(index), id));
  if (!rows) return tl::unexpected(rows.error());
  std::vector<std::uint64_t> out;
  for (const auto& row : *rows) {
    auto sequence = read_u64(row.suffix, 0);
    if (!sequence) return mismatch("a row is not of its index");
    auto kind = read_u16(row.value, 0);
    if (!kinds.empty() && (!kind || !kinds.contains(EntryKind(*kind)))) continue;
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

Expected<std::vector<PersonLink>> Indexes::links(const KvRead& kv, const PersonRef& person) const {
  const auto id = map_id(Index::links);
  auto rows = map_.find(kv, id, map_.mac(id, person.bytes()));
  if (!rows) return tl::unexpected(rows.error());
  std::vector<PersonLink> out;
  for (const auto& row : *rows) {
    auto link = decode_link(row.suffix, row.value);
    if (!link || link->person != person) return mismatch("a row is not of its index");
    out.push_back(*link);
  }
  return out;
}

Expected<Indexes::PeoplePage> Indexes::people_page(const KvRead& kv, ByteView from, std::size_t most) const {
  PeoplePage out;
  bool well_formed = true;
  auto next = map_.page(kv, map_id(Index::person), from, most, [&](ByteView, ByteView row) {
    auto head = decode_person_head(row);
    well_formed = head.has_value();
    if (head) out.entries.push_back(head->latest);
    return well_formed;
  });
  if (!next) return tl::unexpected(next.error());
  if (!well_formed) return mismatch("a row is not of its index");
  out.next = std::move(*next);
  return out;
}

Expected<std::vector<std::uint64_t>> Indexes::person_entries(const KvRead& kv) const {
  std::vector<std::uint64_t> out;
  bool well_formed = true;
  auto read = map_.for_each(kv, map_id(Index::person), [&](ByteView, ByteView row) {
    auto head = decode_person_head(row);
    well_formed = head.has_value();
    if (head) out.push_back(head->latest);
    return well_formed;
  });
  if (!read) return tl::unexpected(read.error());
  if (!well_formed) return mismatch("a row is not of its index");
  std::sort(out.begin(), out.end());
  return out;
}

Expected<std::vector<PersonLink>> Indexes::all_links(const KvRead& kv, LinkState state) const {
  std::vector<PersonLink> out;
  bool well_formed = true;
  auto read = map_.for_each(kv, map_id(Index::links), [&](ByteView key, ByteView row) {
    auto link = key.size() > PersonRef::size ? decode_link(key.last(PersonRef::size), row) : std::nullopt;
    well_formed = link.has_value();
    if (link && link->state == state && link->person < link->other) out.push_back(*link);
    return well_formed;
  });
  if (!read) return tl::unexpected(read.error());
  if (!well_formed) return mismatch("a row is not of its index");
  std::sort(out.begin(), out.end(), [](const auto& a, const auto& b) { return a.sequence < b.sequence; });
  return out;
}

Expected<std::uint64_t> Indexes::check(const KvRead& kv, Index index) const {
  std::uint64_t rows = 0;
  auto checked = map_.for_each(kv, map_id(index), [&](ByteView, ByteView) { return ++rows, true; });
  if (!checked) return tl::unexpected(checked.error());
  return rows;
}

}  // namespace ginnel
