// SPDX-License-Identifier: Apache-2.0
// What the node keeps: the ledger, its keys and its indexes behind one door for writing (Turn) and one for reading
// (StoreReader, which a Turn and a Snapshot both are).
//
// Thread: Store and Turn on the loop; a Snapshot on any one thread.
// Success: what a Turn appended is durable, indexed and provable once commit() returned; not before, and all of it.
// Failure: errors are values. `index-mismatch`, `entry-damaged` and `key-missing` say that the store cannot be trusted
//          about what was asked: show `unknown`, never `not-known`. After a failed commit the store is read-only: every
//          call answers `read-only` with the reason until a restart (it could not write the audit entry, DESIGN 6).
// Limits: node/store/limits.h.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "federation/base/clock.h"
#include "federation/base/crypto/secret.h"
#include "federation/base/error.h"
#include "federation/record/identity.h"
#include "federation/record/person.h"
#include "federation/record/record.h"
#include "node/gate/permit.h"
#include "node/store/consent_entry.h"
#include "node/store/entry.h"
#include "node/store/kv.h"
#include "node/store/label_reader.h"
#include "node/store/ledger.h"
#include "node/store/limits.h"
#include "node/store/refusal_entry.h"
#include "node/store/retention_entry.h"
#include "node/store/sealed_content.h"
#include "node/store/work_entry.h"

namespace ginnel {

// Who may read a person's identity without a decision: code that links or commits and lets no plaintext out (DESIGN 7).
class LinkToken {
 private:
  friend class Importer;
  friend class PersonFinder;
  friend class Matching;
  friend class TransferFile;  // to whom a transfer names the child, with a permit for the rest
  friend class Retentions;    // when somebody was born and died, and nothing else
  friend class StoreReader;
  friend class LinkTokenForTests;  // defined in tests/node/permit_for_tests.h only
  LinkToken() = default;
};

// Tables that no ledger entry makes again. Numbers are part of the stored format.
enum class SideTable : std::uint8_t {
  users = 1,
  sessions = 2,
  replay_ids = 3,
  tokens = 4,
  peers = 5,
  idempotency = 6,
  settings = 7,
  outbox = 8,           // node/notices: what waits to be told, and how it went
  inbox = 9,            // node/notices: what was told, and who took it up
  received_files = 10,  // node/view: peers' files, as long as a view keeps them
  kept_views = 11,      // node/view: how long that is
  erasures = 12,        // keys that tombstones name and that are to be destroyed (erasures.h)
  transfers = 13,       // node/transfer: what the other side has not shown yet, and how far the file is taken in
  recalls = 14,         // node/transfer: which members said what they hold since this incarnation began
  transfer_parts = 15,  // node/transfer: parts of the file, as they were made or came
};
inline constexpr std::uint8_t side_table_count = 15;

struct TreeHead {
  std::uint64_t size = 0;  // entries
  Hash root{};
  bool operator==(const TreeHead&) const = default;
};

struct OpenedEntry {
  EntryHeader header;
  Bytes body;           // empty when erased
  bool erased = false;  // its key was destroyed, and a tombstone says so
};

// Which markings somebody puts on and takes off.
struct MarkingChange {
  std::set<std::string> put_on, take_off;
};

// A file as it was kept.
struct StoredReport {
  std::vector<std::string> problems;  // for operators; the first limits::ledger_problems_max of them
  std::uint64_t problem_count = 0;
  bool only_indexes = true;  // a rebuild mends all of it
  bool whole = true;         // false: it was cut short
  bool good() const { return problem_count == 0; }
};

struct KeptFile {
  AttachmentKept kept;
  Bytes content;
};

// What a row of a source system was imported as.
template <class IdType>
struct Imported {
  IdType id;
  std::uint32_t version = 0;
  bool same_content = false;  // as the hash that was asked about
};

// What a person puts right in a record.
struct RecordChange {
  std::string headline, narrative;  // empty: as it was
  std::string reason;
  Author author;
};

// A version of a record that held at a past moment. Its label is what permission goes by now: the newest version's,
// with every marking and the highest sensitivity that any version from this one on has. When a version began to hold:
// the first, when its source recorded it (of a bare day, at that day's end) or else when the node had it; a later one,
// when the node had it.
struct PastRecord {
  RecordLabel label;
  Instant superseded_at;    // since when a later version holds, or none does; not set: it still holds
  bool taken_back = false;  // none does
};

// Whether others may be told of a record unasked: not of what a source brings the first time it is read. `progress`:
// what it replaces was right when it stood, so it is no correction.
enum class Tell : std::uint8_t { nobody, others, progress };

// What linking may know of a source's record: which it is, not what it says.
struct ToldRecord {
  RecordId id;
  std::string key;
  std::uint32_t version = 0;
  Date day;
  Hash content_hash{};
};

// Two people who may be one.
struct PossibleMatch {
  PersonRef one, other;
  std::uint64_t sequence = 0;  // of the entry
  Instant since;
  double score = 0;  // bits
  std::string reason;
};

struct ReturnIdentity {
  std::vector<Identifier> identifiers;
  Birth birth;
  Date death;
  Sex sex = Sex::unknown;
};

// By what it is computed how long what is held on somebody is kept.
struct Lifespan {
  Birth birth;
  Date death;
};

// Some of the people held, for who walks over everybody in their own time.
struct PeopleWalk {
  std::vector<PersonRef> people;
  Bytes next;  // where to go on; empty: these were the last
};

// Who somebody is, as far as a permit goes: no markings, no relationships, no keys of source systems.
struct PermittedPerson {
  Person person;            // all of whom they are merged with; `ref` stands for all
  std::size_t sources = 0;  // rows of source systems that tell of them
};

class StoreReader : public LabelReader {
 public:
  ~StoreReader() override;

  // People with any of these link keys, each once. Empty: verified, there is nobody. Merged people are one, told by the
  // one id that stands for all of them; what is read or audited under any of their ids is that of all.
  Expected<std::vector<PersonRef>> find_people(std::span<const std::string> link_keys) const;
  // The same without regard to merges: what linking compares, and what sources write to.
  Expected<std::vector<PersonRef>> find_unmerged(std::span<const std::string> link_keys) const;
  // Everybody who is one person with this one, itself too; the first stands for all. `no-person` if not held.
  Expected<std::vector<PersonRef>> merged_with(const PersonRef& person) const;
  // How the two stand to each other themselves; nothing: nobody ever said.
  Expected<std::optional<LinkState>> link_between(const PersonRef& one, const PersonRef& other) const;
  // The oldest possible matches that nobody decided on yet; reads the whole index of links.
  Expected<std::vector<PossibleMatch>> possible_matches(std::size_t most) const;
  Expected<std::vector<RecordLabel>> labels(const PersonRef& person) const override;
  // The versions that this node's agency had of them at a past moment, in the order of their entries: each with the
  // label by which it is to be decided now. Erased ones are left out.
  Expected<std::vector<PastRecord>> labels_at(const PersonRef& person, Instant moment) const;
  Expected<std::set<std::string>> markings(const PersonRef& person) const override;

  // The entries that tell of somebody last, one for each person held, oldest first; reads and authenticates the whole
  // index of people. Who it is: person_told_at(), also when a newer entry has come since; nothing once they are erased.
  Expected<std::vector<std::uint64_t>> person_entries() const;
  Expected<std::optional<PersonRef>> person_told_at(std::uint64_t sequence) const;
  // At most `most` people, from where the walk before ended (empty: from the beginning), in no order that says
  // anything; whoever comes or goes meanwhile may be met or not. Whom damage hides is passed over here, and noticed
  // elsewhere.
  Expected<PeopleWalk> walk_people(ByteView from, std::size_t most) const;
  // When they were born and died, as all of whom they are merged with say it.
  Expected<Lifespan> lifespan(const PersonRef& person, const LinkToken& token) const;

  // Of the child whom a record permitted at content is about, what a statutory return tells: no name, no address.
  // `no-record` if the record is not about `person`, or the permit is for less.
  Expected<ReturnIdentity> return_identity(const Permit& permit, const PersonRef& person) const;

  // The record, cut to the permit's step: headline has no fields, narrative or attachments. `no-record` if there is no
  // such record (verified) or it was erased.
  Expected<Record> read(const Permit& permit) const;

  // Who they are: names, birth, sex, NHS number and UPN, and open addresses where the permit has them. `no-person` if
  // the node does not hold them (any more).
  Expected<PermittedPerson> read(const PersonPermit& permit) const;
  // A file of the record that the permit is for, at content or above. `no-record` if the record has no such file, or
  // the permit is for less. It is what was kept, byte for byte, or `blob-damaged`.
  Expected<KeptFile> read_attachment(const Permit& permit, const AttachmentId& attachment) const;
  // By what a file of this content is found among those of the record; nothing: none was kept.
  Expected<std::optional<AttachmentId>> attachment_of(const RecordId& record, const Hash& sha256) const;

  // Whether the person is the one of commit_to(identity, salt), by NHS number or by any of their names and birth date.
  Expected<bool> is_committed(const PersonRef& person, const Hash& commitment, ByteView salt) const;
  Expected<PersonVersion> person(const PersonRef& person, const LinkToken& token) const;  // this id's own sources alone
  Expected<Person> whole_person(const PersonRef& person, const LinkToken& token) const;   // and of all merged with it
  // Where a record comes from; nothing of what it says. `no-record`.
  Expected<Source> source_of(const RecordId& record) const;
  // What (system, key) was imported as; nothing: verified, never.
  Expected<std::optional<Imported<PersonRef>>> person_by_source(std::string_view system, std::string_view key,
                                                                const Hash& content_hash) const;
  Expected<std::optional<Imported<RecordId>>> record_by_source(std::string_view system, std::string_view key,
                                                               const Hash& content_hash) const;

  // The person's current records that a system told under keys with this prefix, in the order of their keys.
  Expected<std::vector<ToldRecord>> told_records(const PersonRef& person, std::string_view system,
                                                 std::string_view key_prefix, const LinkToken& token) const;

  // Keys under which entries about somebody are sealed. `no-person` if the node does not hold them.
  KeyId node_key() const;
  Expected<KeyId> person_key(const PersonRef& person) const;

  // The audit's reading. Entries of the kinds person and record are not opened here (`needs-permit`).
  Expected<OpenedEntry> entry(std::uint64_t sequence) const;
  Expected<std::vector<std::uint64_t>> entries_of(const AskId& ask) const;
  Expected<std::vector<std::uint64_t>> entries_of(const ViewId& view) const;
  Expected<std::vector<std::uint64_t>> access_to(const PersonRef& person) const;  // asked, decided, disclosed, shown
  // The same, of these kinds alone; nothing is opened.
  Expected<std::vector<std::uint64_t>> access_to(const PersonRef& person, const std::set<EntryKind>& kinds) const;

  // Work (node/store/work_entry.h): sequences of the newest entry of each task, none twice; `entry` opens them. A
  // person counts with all whom they are merged with.
  Expected<std::vector<std::uint64_t>> active_tasks() const;  // reads the whole index
  Expected<std::vector<std::uint64_t>> tasks_of(const TaskHolder& holder, bool active) const;
  Expected<std::vector<std::uint64_t>> tasks_about(const PersonRef& person) const;
  // The task that came of an origin last, and its newest entry. Nothing: verified, there was none.
  Expected<std::optional<std::uint64_t>> task_from(std::string_view origin) const;
  Expected<std::vector<std::uint64_t>> task_history(const TaskId& task) const;  // oldest first; empty: no such task
  Expected<std::vector<std::uint64_t>> allocations_of(const PersonRef& person) const;  // every entry, oldest first
  Expected<std::vector<std::uint64_t>> allocations_to(const UserId& worker) const;
  Expected<std::vector<std::uint64_t>> allocation_history(const AllocationId& allocation) const;
  Expected<std::vector<std::uint64_t>> attachments(const AttachmentId& attachment) const;

  // Processes (node/store/process_entry.h). A person counts with all whom they are merged with.
  Expected<std::vector<ProcessId>> open_processes() const;  // that have not ended; reads the whole index
  Expected<std::vector<ProcessId>> processes_of(const PersonRef& person) const;
  // The sequences of its entries, oldest first; empty: no such process.
  Expected<std::vector<std::uint64_t>> process_entries(const ProcessId& process) const;

  // Transfers of the lead (node/store/transfer_entry.h), in the order of their ids: of a process, with a member on
  // either side, all.
  Expected<std::vector<std::uint64_t>> transfer_entries(const TransferId& transfer) const;  // oldest first
  Expected<std::vector<TransferId>> transfers_of(const ProcessId& process) const;
  Expected<std::vector<TransferId>> transfers_with(const MemberId& member) const;
  Expected<std::vector<TransferId>> transfers() const;

  // Decisions about consent (node/store/consent_entry.h): every entry, oldest first. A person counts with all whom they
  // are merged with.
  Expected<std::vector<std::uint64_t>> consents_of(const PersonRef& person) const;
  Expected<std::vector<std::uint64_t>> consent_history(const ConsentId& consent) const;  // empty: no such decision
  Expected<std::vector<std::uint64_t>> consents() const;  // about everybody; reads the whole index

  // Refusals to share (node/store/refusal_entry.h), likewise.
  Expected<std::vector<std::uint64_t>> refusals_of(const PersonRef& person) const;
  Expected<std::vector<std::uint64_t>> refusal_history(const RefusalId& refusal) const;
  Expected<std::vector<std::uint64_t>> refusals() const;

  // Holds and decisions on how long something is kept (node/store/retention_entry.h), likewise.
  Expected<std::vector<std::uint64_t>> retentions_of(const PersonRef& person) const;
  Expected<std::vector<std::uint64_t>> retention_history(const RetentionId& retention) const;
  Expected<std::vector<std::uint64_t>> retentions() const;
  // The holds on a person that stand, oldest first.
  Expected<std::vector<RetentionEntry>> holds_on(const PersonRef& person) const;
  // Whether a record can be erased while whom it is about stays: it was written with a time to keep of its own, and so
  // sealed under a key of its own, and all its earlier versions too.
  Expected<bool> goes_alone(const RecordId& record) const;

  // Proofs, and the sealed entries for an export. verify() computes everything again.
  TreeHead tree_head() const;
  Expected<Bytes> sealed_entry(std::uint64_t sequence) const;
  Expected<std::vector<Hash>> inclusion_proof(std::uint64_t sequence, std::uint64_t size) const;
  Expected<std::vector<Hash>> consistency_proof(std::uint64_t first, std::uint64_t second) const;
  Expected<LedgerReport> verify(const std::function<bool()>& go_on = {}) const;  // false: it is cut short
  // What stands beside the ledger: every row of every index, every side row, every file; nothing of them is told. An
  // index is made again by `ginnel store rebuild`; side rows and files are only in a backup.
  StoredReport verify_stored(const std::function<bool()>& go_on = {}) const;

  // Side rows: nothing if absent (verified).
  Expected<std::optional<Bytes>> side(SideTable table, ByteView key) const;
  Expected<std::vector<Bytes>> side_all(SideTable table) const;  // every value: for users, not for replay ids

 protected:
  friend class Store;
  friend class Rebuild;
  struct Parts;
  explicit StoreReader(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

// The writing of one turn of the loop. Reads see its own writes. Going without commit() leaves no trace.
class Turn : public StoreReader {
 public:
  ~Turn() override;
  Instant now() const;

  // Returns the entry's sequence. `body` comes from codec.h; the kinds person and record have their own calls below.
  Expected<std::uint64_t> append(EntryKind kind, const ActorId& actor, const KeyId& key, ByteView body);

  // The same for an Access, which then names also whom its person is merged with.
  Expected<std::uint64_t> append(EntryKind kind, const ActorId& actor, const KeyId& key, Access access);

  // A new person (ref empty: one is made and returned) or a new version of a known one.
  Expected<PersonRef> put_person(PersonVersion version, const ActorId& actor);
  // A new record; id empty: one is made and returned. Sealed for its one subject, or under a key of its own that each
  // subject's key opens: with several subjects, and where its label says how long it is kept. Every subject must be a
  // person of this store (`no-person`); `replaces` a record (`no-record`). It keeps the markings that people put on
  // what it replaces. If somebody asked about a subject before, News of it are left for node/notices; with Tell::nobody
  // only of what it replaces.
  Expected<RecordId> put_record(Record record, const ActorId& actor, Tell tell = Tell::others, std::string reason = {});

  // A new version of a record by a person of this node: the label, the subjects and what the change does not name stay.
  // Errors as those of put_record(), and `already-replaced`.
  Expected<RecordId> correct(const RecordId& record, const RecordChange& change, const ActorId& actor);

  // A record no longer holds, and nothing takes its place: it leaves the current ones of everybody it was about. The
  // entry stays, and says who took it back and why. `kind`: a word of the list `notice_kind`. Errors: `no-record`,
  // `already-replaced`.
  Expected<void> retract(const RecordId& record, std::string kind, std::string reason, const ActorId& actor);

  // Markings put on by people, and taken off: new versions of the person and of everybody who is one with them now, so
  // that an unmerge leaves them shut, or a new version of the record. Both survive whatever a source says later.
  // Errors: `no-person`, `no-record`, `not-marked` (nobody put on what is to be taken off), `too-many`.
  Expected<void> mark(const PersonRef& person, const MarkingChange& change, const ActorId& actor);
  Expected<RecordId> mark(const RecordId& record, const MarkingChange& change, const ActorId& actor);
  // Keeps a file that the record names: sealed under the record's key, in this turn's commit. The id says nothing of
  // the content to who has no key: the same file of another person has another. `bad-attachment` if the record does not
  // name it, or the content is another; limits::attachment_bytes_max. The content was sealed off the loop.
  Expected<AttachmentId> put_attachment(const RecordId& record, const Attachment& file, const SealedContent& content,
                                        const ActorId& actor);

  // Makes two people one, or proposes that they are (Merge::state); each keeps its own sources and records, now and
  // later. Errors: `no-person`, `same-person`, `already-merged`, `already-decided` (a proposal against what somebody
  // decided). SECURITY: whether they may be joined at all is the caller's to know (node/import/matching.h).
  Expected<void> merge(const Merge& merge, const ActorId& actor);
  // Undoes a merge or declines a possible match of exactly these two: `not-merged` if there is none.
  Expected<void> unmerge(const Unmerge& unmerge, const ActorId& actor);

  // The tombstone of a person, with all whom they are merged with: their rows leave every index, their records are
  // absent. What is about others too stays with those. After the commit, Store::destroy_keys() makes it final: with all
  // the keys that are returned. `held`: a hold stands on one of them, and who is to be asked.
  Expected<std::vector<KeyId>> bury(const PersonRef& person, std::string reason, const ActorId& actor);

  // The same for single records of a person, with all their earlier versions. `not-alone`: one of them cannot go
  // without the person (see goes_alone()); `held`; `no-record`.
  Expected<std::vector<KeyId>> bury_records(const PersonRef& person, std::span<const RecordId> records,
                                            std::string reason, const ActorId& actor);

  // The same for a view's own key, when its received copies are to go: what that key sealed leaves the indexes.
  Expected<void> bury_view(const ViewId& view, const KeyId& key, std::string reason, const ActorId& actor);

  // A fresh key for a view's entries and received copies. Costs no extra commit while the pool lasts.
  Expected<KeyId> new_key();
  // The key for one entry about several people: each one's own opens it, so that erasing one leaves it to the others.
  // Nobody: the node's.
  Expected<KeyId> key_for(std::span<const PersonRef> people);
  // The key for entries about somebody whom the node does not hold: the one of earlier asks, or a fresh one. The entry
  // sealed with it must be an Access with the same `identity`, else it is not found again.
  Expected<KeyId> subject_key(std::string_view canonical_identity);

  // Sealed, under an HMACed key, in this turn's commit. With `expires`, drop_expired() of a later turn removes it.
  Expected<void> put_side(SideTable table, ByteView key, ByteView plaintext, Instant expires = {});
  Expected<void> erase_side(SideTable table, ByteView key);
  // At most limits::side_expired_per_turn_max rows whose time is not after now(). A row of `linger.table` stays when
  // `linger.until` says until when, of what it holds.
  struct Linger {
    SideTable table;
    std::function<std::optional<Instant>(ByteView)> until;
  };
  Expected<std::size_t> drop_expired(const Linger* linger = nullptr);

  // Sealing and opening with a key of the table, for what stands outside the ledger (received copies).
  Expected<Bytes> seal_with(const KeyId& key, ByteView plaintext, ByteView also);
  Expected<Bytes> open_with(const KeyId& key, ByteView sealed, ByteView also) const;

  // Keys first, then entries, indexes and side rows as one. Afterwards the turn can do nothing more.
  Expected<void> commit();

 private:
  friend class Store;
  struct Writer;
  using StoreReader::StoreReader;
  Expected<RecordId> put_version(Record record, bool keep_markings, const ActorId& actor, Tell tell,
                                 std::string reason);
};

// Reads of the last commit, for another thread.
class Snapshot : public StoreReader {
 private:
  friend class Store;
  using StoreReader::StoreReader;
};

class Store {
 public:
  // Makes an empty store in two empty environments: a node key, a genesis entry, the indexes' first buckets.
  static Expected<void> create(Kv& ledger, Kv& keys, const SecretKey& root, Random& random, const MemberId& member,
                               std::uint64_t incarnation, Instant now);
  // Both environments and `random` must outlive the store. Errors: `wrong-root-key`, `not-a-store`, `ledger-cut`
  // (entries are missing at the end), or the engine's.
  static Expected<std::unique_ptr<Store>> open(Kv& ledger, Kv& keys, const SecretKey& root, Random& random);
  ~Store();

  Expected<std::unique_ptr<Turn>> begin(Instant now);  // one at a time: a second is a CHECK
  Expected<std::unique_ptr<Snapshot>> snapshot();

  // Makes fresh keys durable where they run low (a commit of the keys' environment for each kind that does). The loop
  // calls it between turns; while it imports, `people` keys are kept ready for people to come.
  bool wants_keys() const;
  Expected<void> refill_keys(std::size_t people = 0);

  // Destroys keys that committed tombstones name (`no-tombstone` otherwise), and all that only they opened; done
  // already: nothing happens. One commit of the keys' environment, which it rewrites as a whole. Between turns.
  Expected<void> destroy_keys(std::span<const KeyId> keys);

  const MemberId& member() const;
  std::uint64_t incarnation() const;
  TreeHead tree_head() const;
  bool read_only() const;
  std::string read_only_reason() const;

 private:
  friend class Turn;
  friend class StoreReader;
  friend class Rebuild;
  struct Parts;
  explicit Store(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

}  // namespace ginnel
