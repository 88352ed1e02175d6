// SPDX-License-Identifier: Apache-2.0
#include "node/store/index_consent.h"

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

Bytes consent_key(const ConsentId& consent) { return tagged('i', consent.bytes()); }
Bytes consents_of_key(const PersonRef& person) { return tagged('p', person.bytes()); }

Expected<void> ConsentRows::put(ByteView key, ByteView suffix) const {
  return map_.put(kv_, map_id(Index::consent), map_.mac(map_id(Index::consent), key), suffix, {});
}
Expected<void> ConsentRows::erase(ByteView key, ByteView suffix) const {
  return map_.erase(kv_, map_id(Index::consent), map_.mac(map_id(Index::consent), key), suffix);
}

Expected<void> ConsentRows::consent(const EntryHeader& header, ByteView body) const {
  auto entry = decode_consent(body);
  if (!entry) return tl::unexpected(entry.error());
  const Bytes sequence = sequence_bytes(header.sequence);
  if (auto done = put(consents_of_key(entry->person), sequence); !done) return done;
  return put(consent_key(entry->consent), sequence);
}

Expected<void> ConsentRows::forget(const PersonRef& person, std::span<const KeyId> erased) const {
  auto sequences = suffixes(map_, kv_, Index::consent, consents_of_key(person));
  if (!sequences) return tl::unexpected(sequences.error());
  for (const auto& sequence : *sequences) {
    EntryHeader header;
    auto body = open_body_(*read_u64(sequence, 0), &header);
    if (!body) return tl::unexpected(body.error());
    if (std::find(erased.begin(), erased.end(), header.data_key) == erased.end()) continue;
    auto entry = decode_consent(*body);
    if (!entry) return tl::unexpected(entry.error());
    auto done = erase(consents_of_key(person), sequence);
    if (done) done = erase(consent_key(entry->consent), sequence);
    if (!done) return done;
  }
  return {};
}

}  // namespace ginnel
