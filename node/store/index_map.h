// SPDX-License-Identifier: Apache-2.0
// Maps whose answers are authenticated, misses too: what damage hides is noticed, never taken for "not there".
//
// A map's rows are divided into buckets by the leading bits of their HMACed keys; each bucket has a MACed count and set
// hash of its rows, in another table. A lookup recomputes its bucket and compares. A bucket with more than
// limits::index_bucket_rows_max rows is divided in sixteen, so a lookup costs the same at a hundred rows and at ten
// million. The division follows from the rows alone, not from their history. docs/formats/index.md has the layout.
//
// Thread: any; no state but keys and a hint. Failure: `index-mismatch`, or the engine's.
// SECURITY: writing trusts no row it reads: a set hash changes by what was read and what is put, so tampering stays
// noticed by every later lookup of its bucket.
#pragma once

#include <array>
#include <atomic>
#include <optional>
#include <vector>

#include "federation/base/crypto/secret.h"
#include "federation/base/error.h"
#include "node/store/kv.h"

namespace ginnel {

// Addition modulo 2^256: a hash of a set that forgets the order and can be changed row by row.
class SetHash {
 public:
  SetHash() = default;
  static SetHash of(const Hash& bytes);  // big-endian
  void add(const Hash& row);
  void remove(const Hash& row);
  Hash bytes() const;
  bool operator==(const SetHash&) const = default;

 private:
  std::array<std::uint64_t, 4> limbs_{};  // least significant first
};

struct IndexRow {
  Bytes suffix;
  Bytes value;
};

class IndexMap {
 public:
  using MapId = std::uint8_t;
  using Mac = std::array<std::uint8_t, 16>;  // stands for a logical key

  // Many maps share the two tables, each with a number of its own below 255.
  IndexMap(Table rows, Table buckets, const SecretKey& key);

  Mac mac(MapId map, ByteView logical_key) const;
  Bytes row_key(MapId map, const Mac& mac, ByteView suffix) const;  // map | mac | suffix
  Hash row_hash(ByteView row_key, ByteView value) const;

  Expected<void> create(KvWrite& kv, MapId map) const;
  // Several rows under one key differ in their suffix.
  Expected<void> put(KvWrite& kv, MapId map, const Mac& mac, ByteView suffix, ByteView value) const;
  Expected<void> erase(KvWrite& kv, MapId map, const Mac& mac, ByteView suffix) const;

  // All rows of the key, in the order of their suffixes. Authenticated.
  Expected<std::vector<IndexRow>> find(const KvRead& kv, MapId map, const Mac& mac) const;
  // One row as it stands. NOT authenticated: for read-change-write only, see SECURITY above.
  Expected<std::optional<Bytes>> peek(const KvRead& kv, MapId map, const Mac& mac, ByteView suffix) const;
  // At most `most` rows in key order, from the row key `from` on (empty: the first); gives where the next page begins
  // (empty: these were the last). NOT authenticated: what is found so is looked up again before it is believed.
  Expected<Bytes> page(const KvRead& kv, MapId map, ByteView from, std::size_t most, const KvRead::Row& row) const;
  // Every row of the map in key order, after the whole map was authenticated.
  Expected<void> for_each(const KvRead& kv, MapId map, const KvRead::Row& row) const;

 private:
  struct Place;  // of a bucket in the division
  struct Bucket;
  struct HashedRow;
  Hash bucket_mac(ByteView bucket_key, const Bucket& bucket) const;
  Expected<std::optional<Bucket>> read_bucket(const KvRead& kv, const Place& place) const;
  Expected<void> write_bucket(KvWrite& kv, const Place& place, const Bucket& bucket) const;
  Expected<std::pair<Place, Bucket>> bucket_of(const KvRead& kv, MapId map, const Mac& mac) const;
  Expected<std::vector<HashedRow>> verified_rows(const KvRead& kv, const Place& place, const Bucket& bucket) const;
  Expected<void> divide(KvWrite& kv, const Place& place, std::vector<HashedRow> rows) const;
  Expected<void> join(KvWrite& kv, Place place) const;
  Expected<void> check(const KvRead& kv, const Place& place) const;

  Table rows_, buckets_;
  SecretKey key_mac_key_, row_key_, bucket_key_;
  mutable std::array<std::atomic<std::uint8_t>, 255> depths_{};  // where a map's keys were found of late: a hint
};

}  // namespace ginnel
