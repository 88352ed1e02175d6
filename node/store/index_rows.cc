// SPDX-License-Identifier: Apache-2.0
#include "node/store/index_rows.h"

#include <algorithm>

namespace ginnel::index_rows {

tl::unexpected<Error> mismatch(const char* why) {
  return fail("index-mismatch", "cannot trust an index", why,
              "stop the node and run `ginnel store rebuild`; until then the answer is unknown");
}

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

Bytes source_key(EntryKind kind, std::string_view system, std::string_view key) {
  Bytes bytes = {std::uint8_t(kind == EntryKind::person ? 'P' : 'R')};
  append(bytes, view_of(system));
  bytes.push_back(0);  // no system's name holds one
  append(bytes, view_of(key));
  return bytes;
}

}  // namespace ginnel::index_rows
