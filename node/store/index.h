// SPDX-License-Identifier: Apache-2.0
// Everything that is found without reading the whole ledger. One writer, apply(): live appends and a rebuild alike.
//
// An index says where something stands, never what: values are ids, sequences and MACs. To add one: a line in
// `indexes`, and what apply() puts into it. docs/formats/index.md has the rows.
//
// Thread: any; no state but keys. Failure: `index-mismatch` (the caller shows `unknown`), or the engine's.
#pragma once

#include <array>
#include <functional>
#include <optional>
#include <set>
#include <string_view>
#include <vector>

#include "node/store/entry.h"
#include "node/store/index_map.h"

namespace ginnel {

// Numbers are part of the stored format.
enum class Index : std::uint8_t {
  identity = 1,         // link key -> people
  person = 2,           // person -> PersonHead
  record = 3,           // record -> sequence
  source = 4,           // system and key -> person or record
  subject = 5,          // identity of somebody not held -> data key
  ask = 6,              // ask -> sequences
  view = 7,             // view -> sequences
  access = 8,           // person -> sequences of who asked and saw
  erased = 9,           // data key -> sequence of its tombstone
  person_records = 10,  // person -> records; authenticated by the PersonHead instead of buckets
  links = 11,           // person -> people merged with them, proposed or kept apart
  task = 12,            // task -> sequences: its history
  task_origin = 13,     // origin -> the tasks that came of it
  task_holder = 14,     // user or role -> the tasks that they may act on, and those they closed
  task_person = 15,     // person -> tasks about them
  task_active = 16,     // task -> itself, while somebody has to do it
  allocation = 17,      // person, worker or allocation -> sequences
  attachment = 18,      // attachment -> sequences of the records that name it
  process = 19,         // process or person -> sequences; and which processes have not ended
  consent = 20,         // person or consent -> sequences
  refusal = 21,         // person or refusal to share -> sequences
  retention = 22,       // person, hold or decision on keeping -> sequences
  transfer = 23,        // transfer -> sequences; process or member -> transfers
};

struct IndexLine {
  Index index;
  std::string_view name;
  bool has_buckets;
};
inline constexpr std::array indexes = {
    IndexLine{Index::identity, "identity", true},
    IndexLine{Index::person, "person", true},
    IndexLine{Index::record, "record", true},
    IndexLine{Index::source, "source", true},
    IndexLine{Index::subject, "subject", true},
    IndexLine{Index::ask, "ask", true},
    IndexLine{Index::view, "view", true},
    IndexLine{Index::access, "access", true},
    IndexLine{Index::erased, "erased", true},
    IndexLine{Index::person_records, "person-records", false},
    IndexLine{Index::links, "links", true},
    IndexLine{Index::task, "task", true},
    IndexLine{Index::task_origin, "task-origin", true},
    IndexLine{Index::task_holder, "task-holder", true},
    IndexLine{Index::task_person, "task-person", true},
    IndexLine{Index::task_active, "task-active", true},
    IndexLine{Index::allocation, "allocation", true},
    IndexLine{Index::attachment, "attachment", true},
    IndexLine{Index::process, "process", true},
    IndexLine{Index::consent, "consent", true},
    IndexLine{Index::refusal, "refusal", true},
    IndexLine{Index::retention, "retention", true},
    IndexLine{Index::transfer, "transfer", true},
};

struct PersonHead {
  std::uint64_t latest = 0;  // sequence of their newest person entry
  KeyId key;
  std::uint64_t records = 0;  // rows in person_records, replaced ones too
  SetHash record_set;
};

struct PersonRecord {
  std::uint64_t sequence = 0;
  RecordId record;
  std::uint64_t replaced_by = 0;  // sequence; 0: current
};

// How one person stands to another; a row for each of the two.
struct PersonLink {
  PersonRef person, other;
  LinkState state = LinkState::proposed;
  std::uint64_t sequence = 0;  // of the entry that said so
};

// What a source's row was imported as: a person's or a record's id.
struct SourceRow {
  std::array<std::uint8_t, 16> id{};
  std::uint32_t version = 0;
  bool same_content = false;  // as the hash that was asked about
};

// A task's row: of task_origin the entry that opened it, otherwise its newest.
struct TaskRow {
  TaskId task;
  std::uint64_t sequence = 0;
};

class Indexes {
 public:
  using MapId = IndexMap::MapId;
  // Gives the opened body of an earlier entry, and its header where wanted. The ledger need not be in the environment
  // that is written to.
  using OpenBody = std::function<Expected<Bytes>(std::uint64_t sequence, EntryHeader* header)>;

  explicit Indexes(const SecretKey& root);

  Expected<void> create(KvWrite& kv) const;
  Expected<void> apply(KvWrite& kv, const EntryHeader& header, ByteView body, const OpenBody& open_body) const;

  // Authenticated lookups.
  Expected<std::vector<PersonRef>> people(const KvRead& kv, std::string_view link_key) const;
  Expected<std::optional<PersonHead>> person(const KvRead& kv, const PersonRef& person) const;
  Expected<std::vector<PersonRecord>> records_of(const KvRead& kv, const PersonRef& person,
                                                 const PersonHead& head) const;
  Expected<std::optional<std::uint64_t>> record(const KvRead& kv, const RecordId& record) const;
  Expected<std::optional<SourceRow>> source(const KvRead& kv, EntryKind kind, std::string_view system,
                                            std::string_view key, const Hash& content_hash) const;
  Expected<std::optional<KeyId>> subject(const KvRead& kv, std::string_view identity) const;
  // Of entries of these kinds; none named: of all.
  Expected<std::vector<std::uint64_t>> sequences(const KvRead& kv, Index index, ByteView id,
                                                 const std::set<EntryKind>& kinds = {}) const;
  // The newest entries of the tasks under a key of task_origin, task_holder or task_person; see index_work.h.
  Expected<std::vector<TaskRow>> tasks(const KvRead& kv, Index index, ByteView key) const;
  // Of every task that is active; reads and authenticates the whole index.
  Expected<std::vector<TaskRow>> active_tasks(const KvRead& kv) const;
  // Which processes have not ended, in the order of their ids; reads and authenticates the whole index.
  Expected<std::vector<ProcessId>> open_processes(const KvRead& kv) const;
  // Which processes are, or were, about a person; see index_process.h.
  Expected<std::vector<ProcessId>> processes_of(const KvRead& kv, const PersonRef& person) const;
  // Under a key of index_transfer.h, in the order of their ids.
  Expected<std::vector<TransferId>> transfers(const KvRead& kv, ByteView key) const;
  Expected<bool> is_erased(const KvRead& kv, const KeyId& key) const;

  // Every entry of an index of what was said about people (consent, refusal, retention), oldest first; reads and
  // authenticates the whole index.
  Expected<std::vector<std::uint64_t>> statements(const KvRead& kv, Index index) const;

  // In the order of the others' ids.
  Expected<std::vector<PersonLink>> links(const KvRead& kv, const PersonRef& person) const;
  // Sequence of each person's newest entry, in order; reads and authenticates the whole index.
  Expected<std::vector<std::uint64_t>> person_entries(const KvRead& kv) const;
  // The same a page at a time, for who walks over everybody in their own time: at most `most` of them from the row
  // `from` on (empty: the first), in no order that says anything. NOT authenticated as a whole: a person whose row
  // damage hides is passed over, which every lookup of them and `ginnel ledger verify` notice.
  struct PeoplePage {
    std::vector<std::uint64_t> entries;
    Bytes next;  // where the next page begins; empty: these were the last
  };
  Expected<PeoplePage> people_page(const KvRead& kv, ByteView from, std::size_t most) const;
  // Every link of this state, once each; reads and authenticates the whole index.
  Expected<std::vector<PersonLink>> all_links(const KvRead& kv, LinkState state) const;

  // Authenticates every row of an index and counts them.
  Expected<std::uint64_t> check(const KvRead& kv, Index index) const;

 private:
  class Applier;
  std::array<std::uint8_t, 16> content_mac(const Hash& content_hash) const;

  IndexMap map_;
  SecretKey content_key_;
};

}  // namespace ginnel
