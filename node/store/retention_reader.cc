// SPDX-License-Identifier: Apache-2.0
// StoreReader's side of how long something is kept: what was said of it, and what can be erased by itself.
#include <algorithm>
#include <map>
#include <set>

#include "node/store/codec.h"
#include "node/store/store_parts.h"

namespace ginnel {

Expected<std::vector<std::uint64_t>> StoreReader::retentions_of(const PersonRef& person) const {
  return parts_->statements_of(Index::retention, person);
}
Expected<std::vector<std::uint64_t>> StoreReader::retention_history(const RetentionId& retention) const {
  return parts_->statement_history(Index::retention, retention.bytes());
}
Expected<std::vector<std::uint64_t>> StoreReader::retentions() const {
  return parts_->all_statements(Index::retention);
}

Expected<std::vector<RetentionEntry>> StoreReader::holds_on(const PersonRef& person) const {
  auto sequences = retentions_of(person);
  if (!sequences) return tl::unexpected(sequences.error());
  std::vector<RetentionEntry> holds;
  for (const auto sequence : *sequences) {
    auto body = parts_->open_body(sequence);
    if (!body) return tl::unexpected(body.error());
    auto entry = decode_retention(*body);
    if (!entry) return tl::unexpected(entry.error());
    if (entry->act != RetentionAct::hold) continue;
    std::erase_if(holds, [&](const RetentionEntry& one) { return one.retention == entry->retention; });
    if (entry->holds()) holds.push_back(std::move(*entry));
  }
  return holds;
}

// A record's key is its own if no person's key is it; and then only its versions, what took them back and their files
// are under it.
Expected<std::optional<StoreReader::Parts::Alone>> StoreReader::Parts::alone(const RecordId& record) const {
  Alone out;
  std::set<RecordId> seen;
  for (RecordId next = record; !next.empty();) {
    if (!seen.insert(next).second)
      return fail("index-mismatch", "cannot read a record", "it replaces itself", "run `ginnel store rebuild`");
    auto sequence = store.indexes.record(kv, next);
    if (!sequence) return tl::unexpected(sequence.error());
    if (!*sequence) break;  // erased before
    EntryHeader header;
    auto body = open_body(**sequence, &header);
    if (!body) return tl::unexpected(body.error());
    auto version = record_at(**sequence, next);
    if (!version) return tl::unexpected(version.error());
    if (version->subjects.size() != 1) return std::optional<Alone>();
    auto head = head_of(version->subjects.front().person);
    if (!head) return tl::unexpected(head.error());
    if (head->key == header.data_key) return std::optional<Alone>();
    out.records.push_back(next);
    out.keys.push_back(header.data_key);
    next = version->replaces;
  }
  if (out.records.empty()) return fail("no-record", "cannot read the record", "the node holds no such record", "");
  return std::optional(std::move(out));
}

Expected<bool> StoreReader::goes_alone(const RecordId& record) const {
  if (auto readable = parts_->check_readable(); !readable) return tl::unexpected(readable.error());
  auto alone = parts_->alone(record);
  if (!alone) return tl::unexpected(alone.error());
  return alone->has_value();
}

Expected<PeopleWalk> StoreReader::walk_people(ByteView from, std::size_t most) const {
  if (auto readable = parts_->check_readable(); !readable) return tl::unexpected(readable.error());
  auto page = parts_->store.indexes.people_page(parts_->kv, from, most);
  if (!page) return tl::unexpected(page.error());
  PeopleWalk out;
  out.next = std::move(page->next);
  for (const auto sequence : page->entries) {
    auto person = person_told_at(sequence);
    if (!person) return tl::unexpected(person.error());
    if (*person) out.people.push_back(**person);
  }
  return out;
}

Expected<Lifespan> StoreReader::lifespan(const PersonRef& person, const LinkToken& token) const {
  auto whole = whole_person(person, token);
  if (!whole) return tl::unexpected(whole.error());
  return Lifespan{whole->birth, whole->death};
}

}  // namespace ginnel
