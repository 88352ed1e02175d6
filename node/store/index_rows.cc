// SPDX-License-Identifier: Apache-2.0
#include "node/store/index_rows.h"

#include <algorithm>

namespace ginnel::index_rows {

tl::unexpected<Error> mismatch(const char* why) {
  return fail("index-mismatch", "cannot trust an index", why,
              "stop the node and run `ginnel store rebuild`; until then the answer is unknown");
}

Expected<std::vector<Bytes>> suffixes(const IndexMap& map, const KvRead& kv, Index index, ByteView key,
                                      std::size_t bytes) {
  const Bytes prefix = map.row_key(map_id(index), map.mac(map_id(index), key), {});
  std::vector<Bytes> out;
  bool well_formed = true;
  auto scanned = kv.scan_prefix(Table::index_rows, prefix, [&](ByteView row_key, ByteView) {
    out.push_back(copy_of(row_key.subspan(prefix.size())));
    well_formed = well_formed && out.back().size() == bytes;
    return well_formed;
  });
  if (!scanned) return tl::unexpected(scanned.error());
  if (!well_formed) return mismatch("a row is not of its index");
  return out;
}

Bytes tagged(char tag, ByteView rest) {
  Bytes key = {std::uint8_t(tag)};
  append(key, rest);
  return key;
}

Bytes sequence_bytes(std::uint64_t sequence) {
  Bytes bytes;
  put_u64(bytes, sequence);
  return bytes;
}

Bytes encode_person_head(const PersonHead& head) {
  Bytes row;
  put_u64(row, head.latest);
  append(row, head.key.bytes());
  put_u64(row, head.records);
  append(row, head.record_set.bytes());
  return row;
}

std::optional<PersonHead> decode_person_head(ByteView row) {
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

Bytes encode_link(const PersonLink& link) {
  Bytes row = copy_of(link.person.bytes());
  put_u64(row, std::uint64_t(link.state) << 56);
  put_u64(row, link.sequence);
  return row;
}

std::optional<PersonLink> decode_link(ByteView suffix, ByteView row) {
  if (row.size() != link_row_bytes) return std::nullopt;
  const auto person = PersonRef::from(row.first(PersonRef::size)), other = PersonRef::from(suffix);
  const std::uint64_t state = *read_u64(row, PersonRef::size) >> 56;
  if (!person || !other || state > std::uint64_t(LinkState::apart)) return std::nullopt;
  return PersonLink{*person, *other, LinkState(state), *read_u64(row, PersonRef::size + 8)};
}

Bytes source_key(EntryKind kind, std::string_view system, std::string_view key) {
  Bytes bytes = {std::uint8_t(kind == EntryKind::person ? 'P' : 'R')};
  append(bytes, view_of(system));
  bytes.push_back(0);  // no system's name holds one
  append(bytes, view_of(key));
  return bytes;
}

}  // namespace ginnel::index_rows
