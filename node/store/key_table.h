// SPDX-License-Identifier: Apache-2.0
// The data keys, in an environment of their own, each wrapped by the root key or by the keys of the people it is about.
//
// A key is durable before the entry that uses it: a NewKeys is written before the ledger's commit, so a crash between
// the two leaves keys that nothing uses, never an entry that nobody can open. docs/formats/key-table.md has the rows.
//
// Thread: open_key on any; all else on the loop.
// Failure: `key-missing` (no such row: erased, or hidden by damage; the ledger's tombstones tell which),
//          `key-damaged` (a row that does not open), or the engine's.
// Limits: limits::key_wraps_max, reserve_keys_max, open_keys_max.
#pragma once

#include <deque>
#include <mutex>
#include <span>
#include <unordered_map>
#include <vector>

#include "federation/base/clock.h"
#include "federation/base/crypto/secret.h"
#include "federation/base/error.h"
#include "federation/base/id.h"
#include "node/store/kv.h"

namespace ginnel {

// What a key was made for. Numbers are part of the stored format.
enum class KeyKind : std::uint8_t { person = 1, view = 2, node = 3, subject = 4, record = 5, spare = 6 };

// Keys that are not durable yet: made in a turn, usable in it, written by KeyTable::write before its entries.
class NewKeys {
 public:
  bool empty() const { return keys_.empty(); }
  const SecretKey* find(const KeyId& id) const;

 private:
  friend class KeyTable;
  std::unordered_map<KeyId, SecretKey> keys_;
  std::vector<std::pair<KeyId, Bytes>> rows_;
};

class KeyTable {
 public:
  // Writes an empty table with the node's key into an empty environment.
  static Expected<void> create(Kv& keys, const SecretKey& root, Random& random, Instant now);
  // `not-a-store`, `wrong-root-key`. The environment and `random` must outlive the table.
  static Expected<std::unique_ptr<KeyTable>> open(Kv& keys, const SecretKey& root, Random& random);

  // The key for entries that are about nobody.
  const KeyId& node_key() const { return node_key_; }
  Expected<SecretKey> open_key(const KeyId& id) const;

  // A key wrapped by the root key; or wrapped once under each of `wrappers` (id and secret), and by nothing else.
  KeyId add(NewKeys& to, KeyKind kind, Instant now);
  KeyId add_shared(NewKeys& to, KeyKind kind, Instant now, std::span<const std::pair<KeyId, SecretKey>> wrappers);
  Expected<void> write(const NewKeys& keys);  // one commit

  // Durable keys for later turns. The pool lives in memory: what a restart leaves over is never used (docs).
  Expected<void> refill(KeyKind pool, std::size_t up_to, Instant now);  // pool: person or spare; one commit
  std::size_t left(KeyKind pool) const;
  std::optional<KeyId> take(KeyKind pool);
  void give_back(KeyKind pool, const KeyId& id);  // of a turn that was not committed

  // The keys that nothing opens once these are gone, themselves first. Reads the whole table.
  Expected<std::vector<KeyId>> lost_with(std::span<const KeyId> ids) const;
  Expected<std::vector<KeyId>> lost_with(const KeyId& id) const { return lost_with(std::span(&id, 1)); }
  // Destroys keys: every other row is wrapped anew under the next version of the root wrapping key, without the wraps
  // that the erased ones made; keys that only they could open go with them. One commit, whatever their number; ids that
  // are not in the table are passed over. The node's key stays: `cannot-erase`.
  Expected<void> erase(std::span<const KeyId> ids);

 private:
  KeyTable(Kv& keys, const SecretKey& root, Random& random) : keys_(keys), root_(root), random_(random) {}
  Bytes head_row(std::uint32_t wrapping_version) const;
  Expected<SecretKey> open_row(const KeyId& id, ByteView row) const;
  std::deque<KeyId>& pool(KeyKind kind);

  Kv& keys_;
  SecretKey root_;
  Random& random_;
  std::uint32_t wrapping_version_ = 1;
  KeyId node_key_;
  std::deque<KeyId> people_, spares_;
  mutable std::mutex opened_mutex_;
  mutable std::unordered_map<KeyId, SecretKey> opened_;
};

}  // namespace ginnel
