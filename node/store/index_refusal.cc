// SPDX-License-Identifier: Apache-2.0
#include "node/store/index_refusal.h"

#include <algorithm>

#include "node/store/codec.h"
#include "node/store/index_rows.h"

namespace ginnel {

using namespace index_rows;

namespace {

Bytes tagged(char tag, ByteView id) {
  Bytes key = {std::uint8_t(tag)};
  append(key, id);
  return key;
}

}  // namespace

Bytes refusal_key(const RefusalId& refusal) { return tagged('i', refusal.bytes()); }
Bytes refusals_of_key(const PersonRef& person) { return tagged('p', person.bytes()); }

Expected<void> RefusalRows::put(ByteView key, ByteView suffix) const {
  return map_.put(kv_, map_id(Index::refusal), map_.mac(map_id(Index::refusal), key), suffix, {});
}
Expected<void> RefusalRows::erase(ByteView key, ByteView suffix) const {
  return map_.erase(kv_, map_id(Index::refusal), map_.mac(map_id(Index::refusal), key), suffix);
}

Expected<void> RefusalRows::refusal(const EntryHeader& header, ByteView body) const {
  auto entry = decode_refusal(body);
  if (!entry) return tl::unexpected(entry.error());
  const Bytes sequence = sequence_bytes(header.sequence);
  if (auto done = put(refusals_of_key(entry->person), sequence); !done) return done;
  return put(refusal_key(entry->refusal), sequence);
}

Expected<void> RefusalRows::forget(const PersonRef& person, std::span<const KeyId> erased) const {
  auto sequences = suffixes(map_, kv_, Index::refusal, refusals_of_key(person));
  if (!sequences) return tl::unexpected(sequences.error());
  for (const auto& sequence : *sequences) {
    EntryHeader header;
    auto body = open_body_(*read_u64(sequence, 0), &header);
    if (!body) return tl::unexpected(body.error());
    if (std::find(erased.begin(), erased.end(), header.data_key) == erased.end()) continue;
    auto entry = decode_refusal(*body);
    if (!entry) return tl::unexpected(entry.error());
    auto done = erase(refusals_of_key(person), sequence);
    if (done) done = erase(refusal_key(entry->refusal), sequence);
    if (!done) return done;
  }
  return {};
}

}  // namespace ginnel
