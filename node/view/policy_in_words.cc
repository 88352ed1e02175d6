// SPDX-License-Identifier: Apache-2.0
#include "node/view/policy_in_words.h"

#include "node/gate/bundle.h"
#include "node/gate/plain_words.h"
#include "node/gate/policy_cases.h"

namespace ginnel {
namespace {

std::string annotation_of(const policy::Policy& policy, std::string_view name) {
  const std::string* value = policy.annotation(name);
  return value ? *value : std::string();
}

RuleInWords rule_of(const policy::Policy& policy, const Vocabulary& words) {
  using Does = RuleInWords::Does;
  RuleInWords out;
  const bool hides = policy.annotation("conceal") != nullptr;
  out.does = policy.effect == policy::Effect::permit ? Does::permits : hides ? Does::hides : Does::refuses;
  out.id = annotation_of(policy, "id");
  out.title = annotation_of(policy, "title");
  out.says = plain_words(policy, words);
  out.basis = annotation_of(policy, "basis");
  out.ask = annotation_of(policy, "ask");
  if (const Word* shown_as = words.find("category", annotation_of(policy, "shown_as"))) out.shown_as = shown_as->title;
  return out;
}

// What the layer itself has, beside what lies under it.
void add_layer(const std::shared_ptr<const Bundle>& bundle, PolicyInWords& out) {
  const auto& policies = bundle->policies.policies();
  for (std::size_t i = bundle->first_of_its_own(); i < policies.size(); ++i) {
    out.rules.push_back(rule_of(policies[i], bundle->vocabulary));
    out.rules.back().is_own = bundle->agreement != nullptr;
  }
  const auto cases = cases_of(*bundle);
  if (!cases) {
    for (const auto& error : cases.error()) out.unreadable_cases.push_back(error.why);
    return;
  }
  const Gate gate(bundle);
  for (const auto& one : *cases) {
    const CaseOutcome outcome = try_case(one, gate);
    if (outcome.differences.empty()) ++out.passed;
    out.cases.push_back({one.file, one.name, outcome.differences});
  }
}

}  // namespace

PolicyInWords in_words(const std::shared_ptr<const Bundle>& bundle) {
  const auto agreement = bundle->agreement ? bundle->agreement : bundle;
  PolicyInWords out;
  out.name = agreement->name;
  out.version = agreement->version;
  out.edition = agreement->vocabulary.edition();
  out.fingerprint = "sha256:" + to_hex(agreement->hash);
  add_layer(agreement, out);
  if (!bundle->agreement) return out;
  add_layer(bundle, out);
  out.own_words = bundle->name + ", version " + std::to_string(bundle->version) + ". " + bundle->author +
                  " answers for it; it is looked at again on " + for_people(When::on(bundle->review_on)) + ".";
  return out;
}

}  // namespace ginnel
