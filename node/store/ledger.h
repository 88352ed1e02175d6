// SPDX-License-Identifier: Apache-2.0
// Sealed entries, one after another, under a Merkle tree: docs/formats/ledger.md.
//
// Thread: any; no state. Writing goes through Turn alone.
// Failure: `entry-missing`, `entry-damaged`, `key-missing`, `ledger-damaged` (the head row), or the engine's.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "federation/base/clock.h"
#include "federation/base/crypto/secret.h"
#include "federation/base/error.h"
#include "node/store/entry.h"
#include "node/store/kv.h"
#include "node/store/merkle.h"

namespace ginnel {

Bytes encode_header(const EntryHeader& header);
// From the first 64 bytes of an entry. `entry-damaged` if they are not a header of this version.
Expected<EntryHeader> decode_header(ByteView entry);

Bytes seal_entry(const EntryHeader& header, ByteView body, const SecretKey& key, Random& random);
// Opens the body of an entry whose header is `header`.
Expected<Bytes> open_entry(const EntryHeader& header, ByteView entry, const SecretKey& key);

// Whose ledger this is and how far it goes; one row, authenticated by a key derived from the root key.
struct LedgerHead {
  MemberId member;
  std::uint64_t incarnation = 1;
  Frontier frontier;
};
Bytes encode_ledger_head(const LedgerHead& head, const SecretKey& root);
Expected<LedgerHead> read_ledger_head(const KvRead& kv, const SecretKey& root);
Expected<void> write_ledger_head(KvWrite& kv, const LedgerHead& head, const SecretKey& root);

// Adds an entry at frontier.size(), with the complete subtrees that are stored.
Expected<void> append_entry(KvWrite& kv, Frontier& frontier, ByteView entry);
// The entry as stored, its header checked to be the one of `sequence`.
Expected<Bytes> read_entry(const KvRead& kv, std::uint64_t sequence);
// The stored complete subtrees, and those small ones that are computed from entries. `kv` must outlive it.
Subtree stored_subtrees(const KvRead& kv);

struct LedgerReport {
  std::uint64_t entries = 0;
  Hash root{};
  std::uint64_t opened = 0;
  std::uint64_t erased = 0;           // bodies whose key a tombstone says was destroyed
  std::vector<std::string> problems;  // for operators; the first limits::ledger_problems_max of them
  std::uint64_t problem_count = 0;
  bool whole = true;  // false: it was cut short, and the root could not be compared
  bool good() const { return problem_count == 0; }
};

// Computes everything again: headers in order, leaf hashes, stored subtrees, the root, and every body that a key opens.
// An error only when the store cannot be read at all. `go_on` is asked every thousand entries or so.
Expected<LedgerReport> verify_ledger(const KvRead& kv, const LedgerHead& head,
                                     const std::function<Expected<SecretKey>(const KeyId&)>& open_key,
                                     const std::function<Expected<bool>(const KeyId&)>& is_erased,
                                     const std::function<bool()>& go_on = {});

}  // namespace ginnel
