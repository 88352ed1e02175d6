// SPDX-License-Identifier: Apache-2.0
#include "node/gate/gate.h"

#include <algorithm>
#include <array>
#include <utility>

#include "node/gate/consent_book.h"
#include "node/gate/facts.h"
#include "node/gate/recorded.h"
#include "node/store/codec.h"
#include "node/store/store.h"
#include "node/work/worker_relations.h"
#include "policy/authorize.h"

namespace ginnel {
namespace {

constexpr std::array<std::string_view, 4> refusals{"unknown-word", "forbidden", "basis-not-in-force",
                                                   "break-glass-without-reason"};
constexpr std::array<Step, 4> ladder{Step::exists, Step::headline, Step::content, Step::copy_out};
constexpr const char* unproven_purpose = "first_contact";

std::string annotation_of(const policy::Policy& policy, std::string_view name) {
  const std::string* value = policy.annotation(name);
  return value ? *value : std::string();
}

// Which policies ended the climb: forbids that hold, or that could not be decided.
std::vector<const policy::Policy*> blocking_forbids(const std::vector<policy::Policy>& policies,
                                                    const policy::Response& response) {
  std::vector<const policy::Policy*> out;
  // SECURITY: the language skips a policy that errs; a forbid that errs denies here (DESIGN 7).
  for (const auto& error : response.errors)
    if (error.effect == policy::Effect::forbid) out.push_back(&policies[error.policy]);
  for (auto index : response.reasons)
    if (policies[index].effect == policy::Effect::forbid) out.push_back(&policies[index]);
  return out;
}

bool is_within(const std::string& category, const std::set<std::string>& wanted) {
  if (wanted.empty()) return true;
  for (std::string_view at = category; !at.empty(); at = parent_category(at))
    if (wanted.contains(std::string(at))) return true;
  return false;
}

// The first word of the label that the vocabulary does not have; empty if it knows them all.
std::string unknown_word(const Vocabulary& words, const RecordLabel& record) {
  if (!words.knows("record_kind", record.kind)) return "kind `" + record.kind + "`";
  if (!words.knows("category", record.label.category)) return "category `" + record.label.category + "`";
  if (!words.knows("handling", record.label.handling) && !read_intelligence_handling(record.label.handling))
    return "handling `" + record.label.handling + "`";
  return {};
}

}  // namespace

bool Gate::refuses_with(std::string_view code) {
  return std::find(refusals.begin(), refusals.end(), code) != refusals.end();
}

std::string Gate::least_purpose() { return unproven_purpose; }

std::string Gate::effective_purpose(const Asking& asking) const {
  const Word* purpose = bundle_->vocabulary.find("purpose", asking.purpose);
  if (purpose && purpose->needs_head && !asking.proven.contains(asking.purpose)) return unproven_purpose;
  return asking.purpose;
}

bool Gate::may_tell_marking(const std::string& marking) const {
  const Word* word = bundle_->vocabulary.find("marking", marking);
  return word && word->travels;
}

Expected<void> Gate::check_known(const Asking& asking) const {
  const std::array<std::pair<const char*, const std::string*>, 4> claimed{{{"purpose", &asking.purpose},
                                                                           {"basis", &asking.basis},
                                                                           {"role", &asking.role},
                                                                           {"agency_kind", &asking.agency_kind}}};
  for (const auto& [list, word] : claimed)
    if (!bundle_->vocabulary.knows(list, *word))
      return fail("unknown-word", "cannot decide this ask",
                  std::string("`") + *word + "` is no " + list + " of " + bundle_->vocabulary.edition(),
                  "use a word of the vocabulary");
  for (const auto& category : asking.categories)
    if (!bundle_->vocabulary.knows("category", category))
      return fail("unknown-word", "cannot decide this ask",
                  "`" + category + "` is no category of " + bundle_->vocabulary.edition(),
                  "use a word of the vocabulary");
  return {};
}

Expected<void> Gate::check_return(const Asking& asking) const {
  if (auto known = check_known(asking); !known) return known;
  return check_basis(asking);
}

Expected<void> Gate::check_words(const Asking& asking) const {
  if (auto known = check_known(asking); !known) return known;
  if (bundle_->vocabulary.find("role", asking.role)->no_case_data)
    return fail("forbidden", "cannot decide this ask", "the role `" + asking.role + "` is shown no case data",
                "ask somebody who works on the case");
  if (auto basis = check_basis(asking); !basis) return basis;
  if (bundle_->vocabulary.find("purpose", asking.purpose)->break_glass && !asking.break_glass)
    return fail("break-glass-without-reason", "cannot decide this ask",
                "`" + asking.purpose + "` is for breaking the glass, and no reason was given", "give the reason");
  return {};
}

Expected<void> Gate::check_basis(const Asking& asking) const {
  if (!bundle_->vocabulary.find("basis", asking.basis)->in_force)
    return fail("basis-not-in-force", "cannot decide this ask", "the basis `" + asking.basis + "` is not in force",
                "name the basis that applies now, usually `public_task`");
  return {};
}

Expected<Verdicts> Gate::decide(const Asking& asking, std::span<const RecordLabel> records,
                                const std::set<std::string>& markings, const DecisionFor& recorded, Turn& turn) const {
  if (records.size() > limits::decide_records_max)
    return fail("too-many-records", "cannot decide this ask", "it concerns more records than one decision may",
                "ask for fewer categories");
  const Allocated allocation = allocated(recorded, turn);
  Access entry = recorded.access;
  entry.allocated = allocation;
  entry.bundle = bundle_->ref_text();
  entry.markings.assign(markings.begin(), markings.end());
  record_asking(asking, entry);
  const AboutPerson about = about_person(allocation, consents(asking, recorded.access.person, turn, turn.now()));
  record_consents(about.consents, *entry.decided_by);
  LabelsRecorded labels(*entry.decided_by);
  // By label, unless a policy speaks of a single record: a child's fifty records have a handful of labels.
  policy::Decider decider(bundle_->ready);
  Verdicts decided;
  Verdicts verdicts;
  verdicts.reserve(records.size());
  for (const auto& record : records) {
    if (!is_within(record.label.category, asking.categories)) continue;
    const std::uint16_t place = labels.place_of(record);
    if (place > decided.size() || bundle_->names_records) {
      decided.resize(std::max<std::size_t>(place, decided.size()));
      decided[place - 1] = decide_label(decider, asking, about, record, markings);
    }
    const Verdict& verdict = verdicts.emplace_back(give(decided[place - 1], record));
    entry.items.push_back(
        {verdict.record, verdict.step, verdict.shown_as, verdict.policies, verdict.reason, {}, place});
  }
  auto sequence = turn.append(EntryKind::decided, recorded.actor, recorded.key, entry);
  if (!sequence) return tl::unexpected(sequence.error());
  return verdicts;
}

Allocated Gate::allocated(const DecisionFor& recorded, const Turn& turn) {
  const Access& about = recorded.access;
  if (recorded.actor.empty() || !about.peer.empty() || about.person.empty()) return Allocated::not_asked;
  const auto are = worker_relations(*UserId::from(recorded.actor.bytes()), about.person, turn.now(), turn);
  if (!are) return Allocated::unreadable;
  if (are->contains(WorkerRelation::conflict)) return Allocated::in_conflict;
  return are->contains(WorkerRelation::responsible) ? Allocated::yes : Allocated::no;
}

AboutPerson about_person(Allocated worker, Consents consents) {
  // SECURITY: where it cannot be read what the worker is to the person, they may be of one family.
  return {worker == Allocated::yes, std::move(consents),
          worker == Allocated::in_conflict || worker == Allocated::unreadable};
}

Consents Gate::consents(const Asking& asking, const PersonRef& person, const StoreReader& reader, Instant now) const {
  return ConsentBook::resolved(person, {effective_purpose(asking), asking.agency, now}, bundle_->vocabulary, reader);
}

Verdict Gate::decide_person(Asking asking, const PersonAsked& person, const std::string& category) const {
  const PeopleWords& words = bundle_->vocabulary.people();
  RecordLabel label;
  label.id = *RecordId::from(person.person.bytes());
  label.kind = words.kind;
  label.label.category = category;
  label.label.sensitivity = words.sensitivity;
  label.label.owner = asking.agency;
  // As with records: a marking on the person is on everything about them, but one that travels speaks of where they
  // are.
  for (const auto& marking : person.markings)
    if (!may_tell_marking(marking)) label.label.markings.insert(marking);
  asking.highest = Step::headline;
  policy::Decider decider(bundle_->ready);
  return give(decide_label(decider, asking, person.known, label, person.markings), label);
}

bool Gate::shows_addresses(const Asking& asking, const PersonAsked& person) const {
  const auto travels = [this](const std::string& marking) { return may_tell_marking(marking); };
  if (std::any_of(person.markings.begin(), person.markings.end(), travels)) return false;
  return decide_person(asking, person, bundle_->vocabulary.people().where).step >= Step::headline;
}

bool Gate::shows_addresses(const Asking& asking, PersonAsked person, const StoreReader& reader, Instant now) const {
  person.known.consents = consents(asking, person.person, reader, now);
  return shows_addresses(asking, person);
}

Expected<std::vector<PersonVerdict>> Gate::decide_people(const Asking& asking, std::span<const PersonAsked> people,
                                                         std::size_t most, const DecisionFor& recorded,
                                                         Turn& turn) const {
  Access entry = recorded.access;
  entry.role = asking.role;
  entry.purpose = asking.purpose;
  entry.basis = asking.basis;
  entry.bundle = bundle_->ref_text();
  std::vector<PersonVerdict> verdicts;
  std::vector<PersonRef> shown;
  for (PersonAsked person : people) {
    DecisionFor about{recorded.actor, {}, {}};
    about.access.person = person.person;
    person.known = about_person(allocated(about, turn), consents(asking, person.person, turn, turn.now()));
    Verdict decided = decide_person(asking, person, bundle_->vocabulary.people().who);
    PersonVerdict verdict{person.person, decided.step, {}, decided.reason, decided.ask, decided.policies};
    const bool may_be_shown = decided.permit.has_value();
    const bool is_shown = may_be_shown && shown.size() < most;
    if (is_shown) {
      verdict.permit = PersonPermit(person.person, shows_addresses(asking, person));
      shown.push_back(person.person);
    }
    entry.items.push_back({*RecordId::from(person.person.bytes()),
                           is_shown ? Step::headline : Step::none,
                           {},
                           verdict.policies,
                           may_be_shown && !is_shown ? "the list was full" : verdict.reason,
                           {}});
    verdicts.push_back(std::move(verdict));
  }
  entry.also = shown;
  auto key = turn.key_for(shown);
  if (!key) return tl::unexpected(key.error());
  auto sequence = turn.append(EntryKind::people_searched, recorded.actor, *key, entry);
  if (!sequence) return tl::unexpected(sequence.error());
  return verdicts;
}

Verdict Gate::give(Verdict verdict, const RecordLabel& record) {
  verdict.record = record.id;
  if (verdict.step >= Step::headline) verdict.permit = Permit(record.id, verdict.step);
  return verdict;
}

Verdict Gate::decide_label(policy::Decider& decider, const Asking& asking, const AboutPerson& about,
                           const RecordLabel& record, const std::set<std::string>& markings) const {
  Verdict verdict;
  verdict.shown_as = std::string(root_category(record.label.category));
  // SECURITY: an unknown marking may be one that conceals, so the record is not even counted.
  for (const auto& marking : record.label.markings)
    if (!bundle_->vocabulary.knows("marking", marking)) {
      verdict.policies = {"unknown-marking"};
      return verdict;
    }
  if (auto word = unknown_word(bundle_->vocabulary, record); !word.empty()) {
    verdict.step = Step::exists;
    verdict.reason = "its " + word + " is not in the vocabulary";
    verdict.policies = {"unknown-word"};
    return verdict;
  }
  verdict.consent = told_of(about.consents.of(record.label.category));
  const DecisionFacts facts(*bundle_, asking, effective_purpose(asking), about, record, markings);
  for (Step step : ladder)
    if (step > asking.highest || !climb(decider, facts, step, verdict)) break;
  if (verdict.step >= std::min(asking.highest, Step::content)) {
    verdict.reason.clear();
    verdict.ask.clear();
  }
  // Only where it opened more: of whoever did not need it, nothing is told.
  if (verdict.consent != ConsentTold::nothing &&
      decide_label(decider, asking, {about.is_allocated, {}, about.in_conflict}, record, markings).step >= verdict.step)
    verdict.consent = ConsentTold::nothing;
  std::sort(verdict.policies.begin(), verdict.policies.end());
  verdict.policies.erase(std::unique(verdict.policies.begin(), verdict.policies.end()), verdict.policies.end());
  return verdict;
}

Verdict Gate::would_decide(const Asking& asking, const AboutPerson& about, const RecordLabel& record,
                           const std::set<std::string>& markings) const {
  policy::Decider decider(bundle_->ready);
  Verdict verdict = decide_label(decider, asking, about, record, markings);
  verdict.record = record.id;
  return verdict;
}

bool Gate::climb(policy::Decider& decider, const DecisionFacts& facts, Step step, Verdict& verdict) const {
  const auto& policies = bundle_->policies.policies();
  const policy::Request request = facts.request(step);
  const policy::Response& response = decider.decide(request, facts.entities());
  const auto forbids = blocking_forbids(policies, response);
  for (auto index : response.reasons) verdict.policies.push_back(policies[index].id);
  for (const auto* forbid : forbids) verdict.policies.push_back(forbid->id);
  if (response.allowed() && forbids.empty()) {
    verdict.step = step;
    // What permitted the last step that was reached knows best whom to ask for the next.
    verdict.reason = annotation_of(policies[response.reasons.front()], "title");
    verdict.ask = annotation_of(policies[response.reasons.front()], "ask");
    return true;
  }
  if (forbids.empty()) return false;
  const auto is_concealing = [](const policy::Policy* forbid) { return forbid->annotation("conceal") != nullptr; };
  if (std::any_of(forbids.begin(), forbids.end(), is_concealing)) {
    verdict.step = Step::none;
    verdict.reason.clear();
    verdict.ask.clear();
    return false;
  }
  // A restricted record is counted even where the forbid covers `exists`: only @conceal hides it (DESIGN 7).
  verdict.step = std::max(verdict.step, Step::exists);
  verdict.reason = annotation_of(*forbids.front(), "title");
  if (response.forbid_erred()) verdict.reason += " (the rule could not be decided)";
  verdict.ask = annotation_of(*forbids.front(), "ask");
  if (auto shown_as = annotation_of(*forbids.front(), "shown_as"); !shown_as.empty()) verdict.shown_as = shown_as;
  return false;
}

}  // namespace ginnel
