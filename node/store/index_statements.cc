// SPDX-License-Identifier: Apache-2.0
#include "node/store/index_statements.h"

#include <algorithm>
#include <set>

#include "node/store/codec.h"
#include "node/store/index_rows.h"

namespace ginnel {

using namespace index_rows;

namespace {

// What the rows of an entry are found by.
struct Keys {
  Bytes by_id, by_person;
};

Expected<Keys> keys_of(Index index, ByteView body) {
  if (index == Index::consent) {
    auto entry = decode_consent(body);
    if (!entry) return tl::unexpected(entry.error());
    return Keys{statement_key(entry->consent.bytes()), statements_of_key(entry->person)};
  }
  if (index == Index::retention) {
    auto entry = decode_retention(body);
    if (!entry) return tl::unexpected(entry.error());
    return Keys{statement_key(entry->retention.bytes()), statements_of_key(entry->person)};
  }
  auto entry = decode_refusal(body);
  if (!entry) return tl::unexpected(entry.error());
  return Keys{statement_key(entry->refusal.bytes()), statements_of_key(entry->person)};
}

}  // namespace

Bytes statement_key(ByteView id) { return tagged('i', id); }
Bytes statements_of_key(const PersonRef& person) { return tagged('p', person.bytes()); }

Expected<std::vector<std::uint64_t>> Indexes::statements(const KvRead& kv, Index index) const {
  constexpr std::size_t sequence_size = 8;
  std::set<std::uint64_t> all;  // each stands under its id and under its person
  bool well_formed = true;
  auto read = map_.for_each(kv, map_id(index), [&](ByteView key, ByteView) {
    well_formed = key.size() > sequence_size;
    if (well_formed) all.insert(*read_u64(key, key.size() - sequence_size));
    return well_formed;
  });
  if (!read) return tl::unexpected(read.error());
  if (!well_formed) return mismatch("a row is not of its index");
  return std::vector<std::uint64_t>(all.begin(), all.end());
}

Expected<void> StatementRows::put(ByteView key, ByteView suffix) const {
  return map_.put(kv_, map_id(index_), map_.mac(map_id(index_), key), suffix, {});
}
Expected<void> StatementRows::erase(ByteView key, ByteView suffix) const {
  return map_.erase(kv_, map_id(index_), map_.mac(map_id(index_), key), suffix);
}

Expected<void> StatementRows::add(const EntryHeader& header, ByteView body) const {
  auto keys = keys_of(index_, body);
  if (!keys) return tl::unexpected(keys.error());
  const Bytes sequence = sequence_bytes(header.sequence);
  if (auto done = put(keys->by_person, sequence); !done) return done;
  return put(keys->by_id, sequence);
}

Expected<void> StatementRows::forget(const PersonRef& person, std::span<const KeyId> erased) const {
  auto sequences = suffixes(map_, kv_, index_, statements_of_key(person));
  if (!sequences) return tl::unexpected(sequences.error());
  for (const auto& sequence : *sequences) {
    EntryHeader header;
    auto body = open_body_(*read_u64(sequence, 0), &header);
    if (!body) return tl::unexpected(body.error());
    if (std::find(erased.begin(), erased.end(), header.data_key) == erased.end()) continue;
    auto keys = keys_of(index_, *body);
    if (!keys) return tl::unexpected(keys.error());
    auto done = erase(keys->by_person, sequence);
    if (done) done = erase(keys->by_id, sequence);
    if (!done) return done;
  }
  return {};
}

}  // namespace ginnel
