// SPDX-License-Identifier: Apache-2.0
// The Service's calls about the node's own people: who is found, recorded and shielded, and what of it is recorded.
//
// SECURITY: nothing of a person leaves here but by a PersonPermit. Linking (node/import/matching.h) says who is like
// what was typed; the gate says who of them may be shown; only then is anybody read.
#include <algorithm>
#include <array>
#include <utility>

#include "federation/base/crypto/hash.h"
#include "federation/base/mistakes.h"
#include "federation/wire/record_codec.h"
#include "node/gate/facts.h"
#include "node/import/matching.h"
#include "node/import/person_merge.h"
#include "node/node.h"
#include "node/posted_call.h"
#include "node/store/codec.h"

namespace ginnel {
namespace {

constexpr std::size_t reason_bytes_max = 2000;  // as for an ask's

// Not held, concealed and not yours are told alike.
tl::unexpected<Error> not_found() { return fail("not-found", "cannot do this", "there is nothing here for you"); }

Person as_person(const PersonSketch& sketch) {
  Person person;
  if (!sketch.nhs_number.empty()) person.identifiers.push_back({"nhs", sketch.nhs_number, false});
  if (!sketch.given.empty() || !sketch.family.empty())
    person.names.push_back({sketch.given, sketch.family, "usual", {}, {}});
  person.birth = sketch.birth;
  if (!sketch.postcode.empty()) person.addresses.push_back({{}, sketch.postcode, "", {}, {}, false});
  return person;
}

// Which fields were typed, for the ledger; no value, because nobody may be held whom they name.
std::string words_of(const PeopleSearch& search) {
  std::string out;
  const auto add = [&](bool is_there, const char* field) {
    if (is_there) out += (out.empty() ? "looked for by " : ", ") + std::string(field);
  };
  add(!search.sketch.nhs_number.empty(), "NHS number");
  add(!search.sketch.family.empty(), "family name");
  add(!search.sketch.given.empty(), "given name");
  add(search.sketch.birth.precision != Precision::none, "date of birth");
  add(!search.sketch.postcode.empty(), "postcode");
  return search.reason.empty() ? out : out + ": " + search.reason;
}

constexpr std::array told_fields = {
    std::pair{LinkField::checked_number, "NHS number"}, std::pair{LinkField::other_number, "number"},
    std::pair{LinkField::family_name, "family name"},   std::pair{LinkField::given_name, "given name"},
    std::pair{LinkField::birth, "date of birth"},       std::pair{LinkField::postcode, "postcode"}};

// "same: NHS number, family name; nearly: given name; different: postcode"
std::string likeness_of(const Comparison& compared) {
  std::string same, nearly, different;
  for (const auto& [field, name] : told_fields) {
    const Level level = compared.level(field);
    if (level == Level::unknown) continue;
    std::string& list = level <= Level::equivalent ? same : level == Level::different ? different : nearly;
    list += (list.empty() ? "" : ", ") + std::string(name);
  }
  std::string out;
  for (const auto& [word, list] :
       {std::pair{"same: ", same}, std::pair{"nearly: ", nearly}, std::pair{"different: ", different}})
    if (!list.empty()) out += (out.empty() ? "" : "; ") + std::string(word) + list;
  return compared.is_swapped ? out + " (the names the other way round)" : out;
}

bool is_likely(const Comparison& compared) {
  if (compared.band == Band::same) return true;
  return compared.level(LinkField::checked_number) == Level::exact &&
         std::none_of(told_fields.begin(), told_fields.end(),
                      [&](const auto& told) { return compared.level(told.first) == Level::different; });
}

FoundPerson found_from(PermittedPerson read, const PersonPermit& permit) {
  FoundPerson out;
  Person& person = read.person;
  out.id = person.ref;
  out.names = std::move(person.names);
  out.birth = person.birth;
  out.death = person.death;
  for (const auto& identifier : person.identifiers)
    if (identifier.scheme == "nhs" && out.nhs_number.empty()) out.nhs_number = identifier.value;
  for (const auto& address : person.addresses)
    if (out.postcode.empty()) out.postcode = address.postcode;
  out.is_address_withheld = !permit.with_addresses();
  out.sources = read.sources;
  return out;
}

void count_withheld(std::vector<WithheldPeople>& counts, const PersonVerdict& verdict) {
  for (auto& known : counts)
    if (known.reason == verdict.reason && known.ask == verdict.ask) {
      ++known.count;
      return;
    }
  counts.push_back({1, verdict.reason, verdict.ask});
}

void check_words(const Vocabulary& words, const Record& record, std::vector<std::string>& mistakes) {
  const auto check = [&](const char* list, const char* field, const std::string& word) {
    if (word.empty())
      mistakes.push_back("`" + std::string(field) + "` is missing");
    else if (!words.knows(list, word))
      mistakes.push_back("`" + std::string(field) + "` is no " + list + " of " + words.edition());
  };
  check("record_kind", "kind", record.kind);
  check("category", "category", record.label.category);
  for (const auto& marking : record.label.markings) check("marking", "markings", marking);
  if (!read_intelligence_handling(record.label.handling)) check("handling", "handling", record.label.handling);
}

// What was put on by the entry of this number; nothing if that is no such entry.
Expected<std::optional<Marking>> marking_at(std::uint64_t sequence, const StoreReader& store) {
  if (sequence >= store.tree_head().size) return std::optional<Marking>();
  auto entry = store.entry(sequence);
  if (!entry && entry.error().code == "needs-permit") return std::optional<Marking>();
  if (!entry) return tl::unexpected(entry.error());
  if (entry->erased || entry->header.kind != EntryKind::marking) return std::optional<Marking>();
  auto marking = decode_marking(entry->body);
  if (!marking) return tl::unexpected(marking.error());
  return std::optional(std::move(*marking));
}

bool is_undone_by(const Marking& marking, const MarkingRequest& request) {
  const auto has = [](const auto& list, const auto& one) {
    return std::find(list.begin(), list.end(), one) != list.end();
  };
  const bool is_theirs = marking.person == request.person || has(marking.also, request.person);
  return is_theirs && marking.record.empty() == request.record.empty() &&
         std::all_of(request.take_off.begin(), request.take_off.end(),
                     [&](const std::string& word) { return has(marking.put_on, word); });
}

}  // namespace

Asking Node::own_asking(const Session& worker) const {
  Asking asking;
  asking.agency = settings_.member;
  if (const Member* me = p_.book.find(settings_.member)) asking.agency_kind = me->kind;
  asking.worker = worker.user.hex();
  asking.role = worker.role;
  asking.purpose = Gate::least_purpose();
  asking.basis = settings_.own_basis;
  return asking;
}

Expected<void> Node::check_writes(const Session& session) const {
  const Word* role = gate_.bundle().vocabulary.find("role", session.role);
  if (role && role->writes && !role->no_case_data) return {};
  return fail("forbidden", "cannot record this", "your role records nothing about people", "ask who works on the case");
}

Expected<FoundPeople> Node::look_for(const Session& worker, const PeopleSearch& search, Turn& turn) {
  Asking asking = own_asking(worker);
  if (!search.purpose.empty()) asking.purpose = search.purpose;
  if (!search.basis.empty()) asking.basis = search.basis;
  if (auto words = gate_.check_words(asking); !words) return tl::unexpected(words.error());

  const Matching matching(link_rules());
  auto like = matching.search(turn, as_person(search.sketch), london_date(turn.now()),
                              [&](const PersonRef& person, const std::set<std::string>& markings) {
                                return gate_.shows_addresses(asking, {person, markings, {}}, turn, turn.now());
                              });
  if (!like) return tl::unexpected(like.error());
  std::vector<PersonAsked> asked;
  for (const auto& one : like->people) asked.push_back({one.person, one.markings, {}});
  DecisionFor recorded;
  recorded.actor = actor_of(worker);
  recorded.access.reason = words_of(search);
  auto verdicts = gate_.decide_people(asking, asked, limits::people_found_max, recorded, turn);
  if (!verdicts) return tl::unexpected(verdicts.error());

  FoundPeople out;
  std::size_t left_out = 0;
  for (std::size_t i = 0; i < verdicts->size(); ++i) {
    const PersonVerdict& verdict = (*verdicts)[i];
    if (verdict.permit) {
      auto read = turn.read(*verdict.permit);
      if (!read) return tl::unexpected(read.error());
      FoundPerson person = found_from(std::move(*read), *verdict.permit);
      const Comparison& compared = like->people[i].compared;
      person.score = compared.score;
      person.is_likely = is_likely(compared);
      person.likeness = likeness_of(compared);
      out.people.push_back(std::move(person));
    } else if (verdict.step >= Step::headline) {
      ++left_out;
    } else if (verdict.step == Step::exists) {
      count_withheld(out.withheld, verdict);
    }
  }
  const bool has_likely = !out.people.empty() && out.people.front().is_likely;
  if (left_out > 0 || (like->is_cut && !has_likely))
    out.say_more = "more people may fit than are shown: say more of them, best their NHS number or date of birth";
  return out;
}

Expected<PersonVerdict> Node::look_up(const Session& worker, const PersonRef& person, const std::string& why,
                                      Turn& turn) {
  const Asking asking = own_asking(worker);
  if (auto words = gate_.check_words(asking); !words) return tl::unexpected(words.error());
  std::vector<PersonAsked> asked;
  auto group = turn.merged_with(person);
  if (!group && group.error().code != "no-person") return tl::unexpected(group.error());
  if (group) {
    auto markings = turn.markings(person);
    if (!markings) return tl::unexpected(markings.error());
    asked.push_back({group->front(), std::move(*markings), {}});
  }
  DecisionFor recorded;
  recorded.actor = actor_of(worker);
  recorded.access.reason = why;
  // Nobody, too, is an entry: who is not there and who is concealed take one path.
  auto verdicts = gate_.decide_people(asking, asked, 1, recorded, turn);
  if (!verdicts) return tl::unexpected(verdicts.error());
  if (verdicts->empty() || verdicts->front().step == Step::none) return not_found();
  return std::move(verdicts->front());
}

Expected<FoundPerson> Node::show_person(const Session& worker, const PersonRef& person, const char* why, Turn& turn) {
  auto verdict = look_up(worker, person, why, turn);
  if (!verdict) return tl::unexpected(verdict.error());
  if (!verdict->permit) return not_found();
  auto read = turn.read(*verdict->permit);
  if (!read) return tl::unexpected(read.error());
  return found_from(std::move(*read), *verdict->permit);
}

Expected<std::vector<FoundPerson>> Node::show_people(const Session& worker, std::span<const PersonRef> people,
                                                     const char* why, Turn& turn) {
  const Asking asking = own_asking(worker);
  if (auto words = gate_.check_words(asking); !words) return tl::unexpected(words.error());
  std::vector<PersonAsked> asked;
  for (const auto& person : people) {
    auto markings = turn.markings(person);
    if (!markings && markings.error().code == "no-person") continue;  // erased meanwhile
    if (!markings) return tl::unexpected(markings.error());
    asked.push_back({person, std::move(*markings), {}});
  }
  DecisionFor recorded;
  recorded.actor = actor_of(worker);
  recorded.access.reason = why;
  auto verdicts = gate_.decide_people(asking, asked, asked.size(), recorded, turn);
  if (!verdicts) return tl::unexpected(verdicts.error());
  std::vector<FoundPerson> out;
  for (const PersonVerdict& verdict : *verdicts) {
    if (!verdict.permit) continue;
    auto read = turn.read(*verdict.permit);
    if (!read) return tl::unexpected(read.error());
    out.push_back(found_from(std::move(*read), *verdict.permit));
  }
  return out;
}

Expected<bool> Node::may_tell_record(const Session& worker, const PersonRef& person, const RecordId& record,
                                     Turn& turn) {
  auto labels = turn.labels(person);
  auto markings = turn.markings(person);
  if (!labels) return tl::unexpected(labels.error());
  if (!markings) return tl::unexpected(markings.error());
  std::erase_if(*labels, [&](const RecordLabel& label) { return label.id != record; });
  for (auto& label : *labels)
    for (const auto& marking : *markings)
      if (!gate_.may_tell_marking(marking)) label.label.markings.insert(marking);
  auto key = turn.person_key(person);
  if (!key) return tl::unexpected(key.error());
  DecisionFor recorded{actor_of(worker), *key, {}};
  recorded.access.person = person;
  recorded.access.reason = "to write of one record";
  auto verdicts = gate_.decide(own_asking(worker), *labels, *markings, recorded, turn);
  if (!verdicts) return tl::unexpected(verdicts.error());
  return !verdicts->empty() && verdicts->front().step >= Step::exists;
}

void Node::search_people(std::string token, PeopleSearch search, Done<FoundPeople> done) {
  call<FoundPeople>(*this, std::move(done), [this, token, search](Work& work) -> Expected<FoundPeople> {
    auto session = session_of(token, work.turn, work.now);
    if (!session) return tl::unexpected(session.error());
    return look_for(*session, search, work.turn);
  });
}

void Node::read_own_person(std::string token, PersonRef person, std::string why, Done<FoundPerson> done) {
  call<FoundPerson>(*this, std::move(done), [this, token, person, why](Work& work) -> Expected<FoundPerson> {
    auto session = session_of(token, work.turn, work.now);
    if (!session) return tl::unexpected(session.error());
    return show_person(*session, person, why.c_str(), work.turn);
  });
}

void Node::record_person(Caller caller, NewPerson person, Done<PersonRef> done) {
  const auto work = [this, person](Work& work, const Session& session) -> Expected<PersonRef> {
    if (auto allowed = check_writes(session); !allowed) return tl::unexpected(allowed.error());
    constexpr const char* cannot = "cannot record the person";
    const PersonSketch& sketch = person.sketch;
    std::vector<std::string> mistakes = person.mistakes;
    if (sketch.nhs_number.empty() && sketch.given.empty() && sketch.family.empty())
      mistakes.emplace_back("there is neither a name nor an NHS number");
    if (!mistakes.empty()) return fail_with_all("bad-person", cannot, mistakes);

    PeopleSearch search;
    search.sketch = sketch;
    search.reason = "before recording a person";
    auto like = look_for(session, search, work.turn);
    if (!like && like.error().code != "say-more") return tl::unexpected(like.error());
    const bool may_be_held = like && (!like->people.empty() || !like->withheld.empty());
    if (may_be_held && !person.go_on)
      return fail(
          "say-more", cannot, "somebody whom this agency holds may be the same",
          "search with the same words and record about who is there; if it is nobody of them, send `goOn`: true");

    // A source of its own under a key that no other system can have: whatever is imported, this part stays.
    const std::string key = PersonRef::make(p_.random).hex();
    Person said = as_person(sketch);
    said.identifiers.insert(said.identifiers.begin(), {"source:" + std::string(own_source_system), key, true});
    said.sex = person.sex;
    said.addresses.clear();
    if (!person.address.lines.empty() || !person.address.postcode.empty()) said.addresses.push_back(person.address);
    auto version = with_source({}, own_source_system, key, sha256(view_of(key)), said);
    if (!version) return tl::unexpected(version.error());
    const Matching matching(link_rules());
    auto keys = matching.keys_for(work.turn, {}, version->person);
    if (!keys) return tl::unexpected(keys.error());
    version->link_keys = std::move(*keys);
    auto ref = work.turn.put_person(std::move(*version), actor_of(session));
    if (!ref) return tl::unexpected(ref.error());
    Match match;  // the worker said that it is nobody of them: that is for somebody else to agree with
    if (like)
      for (const auto& one : like->people) {
        auto joinable = matching.check_joinable(work.turn, *ref, one.id);
        if (joinable && match.ask.size() < limits::proposed_per_person_max)
          match.ask.push_back({one.id, one.score, one.likeness});
      }
    if (auto noted = matching.note(work.turn, *ref, match); !noted) return tl::unexpected(noted.error());
    return *ref;
  };
  call_once<PersonRef>(*this, std::move(caller), std::move(done), work);
}

void Node::record_fact(Caller caller, NewRecord record, Done<RecordId> done) {
  const auto work = [this, record](Work& work, const Session& session) -> Expected<RecordId> {
    if (auto allowed = check_writes(session); !allowed) return tl::unexpected(allowed.error());
    constexpr const char* cannot = "cannot keep the record";
    std::vector<std::string> mistakes = record.mistakes;
    check_words(gate_.bundle().vocabulary, record.record, mistakes);
    if (!record.record.occurred.is_set() && record.mistakes.empty()) mistakes.emplace_back("`occurred` is missing");
    if (!mistakes.empty()) return fail_with_all("bad-record", cannot, mistakes);
    auto verdict = look_up(session, record.person, "to record something about them", work.turn);
    if (!verdict) return tl::unexpected(verdict.error());
    if (!verdict->permit) return not_found();

    Record out = record.record;
    if (!out.replaces.empty()) {
      auto may_tell = may_tell_record(session, record.person, out.replaces, work.turn);
      if (!may_tell) return tl::unexpected(may_tell.error());
      if (!*may_tell) return not_found();
      auto source = work.turn.source_of(out.replaces);
      if (!source) return tl::unexpected(source.error());
      if (source->system != own_source_system)
        return fail("bad-record", cannot, "`replaces` is of a record that comes from another system",
                    "correct it there: the next import brings the correction");
      out.source = std::move(*source);
      ++out.source.version;
    } else {
      out.source = {std::string(own_source_system), RecordId::make(p_.random).hex(), {}, 1};
    }
    out.subjects = {{record.person, record.role}};
    out.recorded_at_source = When::at_instant(work.now);
    out.received_by_node = work.now;
    out.label.owner = settings_.member;
    out.author = {session.display_name, session.role, session.team, settings_.duty.phone};
    out.id = RecordId::make(p_.random);
    auto body = encode_record(out);
    if (!body) return fail("bad-record", cannot, body.error().why, body.error().remedy);
    out.source.content_hash = sha256(*body);
    return work.turn.put_record(std::move(out), actor_of(session));
  };
  call_once<RecordId>(*this, std::move(caller), std::move(done), work);
}

void Node::mark_person(Caller caller, MarkingRequest request, Done<std::uint64_t> done) {
  const auto work = [this, request](Work& work, const Session& session) -> Expected<std::uint64_t> {
    constexpr const char* cannot = "cannot change the markings";
    const Vocabulary& words = gate_.bundle().vocabulary;
    const Word* role = words.find("role", session.role);
    if (!role || !role->marks_people || role->no_case_data)
      return fail("forbidden", cannot, "your role puts no markings on and takes none off",
                  "ask a manager or a safeguarding lead");
    std::vector<std::string> mistakes = request.mistakes;
    if (request.put_on.empty() && request.take_off.empty() && mistakes.empty())
      mistakes.emplace_back("neither `putOn` nor `takeOff` names a marking");
    for (const auto* list : {&request.put_on, &request.take_off})
      for (const auto& marking : *list)
        if (!words.knows("marking", marking))
          mistakes.push_back("`" + marking + "` is no marking of " + words.edition());
    for (const auto& marking : request.put_on)
      if (request.take_off.contains(marking)) mistakes.push_back("`" + marking + "` is put on and taken off");
    if (request.undoes != 0 && !request.put_on.empty()) mistakes.emplace_back("`undoes` goes with `takeOff` alone");
    if (request.reason.empty() || request.reason.size() > reason_bytes_max)
      mistakes.emplace_back("`reason` is empty or too long");
    if (!mistakes.empty()) return fail_with_all("bad-marking", cannot, mistakes);

    Marking entry{request.person, request.record, {}, {}, {}, request.reason};
    if (request.undoes != 0) {
      auto undone = marking_at(request.undoes, work.turn);
      if (!undone) return tl::unexpected(undone.error());
      if (!*undone || !is_undone_by(**undone, request)) return not_found();
      entry.record = (*undone)->record;
    } else {
      auto verdict = look_up(session, request.person, "to change their markings", work.turn);
      if (!verdict) return tl::unexpected(verdict.error());
      if (!request.record.empty()) {
        auto may_tell = may_tell_record(session, request.person, request.record, work.turn);
        if (!may_tell) return tl::unexpected(may_tell.error());
        if (!*may_tell) return not_found();
      }
    }
    const MarkingChange change{request.put_on, request.take_off};
    Expected<void> marked;
    if (entry.record.empty()) {
      marked = work.turn.mark(request.person, change, actor_of(session));
    } else {
      auto version = work.turn.mark(entry.record, change, actor_of(session));
      if (version)
        entry.record = *version;
      else
        marked = tl::unexpected(version.error());
    }
    if (!marked && marked.error().code == "no-record") return not_found();
    if (!marked && (marked.error().code == "not-marked" || marked.error().code == "too-many"))
      return fail("bad-marking", cannot, marked.error().why, marked.error().remedy);
    if (!marked) return tl::unexpected(marked.error());
    entry.put_on.assign(request.put_on.begin(), request.put_on.end());
    entry.taken_off.assign(request.take_off.begin(), request.take_off.end());
    auto key = work.turn.person_key(request.person);
    if (!key) return tl::unexpected(key.error());
    if (entry.record.empty()) {
      auto group = work.turn.merged_with(request.person);
      if (!group) return tl::unexpected(group.error());
      entry.also = std::move(*group);
      std::erase(entry.also, request.person);
    }
    return work.turn.append(EntryKind::marking, actor_of(session), *key, encode(entry));
  };
  call_once<std::uint64_t>(*this, std::move(caller), std::move(done), work);
}

}  // namespace ginnel
