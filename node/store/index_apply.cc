// SPDX-License-Identifier: Apache-2.0
// The one writer of the indexes.
#include <algorithm>
#include <map>
#include <set>

#include "federation/wire/ask.h"
#include "federation/wire/record_codec.h"
#include "node/store/codec.h"
#include "node/store/index_process.h"
#include "node/store/index_rows.h"
#include "node/store/index_statements.h"
#include "node/store/index_transfer.h"
#include "node/store/index_work.h"

namespace ginnel {

using namespace index_rows;

namespace {

bool is_access(EntryKind kind) {
  switch (kind) {
    case EntryKind::asked:
    case EntryKind::decided:
    case EntryKind::disclosed:
    case EntryKind::received:
    case EntryKind::view_shown:
    case EntryKind::lookup:
    case EntryKind::people_searched:
    case EntryKind::retracted:
    case EntryKind::notice:
    case EntryKind::receipt:
    case EntryKind::notice_shown:
    case EntryKind::notice_acknowledged:
    case EntryKind::file_disclosed:
    case EntryKind::file_received:
      return true;
    default:
      return false;
  }
}

// Those of an asked entry, by which its answers and later notices find it when the answers themselves are gone.
std::vector<AskId> asks_of(const Access& access) {
  std::vector<AskId> asks;
  for (const auto& member : access.scope)
    if (!access.view.empty() && !access.attached.empty()) asks.push_back(ask_id_of(access.view, member));
  return asks;
}

std::set<PersonRef> people_in(const Record& record) {
  std::set<PersonRef> people;
  for (const auto& subject : record.subjects) people.insert(subject.person);
  return people;
}

}  // namespace

// What one entry changes. Rows are read with peek(): see IndexMap's SECURITY note.
class Indexes::Applier {
 public:
  Applier(const Indexes& indexes, KvWrite& kv, const EntryHeader& header, const OpenBody& open_body)
      : indexes_(indexes), map_(indexes.map_), kv_(kv), header_(header), open_body_(open_body) {}

  Expected<void> person(ByteView body) {
    auto version = decode_person_version(body);
    if (!version) return tl::unexpected(version.error());
    const PersonRef ref = version->person.ref;
    auto before = head_of(ref);
    if (!before) return tl::unexpected(before.error());
    PersonVersion earlier;
    PersonHead head;
    if (*before) {
      head = **before;
      auto earlier_body = open_body_(head.latest, nullptr);
      if (!earlier_body) return tl::unexpected(earlier_body.error());
      auto decoded = decode_person_version(*earlier_body);
      if (!decoded) return tl::unexpected(decoded.error());
      earlier = std::move(*decoded);
    }
    head.latest = header_.sequence;
    head.key = header_.data_key;
    if (auto put = put_link_keys(ref, earlier.link_keys, version->link_keys); !put) return put;
    for (const auto& source : version->sources) {
      if (std::find(earlier.sources.begin(), earlier.sources.end(), source) != earlier.sources.end()) continue;
      if (auto put = put_source(EntryKind::person, source.system, source.key, ref.bytes(), source.version,
                                source.content_hash);
          !put)
        return put;
    }
    return put_head(ref, head);
  }

  Expected<void> record(ByteView body) {
    auto record = decode_record(body);
    if (!record) return tl::unexpected(record.error());
    std::map<PersonRef, PersonHead> heads;
    if (!record->replaces.empty())
      if (auto marked = mark_replaced(record->replaces, heads); !marked) return marked;
    for (const auto& person : people_in(*record)) {
      auto head = load(heads, person);
      if (!head) return tl::unexpected(head.error());
      if (*head == nullptr) continue;
      const Bytes key = person_record_key(person, header_.sequence);
      const Bytes row = encode_person_record(record->id, 0);
      if (auto put = kv_.put(Table::index_rows, key, row); !put) return put;
      ++(*head)->records;
      (*head)->record_set.add(map_.row_hash(key, row));
    }
    for (const auto& [person, head] : heads)
      if (auto put = put_head(person, head); !put) return put;
    if (!record->source.system.empty())
      if (auto put = put_source(EntryKind::record, record->source.system, record->source.key, record->id.bytes(),
                                record->source.version, record->source.content_hash);
          !put)
        return put;
    return put(Index::record, record->id.bytes(), {}, sequence_bytes(header_.sequence));
  }

  Expected<void> access(ByteView body) {
    auto access = decode_access(body);
    if (!access) return tl::unexpected(access.error());
    Bytes kind;
    put_u16(kind, std::uint16_t(header_.kind));
    const Bytes sequence = sequence_bytes(header_.sequence);
    if (!access->ask.empty())
      if (auto done = put(Index::ask, access->ask.bytes(), sequence, kind); !done) return done;
    for (const auto& ask : header_.kind == EntryKind::asked ? asks_of(*access) : std::vector<AskId>())
      if (auto done = put(Index::ask, ask.bytes(), sequence, kind); !done) return done;
    if (!access->view.empty())
      if (auto done = put(Index::view, access->view.bytes(), sequence, kind); !done) return done;
    if (header_.kind == EntryKind::retracted)
      if (auto done = retracted(*access); !done) return done;
    for (const auto& also : access->also)
      if (auto done = put(Index::access, also.bytes(), sequence, kind); !done) return done;
    if (!access->person.empty()) return put(Index::access, access->person.bytes(), sequence, kind);
    if (access->identity.empty()) return {};
    auto known = peek(Index::subject, view_of(access->identity), {});
    if (!known) return tl::unexpected(known.error());
    if (*known) return {};
    return put(Index::subject, view_of(access->identity), {}, header_.data_key.bytes());
  }

  // What no longer holds leaves the current records of everybody it was about.
  Expected<void> retracted(const Access& access) {
    std::map<PersonRef, PersonHead> heads;
    for (const auto& item : access.items)
      if (auto marked = mark_replaced(item.record, heads); !marked) return marked;
    for (const auto& [person, head] : heads)
      if (auto put = put_head(person, head); !put) return put;
    return {};
  }

  // Between people who are both still held: a rebuild meets links of somebody who was erased since.
  Expected<void> link(const PersonRef& one, const PersonRef& other, LinkState state) {
    for (const auto& person : {one, other}) {
      auto head = head_of(person);
      if (!head) return tl::unexpected(head.error());
      if (!*head) return {};
    }
    if (auto done = put(Index::links, one.bytes(), other.bytes(), encode_link({one, other, state, header_.sequence}));
        !done)
      return done;
    return put(Index::links, other.bytes(), one.bytes(), encode_link({other, one, state, header_.sequence}));
  }
  Expected<void> merge(ByteView body) {
    auto merge = decode_merge(body);
    if (!merge) return tl::unexpected(merge.error());
    return link(merge->one, merge->other, merge->state);
  }
  Expected<void> unmerge(ByteView body) {
    auto unmerge = decode_unmerge(body);
    if (!unmerge) return tl::unexpected(unmerge.error());
    return link(unmerge->one, unmerge->other, LinkState::apart);
  }

  Expected<void> tombstone(ByteView body) {
    auto tombstone = decode_tombstone(body);
    if (!tombstone) return tl::unexpected(tombstone.error());
    if (!tombstone->person.empty())
      if (auto forgotten = forget(tombstone->person, tombstone->erased); !forgotten) return forgotten;
    for (const auto& also : tombstone->also)
      if (auto forgotten = forget(also, tombstone->erased); !forgotten) return forgotten;
    if (!tombstone->view.empty())
      if (auto forgotten = forget_entries(Index::view, tombstone->view.bytes(), tombstone->erased); !forgotten)
        return forgotten;
    if (auto forgotten = forget_alone(tombstone->records, tombstone->erased); !forgotten) return forgotten;
    if (auto kept = keep_replaced(tombstone->still_replaced); !kept) return kept;
    for (const auto& key : tombstone->erased)
      if (auto done = put(Index::erased, key.bytes(), {}, sequence_bytes(header_.sequence)); !done) return done;
    return {};
  }

 private:
  Expected<void> put(Index index, ByteView key, ByteView suffix, ByteView value) {
    return map_.put(kv_, map_id(index), map_.mac(map_id(index), key), suffix, value);
  }
  Expected<std::optional<Bytes>> peek(Index index, ByteView key, ByteView suffix) const {
    return map_.peek(kv_, map_id(index), map_.mac(map_id(index), key), suffix);
  }

  Expected<void> put_link_keys(const PersonRef& person, const std::vector<std::string>& before,
                               const std::vector<std::string>& now) {
    const auto has = [](const std::vector<std::string>& keys, const std::string& key) {
      return std::find(keys.begin(), keys.end(), key) != keys.end();
    };
    constexpr auto id = MapId(Index::identity);
    for (const auto& key : before)
      if (!has(now, key))
        if (auto done = map_.erase(kv_, id, map_.mac(id, view_of(key)), person.bytes()); !done) return done;
    for (const auto& key : now)
      if (!has(before, key))
        if (auto done = put(Index::identity, view_of(key), person.bytes(), {}); !done) return done;
    return {};
  }

  Expected<void> put_source(EntryKind kind, std::string_view system, std::string_view key, ByteView id,
                            std::uint32_t version, const Hash& content_hash) {
    Bytes row = copy_of(id);
    put_u32(row, version);
    put_u32(row, 0);
    append(row, indexes_.content_mac(content_hash));
    return put(Index::source, source_key(kind, system, key), {}, row);
  }

  Expected<std::optional<PersonHead>> head_of(const PersonRef& person) const {
    auto row = peek(Index::person, person.bytes(), {});
    if (!row) return tl::unexpected(row.error());
    if (!*row) return std::optional<PersonHead>();
    auto head = decode_person_head(**row);
    if (!head) return mismatch("a person's head is damaged");
    return head;
  }
  Expected<void> put_head(const PersonRef& person, const PersonHead& head) {
    return put(Index::person, person.bytes(), {}, encode_person_head(head));
  }
  // Null for somebody who was erased since: a rebuild meets their entries' neighbours.
  Expected<PersonHead*> load(std::map<PersonRef, PersonHead>& heads, const PersonRef& person) const {
    auto loaded = heads.find(person);
    if (loaded != heads.end()) return &loaded->second;
    auto head = head_of(person);
    if (!head) return tl::unexpected(head.error());
    if (!*head) return nullptr;
    return &heads.emplace(person, **head).first->second;
  }

  // Takes out of the indexes what only the erased keys could tell. A live tombstone is applied while they still
  // open; a rebuild never saw the rows, finds no head, and ends with the same indexes.
  Expected<void> forget(const PersonRef& person, const std::vector<KeyId>& erased) {
    auto head = head_of(person);
    if (!head) return tl::unexpected(head.error());
    if (!*head) return {};
    auto body = open_body_((*head)->latest, nullptr);
    if (!body) return tl::unexpected(body.error());
    auto version = decode_person_version(*body);
    if (!version) return tl::unexpected(version.error());
    if (auto done = put_link_keys(person, version->link_keys, {}); !done) return done;
    for (const auto& source : version->sources)
      if (auto done = erase(Index::source, source_key(EntryKind::person, source.system, source.key), {}); !done)
        return done;
    if (auto done = erase(Index::person, person.bytes(), {}); !done) return done;
    if (auto done = forget_records(person); !done) return done;
    if (auto done = forget_links(person); !done) return done;
    if (auto done = WorkRows(map_, kv_, open_body_).forget(person, erased); !done) return done;
    if (auto done = ProcessRows(map_, kv_, open_body_).forget(person, erased); !done) return done;
    for (const Index said : {Index::consent, Index::refusal, Index::retention})
      if (auto done = StatementRows(said, map_, kv_, open_body_).forget(person, erased); !done) return done;
    return forget_entries(Index::access, person.bytes(), erased);
  }

  Expected<void> forget_records(const PersonRef& person) {
    auto rows = suffixes(map_, kv_, Index::person_records, person.bytes());
    if (!rows) return tl::unexpected(rows.error());
    for (const auto& suffix : *rows) {
      const std::uint64_t sequence = *read_u64(suffix, 0);
      auto body = open_body_(sequence, nullptr);
      if (!body) return tl::unexpected(body.error());
      auto record = decode_record(*body);
      if (!record) return tl::unexpected(record.error());
      if (auto done = kv_.erase(Table::index_rows, person_record_key(person, sequence)); !done) return done;
      bool known_to_others = false;
      for (const auto& other : people_in(*record)) {
        auto head = head_of(other);  // the person's own is gone already
        if (!head) return tl::unexpected(head.error());
        known_to_others = known_to_others || *head;
      }
      if (known_to_others) continue;
      if (auto done = forget_found_by(*record); !done) return done;
    }
    return {};
  }

  // By what a record itself is found.
  Expected<void> forget_found_by(const Record& record) {
    if (auto done = erase(Index::record, record.id.bytes(), {}); !done) return done;
    const Bytes key = source_key(EntryKind::record, record.source.system, record.source.key);
    auto source = peek(Index::source, key, {});
    if (!source) return tl::unexpected(source.error());
    // A later version under the same key may be about somebody else.
    const bool is_latest = *source && (*source)->size() == source_row_bytes &&
                           std::equal(record.id.bytes().begin(), record.id.bytes().end(), (*source)->begin());
    return is_latest ? erase(Index::source, key, {}) : Expected<void>();
  }

  // Takes single records out, with what their own keys sealed, while whom they are about stays. A rebuild after the
  // keys are gone never saw them.
  Expected<void> forget_alone(const std::vector<RecordId>& records, const std::vector<KeyId>& erased) {
    std::map<PersonRef, PersonHead> heads;
    for (const auto& id : records) {
      auto row = peek(Index::record, id.bytes(), {});
      if (!row) return tl::unexpected(row.error());
      if (!*row) continue;
      if ((*row)->size() != 8) return mismatch("a record is not indexed");
      const std::uint64_t sequence = *read_u64(**row, 0);
      auto body = open_body_(sequence, nullptr);
      if (!body) return tl::unexpected(body.error());
      auto record = decode_record(*body);
      if (!record) return tl::unexpected(record.error());
      auto taken = change_rows(*record, sequence, heads, std::nullopt);
      if (!taken) return taken;
      if (auto done = forget_found_by(*record); !done) return done;
    }
    for (const auto& [person, head] : heads) {
      if (auto done = put_head(person, head); !done) return done;
      if (auto done = WorkRows(map_, kv_, open_body_).forget(person, erased); !done) return done;
      if (auto done = forget_entries(Index::access, person.bytes(), erased); !done) return done;
    }
    return {};
  }

  Expected<void> forget_links(const PersonRef& person) {
    auto others = suffixes(map_, kv_, Index::links, person.bytes(), PersonRef::size);
    if (!others) return tl::unexpected(others.error());
    for (const auto& other : *others) {
      auto done = erase(Index::links, person.bytes(), other);
      if (done) done = erase(Index::links, other, person.bytes());
      if (!done) return done;
    }
    return {};
  }

  // The rows of those entries under a person or view that the erased keys sealed.
  Expected<void> forget_entries(Index index, ByteView id, const std::vector<KeyId>& erased) {
    auto rows = suffixes(map_, kv_, index, id);
    if (!rows) return tl::unexpected(rows.error());
    for (const auto& suffix : *rows) {
      EntryHeader header;
      auto body = open_body_(*read_u64(suffix, 0), &header);
      if (!body) return tl::unexpected(body.error());
      if (std::find(erased.begin(), erased.end(), header.data_key) == erased.end()) continue;
      auto access = decode_access(*body);
      if (!access) return tl::unexpected(access.error());
      Expected<void> done;
      if (!access->ask.empty()) done = erase(Index::ask, access->ask.bytes(), suffix);
      for (const auto& ask : header.kind == EntryKind::asked ? asks_of(*access) : std::vector<AskId>())
        if (done) done = erase(Index::ask, ask.bytes(), suffix);
      if (done && !access->view.empty()) done = erase(Index::view, access->view.bytes(), suffix);
      if (done && !access->person.empty()) done = erase(Index::access, access->person.bytes(), suffix);
      for (const auto& also : access->also)
        if (done) done = erase(Index::access, also.bytes(), suffix);
      if (!done) return done;
    }
    return {};
  }

  Expected<void> erase(Index index, ByteView key, ByteView suffix) {
    return map_.erase(kv_, map_id(index), map_.mac(map_id(index), key), suffix);
  }

  Bytes person_record_key(const PersonRef& person, std::uint64_t sequence) const {
    constexpr auto id = MapId(Index::person_records);
    return map_.row_key(id, map_.mac(id, person.bytes()), sequence_bytes(sequence));
  }

  // A replaced record leaves the current ones of everybody it was about, also of those the new version leaves out.
  Expected<void> mark_replaced(const RecordId& replaced, std::map<PersonRef, PersonHead>& heads) {
    auto row = peek(Index::record, replaced.bytes(), {});
    if (!row) return tl::unexpected(row.error());
    if (!*row) return {};  // erased since
    if ((*row)->size() != 8) return mismatch("a replaced record is not indexed");
    return mark_replaced_at(*read_u64(**row, 0), heads);
  }

  Expected<void> mark_replaced_at(std::uint64_t sequence, std::map<PersonRef, PersonHead>& heads) {
    auto body = open_body_(sequence, nullptr);
    if (!body) return tl::unexpected(body.error());
    auto earlier = decode_record(*body);
    if (!earlier) return tl::unexpected(earlier.error());
    return change_rows(*earlier, sequence, heads, encode_person_record(earlier->id, header_.sequence));
  }

  // The rows of a record with everybody it is about who is still there; `now` nothing: they go.
  Expected<void> change_rows(const Record& record, std::uint64_t sequence, std::map<PersonRef, PersonHead>& heads,
                             const std::optional<Bytes>& now) {
    for (const auto& person : people_in(record)) {
      auto head = load(heads, person);
      if (!head) return tl::unexpected(head.error());
      if (*head == nullptr) continue;
      const Bytes key = person_record_key(person, sequence);
      auto before = kv_.get(Table::index_rows, key);
      if (!before) return tl::unexpected(before.error());
      if (!*before || (*head)->records == 0) return mismatch("a person's record is not indexed");
      auto changed = now ? kv_.put(Table::index_rows, key, *now) : kv_.erase(Table::index_rows, key);
      if (!changed) return changed;
      (*head)->record_set.remove(map_.row_hash(key, **before));
      if (now)
        (*head)->record_set.add(map_.row_hash(key, *now));
      else
        --(*head)->records;
    }
    return {};
  }

  // What an erased record had replaced for others too must not come back to them.
  Expected<void> keep_replaced(const std::vector<std::uint64_t>& sequences) {
    std::map<PersonRef, PersonHead> heads;
    for (const std::uint64_t sequence : sequences) {
      auto marked = mark_replaced_at(sequence, heads);
      if (!marked && marked.error().code != "key-missing") return marked;  // missing: in a rebuild, erased since
    }
    for (const auto& [person, head] : heads)
      if (auto put = put_head(person, head); !put) return put;
    return {};
  }

  const Indexes& indexes_;
  const IndexMap& map_;
  KvWrite& kv_;
  const EntryHeader& header_;
  const OpenBody& open_body_;
};

Expected<void> Indexes::apply(KvWrite& kv, const EntryHeader& header, ByteView body, const OpenBody& open_body) const {
  Applier applier(*this, kv, header, open_body);
  if (header.kind == EntryKind::person) return applier.person(body);
  if (header.kind == EntryKind::record) return applier.record(body);
  if (header.kind == EntryKind::tombstone) return applier.tombstone(body);
  if (header.kind == EntryKind::merge) return applier.merge(body);
  if (header.kind == EntryKind::unmerge) return applier.unmerge(body);
  if (is_access(header.kind)) return applier.access(body);
  const WorkRows work(map_, kv, open_body);
  if (header.kind == EntryKind::task) return work.task(header, body);
  if (header.kind == EntryKind::allocation) return work.allocation(header, body);
  if (header.kind == EntryKind::attachment) return work.attachment(header, body);
  if (header.kind == EntryKind::process_step) return ProcessRows(map_, kv, open_body).process(header, body);
  if (header.kind == EntryKind::transfer) return index_transfer(map_, kv, header, body);
  if (header.kind == EntryKind::consent) return StatementRows(Index::consent, map_, kv, open_body).add(header, body);
  if (header.kind == EntryKind::refusal_to_share)
    return StatementRows(Index::refusal, map_, kv, open_body).add(header, body);
  if (header.kind == EntryKind::retention)
    return StatementRows(Index::retention, map_, kv, open_body).add(header, body);
  return {};
}

}  // namespace ginnel
