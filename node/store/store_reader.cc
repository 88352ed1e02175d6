// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <map>
#include <set>

#include "federation/base/check.h"
#include "federation/base/crypto/hash.h"
#include "federation/base/crypto/seal.h"
#include "federation/record/person_union.h"
#include "federation/wire/record_codec.h"
#include "node/store/codec.h"
#include "node/store/store_parts.h"

namespace ginnel {
namespace {

tl::unexpected<Error> no_record() {
  return fail("no-record", "cannot read the record", "the node holds no such record", "");
}

// All markings stand in the label for whoever reads; which of them people put on is for writing alone.
void unite_markings(Record& record) { record.label.markings.merge(record.markings_by_person); }

Record cut_to(Record record, Step step) {
  unite_markings(record);
  if (step >= Step::content) return record;
  record.fields.clear();
  record.narrative.clear();
  record.attachments.clear();
  return record;
}

}  // namespace

StoreReader::Parts::Parts(Store::Parts& store_parts, std::unique_ptr<KvRead> snapshot, std::unique_ptr<KvWrite> writer)
    : store(store_parts),
      read_only(std::move(snapshot)),
      write(std::move(writer)),
      kv(write ? static_cast<const KvRead&>(*write) : *read_only) {}

StoreReader::StoreReader(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
StoreReader::~StoreReader() = default;

Expected<void> StoreReader::Parts::check_readable() const {
  CHECK(!committed);
  return store.check_writable();
}

Expected<SecretKey> StoreReader::Parts::data_key(const KeyId& id) const {
  if (const SecretKey* made = new_keys.find(id)) return *made;
  return store.keys->open_key(id);
}

Expected<Bytes> StoreReader::Parts::open_body(std::uint64_t sequence, EntryHeader* header_out) const {
  auto entry = read_entry(kv, sequence);
  if (!entry) return entry;
  auto header = decode_header(*entry);
  if (!header) return tl::unexpected(header.error());
  if (header_out != nullptr) *header_out = *header;
  auto key = data_key(header->data_key);
  if (!key) {
    if (key.error().code != "key-missing") return tl::unexpected(key.error());
    auto erased = store.indexes.is_erased(kv, header->data_key);
    if (!erased) return tl::unexpected(erased.error());
    if (*erased) return fail("erased", "cannot open a ledger entry", "what it said was erased", "");
    return tl::unexpected(key.error());
  }
  return open_entry(*header, *entry, *key);
}

Expected<PersonHead> StoreReader::Parts::head_of(const PersonRef& person) const {
  auto head = store.indexes.person(kv, person);
  if (!head) return tl::unexpected(head.error());
  if (!*head) return fail("no-person", "cannot find the person", "the node holds no such person", "");
  return **head;
}

Expected<PersonVersion> StoreReader::Parts::version_of(const PersonRef& person) const {
  auto head = head_of(person);
  if (!head) return tl::unexpected(head.error());
  auto body = open_body(head->latest);
  if (!body) return tl::unexpected(body.error());
  auto version = decode_person_version(*body);
  if (version && version->person.ref != person)
    return fail("index-mismatch", "cannot find the person", "their index row names another's entry",
                "run `ginnel store rebuild`");
  return version;
}

Expected<Record> StoreReader::Parts::record_at(std::uint64_t sequence, const RecordId& id) const {
  if (auto opened = opened_records.find(id); opened != opened_records.end()) return opened->second;
  auto body = open_body(sequence);
  if (!body) return tl::unexpected(body.error());
  auto record = decode_record(*body);
  wipe(body->data(), body->size());
  if (!record) return record;
  if (record->id != id)
    return fail("index-mismatch", "cannot read a record", "its index row names another's entry",
                "run `ginnel store rebuild`");
  if (opened_records.size() < limits::opened_records_max) opened_records.emplace(id, *record);
  return record;
}

// Follows the links from one to the next. The least id stands for all: it is the same whoever is asked about.
Expected<std::vector<PersonRef>> StoreReader::Parts::merged_with(const PersonRef& person) const {
  if (auto known = groups.find(person); known != groups.end()) return known->second;
  std::set<PersonRef> group = {person};
  std::vector<PersonRef> to_follow = {person};
  while (!to_follow.empty()) {
    auto links = store.indexes.links(kv, to_follow.back());
    if (!links) return tl::unexpected(links.error());
    to_follow.pop_back();
    for (const auto& link : *links)
      if (link.state == LinkState::merged && group.insert(link.other).second) to_follow.push_back(link.other);
    if (group.size() > limits::merged_people_max)
      return fail("too-many", "cannot read the person", "too many people are merged with them",
                  "undo some of the merges");
  }
  std::vector<PersonRef> out(group.begin(), group.end());
  if (groups.size() >= limits::opened_records_max) groups.clear();
  groups.emplace(person, out);
  return out;
}

Expected<std::vector<PersonRef>> StoreReader::merged_with(const PersonRef& person) const {
  if (auto readable = parts_->check_readable(); !readable) return tl::unexpected(readable.error());
  if (auto head = parts_->head_of(person); !head) return tl::unexpected(head.error());
  return parts_->merged_with(person);
}

Expected<std::optional<LinkState>> StoreReader::link_between(const PersonRef& one, const PersonRef& other) const {
  if (auto readable = parts_->check_readable(); !readable) return tl::unexpected(readable.error());
  auto links = parts_->store.indexes.links(parts_->kv, one);
  if (!links) return tl::unexpected(links.error());
  for (const auto& link : *links)
    if (link.other == other) return std::optional(link.state);
  return std::optional<LinkState>();
}

Expected<std::vector<PossibleMatch>> StoreReader::possible_matches(std::size_t most) const {
  if (auto readable = parts_->check_readable(); !readable) return tl::unexpected(readable.error());
  auto links = parts_->store.indexes.all_links(parts_->kv, LinkState::proposed);
  if (!links) return tl::unexpected(links.error());
  std::vector<PossibleMatch> out;
  for (const auto& link : *links) {
    if (out.size() == most) break;
    auto group = parts_->merged_with(link.person);
    if (!group) return tl::unexpected(group.error());
    if (std::find(group->begin(), group->end(), link.other) != group->end()) continue;  // joined by way of a third
    EntryHeader header;
    auto body = parts_->open_body(link.sequence, &header);
    if (!body) return tl::unexpected(body.error());
    auto merge = decode_merge(*body);
    if (!merge) return tl::unexpected(merge.error());
    out.push_back({merge->one, merge->other, link.sequence, header.time, merge->score_centibits / 100.0,
                   std::move(merge->reason)});
  }
  return out;
}

Expected<std::vector<PersonRef>> StoreReader::find_people(std::span<const std::string> link_keys) const {
  auto found = find_unmerged(link_keys);
  if (!found) return found;
  std::set<PersonRef> people;
  for (const auto& person : *found) {
    auto group = parts_->merged_with(person);
    if (!group) return group;
    people.insert(group->front());
  }
  return std::vector<PersonRef>(people.begin(), people.end());
}

Expected<std::vector<PersonRef>> StoreReader::find_unmerged(std::span<const std::string> link_keys) const {
  if (auto readable = parts_->check_readable(); !readable) return tl::unexpected(readable.error());
  std::set<PersonRef> people;
  for (const auto& key : link_keys) {
    if (key.empty() || key.size() > limits::link_key_bytes_max)
      return fail("too-long", "cannot look a person up", "a link key is empty or too long", "");
    auto found = parts_->store.indexes.people(parts_->kv, key);
    if (!found) return tl::unexpected(found.error());
    people.insert(found->begin(), found->end());
    if (people.size() > limits::found_people_max)
      return fail("too-many", "cannot look a person up", "too many people fit", "say more of the person");
  }
  return std::vector<PersonRef>(people.begin(), people.end());
}

Expected<std::vector<RecordLabel>> StoreReader::labels(const PersonRef& person) const {
  if (auto readable = parts_->check_readable(); !readable) return tl::unexpected(readable.error());
  auto group = merged_with(person);
  if (!group) return tl::unexpected(group.error());
  std::map<std::uint64_t, PersonRecord> current;  // by entry: a record about two who are one comes once
  for (const auto& one : *group) {
    auto head = parts_->head_of(one);
    if (!head) return tl::unexpected(head.error());
    auto rows = parts_->store.indexes.records_of(parts_->kv, one, *head);
    if (!rows) return tl::unexpected(rows.error());
    for (const auto& row : *rows)
      if (row.replaced_by == 0) current.emplace(row.sequence, row);
  }
  std::vector<RecordLabel> labels;
  for (const auto& [sequence, row] : current) {
    auto record = parts_->record_at(row.sequence, row.record);
    if (!record) {
      if (record.error().code == "erased") continue;
      return tl::unexpected(record.error());
    }
    unite_markings(*record);
    labels.push_back(
        {record->id, std::move(record->kind), std::move(record->label), record->occurred, std::move(record->subjects)});
  }
  return labels;
}

Expected<std::vector<PastRecord>> StoreReader::labels_at(const PersonRef& person, Instant moment) const {
  if (auto readable = parts_->check_readable(); !readable) return tl::unexpected(readable.error());
  auto group = merged_with(person);
  if (!group) return tl::unexpected(group.error());
  std::map<std::uint64_t, PersonRecord> versions;  // by entry
  for (const auto& one : *group) {
    auto head = parts_->head_of(one);
    if (!head) return tl::unexpected(head.error());
    auto rows = parts_->store.indexes.records_of(parts_->kv, one, *head);
    if (!rows) return tl::unexpected(rows.error());
    for (const auto& row : *rows) versions.emplace(row.sequence, row);
  }
  const auto time_of = [&](std::uint64_t sequence) -> Expected<Instant> {
    auto entry = read_entry(parts_->kv, sequence);
    if (!entry) return tl::unexpected(entry.error());
    auto header = decode_header(*entry);
    if (!header) return tl::unexpected(header.error());
    return header->time;
  };
  std::vector<PastRecord> held;
  for (const auto& [sequence, row] : versions) {
    auto since = time_of(sequence);
    if (!since) return tl::unexpected(since.error());
    auto record = parts_->record_at(sequence, row.record);
    if (!record) {
      if (record.error().code == "erased") continue;
      return tl::unexpected(record.error());
    }
    const Instant at_source = record->recorded_at_source.end();
    if (record->replaces.empty() && at_source.is_set()) since = std::min(*since, at_source);
    if (*since > moment) continue;
    PastRecord past;
    if (row.replaced_by != 0) {
      auto until = time_of(row.replaced_by);
      if (!until) return tl::unexpected(until.error());
      if (*until <= moment) continue;
      past.superseded_at = *until;
    }
    unite_markings(*record);
    past.label = {record->id, record->kind, record->label, record->occurred, record->subjects};
    // INVARIANT: each version is followed by a later entry, so this ends.
    const PersonRecord* version = &row;
    while (version->replaced_by != 0) {
      auto next = versions.find(version->replaced_by);
      past.taken_back = next == versions.end();
      if (past.taken_back) break;
      version = &next->second;
      auto later = parts_->record_at(version->sequence, version->record);
      if (!later && later.error().code == "erased") continue;
      if (!later) return tl::unexpected(later.error());
      unite_markings(*later);
      // SECURITY: what was put right about a record since, is right of its earlier versions too.
      Label now = later->label;
      now.markings.merge(past.label.label.markings);
      now.sensitivity = std::max(now.sensitivity, past.label.label.sensitivity);
      past.label.label = std::move(now);
    }
    held.push_back(std::move(past));
  }
  return held;
}

Expected<std::set<std::string>> StoreReader::markings(const PersonRef& person) const {
  if (auto readable = parts_->check_readable(); !readable) return tl::unexpected(readable.error());
  auto group = merged_with(person);
  if (!group) return tl::unexpected(group.error());
  std::set<std::string> markings;
  for (const auto& one : *group) {
    auto version = parts_->version_of(one);
    if (!version) return tl::unexpected(version.error());
    markings.merge(version->person.markings_by_source);
    markings.merge(version->person.markings_by_person);
  }
  return markings;
}

Expected<Record> StoreReader::read(const Permit& permit) const {
  if (auto readable = parts_->check_readable(); !readable) return tl::unexpected(readable.error());
  // SECURITY: a permit below headline does not exist, and gives nothing if one ever should.
  if (permit.step() < Step::headline) return no_record();
  if (auto opened = parts_->opened_records.find(permit.record()); opened != parts_->opened_records.end())
    return cut_to(opened->second, permit.step());
  auto sequence = parts_->store.indexes.record(parts_->kv, permit.record());
  if (!sequence) return tl::unexpected(sequence.error());
  if (!*sequence) return no_record();
  auto record = parts_->record_at(**sequence, permit.record());
  if (!record && record.error().code == "erased") return no_record();
  if (!record) return record;
  return cut_to(std::move(*record), permit.step());
}

Expected<std::vector<ToldRecord>> StoreReader::told_records(const PersonRef& person, std::string_view system,
                                                            std::string_view key_prefix, const LinkToken&) const {
  if (auto readable = parts_->check_readable(); !readable) return tl::unexpected(readable.error());
  auto head = parts_->head_of(person);
  if (!head) return tl::unexpected(head.error());
  auto rows = parts_->store.indexes.records_of(parts_->kv, person, *head);
  if (!rows) return tl::unexpected(rows.error());
  std::vector<ToldRecord> out;
  for (const auto& row : *rows) {
    if (row.replaced_by != 0) continue;
    auto record = parts_->record_at(row.sequence, row.record);
    if (!record && record.error().code == "erased") continue;
    if (!record) return tl::unexpected(record.error());
    Source& source = record->source;
    if (source.system != system || !source.key.starts_with(key_prefix)) continue;
    out.push_back({record->id, std::move(source.key), source.version, record->occurred.date, source.content_hash});
  }
  std::sort(out.begin(), out.end(), [](const auto& a, const auto& b) { return a.key < b.key; });
  return out;
}

Expected<std::vector<std::uint64_t>> StoreReader::person_entries() const {
  if (auto readable = parts_->check_readable(); !readable) return tl::unexpected(readable.error());
  return parts_->store.indexes.person_entries(parts_->kv);
}

Expected<std::optional<PersonRef>> StoreReader::person_told_at(std::uint64_t sequence) const {
  if (auto readable = parts_->check_readable(); !readable) return tl::unexpected(readable.error());
  auto body = parts_->open_body(sequence, nullptr);
  if (!body && body.error().code == "erased") return std::optional<PersonRef>();
  if (!body) return tl::unexpected(body.error());
  auto version = decode_person_version(*body);
  if (!version) return tl::unexpected(version.error());
  return std::optional(version->person.ref);
}

Expected<ReturnIdentity> StoreReader::return_identity(const Permit& permit, const PersonRef& person) const {
  // SECURITY: who a child is comes with what may be read of them whole, never before.
  if (permit.step() < Step::content) return tl::unexpected(no_record().value());
  auto record = read(permit);
  if (!record) return tl::unexpected(record.error());
  auto group = merged_with(person);
  if (!group) return tl::unexpected(group.error());
  bool is_about = std::any_of(record->subjects.begin(), record->subjects.end(), [&](const Subject& subject) {
    return subject.role == SubjectRole::child &&
           std::find(group->begin(), group->end(), subject.person) != group->end();
  });
  if (!is_about) return tl::unexpected(no_record().value());
  auto whole = whole_person(person, LinkToken());
  if (!whole) return tl::unexpected(whole.error());
  return ReturnIdentity{std::move(whole->identifiers), whole->birth, whole->death, whole->sex};
}

Expected<PermittedPerson> StoreReader::read(const PersonPermit& permit) const {
  if (auto readable = parts_->check_readable(); !readable) return tl::unexpected(readable.error());
  auto whole = whole_person(permit.person(), LinkToken());
  if (!whole) return tl::unexpected(whole.error());
  PermittedPerson out;
  out.person.ref = whole->ref;
  out.person.names = std::move(whole->names);
  out.person.birth = whole->birth;
  out.person.death = whole->death;
  out.person.sex = whole->sex;
  for (auto& identifier : whole->identifiers)
    if (identifier.scheme == "nhs" || identifier.scheme == "upn")
      out.person.identifiers.push_back(std::move(identifier));
  // SECURITY: a protected address is read by no permit: the person is found, where they live is not.
  if (permit.with_addresses())
    for (auto& address : whole->addresses)
      if (!address.is_protected) out.person.addresses.push_back(std::move(address));
  auto group = parts_->merged_with(permit.person());
  if (!group) return tl::unexpected(group.error());
  for (const auto& one : *group) {
    auto version = parts_->version_of(one);
    if (!version) return tl::unexpected(version.error());
    out.sources += version->sources.size();
  }
  return out;
}

Expected<bool> StoreReader::is_committed(const PersonRef& person, const Hash& commitment, ByteView salt) const {
  if (auto readable = parts_->check_readable(); !readable) return tl::unexpected(readable.error());
  auto whole = whole_person(person, LinkToken());
  if (!whole) return tl::unexpected(whole.error());
  const Person& who = *whole;
  std::vector<Identity> identities;
  for (const auto& identifier : who.identifiers) {
    if (identifier.scheme != "nhs") continue;
    identities.emplace_back();
    identities.back().nhs_number = identifier.value;
  }
  for (const auto& name : who.names) {
    if (who.birth.precision != Precision::day) break;
    identities.emplace_back();
    identities.back().given = name.given;
    identities.back().family = name.family;
    identities.back().birth_date = who.birth.date;
  }
  return std::any_of(identities.begin(), identities.end(), [&](const Identity& identity) {
    return equal_in_constant_time(commit_to(identity, salt), commitment);
  });
}

Expected<PersonVersion> StoreReader::person(const PersonRef& person, const LinkToken&) const {
  if (auto readable = parts_->check_readable(); !readable) return tl::unexpected(readable.error());
  return parts_->version_of(person);
}

Expected<Person> StoreReader::whole_person(const PersonRef& person, const LinkToken&) const {
  auto group = merged_with(person);
  if (!group) return tl::unexpected(group.error());
  std::optional<Person> whole;
  for (const auto& one : *group) {
    auto version = parts_->version_of(one);
    if (!version) return tl::unexpected(version.error());
    if (whole)
      unite(*whole, version->person);
    else
      whole = std::move(version->person);
  }
  whole->ref = group->front();
  return std::move(*whole);
}

Expected<Source> StoreReader::source_of(const RecordId& id) const {
  if (auto readable = parts_->check_readable(); !readable) return tl::unexpected(readable.error());
  auto sequence = parts_->store.indexes.record(parts_->kv, id);
  if (!sequence) return tl::unexpected(sequence.error());
  if (!*sequence) return no_record();
  auto record = parts_->record_at(**sequence, id);
  if (!record && record.error().code == "erased") return no_record();
  if (!record) return tl::unexpected(record.error());
  return std::move(record->source);
}

namespace {

template <class IdType>
Expected<std::optional<Imported<IdType>>> imported(Expected<std::optional<SourceRow>> row) {
  if (!row) return tl::unexpected(row.error());
  if (!*row) return std::optional<Imported<IdType>>();
  return std::optional(Imported<IdType>{IdType((*row)->id), (*row)->version, (*row)->same_content});
}

}  // namespace

Expected<std::optional<Imported<PersonRef>>> StoreReader::person_by_source(std::string_view system,
                                                                           std::string_view key,
                                                                           const Hash& content_hash) const {
  if (auto readable = parts_->check_readable(); !readable) return tl::unexpected(readable.error());
  return imported<PersonRef>(parts_->store.indexes.source(parts_->kv, EntryKind::person, system, key, content_hash));
}

Expected<std::optional<Imported<RecordId>>> StoreReader::record_by_source(std::string_view system, std::string_view key,
                                                                          const Hash& content_hash) const {
  if (auto readable = parts_->check_readable(); !readable) return tl::unexpected(readable.error());
  return imported<RecordId>(parts_->store.indexes.source(parts_->kv, EntryKind::record, system, key, content_hash));
}

KeyId StoreReader::node_key() const { return parts_->store.keys->node_key(); }

Expected<KeyId> StoreReader::person_key(const PersonRef& person) const {
  if (auto readable = parts_->check_readable(); !readable) return tl::unexpected(readable.error());
  if (auto known = parts_->person_keys.find(person); known != parts_->person_keys.end()) return known->second;
  auto head = parts_->head_of(person);
  if (!head) return tl::unexpected(head.error());
  parts_->person_keys.emplace(person, head->key);
  return head->key;
}

Expected<OpenedEntry> StoreReader::entry(std::uint64_t sequence) const {
  if (auto readable = parts_->check_readable(); !readable) return tl::unexpected(readable.error());
  OpenedEntry out;
  auto sealed = read_entry(parts_->kv, sequence);
  if (!sealed) return tl::unexpected(sealed.error());
  auto header = decode_header(*sealed);
  if (!header) return tl::unexpected(header.error());
  // SECURITY: the audit reads what was done, not what is known of people (DESIGN 7).
  if (header->kind == EntryKind::person || header->kind == EntryKind::record)
    return fail("needs-permit", "cannot open the entry", "it holds a person's data", "ask the gate for the record");
  auto body = parts_->open_body(sequence, &out.header);
  if (body) {
    out.body = std::move(*body);
    return out;
  }
  if (body.error().code != "erased") return tl::unexpected(body.error());
  out.erased = true;
  return out;
}

Expected<std::vector<std::uint64_t>> StoreReader::entries_of(const AskId& ask) const {
  if (auto readable = parts_->check_readable(); !readable) return tl::unexpected(readable.error());
  return parts_->store.indexes.sequences(parts_->kv, Index::ask, ask.bytes());
}
Expected<std::vector<std::uint64_t>> StoreReader::entries_of(const ViewId& view) const {
  if (auto readable = parts_->check_readable(); !readable) return tl::unexpected(readable.error());
  return parts_->store.indexes.sequences(parts_->kv, Index::view, view.bytes());
}
Expected<std::vector<std::uint64_t>> StoreReader::access_to(const PersonRef& person) const {
  return access_to(person, {});
}
Expected<std::vector<std::uint64_t>> StoreReader::access_to(const PersonRef& person,
                                                            const std::set<EntryKind>& kinds) const {
  if (auto readable = parts_->check_readable(); !readable) return tl::unexpected(readable.error());
  auto group = parts_->merged_with(person);  // also of somebody erased: then they are alone, and have no rows
  if (!group) return tl::unexpected(group.error());
  std::set<std::uint64_t> all;
  for (const auto& one : *group) {
    auto sequences = parts_->store.indexes.sequences(parts_->kv, Index::access, one.bytes(), kinds);
    if (!sequences) return sequences;
    all.insert(sequences->begin(), sequences->end());
  }
  return std::vector<std::uint64_t>(all.begin(), all.end());
}

TreeHead StoreReader::tree_head() const { return {parts_->frontier.size(), parts_->frontier.root()}; }

Expected<Bytes> StoreReader::sealed_entry(std::uint64_t sequence) const { return read_entry(parts_->kv, sequence); }

Expected<std::vector<Hash>> StoreReader::inclusion_proof(std::uint64_t sequence, std::uint64_t size) const {
  return ginnel::inclusion_proof(sequence, std::min(size, parts_->frontier.size()), stored_subtrees(parts_->kv));
}

Expected<std::vector<Hash>> StoreReader::consistency_proof(std::uint64_t first, std::uint64_t second) const {
  return ginnel::consistency_proof(first, std::min(second, parts_->frontier.size()), stored_subtrees(parts_->kv));
}

Bytes StoreReader::Parts::side_context(ByteView row_key, Instant expires) const {
  Bytes context = copy_of(row_key);
  put_u64(context, std::uint64_t(expires.ms));
  return context;
}

// expires i64 | sealed
Expected<Bytes> StoreReader::Parts::open_side(ByteView row_key, ByteView row) const {
  const auto expires = read_u64(row, 0);
  if (expires) {
    auto opened = open_sealed(store.side_key, row.subspan(8), side_context(row_key, Instant{std::int64_t(*expires)}));
    if (opened) return std::move(*opened);
  }
  return fail("index-mismatch", "cannot read a side row", "it is not what was sealed", "restore it from a backup");
}

Expected<std::optional<Bytes>> StoreReader::side(SideTable table, ByteView key) const {
  if (auto readable = parts_->check_readable(); !readable) return tl::unexpected(readable.error());
  const auto& side = parts_->store.side;
  const auto mac = side.mac(IndexMap::MapId(table), key);
  auto rows = side.find(parts_->kv, IndexMap::MapId(table), mac);
  if (!rows) return tl::unexpected(rows.error());
  if (rows->empty()) return std::optional<Bytes>();
  auto opened = parts_->open_side(side.row_key(IndexMap::MapId(table), mac, {}), rows->front().value);
  if (!opened) return tl::unexpected(opened.error());
  return std::optional(std::move(*opened));
}

Expected<std::vector<Bytes>> StoreReader::side_all(SideTable table) const {
  if (auto readable = parts_->check_readable(); !readable) return tl::unexpected(readable.error());
  std::vector<Bytes> values;
  Expected<void> opened_all;
  auto read = parts_->store.side.for_each(parts_->kv, IndexMap::MapId(table), [&](ByteView key, ByteView row) {
    auto opened = parts_->open_side(key, row);
    if (opened)
      values.push_back(std::move(*opened));
    else
      opened_all = tl::unexpected(opened.error());
    return opened_all.has_value();
  });
  if (!read) return tl::unexpected(read.error());
  if (!opened_all) return tl::unexpected(opened_all.error());
  return values;
}

}  // namespace ginnel
