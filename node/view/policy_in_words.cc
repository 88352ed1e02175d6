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
  out.obligation = annotation_of(policy, "obligation");
  return out;
}

}  // namespace

PolicyInWords in_words(const std::shared_ptr<const Bundle>& bundle) {
  PolicyInWords out;
  out.name = bundle->name;
  out.version = bundle->version;
  out.edition = bundle->vocabulary.edition();
  out.fingerprint = "sha256:" + to_hex(bundle->hash);
  for (const auto& policy : bundle->policies.policies()) out.rules.push_back(rule_of(policy, bundle->vocabulary));
  const auto cases = cases_of(*bundle);
  if (!cases) {
    for (const auto& error : cases.error()) out.unreadable_cases.push_back(error.why);
    return out;
  }
  const Gate gate(bundle);
  for (const auto& one : *cases) {
    const CaseOutcome outcome = try_case(one, gate);
    if (outcome.differences.empty()) ++out.passed;
    out.cases.push_back({one.file, one.name, outcome.differences});
  }
  return out;
}

}  // namespace ginnel
