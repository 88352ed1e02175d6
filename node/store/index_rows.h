// SPDX-License-Identifier: Apache-2.0
// The values of index rows as docs/formats/index.md has them; for node/store/index*.cc alone.
#pragma once

#include "node/store/index.h"

namespace ginnel::index_rows {

inline constexpr std::size_t head_bytes = 8 + KeyId::size + 8 + sizeof(Hash);
inline constexpr std::size_t person_record_bytes = RecordId::size + 8;
inline constexpr std::size_t source_row_bytes = 16 + 8 + 16;

tl::unexpected<Error> mismatch(const char* why);

// The suffixes of the rows under a key: sequences, unless another size is told.
Expected<std::vector<Bytes>> suffixes(const IndexMap& map, const KvRead& kv, Index index, ByteView key,
                                      std::size_t bytes = 8);

inline IndexMap::MapId map_id(Index index) { return IndexMap::MapId(index); }

Bytes sequence_bytes(std::uint64_t sequence);

// A logical key of an index that has several kinds of them.
Bytes tagged(char tag, ByteView rest);

// latest u64 | key 16 | records u64 | set hash 32
Bytes encode_person_head(const PersonHead& head);
std::optional<PersonHead> decode_person_head(ByteView row);

// record 16 | replaced by u64
Bytes encode_person_record(const RecordId& record, std::uint64_t replaced_by);

// person 16 | state 1 | zero 7 | sequence u64
inline constexpr std::size_t link_row_bytes = PersonRef::size + 8 + 8;
Bytes encode_link(const PersonLink& link);
std::optional<PersonLink> decode_link(ByteView suffix, ByteView row);

// People and records of one system may share a key: the kind, person or record, keeps them apart.
Bytes source_key(EntryKind kind, std::string_view system, std::string_view key);

}  // namespace ginnel::index_rows
