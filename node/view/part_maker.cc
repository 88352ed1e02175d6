// SPDX-License-Identifier: Apache-2.0
#include "node/view/part_maker.h"

#include <algorithm>

#include "federation/base/crypto/hash.h"
#include "node/gate/consent_book.h"
#include "node/gate/recorded.h"
#include "node/store/codec.h"

namespace ginnel {
namespace {

constexpr std::string_view too_many_records = "too-many-records";

// `people` are one person, merged.
SubjectRole role_of(const Record& record, const std::vector<PersonRef>& people) {
  for (const auto& subject : record.subjects)
    if (std::find(people.begin(), people.end(), subject.person) != people.end()) return subject.role;
  return SubjectRole::third_party;
}

// `record` was cut to the permit's step by the store already.
Item item_from(Record record, const Verdict& verdict, const std::vector<PersonRef>& people) {
  Item item;
  item.record = record.id;
  item.kind = std::move(record.kind);
  item.occurred = record.occurred;
  item.recorded = record.recorded_at_source;
  item.received = record.received_by_node;
  item.step = verdict.step;
  item.consent = verdict.consent;
  item.subject_role = role_of(record, people);
  item.headline = std::move(record.headline);
  item.fields = std::move(record.fields);
  item.narrative = std::move(record.narrative);
  item.assertion = record.assertion;
  item.label = std::move(record.label);
  item.label.retention.rule.clear();
  item.author = std::move(record.author);
  item.source_system = std::move(record.source.system);
  item.attachments = std::move(record.attachments);
  item.replaces = record.replaces;
  return item;
}

// What held at a past moment, as labels to decide by.
Expected<std::vector<RecordLabel>> past_labels(const PersonRef& person, const Turn& turn, Instant moment,
                                               std::map<RecordId, PastRecord>& past) {
  auto held = turn.labels_at(person, moment);
  if (!held) return tl::unexpected(held.error());
  std::vector<RecordLabel> labels;
  for (auto& one : *held) {
    labels.push_back(one.label);
    const RecordId id = one.label.id;
    past.emplace(id, std::move(one));
  }
  return labels;
}

// The id that stands in both nodes' logs.
std::string problem_id(const AskId& ask) { return "ask-" + ask.hex().substr(0, 12); }

// Whether everything that would be given now was given for the same ask before: a peer asks again after a crash, and
// what it got is disclosed once (DESIGN 8).
Expected<bool> is_disclosed(const Access& now, const Turn& turn) {
  auto sequences = turn.entries_of(now.ask);
  if (!sequences) return tl::unexpected(sequences.error());
  bool any = false;
  std::vector<AccessItem> before;
  for (auto sequence : *sequences) {
    auto entry = turn.entry(sequence);
    if (!entry) return tl::unexpected(entry.error());
    if (entry->header.kind != EntryKind::disclosed || entry->erased) continue;
    auto access = decode_access(entry->body);
    if (!access) return tl::unexpected(access.error());
    if (access->peer != now.peer) continue;  // an ask id is the asker's: two members may use the same
    any = true;
    before.insert(before.end(), access->items.begin(), access->items.end());
  }
  return any && std::all_of(now.items.begin(), now.items.end(), [&](const AccessItem& item) {
           return std::find(before.begin(), before.end(), item) != before.end();
         });
}

// What stands in every answer, whatever came of the ask.
void sign_off(Answer& answer, const OwnPart& own, const BundleRef& bundle, Instant now) {
  answer.data_to = own.data_to;
  answer.answered_at = now;
  answer.contact = own.duty;
  answer.bundle = bundle;
  answer.basis = own.basis;
}

// SECURITY: nothing in it depends on the child. `unknown`, so that no view with it counts as complete, and nobody takes
// it for "holds nothing".
Answer shadow_answer(const AskId& ask, const OwnPart& own) {
  Answer answer;
  answer.ask = ask;
  answer.status = PartStatus::unknown;
  const std::string ring = own.duty.phone.empty() ? "ring them" : "ring " + own.duty.phone;
  answer.reason = {"in-shadow", "it is starting and does not share yet, which says nothing about the child; " + ring,
                   ring, problem_id(ask)};
  return answer;
}

Answer unknown_answer(const AskId& ask, const Error& error) {
  Answer answer;
  answer.ask = ask;
  answer.status = PartStatus::unknown;
  answer.reason = problem_from(error, problem_id(ask));
  return answer;
}

}  // namespace

Hash item_hash(const Item& item) {
  Answer alone;
  // Whatever an answer must have, the same for every item and both ends.
  alone.ask = *AskId::from(view_of("ginnel item hash"));
  alone.answered_at = Instant{1};
  alone.status = PartStatus::answered;
  alone.items.push_back(item);
  auto bytes = encode_answer(alone);
  return bytes ? sha256(*bytes) : Hash();
}

void WithheldCounts::add(const Verdict& verdict) {
  add(Withheld{verdict.shown_as, 1, verdict.reason, verdict.ask, verdict.reason});
}

void WithheldCounts::add(const Withheld& counted) {
  for (auto& known : counts_)
    if (known.category == counted.category && known.reason == counted.reason && known.ask == counted.ask) {
      known.count += counted.count;
      return;
    }
  counts_.push_back(counted);
}

std::vector<Withheld> WithheldCounts::take() {
  std::sort(counts_.begin(), counts_.end(),
            [](const Withheld& a, const Withheld& b) { return a.category < b.category; });
  return std::move(counts_);
}

PartStatus status_of(std::size_t items, std::size_t withheld) {
  if (items > 0) return PartStatus::answered;
  return withheld > 0 ? PartStatus::withheld : PartStatus::not_known;
}

namespace {

// The sentence about the first source that is past its limit; empty: all are current.
std::string what_is_old(const OwnPart& own, Instant now) {
  const auto is_old = [now](Instant data_to, std::int64_t limit_ms) {
    return !data_to.is_set() || now - data_to > limit_ms;
  };
  for (const OwnSource& source : own.sources)
    if (is_old(source.data_to, source.age_ms_max))
      return "the agency's source " + source.system +
             (source.data_to.is_set() ? " ends at " + for_people(source.data_to) : " was never read to its end");
  if (!own.sources.empty() || !is_old(own.data_to, own.data_age_ms_max)) return {};
  return own.data_to.is_set() ? "the agency's data ends at " + for_people(own.data_to)
                              : "the agency's data was never read into its node";
}

}  // namespace

Expected<MadePart> PartMaker::make(const PartAsk& ask, const OwnPart& own, Turn& turn) const {
  MadePart part;
  part.answer.ask = ask.access.ask;
  if (auto words = gate_.check_words(ask.asking); !words) {
    part.answer.status = PartStatus::refused;
    part.answer.reason = problem_from(words.error(), problem_id(ask.access.ask));
  } else if (auto person = finder_.find(ask.about, turn); !person) {
    part.answer = unknown_answer(ask.access.ask, person.error());
  } else {
    part.person = person->value_or(PersonRef());
  }
  if (auto chosen = choose_key(part, ask, turn); !chosen) return tl::unexpected(chosen.error());

  const bool may_decide = part.answer.status == PartStatus::unknown && part.answer.reason.empty();
  auto recorded = may_decide ? fill(part, ask, turn) : record_refusal(part, ask, turn);
  if (!recorded) return tl::unexpected(recorded.error());
  Answer& answer = part.answer;
  if (ask.access.in_shadow && answer.status != PartStatus::refused) {
    answer = shadow_answer(ask.access.ask, own);
    sign_off(answer, own, gate_.bundle().ref(), turn.now());
    return part;
  }
  sign_off(answer, own, gate_.bundle().ref(), turn.now());
  if (answer.status == PartStatus::not_known)
    answer = not_known_answer(ask.access.ask, own.duty, own.data_to, turn.now(), gate_.bundle().ref(), own.basis);
  // SECURITY: "holds nothing" by a node whose sources are old, or were never read, is no verified miss: somebody could
  // take it for safety. Nothing here depends on the child.
  const std::string old = what_is_old(own, turn.now());
  const bool is_current = old.empty();
  if (!is_current && (answer.status == PartStatus::answered || answer.status == PartStatus::not_known)) {
    answer.status = PartStatus::out_of_date;
    answer.reason = {"out-of-date", old, "ring the agency for what came later", problem_id(ask.access.ask)};
  }
  return part;
}

Expected<MadePart> PartMaker::refuse(const PartAsk& ask, const Error& why, const OwnPart& own, Turn& turn) const {
  MadePart part;
  part.person = ask.access.person;
  part.answer.ask = ask.access.ask;
  part.answer.status = PartStatus::refused;
  part.answer.reason = problem_from(why, problem_id(ask.access.ask));
  if (auto chosen = choose_key(part, ask, turn); !chosen) return tl::unexpected(chosen.error());
  if (auto recorded = record_refusal(part, ask, turn); !recorded) return tl::unexpected(recorded.error());
  sign_off(part.answer, own, gate_.bundle().ref(), turn.now());
  return part;
}

Expected<void> PartMaker::choose_key(MadePart& part, const PartAsk& ask, Turn& turn) const {
  auto key = !part.person.empty()      ? turn.person_key(part.person)
             : ask.about == Identity() ? Expected<KeyId>(turn.node_key())
                                       : turn.subject_key(canonical(ask.about));
  if (!key) return tl::unexpected(key.error());
  part.key = *key;
  return {};
}

Expected<void> PartMaker::record_refusal(const MadePart& part, const PartAsk& ask, Turn& turn) const {
  Access refused = ask.access;
  refused.person = part.person;
  if (part.person.empty() && ask.about != Identity()) refused.identity = canonical(ask.about);
  record_asking(ask.asking, refused);
  refused.bundle = gate_.bundle().ref_text();
  refused.outcome = name_of(part.answer.status);
  refused.items.push_back({{}, Step::none, {}, {part.answer.reason.code}, part.answer.reason.sentence, {}});
  auto sequence = turn.append(EntryKind::decided, ask.actor, part.key, refused);
  return sequence ? Expected<void>() : tl::unexpected(sequence.error());
}

Expected<PartMaker::Labelled> PartMaker::label(const PersonRef& person, const Turn& turn, Instant as_known_at) const {
  auto people = turn.merged_with(person);
  std::map<RecordId, PastRecord> past;
  auto labels = as_known_at.is_set() ? past_labels(person, turn, as_known_at, past) : turn.labels(person);
  auto markings = turn.markings(person);
  if (!people) return tl::unexpected(people.error());
  if (!labels || !markings) return tl::unexpected(labels ? markings.error() : labels.error());
  if (labels->size() > limits::decide_records_max)
    return fail(std::string(too_many_records), "cannot answer", "there is more about this person than one answer holds",
                "ring the agency");
  // A marking on the person is on everything about them; one that travels speaks of where they are, not of a record,
  // and is read from the context by the rules that need it.
  for (auto& one : *labels)
    for (const auto& marking : *markings)
      if (!gate_.may_tell_marking(marking)) one.label.markings.insert(marking);
  for (const auto& one : *labels) markings->insert(one.label.markings.begin(), one.label.markings.end());
  return Labelled{std::move(*people), std::move(*labels), std::move(*markings), std::move(past)};
}

Expected<Hash> PartMaker::standing(const PersonRef& person, const std::vector<RecordId>& told, const Turn& turn,
                                   Instant as_known_at) const {
  if (person.empty()) return Hash{};
  auto labelled = label(person, turn, as_known_at);
  if (!labelled) return tl::unexpected(labelled.error());
  std::string said;
  const auto say = [&](std::string_view word) { said.append(word).push_back('\0'); };
  for (const auto& marking : labelled->markings) say(marking);
  auto consents = ConsentBook::of_person(person, turn);
  if (!consents) return tl::unexpected(consents.error());
  for (const auto& [entry, said_at, said_by, withdrawn_by] : *consents) {
    const bool has_begun = entry.from <= turn.now();
    const bool is_over = entry.until.is_set() && entry.until <= turn.now();
    say(entry.consent.hex() + (has_begun ? "b" : "") + (is_over ? "o" : "") + (entry.withdrawn.is_set() ? "w" : ""));
  }
  for (const auto& record : told) {
    auto now = std::find_if(labelled->labels.begin(), labelled->labels.end(),
                            [&](const RecordLabel& one) { return one.id == record; });
    say(record.hex());
    if (now == labelled->labels.end()) continue;  // it holds no longer
    say(now->label.category);
    say(std::to_string(now->label.sensitivity));
    say(now->label.handling);
    for (const auto& marking : now->label.markings) say(marking);
    if (auto past = labelled->past.find(record); past != labelled->past.end())
      say(std::to_string(past->second.superseded_at.ms) + (past->second.taken_back ? "t" : ""));
  }
  return sha256(view_of(said));
}

Expected<std::optional<ToldUnasked>> PartMaker::tell(const PartAsk& ask, const PersonRef& person,
                                                     const RecordId& record, Turn& turn) const {
  const auto undecided = [](const Error& error) -> tl::unexpected<Error> {
    return fail("undecided", "cannot say what may be told", error.why, error.remedy);
  };
  if (!gate_.check_words(ask.asking)) return std::optional<ToldUnasked>();
  auto labelled = label(person, turn);
  if (!labelled && labelled.error().code == "no-person") return std::optional<ToldUnasked>();  // erased since
  if (!labelled) return undecided(labelled.error());
  auto& [people, labels, markings, past] = *labelled;
  // SECURITY: whom the ask finds now, not whom it found then: what a correction parted must stay apart.
  auto found = finder_.find(ask.about, turn);
  if (!found) return undecided(found.error());
  if (!*found || std::find(people.begin(), people.end(), **found) == people.end()) return std::optional<ToldUnasked>();
  std::erase_if(labels, [&](const RecordLabel& one) { return one.id != record; });
  if (labels.empty()) return std::optional<ToldUnasked>();
  auto key = turn.person_key(person);
  if (!key) return undecided(key.error());
  DecisionFor recorded{ask.actor, *key, ask.access};
  recorded.access.person = person;
  auto verdicts = gate_.decide(ask.asking, labels, markings, recorded, turn);
  if (!verdicts) return tl::unexpected(verdicts.error());
  ToldUnasked told;
  if (verdicts->empty() || verdicts->front().step == Step::none) return std::optional(std::move(told));
  const Verdict& verdict = verdicts->front();
  for (const auto& marking : markings)
    if (gate_.may_tell_marking(marking)) told.markings.insert(marking);
  told.step = verdict.step;
  if (!verdict.permit) {
    told.category = verdict.shown_as;
    told.reason = verdict.reason;
    return std::optional(std::move(told));
  }
  auto read = turn.read(*verdict.permit);
  if (!read) return undecided(read.error());
  told.permit = verdict.permit;
  told.item = item_from(std::move(*read), verdict, people);
  told.category = told.item->category();
  if (item_hash(*told.item) == Hash{}) {  // no page of an answer takes it either: it is counted there
    Answer alone;
    alone.items.push_back(std::move(*told.item));
    const auto counted = paginate(std::move(alone)).front().withheld;
    told = {Step::exists, std::nullopt, counted.empty() ? std::string() : counted.front().category,
            counted.empty() ? std::string() : counted.front().reason, std::move(told.markings)};
  }
  return std::optional(std::move(told));
}

Expected<void> PartMaker::fill(MadePart& part, const PartAsk& ask, Turn& turn) const {
  Labelled about;
  if (!part.person.empty()) {
    auto labelled = label(part.person, turn, ask.as_known_at);
    if (!labelled) {
      part.answer = unknown_answer(ask.access.ask, labelled.error());
      return labelled.error().code == too_many_records ? record_refusal(part, ask, turn) : Expected<void>();
    }
    about = std::move(*labelled);
  }
  const auto& [people, labels, markings, past] = about;

  DecisionFor recorded{ask.actor, part.key, ask.access};
  recorded.access.person = part.person;
  if (part.person.empty()) recorded.access.identity = canonical(ask.about);
  // An unknown child and a concealed one take this path alike: one decision, one entry.
  auto verdicts = gate_.decide(ask.asking, labels, markings, recorded, turn);
  if (!verdicts) return tl::unexpected(verdicts.error());

  WithheldCounts withheld;
  Access disclosed = recorded.access;
  for (auto& verdict : *verdicts) {
    const auto then = past.find(verdict.record);
    if (then != past.end() && then->second.taken_back && verdict.step >= Step::exists) {
      // What an agency says no longer, it does not say again: that there was something is all.
      verdict.reason = "it was taken back since";
      withheld.add(verdict);
      continue;
    }
    if (verdict.permit) {
      auto record = turn.read(*verdict.permit);
      if (!record) {
        part.answer = unknown_answer(ask.access.ask, record.error());
        return {};
      }
      Item item = item_from(std::move(*record), verdict, people);
      if (then != past.end()) {
        item.superseded_at = then->second.superseded_at;
        item.label = then->second.label.label;
        item.label.retention.rule.clear();
      }
      disclosed.items.push_back({verdict.record, verdict.step, item.category(), {}, {}, item_hash(item)});
      part.answer.items.push_back(std::move(item));
    } else if (verdict.step == Step::exists) {
      withheld.add(verdict);
    }
  }
  part.answer.withheld = withheld.take();
  part.answer.status = status_of(part.answer.items.size(), part.answer.withheld.size());
  if (part.answer.status != PartStatus::not_known)
    for (const auto& marking : markings)
      if (gate_.may_tell_marking(marking)) part.answer.markings.insert(marking);

  const bool discloses =
      !ask.access.peer.empty() && !ask.access.in_shadow && part.answer.status != PartStatus::not_known;
  if (!discloses) return {};
  auto is_known = is_disclosed(disclosed, turn);
  if (!is_known) return tl::unexpected(is_known.error());
  if (*is_known) return {};
  disclosed.role = ask.asking.role;
  disclosed.purpose = ask.asking.purpose;
  disclosed.basis = ask.asking.basis;
  disclosed.bundle = gate_.bundle().ref_text();
  disclosed.outcome = name_of(part.answer.status);
  disclosed.attached = ask.as_sent;
  auto sequence = turn.append(EntryKind::disclosed, ask.actor, part.key, disclosed);
  return sequence ? Expected<void>() : tl::unexpected(sequence.error());
}

}  // namespace ginnel
