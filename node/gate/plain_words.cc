// SPDX-License-Identifier: Apache-2.0
#include "node/gate/plain_words.h"

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <vector>

namespace ginnel {
namespace {

using policy::Expr;
using policy::Variable;
using ExprKind = policy::Expr::Kind;

constexpr std::array sensitivities{"involvement and contact (0)", "routine (1)", "personal (2)",
                                   "special category or criminal (3)", "for a professional's decision only (4)"};

// `context.purpose` as "context.purpose", `resource.child.consents["health"].state` likewise; empty: it is no path.
std::string path_of(const Expr& expression) {
  constexpr std::array names{"principal", "action", "resource", "context"};
  if (expression.kind == ExprKind::variable) return names[std::size_t(expression.variable)];
  if (expression.kind != ExprKind::attribute) return {};
  const std::string before = path_of(expression.operands.front());
  return before.empty() ? std::string() : before + "." + expression.name;
}

const std::map<std::string, std::string, std::less<>>& subjects() {
  static const std::map<std::string, std::string, std::less<>> words{
      {"action", "the step"},
      {"principal", "who asks"},
      {"principal.agency", "the asking agency"},
      {"principal.kind", "the asking agency"},
      {"principal.role", "the role of who asks"},
      {"resource", "the record"},
      {"resource.owner", "the agency whose record it is"},
      {"resource.kind", "the record"},
      {"resource.sensitivity", "the record"},
      {"resource.markings", "the record"},
      {"resource.handling.code", "its handling code"},
      {"resource.handling.information", "its information grade"},
      {"resource.handling.source", "its source grade"},
      {"context.purpose", "the purpose"},
      {"context.basis", "the legal basis"},
      {"context.markings", "the child"},
      {"context.proven", "the purpose"},
  };
  return words;
}

// Conditions that are one attribute.
const std::map<std::string, std::array<std::string, 2>, std::less<>>& facts() {
  static const std::map<std::string, std::array<std::string, 2>, std::less<>> words{
      {"context.break_glass", {"the glass was broken, with a reason", "the glass was not broken"}},
      {"context.conflict",
       {"a conflict of interest between the worker and the child is recorded",
        "no conflict of interest between the worker and the child is recorded"}},
      {"context.allocated",
       {"the agency's own worker is allocated to the child", "the worker is not allocated to the child"}},
      {"resource.addressed",
       {"its author wrote it for the agency that asks", "its author did not write it for the agency that asks"}},
      {"resource.handling.is_intelligence", {"it has an intelligence grading", "it has no intelligence grading"}},
      {"resource.child.competent",
       {"the child is competent to decide, or nobody said otherwise", "the child is not competent to decide"}},
  };
  return words;
}

class Reading {
 public:
  Reading(const policy::Policy& policy, const Vocabulary& vocabulary) : policy_(policy), vocabulary_(vocabulary) {}

  std::string of(const Expr& condition, bool is_so = true) const {
    if (auto said = known(condition, is_so)) return *said;
    const std::string text = "`" + std::string(policy_.text(condition.span)) + "`";
    return is_so ? text : "not " + text;
  }

  std::string of(const policy::ScopeConstraint& constraint, Variable variable) const {
    auto entities = constraint.entities;
    // Actions as the ladder has them, not as the language sorts them.
    const auto rank = [&](const policy::EntityUid& entity) {
      const auto& all = vocabulary_.words("action");
      return std::find_if(all.begin(), all.end(), [&](const Word& one) { return one.id == entity.id; }) - all.begin();
    };
    if (variable == Variable::action)
      std::stable_sort(entities.begin(), entities.end(), [&](auto& a, auto& b) { return rank(a) < rank(b); });
    std::vector<std::string> words;
    for (const auto& entity : entities) words.push_back(word(entity));
    const std::string all = joined(words, "or");
    if (constraint.kind == policy::ScopeConstraint::Kind::any)
      return variable == Variable::principal ? "anybody" : "anything";
    if (variable == Variable::resource) return "the record is in " + all;
    if (variable == Variable::action) return "the step is " + all;
    return "who asks is " + all;
  }

 private:
  // The vocabulary's title of a word; else the word.
  std::string word(const policy::EntityUid& entity) const {
    static const std::map<std::string, const char*, std::less<>> lists{
        {"Share::AgencyKind", "agency_kind"}, {"Share::Role", "role"},
        {"Share::Purpose", "purpose"},        {"Share::Basis", "basis"},
        {"Share::Marking", "marking"},        {"Share::RecordKind", "record_kind"},
        {"Share::Consent", "consent_state"},  {"Share::Category", "category"},
        {"Share::Action", "action"}};
    const auto list = lists.find(entity.type);
    const Word* found = list == lists.end() ? nullptr : vocabulary_.find(list->second, entity.id);
    if (entity.type == "Share::Action" && entity.id == "view") return "to see it";
    return found ? "\"" + found->title + "\"" : "`" + entity.id + "`";
  }

  static std::string joined(const std::vector<std::string>& words, const std::string& by) {
    std::string out;
    for (std::size_t i = 0; i < words.size(); ++i)
      out += (i == 0 ? "" : i + 1 == words.size() ? " " + by + " " : ", ") + words[i];
    return out;
  }

  std::optional<std::string> value(const Expr& expression) const {
    if (expression.kind == ExprKind::literal) {
      if (const auto* entity = expression.value.as_entity()) return word(*entity);
      if (const auto* number = expression.value.as_integer()) return std::to_string(*number);
      if (const auto* text = expression.value.as_string()) return "\"" + *text + "\"";
      return std::nullopt;
    }
    const std::string path = path_of(expression);
    constexpr std::string_view consents = "resource.child.consents.", state = ".state";
    if (path.starts_with(consents) && path.ends_with(state)) {
      const std::string category = path.substr(consents.size(), path.size() - consents.size() - state.size());
      return "consent for " + word({"Share::Category", category});
    }
    auto subject = subjects().find(path);
    return subject == subjects().end() ? std::nullopt : std::optional(subject->second);
  }

  // The words that a set of literals holds.
  std::optional<std::vector<std::string>> values(const Expr& expression) const {
    std::vector<std::string> out;
    if (expression.kind == ExprKind::set) {
      for (const auto& operand : expression.operands) {
        auto one = value(operand);
        if (!one) return std::nullopt;
        out.push_back(*one);
      }
      return out;
    }
    const auto* set = expression.kind == ExprKind::literal ? expression.value.as_set() : nullptr;
    if (!set) return std::nullopt;
    for (const auto& each : *set) {
      const auto* entity = each.as_entity();
      if (!entity) return std::nullopt;
      out.push_back(word(*entity));
    }
    return out;
  }

  std::optional<std::string> known(const Expr& e, bool is_so) const {
    switch (e.kind) {
      case ExprKind::negation:
        return of(e.operands[0], !is_so);
      case ExprKind::all_of:
      case ExprKind::any_of: {
        std::vector<std::string> parts;
        for (const auto& operand : e.operands) parts.push_back(of(operand, is_so));
        return joined(parts, (e.kind == ExprKind::all_of) == is_so ? "and" : "or");
      }
      case ExprKind::attribute: {
        auto found = facts().find(path_of(e));
        return found == facts().end() ? std::nullopt : std::optional(found->second[is_so ? 0 : 1]);
      }
      case ExprKind::equal:
      case ExprKind::not_equal:
        return equality(e, (e.kind == ExprKind::equal) == is_so);
      case ExprKind::less:
      case ExprKind::less_or_equal:
      case ExprKind::greater:
      case ExprKind::greater_or_equal:
        return comparison(e, is_so);
      case ExprKind::in: {
        auto of_what = value(e.operands[1]);
        if (path_of(e.operands[0]) != "resource" || !of_what) return std::nullopt;
        return std::string("the record is ") + (is_so ? "" : "not ") + "in " + *of_what;
      }
      case ExprKind::contains:
        return membership(e, is_so);
      case ExprKind::contains_any:
        return marks(e, is_so, "or");
      case ExprKind::contains_all:
        return is_so ? marks(e, is_so, "and") : std::nullopt;
      default:
        return std::nullopt;
    }
  }

  std::optional<std::string> equality(const Expr& e, bool is_so) const {
    const std::string left = path_of(e.operands[0]), right = path_of(e.operands[1]);
    const bool is_own = (left == "principal.agency" && right == "resource.owner") ||
                        (left == "resource.owner" && right == "principal.agency");
    if (is_own) return is_so ? "it is the asking agency's own record" : "it is another agency's record";
    auto subject = value(e.operands[0]), object = value(e.operands[1]);
    if (!subject || !object) return std::nullopt;
    if (left == "resource.sensitivity") object = sensitivity(e.operands[1]).value_or(*object);
    return *subject + " is " + (is_so ? "" : "not ") + *object;
  }

  static std::optional<std::string> sensitivity(const Expr& number) {
    const auto* level = number.kind == ExprKind::literal ? number.value.as_integer() : nullptr;
    if (!level || *level < 0 || *level >= std::int64_t(sensitivities.size())) return std::nullopt;
    return std::string(sensitivities[std::size_t(*level)]);
  }

  std::optional<std::string> comparison(const Expr& e, bool is_so) const {
    auto subject = value(e.operands[0]), object = value(e.operands[1]);
    if (!subject || !object) return std::nullopt;
    if (path_of(e.operands[0]) == "resource.sensitivity") object = sensitivity(e.operands[1]).value_or(*object);
    const bool is_less = e.kind == ExprKind::less || e.kind == ExprKind::less_or_equal;
    const bool with_equal = e.kind == ExprKind::less_or_equal || e.kind == ExprKind::greater_or_equal;
    // What is not at most so much is more.
    const bool reads_less = is_less == is_so, reads_with_equal = with_equal == is_so;
    const char* how =
        reads_less ? (reads_with_equal ? "at most " : "less than ") : (reads_with_equal ? "at least " : "more than ");
    return *subject + " is " + how + *object;
  }

  // What a set of the request holds of those that are named.
  std::optional<std::string> marks(const Expr& e, bool is_so, const char* by) const {
    const std::string set = path_of(e.operands[0]), negation = is_so ? "" : "not ";
    auto these = values(e.operands[1]);
    if (!these) return std::nullopt;
    if (set == "context.proven")
      return joined(*these, by) + (these->size() > 1 && is_so && by == std::string_view("and") ? " are " : " is ") +
             negation + "proven by the lead authority's signature";
    if (set != "context.markings" && set != "resource.markings") return std::nullopt;
    return subjects().find(set)->second + " is " + negation + "marked " + joined(*these, by);
  }

  std::optional<std::string> membership(const Expr& e, bool is_so) const {
    const std::string set = path_of(e.operands[0]);
    const std::string negation = is_so ? "" : "not ";
    if (set == "context.proven") {
      const auto which = path_of(e.operands[1]) == "context.purpose" ? std::optional<std::string>("the purpose")
                                                                     : value(e.operands[1]);
      if (!which) return std::nullopt;
      return *which + " is " + negation + "proven by the lead authority's signature";
    }
    if (set == "context.markings" || set == "resource.markings") {
      auto marking = value(e.operands[1]);
      if (!marking) return std::nullopt;
      return subjects().find(set)->second + " is " + negation + "marked " + *marking;
    }
    auto these = values(e.operands[0]);
    auto subject = value(e.operands[1]);
    if (!these || !subject) return std::nullopt;
    return *subject + " is " + negation + "one of " + joined(*these, "or");
  }

  const policy::Policy& policy_;
  const Vocabulary& vocabulary_;
};

}  // namespace

std::string plain_words(const Expr& condition, const policy::Policy& policy, const Vocabulary& vocabulary) {
  return Reading(policy, vocabulary).of(condition);
}

std::string plain_words(const policy::ScopeConstraint& constraint, Variable variable, const policy::Policy& policy,
                        const Vocabulary& vocabulary) {
  return Reading(policy, vocabulary).of(constraint, variable);
}

std::string plain_words(const policy::Policy& policy, const Vocabulary& vocabulary) {
  const Reading reading(policy, vocabulary);
  using Any = policy::ScopeConstraint::Kind;
  std::vector<std::string> when, unless;
  if (policy.principal.kind != Any::any) when.push_back(reading.of(policy.principal, Variable::principal));
  if (policy.action.kind != Any::any) when.push_back(reading.of(policy.action, Variable::action));
  if (policy.resource.kind != Any::any) when.push_back(reading.of(policy.resource, Variable::resource));
  for (const auto& clause : *policy.clauses) (clause.when ? when : unless).push_back(reading.of(clause.condition));
  std::string out = policy.effect == policy::Effect::permit ? "Permitted" : "Forbidden";
  for (std::size_t i = 0; i < when.size(); ++i) out += (i == 0 ? " when " : "; and ") + when[i];
  for (std::size_t i = 0; i < unless.size(); ++i) out += (i == 0 ? "; unless " : ", or ") + unless[i];
  return out + ".";
}

}  // namespace ginnel
