// SPDX-License-Identifier: Apache-2.0
#include "node/import/importer.h"

#include <algorithm>
#include <array>
#include <cstdlib>

#include "federation/record/match.h"
#include "node/import/correction.h"
#include "node/import/person_merge.h"
#include "node/store/codec.h"

namespace ginnel {
namespace {

constexpr std::size_t people_remembered_max = 65'536;
constexpr std::string_view source_prefix = "source:";

// What is wrong with the row itself; every other error is the store's and ends the import.
bool is_of_the_row(const Error& error) {
  constexpr std::array codes = {"too-long", "bad-text", "too-many", "bad-record", "bad-person"};
  return std::find(codes.begin(), codes.end(), error.code) != codes.end();
}

// Rows with the same one belong together: one child's.
std::string group_of(const SourceItem& item) {
  if (auto* person = std::get_if<SourcePerson>(&item)) return person->system + '\0' + person->key;
  if (auto* record = std::get_if<SourceRecord>(&item))
    return record->record.source.system + '\0' + (record->subjects.empty() ? std::string() : record->subjects[0].key);
  return {};
}

const std::string& file_of(const SourceItem& item) {
  if (auto* person = std::get_if<SourcePerson>(&item)) return person->place.file;
  if (auto* record = std::get_if<SourceRecord>(&item)) return record->place.file;
  return std::get<Rejected>(item).file;
}

Bytes read_once_key(const std::string& system) { return copy_of(view_of("source-read-once/" + system)); }

Rejected rejection(const SourcePlace& place, std::string reason) {
  return Rejected{place.file, place.line, "", std::move(reason)};
}

}  // namespace

Expected<bool> Importer::step(Turn& turn) {
  std::size_t rows = 0;
  while (rows < limits::import_rows_per_turn_max) {
    if (group_.empty()) {
      if (auto read = read_group(); !read) return tl::unexpected(read.error());
      if (group_.empty()) break;
    }
    // A child's rows go together, into the next turn if need be.
    if (rows > 0 && rows + group_.size() > limits::import_rows_per_turn_max) return true;
    rows += group_.size();
    for (auto& item : std::exchange(group_, {}))
      if (auto taken = take(turn, std::move(item)); !taken) return tl::unexpected(taken.error());
  }
  if (!group_.empty() || !read_to_end_) return true;
  for (; rows < limits::import_rows_per_turn_max && !deferred_.empty(); ++rows) {
    if (auto related = relate(turn, deferred_.back()); !related) return tl::unexpected(related.error());
    deferred_.pop_back();
  }
  if (!deferred_.empty()) return true;
  if (auto done = finish(turn); !done) return tl::unexpected(done.error());
  return false;
}

Expected<void> Importer::read_group() {
  std::string group;
  while (group_.size() < limits::import_rows_per_turn_max) {
    if (!ahead_ && !read_to_end_) {
      auto next = adapter_.next();
      if (!next) reading_error_ = next.error();
      if (!next || !*next)
        read_to_end_ = true;
      else
        ahead_ = std::move(**next);
    }
    if (!ahead_) return {};
    const std::string belongs_to = group_of(*ahead_);
    if (!group_.empty() && (belongs_to != group || belongs_to.empty())) return {};
    group = belongs_to;
    group_.push_back(std::move(*ahead_));
    ahead_.reset();
  }
  return {};
}

Expected<void> Importer::take(Turn& turn, SourceItem item) {
  if (run_.file.empty()) run_.file = options_.file.empty() ? file_of(item) : options_.file;
  if (auto* row = std::get_if<Rejected>(&item)) return reject(turn, std::move(*row));
  SourcePlace place;
  Expected<void> taken;
  if (auto* person = std::get_if<SourcePerson>(&item)) {
    place = person->place;
    run_.flagged += person->flags.size();
    if (run_.system.empty()) run_.system = person->system;
    taken = take_person(turn, std::move(*person));
  } else {
    auto& record = std::get<SourceRecord>(item);
    place = record.place;
    run_.flagged += record.flags.size();
    if (run_.system.empty()) run_.system = record.record.source.system;
    taken = take_record(turn, std::move(record));
  }
  if (taken || !is_of_the_row(taken.error())) return taken;
  return reject(turn, rejection(place, taken.error().what + ": " + taken.error().why));
}

Expected<void> Importer::take_person(Turn& turn, SourcePerson source) {
  auto known = turn.person_by_source(source.system, source.key, source.content_hash);
  if (!known) return tl::unexpected(known.error());
  if (*known && (*known)->same_content) {
    ++run_.people_unchanged;
    // An earlier run may have ended before its relationships were written.
    if (!source.relations.empty())
      deferred_.push_back({source.system, source.key, (*known)->id, std::move(source.relations)});
    return {};
  }
  std::optional<PersonRef> ref;
  Match match;
  if (*known) {
    ref = (*known)->id;
  } else {
    auto named = link_by_source_key(turn, source.person);
    if (!named) return tl::unexpected(named.error());
    ref = *named;
  }
  if (!ref) {
    auto found = matching_.find(turn, source.person);
    if (!found) return tl::unexpected(found.error());
    match = std::move(*found);
    ref = match.by_number;
  }
  PersonVersion before;
  if (ref) {
    auto version = turn.person(*ref, LinkToken());
    if (!version) return tl::unexpected(version.error());
    before = std::move(*version);
  }
  bool all_found = true;
  auto relations = relationships(turn, source.system, source.relations, all_found);
  if (!relations) return tl::unexpected(relations.error());
  Person said = std::move(source.person);
  said.ref = ref.value_or(PersonRef());
  said.relationships = std::move(*relations);
  auto version = with_source(before, source.system, source.key, source.content_hash, said);
  if (!version) return tl::unexpected(version.error());
  auto put = this->put(turn, std::move(*version), before);
  if (!put) return tl::unexpected(put.error());
  if (!ref)
    if (auto noted = matching_.note(turn, *put, match); !noted) return noted;
  if (people_.size() >= people_remembered_max) people_.clear();
  people_.insert_or_assign(source.system + '\0' + source.key, *put);
  if (!all_found) deferred_.push_back({source.system, source.key, *put, std::move(source.relations)});
  if (!ref) {
    if (new_people_.size() >= people_remembered_max) new_people_.clear();
    new_people_.insert(source.system + '\0' + source.key);
  }
  ++(ref ? run_.people_changed : run_.people_added);
  return {};
}

// Whom another system knows under the key that this one gives, or who was told of under this one's own key before.
Expected<std::optional<PersonRef>> Importer::link_by_source_key(const Turn& turn, const Person& person) const {
  std::vector<PersonRef> named;
  for (const auto& identifier : person.identifiers) {
    if (!identifier.scheme.starts_with(source_prefix)) continue;
    auto known = turn.person_by_source(identifier.scheme.substr(source_prefix.size()), identifier.value, Hash{});
    if (!known) return tl::unexpected(known.error());
    if (*known) named.push_back((*known)->id);
  }
  const std::vector<std::string> keys = source_keys(person);
  auto found = turn.find_people(keys);
  if (!found) return tl::unexpected(found.error());
  named.insert(named.end(), found->begin(), found->end());
  for (const auto& ref : named) {
    auto version = turn.person(ref, LinkToken());
    if (!version) return tl::unexpected(version.error());
    // Two children under one key is a mistake somewhere: they stay two.
    if (!contradict(person, version->person)) return std::optional(ref);
  }
  return std::optional<PersonRef>();
}

Expected<PersonRef> Importer::put(Turn& turn, PersonVersion version, const PersonVersion& before) {
  auto keys = matching_.keys_for(turn, before, version.person);
  if (!keys) return tl::unexpected(keys.error());
  // Other systems' keys of the same person are none of the matching's: with_source() put them there.
  for (auto& key : version.link_keys)
    if (key.starts_with(source_prefix)) keys->push_back(std::move(key));
  version.link_keys = std::move(*keys);
  return turn.put_person(std::move(version), options_.actor);
}

Expected<std::optional<PersonRef>> Importer::find_source_person(const Turn& turn, const std::string& system,
                                                                const std::string& key) {
  const std::string name = system + '\0' + key;
  if (auto remembered = people_.find(name); remembered != people_.end()) return std::optional(remembered->second);
  auto found = turn.person_by_source(system, key, Hash{});
  if (!found) return tl::unexpected(found.error());
  if (!*found) return std::optional<PersonRef>();
  if (people_.size() >= people_remembered_max) people_.clear();
  people_.emplace(name, (*found)->id);
  return std::optional((*found)->id);
}

Expected<std::vector<Relationship>> Importer::relationships(const Turn& turn, const std::string& system,
                                                            const std::vector<SourceRelation>& relations,
                                                            bool& all_found) {
  std::vector<Relationship> out;
  for (const auto& relation : relations) {
    auto other = find_source_person(turn, system, relation.other_key);
    if (!other) return tl::unexpected(other.error());
    all_found = all_found && *other;
    if (!*other) continue;
    out.push_back({**other, relation.kind, relation.same_household, relation.parental_responsibility, relation.from,
                   relation.to, system});
  }
  return out;
}

Expected<void> Importer::relate(Turn& turn, const Deferred& deferred) {
  bool all_found = true;
  auto relations = relationships(turn, deferred.system, deferred.relations, all_found);
  if (!relations) return tl::unexpected(relations.error());
  auto before = turn.person(deferred.person, LinkToken());
  if (!before) return tl::unexpected(before.error());
  auto said = said_by(*before, deferred.system, deferred.key);
  if (!said) return tl::unexpected(said.error());
  if (!*said || (*said)->relationships == *relations) return {};
  (*said)->relationships = std::move(*relations);
  Hash content_hash{};
  for (const auto& source : before->sources)
    if (source.system == deferred.system && source.key == deferred.key) content_hash = source.content_hash;
  auto version = with_source(*before, deferred.system, deferred.key, content_hash, **said);
  if (!version) return tl::unexpected(version.error());
  auto put = this->put(turn, std::move(*version), *before);
  if (!put) return tl::unexpected(put.error());
  return {};
}

// Nothing is replaced: a new record. Unchanged: it is held as it is.
struct Importer::Version {
  bool is_unchanged = false;
  std::string key;
  std::uint32_t number = 1;
  RecordId replaces;
};

Expected<Importer::Version> Importer::version_of(const Turn& turn, const SourceRecord& source) {
  const Source& from = source.record.source;
  auto known = turn.record_by_source(from.system, from.key, from.content_hash);
  if (!known) return tl::unexpected(known.error());
  if (*known && ((*known)->same_content || source.yields)) return Version{true, {}, 0, {}};
  const std::string& child = source.subjects.empty() ? std::string() : source.subjects.front().key;
  if (source.series && !new_people_.contains(from.system + '\0' + child)) {
    auto person = find_source_person(turn, from.system, child);
    if (!person) return tl::unexpected(person.error());
    if (*person) return version_in_series(turn, source, **person);
  }
  if (*known) return Version{false, from.key, (*known)->version + 1, (*known)->id};
  return Version{false, from.key, 1, {}};
}

// A key of a series only names a record since it was first told: its day, which stands in the key, may have been
// corrected. What is held is known by the day that it has now.
Expected<Importer::Version> Importer::version_in_series(const Turn& turn, const SourceRecord& source,
                                                        const PersonRef& child) {
  const Source& from = source.record.source;
  const Date day = source.record.occurred.date;
  auto held = turn.told_records(child, from.system, source.series->prefix, LinkToken());
  if (!held) return tl::unexpected(held.error());
  const auto next_of = [](const ToldRecord& one) { return Version{false, one.key, one.version + 1, one.id}; };

  auto corrected = corrected_.find(source.series);
  if (corrected == corrected_.end()) {
    std::vector<Date> days;
    for (const auto& one : *held) days.push_back(one.day);
    auto found = corrections(days, *source.series);
    if (!found.empty()) {
      corrected = corrected_.emplace(source.series, std::multimap<Date, ToldRecord>()).first;
      for (const auto& [told, index] : found) corrected->second.emplace(told, (*held)[index]);
    }
  }
  std::vector<const ToldRecord*> of_day;
  for (const auto& one : *held)
    if (one.day == day) of_day.push_back(&one);
  for (const auto* one : of_day)
    if (one->content_hash == from.content_hash) return Version{true, {}, 0, {}};
  if (corrected != corrected_.end())
    if (auto old = corrected->second.find(day); old != corrected->second.end()) {
      Version out = next_of(old->second);
      corrected->second.erase(old);
      return out;
    }
  const auto mark = from.key.rfind('#');  // the second of a day, and further ones
  const std::size_t nth = mark == std::string::npos ? 1 : std::size_t(std::atoi(from.key.c_str() + mark + 1));
  if (nth >= 1 && nth <= of_day.size()) return next_of(*of_day[nth - 1]);

  // New; its key may name a record that was first told of this day, and is of another now.
  Version out{false, from.key, 1, {}};
  for (bool is_free = false; !is_free;) {
    auto taken = turn.record_by_source(from.system, out.key, from.content_hash);
    if (!taken) return tl::unexpected(taken.error());
    is_free = !*taken;
    if (!is_free) out.key += "+";
  }
  return out;
}

Expected<void> Importer::take_record(Turn& turn, SourceRecord source) {
  auto version = version_of(turn, source);
  if (!version) return tl::unexpected(version.error());
  if (version->is_unchanged) {
    ++run_.records_unchanged;
    return {};
  }
  Record record = std::move(source.record);
  record.subjects.clear();
  for (const auto& subject : source.subjects) {
    auto person = find_source_person(turn, record.source.system, subject.key);
    if (!person) return tl::unexpected(person.error());
    if (*person)
      record.subjects.push_back({**person, subject.role});
    else if (record.subjects.empty())
      return reject(turn, rejection(source.place, "the person it is about was not imported"));
    else
      ++run_.flagged;  // the fact about the child stands without the relative who did not come
  }
  record.source.key = std::move(version->key);
  record.source.version = version->number;
  record.replaces = version->replaces;
  record.received_by_node = turn.now();
  auto tell = whom_to_tell(turn, record.source.system);
  if (!tell) return tl::unexpected(tell.error());
  auto put = turn.put_record(std::move(record), options_.actor, *tell);
  if (!put) return tl::unexpected(put.error());
  ++(version->replaces.empty() ? run_.records_added : run_.records_changed);
  return {};
}

// What a source brings until it was read to its end once is history, and no news to anybody.
Expected<Tell> Importer::whom_to_tell(const Turn& turn, const std::string& system) {
  auto known = told_by_.find(system);
  if (known != told_by_.end()) return known->second;
  auto read = turn.side(SideTable::settings, read_once_key(system));
  if (!read) return tl::unexpected(read.error());
  return told_by_.emplace(system, *read ? Tell::others : Tell::nobody).first->second;
}

Expected<void> Importer::reject(Turn& turn, Rejected row) {
  auto written = turn.append(EntryKind::rejected_row, options_.actor, turn.node_key(),
                             encode(RejectedRow{row.file, row.line, row.field, row.reason}));
  if (!written) return tl::unexpected(written.error());
  ++run_.rejected;
  if (rejected_.size() < limits::import_rejected_told_max) rejected_.push_back(std::move(row));
  return {};
}

Expected<void> Importer::finish(Turn& turn) {
  if (std::exchange(finished_, true)) return {};
  run_.complete = !reading_error_ && adapter_.complete();
  if (run_.file.empty()) run_.file = options_.file;
  if (run_.system.empty()) run_.system = options_.system;
  if (reading_error_) run_.quarantine = reading_error_->what + ": " + reading_error_->why;
  if (!reading_error_)
    for (const auto& [system, tell] : told_by_)
      if (tell == Tell::nobody)
        if (auto put = turn.put_side(SideTable::settings, read_once_key(system), Bytes{1}); !put) return put;
  auto written = turn.append(EntryKind::import_run, options_.actor, turn.node_key(), encode(run_));
  if (!written) return tl::unexpected(written.error());
  return {};
}

Expected<ImportRun> import_all(Importer& importer, Store& store, Clock& clock) {
  for (bool more = true; more;) {
    if (auto filled = store.refill_keys(limits::import_keys_ahead); !filled) return tl::unexpected(filled.error());
    auto turn = store.begin(clock.now());
    if (!turn) return tl::unexpected(turn.error());
    auto stepped = importer.step(**turn);
    if (!stepped) return tl::unexpected(stepped.error());
    if (auto committed = (*turn)->commit(); !committed) return tl::unexpected(committed.error());
    more = *stepped;
  }
  if (importer.reading_error()) return tl::unexpected(*importer.reading_error());
  return importer.run();
}

}  // namespace ginnel
