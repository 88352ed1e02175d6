// SPDX-License-Identifier: Apache-2.0
#include "node/gate/explained.h"

#include <algorithm>

#include "node/gate/facts.h"
#include "node/gate/plain_words.h"
#include "policy/authorize.h"
#include "policy/explain.h"

namespace ginnel {
namespace {

RuleSaid said(const policy::Policy& policy) {
  const auto* title = policy.annotation("title");
  return {policy.id, title ? *title : "", policy.effect == policy::Effect::permit, false};
}

bool is_path(const policy::Expr& e, policy::Variable of, std::string_view attribute) {
  return e.kind == policy::Expr::Kind::attribute && e.name == attribute &&
         e.operands.front().kind == policy::Expr::Kind::variable && e.operands.front().variable == of;
}

bool wants_own_record(const policy::Expr& e) {
  using Kind = policy::Expr::Kind;
  if (e.kind == Kind::all_of) return std::any_of(e.operands.begin(), e.operands.end(), wants_own_record);
  return e.kind == Kind::equal && is_path(e.operands[0], policy::Variable::principal, "agency") &&
         is_path(e.operands[1], policy::Variable::resource, "owner");
}

// To another agency's worker, what its own workers may do is no answer to "what would it take?".
bool is_for_own_agency(const policy::Policy& policy) {
  return std::any_of(policy.clauses->begin(), policy.clauses->end(),
                     [](const auto& clause) { return clause.when && wants_own_record(clause.condition); });
}

std::string wanted(const policy::Obstacle& obstacle, const policy::Policy& policy, const Vocabulary& vocabulary) {
  using Part = policy::Obstacle::Part;
  if (obstacle.condition) {
    const std::string words = plain_words(*obstacle.condition, policy, vocabulary);
    return obstacle.part == Part::when ? words : "it is not so that " + words;
  }
  const auto variable = obstacle.part == Part::principal ? policy::Variable::principal
                        : obstacle.part == Part::action  ? policy::Variable::action
                                                         : policy::Variable::resource;
  return plain_words(*obstacle.constraint, variable, policy, vocabulary);
}

}  // namespace

std::vector<StepExplained> explain(const Bundle& bundle, const Asking& asking, const std::string& effective_purpose,
                                   const AboutPerson& about, const RecordLabel& record,
                                   const std::set<std::string>& markings) {
  const DecisionFacts facts(bundle, asking, effective_purpose, about, record, markings);
  const auto& policies = bundle.policies.policies();
  std::vector<StepExplained> out;
  for (Step step : {Step::exists, Step::headline, Step::content, Step::copy_out}) {
    StepExplained& one = out.emplace_back();
    one.step = step;
    const auto request = facts.request(step);
    const auto response = policy::authorize(bundle.policies, request, facts.entities());
    bool is_forbidden = false;
    for (const auto& error : response.errors) {
      if (error.effect != policy::Effect::forbid) continue;
      one.rules.push_back(said(policies[error.policy]));
      one.rules.back().could_not_be_decided = true;
      is_forbidden = true;
    }
    for (auto index : response.reasons) one.rules.push_back(said(policies[index]));
    one.is_given = response.allowed() && !is_forbidden;
    if (one.is_given) continue;
    const bool is_own = asking.agency == record.label.owner;
    const auto counts = [&](const policy::Policy& policy) { return is_own || !is_for_own_agency(policy); };
    if (!one.rules.empty()) break;
    if (auto near = policy::nearest_permit(bundle.policies, request, facts.entities(), counts)) {
      const auto& policy = policies[near->policy];
      one.nearest = policy.id;
      one.nearest_title = said(policy).title;
      one.wants = wanted(near->obstacle, policy, bundle.vocabulary);
    }
    break;
  }
  return out;
}

}  // namespace ginnel
