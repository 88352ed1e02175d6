// SPDX-License-Identifier: Apache-2.0
// What stands behind store.h, shared by store.cc, store_reader.cc and turn.cc alone.
#pragma once

#include <mutex>
#include <unordered_map>

#include "node/store/index.h"
#include "node/store/key_table.h"
#include "node/store/store.h"

namespace ginnel {

// What says that the disk, not the request, is at fault: nothing may be acknowledged after it.
inline bool is_engine_error(const Error& error) {
  for (const char* code : {"kv-failed", "map-full", "disk-full", "disk-failed", "not-writable", "pages-damaged"})
    if (error.code == code) return true;
  return false;
}

struct Store::Parts {
  Parts(Kv& ledger_kv, const SecretKey& root_key, Random& random_source);

  // Remembers why nothing may be acknowledged any more, and passes the error on.
  Error latch(const Error& error);
  Expected<void> check_writable() const;

  Kv& ledger;
  SecretKey root;
  Random& random;
  Indexes indexes;
  IndexMap side;
  SecretKey side_key;
  std::unique_ptr<KeyTable> keys;
  LedgerHead head;
  Instant latest;  // of the turns begun; after a start, the last entry's: keys are dated with it
  bool turn_open = false;

  mutable std::mutex latch_mutex;
  std::optional<Error> latched;
};

struct StoreReader::Parts {
  // Exactly one of the two is given.
  Parts(Store::Parts& store_parts, std::unique_ptr<KvRead> snapshot, std::unique_ptr<KvWrite> writer);

  Expected<SecretKey> data_key(const KeyId& id) const;
  // The body of an entry. `erased` where a tombstone says that its key was destroyed.
  Expected<Bytes> open_body(std::uint64_t sequence, EntryHeader* header = nullptr) const;
  Expected<PersonHead> head_of(const PersonRef& person) const;  // or `no-person`
  Expected<PersonVersion> version_of(const PersonRef& person) const;
  Expected<std::vector<PersonRef>> merged_with(const PersonRef& person) const;
  Expected<Record> record_at(std::uint64_t sequence, const RecordId& id) const;
  // The key that the record's entry is sealed with; nothing: verified, no such record.
  Expected<std::optional<KeyId>> key_of(const RecordId& record) const;
  Expected<void> check_readable() const;
  // Of Index::consent, Index::refusal and Index::retention (index_statements.h); oldest first.
  Expected<std::vector<std::uint64_t>> statements_of(Index index, const PersonRef& person) const;
  Expected<std::vector<std::uint64_t>> statement_history(Index index, ByteView id) const;
  Expected<std::vector<std::uint64_t>> all_statements(Index index) const;
  // A record and all that it replaced, newest first, with the key of each; nothing where one of them is sealed under a
  // key that other things are sealed under too, or is about others: then it cannot go alone.
  struct Alone {
    std::vector<RecordId> records;
    std::vector<KeyId> keys;
  };
  Expected<std::optional<Alone>> alone(const RecordId& record) const;
  Expected<KeptFile> open_file(const RecordId& record,
                               const AttachmentId& attachment) const;  // no permit: for whoever
                                                                       // checked one, or shows nothing

  // Of a turn: the files that the lost keys sealed, of somebody who is to be erased.
  Expected<void> erase_blobs(const PersonRef& person, const std::vector<KeyId>& lost);

  Bytes side_context(ByteView row_key, Instant expires) const;
  Expected<Bytes> open_side(ByteView row_key, ByteView row) const;

  Store::Parts& store;
  std::unique_ptr<KvRead> read_only;
  std::unique_ptr<KvWrite> write;
  const KvRead& kv;
  Frontier frontier;
  // Verified once, good for this reader's life: records never change, and a person keeps their key.
  mutable std::unordered_map<RecordId, Record> opened_records;
  mutable std::unordered_map<PersonRef, KeyId> person_keys;
  // Who is one with whom, as long as this reader lives or until it merges somebody.
  mutable std::unordered_map<PersonRef, std::vector<PersonRef>> groups;

  // A turn's.
  Instant now;
  NewKeys new_keys;
  std::vector<std::pair<KeyKind, KeyId>> taken_keys;
  std::unordered_map<std::string, KeyId> subject_keys;
  std::size_t entries = 0;
  std::optional<Error> failed;  // why this turn may not be committed
  bool committed = false;
};

}  // namespace ginnel
