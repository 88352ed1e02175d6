// SPDX-License-Identifier: Apache-2.0
#include "node/gate/facts.h"

#include "federation/base/check.h"

namespace ginnel {
namespace {

using policy::EntityUid;
using policy::Value;
using Fields = std::vector<policy::Record::Field>;

EntityUid uid(const char* type, std::string id) { return {std::string("Share::") + type, std::move(id)}; }

Value word_set(const char* type, const std::set<std::string>& words) {
  std::vector<Value> out;
  for (const auto& word : words) out.emplace_back(uid(type, word));
  return Value(policy::Set(std::move(out)));
}

Value handling_of(const std::string& handling) {
  const auto code = read_intelligence_handling(handling);
  Fields fields;
  fields.emplace_back("is_intelligence", Value(code.has_value()));
  fields.emplace_back("source", Value(code ? code->source : std::string()));
  fields.emplace_back("information", Value(code ? code->information : std::string()));
  fields.emplace_back("code", Value(code ? code->code : std::string()));
  return Value(policy::Record(std::move(fields)));
}

policy::Entity worker_entity(const EntityUid& name, const Asking& asking) {
  Fields fields;
  fields.emplace_back("agency", Value(uid("Member", asking.agency.text())));
  fields.emplace_back("kind", Value(uid("AgencyKind", asking.agency_kind)));
  fields.emplace_back("role", Value(uid("Role", asking.role)));
  return {name, policy::Record(std::move(fields)), {}, {}};
}

// As it holds for the root category of one record.
Value child_of(const Vocabulary& vocabulary, const Consents& consents, const RecordLabel& record) {
  const std::string_view own_root = root_category(record.label.category);
  Fields states;
  for (const auto& word : vocabulary.words("category")) {
    if (!parent_category(word.id).empty()) continue;
    const auto held = word.id == own_root ? consents.of(word.id, record.told) : consents.of(word.id);
    Fields consent;
    consent.emplace_back("state", Value(uid("Consent", held.state)));
    states.emplace_back(word.id, Value(policy::Record(std::move(consent))));
  }
  Fields child;
  child.emplace_back("competent", Value(consents.of(own_root, record.told).competence != Competence::not_competent));
  child.emplace_back("consents", Value(policy::Record(std::move(states))));
  return Value(policy::Record(std::move(child)));
}

policy::Entity record_entity(const EntityUid& name, const Bundle& bundle, const Consents& consents,
                             const RecordLabel& record, const MemberId& asker) {
  Fields fields;
  fields.emplace_back("owner", Value(uid("Member", record.label.owner.text())));
  fields.emplace_back("kind", Value(uid("RecordKind", record.kind)));
  fields.emplace_back("sensitivity", Value(std::int64_t{record.label.sensitivity}));
  fields.emplace_back("markings", word_set("Marking", record.label.markings));
  fields.emplace_back("handling", handling_of(record.label.handling));
  fields.emplace_back("addressed", Value(!asker.empty() && record.label.addressed_to == asker));
  const bool nothing_held = consents.none() && record.told == ConsentTold::nothing;
  fields.emplace_back("child", nothing_held ? bundle.undecided_child : child_of(bundle.vocabulary, consents, record));
  return {name, policy::Record(std::move(fields)), {uid("Category", record.label.category)}, {}};
}

policy::EntityLayer layer_over(const Bundle& bundle, policy::Entity worker, policy::Entity record) {
  std::vector<policy::Entity> entities;
  entities.push_back(std::move(worker));
  entities.push_back(std::move(record));
  auto layer = policy::EntityLayer::make(bundle.resident, std::move(entities));
  CHECK(layer.has_value());  // two entities of different types without children
  return std::move(*layer);
}

policy::Record context_of(const Asking& asking, const std::string& purpose, const AboutPerson& about,
                          const std::set<std::string>& markings) {
  Fields fields;
  fields.emplace_back("purpose", Value(uid("Purpose", purpose)));
  fields.emplace_back("basis", Value(uid("Basis", asking.basis)));
  fields.emplace_back("proven", word_set("Purpose", asking.proven));
  fields.emplace_back("markings", word_set("Marking", markings));
  fields.emplace_back("break_glass", Value(asking.break_glass));
  fields.emplace_back("allocated", Value(about.is_allocated));
  fields.emplace_back("conflict", Value(about.in_conflict));
  return policy::Record(std::move(fields));
}

}  // namespace

Value undecided_child(const Vocabulary& vocabulary) { return child_of(vocabulary, {}, {}); }

std::optional<IntelligenceHandling> read_intelligence_handling(std::string_view handling) {
  constexpr std::string_view prefix = "3x5x2:";
  if (!handling.starts_with(prefix)) return std::nullopt;
  handling.remove_prefix(prefix.size());
  if (handling.size() < 5 || handling[1] != ':' || handling[3] != ':') return std::nullopt;
  if (handling.size() > 5 && handling[5] != ':') return std::nullopt;
  if (handling[0] < '1' || handling[0] > '3' || handling[2] < 'A' || handling[2] > 'E') return std::nullopt;
  if (handling[4] != 'P' && handling[4] != 'C') return std::nullopt;
  return IntelligenceHandling{std::string(1, handling[0]), std::string(1, handling[2]), std::string(1, handling[4])};
}

DecisionFacts::DecisionFacts(const Bundle& bundle, const Asking& asking, const std::string& purpose,
                             const AboutPerson& about, const RecordLabel& record, const std::set<std::string>& markings)
    : principal_(uid("Worker", asking.worker)),
      resource_(uid("Record", record.id.hex())),
      context_(context_of(asking, purpose, about, markings)),
      layer_(layer_over(bundle, worker_entity(principal_, asking),
                        record_entity(resource_, bundle, about.consents, record, asking.agency))) {}

policy::Request DecisionFacts::request(Step step) const {
  return {principal_, uid("Action", std::string(name_of(step))), resource_, context_};
}

}  // namespace ginnel
