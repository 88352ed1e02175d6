// SPDX-License-Identifier: Apache-2.0
// What a turn writes of people and records, and what changes them: versions, corrections, retractions, markings.
#include "node/store/turn_writer.h"

namespace ginnel {
namespace {

// Empty: no person did it.
UserId user_of(const ActorId& actor) { return UserId::from(actor.bytes()).value_or(UserId()); }

}  // namespace

Expected<PersonRef> Turn::put_person(PersonVersion version, const ActorId& actor) {
  Writer writer{*parts_};
  if (auto open = writer.check_open(); !open) return tl::unexpected(open.error());
  const auto& keys = version.link_keys;
  if (keys.size() > limits::link_keys_per_person_max || std::any_of(keys.begin(), keys.end(), [](const auto& key) {
        return key.empty() || key.size() > limits::link_key_bytes_max;
      }))
    return fail("too-long", "cannot write the person", "they have too many link keys, or too long ones", "");
  PersonRef& ref = version.person.ref;
  KeyId key;
  if (ref.empty()) {
    ref = PersonRef::make(parts_->store.random);
    key = writer.take_key(KeyKind::person, KeyKind::person);
  } else {
    auto known = person_key(ref);
    if (!known) return tl::unexpected(known.error());
    key = *known;
  }
  auto body = encode(version);
  if (!body) return tl::unexpected(body.error());
  auto sequence = writer.append(EntryKind::person, actor, key, *body);
  if (!sequence) return tl::unexpected(sequence.error());
  parts_->person_keys.emplace(ref, key);
  return ref;
}

Expected<RecordId> Turn::put_record(Record record, const ActorId& actor, Tell tell, std::string reason) {
  return put_version(std::move(record), true, actor, tell, std::move(reason));
}

Expected<RecordId> Turn::put_version(Record record, bool keep_markings, const ActorId& actor, Tell tell,
                                     std::string reason) {
  Writer writer{*parts_};
  if (auto open = writer.check_open(); !open) return tl::unexpected(open.error());
  if (record.subjects.empty() || record.subjects.size() > limits::key_wraps_max)
    return fail("bad-record", "cannot write the record", "it has no subject, or too many", "");
  std::vector<KeyId> keys;
  for (const auto& subject : record.subjects) {
    auto key = person_key(subject.person);
    if (!key) return tl::unexpected(key.error());
    if (std::find(keys.begin(), keys.end(), *key) == keys.end()) keys.push_back(*key);
  }
  if (!record.replaces.empty()) {
    auto replaced = parts_->store.indexes.record(parts_->kv, record.replaces);
    if (!replaced) return tl::unexpected(replaced.error());
    if (!*replaced) return fail("no-record", "cannot write the record", "it replaces one that the node has not", "");
    // INVARIANT: a marking put on by a person survives every new version, whoever writes it (DESIGN 5). What mark()
    // takes off it has cleared from the version that it replaces by itself.
    if (keep_markings) {
      auto earlier = parts_->record_at(**replaced, record.replaces);
      if (!earlier && earlier.error().code != "erased") return tl::unexpected(earlier.error());
      if (earlier)
        record.markings_by_person.insert(earlier->markings_by_person.begin(), earlier->markings_by_person.end());
    }
  }
  News news{record.id,
            record.replaces,
            {},
            record.label.category,
            {},
            record.replaces.empty()  ? "new-record"
            : tell == Tell::progress ? std::string(progress_news)
                                     : "correction",
            std::move(reason),
            tell != Tell::nobody,
            user_of(actor)};
  if (record.id.empty()) record.id = RecordId::make(parts_->store.random);
  if (!record.received_by_node.is_set()) record.received_by_node = parts_->now;
  auto body = encode_record(record);
  if (!body) return tl::unexpected(body.error());
  const Retention& retention = record.label.retention;
  const bool has_own_time = !retention.rule.empty() || retention.review_on.is_set();
  auto key = has_own_time ? writer.own_key(keys) : writer.record_key(keys);
  if (!key) return tl::unexpected(key.error());
  auto sequence = writer.append(EntryKind::record, actor, *key, *body);
  if (!sequence) return tl::unexpected(sequence.error());
  news.record = record.id;
  for (const auto& subject : record.subjects) news.people.push_back(subject.person);
  // What a marking makes says what the version before it said: nothing to tell, and nothing to take back.
  if (keep_markings)
    if (auto left = writer.leave_news(*this, std::move(news)); !left) return tl::unexpected(left.error());
  return record.id;
}

Expected<RecordId> Turn::correct(const RecordId& record, const RecordChange& change, const ActorId& actor) {
  Writer writer{*parts_};
  if (auto open = writer.check_open(); !open) return tl::unexpected(open.error());
  auto current = writer.check_current(record);
  if (!current) return tl::unexpected(current.error());
  Record next = std::move(*current);
  next.id = RecordId();
  next.replaces = record;
  if (!change.headline.empty()) next.headline = change.headline;
  if (!change.narrative.empty()) next.narrative = change.narrative;
  next.author = change.author;
  next.received_by_node = now();
  // The source's own row keeps its content hash, so that the next import of the same row changes nothing.
  return put_record(std::move(next), actor, Tell::others, change.reason);
}

Expected<void> Turn::retract(const RecordId& record, std::string kind, std::string reason, const ActorId& actor) {
  Writer writer{*parts_};
  if (auto open = writer.check_open(); !open) return open;
  auto earlier = writer.check_current(record);
  if (!earlier) return tl::unexpected(earlier.error());
  auto sequence = parts_->store.indexes.record(parts_->kv, record);
  if (!sequence) return tl::unexpected(sequence.error());
  EntryHeader header;
  auto opened = parts_->open_body(**sequence, &header);
  if (!opened) return tl::unexpected(opened.error());
  Access taken_back;
  taken_back.person = earlier->subjects.front().person;
  taken_back.reason = reason;
  taken_back.outcome = kind;
  taken_back.items.push_back({record, Step::none, {}, {}, {}, {}});
  // Under the record's own key: it lives as long as the record, for everybody it is about.
  auto appended = append(EntryKind::retracted, actor, header.data_key, std::move(taken_back));
  if (!appended) return tl::unexpected(appended.error());
  return writer.leave_news(
      *this,
      {RecordId(), record, {}, earlier->label.category, {}, std::move(kind), std::move(reason), false, user_of(actor)});
}

namespace {

// True if anything changes. What is not there cannot be taken off; that is for the caller to tell.
bool change_markings(std::set<std::string>& markings, const MarkingChange& change) {
  const auto before = markings;
  markings.insert(change.put_on.begin(), change.put_on.end());
  for (const auto& marking : change.take_off) markings.erase(marking);
  return markings != before;
}

tl::unexpected<Error> not_marked() {
  return fail("not-marked", "cannot take the marking off", "nobody here has put it on",
              "a marking that a source system gave is taken off there");
}

}  // namespace

Expected<void> Turn::mark(const PersonRef& person, const MarkingChange& change, const ActorId& actor) {
  auto group = merged_with(person);
  if (!group) return tl::unexpected(group.error());
  std::vector<PersonVersion> versions;
  std::set<std::string> put_on_before, all;
  for (const auto& one : *group) {
    auto version = parts_->version_of(one);
    if (!version) return tl::unexpected(version.error());
    const Person& is = version->person;
    put_on_before.insert(is.markings_by_person.begin(), is.markings_by_person.end());
    all.insert(is.markings_by_source.begin(), is.markings_by_source.end());
    versions.push_back(std::move(*version));
  }
  for (const auto& marking : change.take_off)
    if (!put_on_before.contains(marking)) return not_marked();
  all.insert(put_on_before.begin(), put_on_before.end());
  all.insert(change.put_on.begin(), change.put_on.end());
  if (all.size() > limits::markings_max)
    return fail("too-many", "cannot mark the person", "they have too many markings");
  for (auto& version : versions)
    if (change_markings(version.person.markings_by_person, change))
      if (auto put = put_person(std::move(version), actor); !put) return tl::unexpected(put.error());
  return {};
}

Expected<RecordId> Turn::mark(const RecordId& id, const MarkingChange& change, const ActorId& actor) {
  auto sequence = parts_->store.indexes.record(parts_->kv, id);
  if (!sequence) return tl::unexpected(sequence.error());
  if (!*sequence) return fail("no-record", "cannot mark the record", "the node holds no such record");
  auto named = parts_->record_at(**sequence, id);
  if (!named) return tl::unexpected(named.error());
  auto current = Writer{*parts_}.newest_of(*named, **sequence);
  if (!current) return tl::unexpected(current.error());
  auto record = parts_->record_at(current->sequence, current->record);
  if (!record) return tl::unexpected(record.error());
  for (const auto& marking : change.take_off)
    if (!record->markings_by_person.contains(marking)) return not_marked();
  std::set<std::string> all = record->label.markings;
  all.insert(record->markings_by_person.begin(), record->markings_by_person.end());
  all.insert(change.put_on.begin(), change.put_on.end());
  if (all.size() > limits::markings_max) return fail("too-many", "cannot mark the record", "it has too many markings");
  if (!change_markings(record->markings_by_person, change)) return record->id;
  record->replaces = record->id;
  record->id = RecordId();
  return put_version(std::move(*record), false, actor, Tell::nobody, {});
}

}  // namespace ginnel
