// SPDX-License-Identifier: Apache-2.0
#include "node/gate/compare_bundles.h"

#include <algorithm>
#include <array>

#include "node/gate/plain_words.h"
#include "node/gate/share_schema.h"
#include "policy/compare.h"
#include "policy/format.h"

namespace ginnel {
namespace {

using policy::Expr;
using policy::Policy;
using policy::Variable;

void find_variables(const Expr& expression, std::array<bool, 4>& found) {
  if (expression.kind == Expr::Kind::variable) found[std::size_t(expression.variable)] = true;
  for (const auto& operand : expression.operands) find_variables(operand, found);
}

// Which of the four lists a condition belongs to: what it asks of the record goes over what it asks of the asker.
std::vector<std::string>& list_of(const Expr& condition, DifferenceInWords& out) {
  std::array<bool, 4> asks{};
  find_variables(condition, asks);
  if (asks[std::size_t(Variable::action)]) return out.step;
  if (asks[std::size_t(Variable::resource)]) return out.record;
  return asks[std::size_t(Variable::principal)] ? out.who : out.how;
}

std::string said_of(const Policy& one, const char* annotation) {
  const std::string* said = one.annotation(annotation);
  return said ? *said : std::string();
}

DifferenceInWords in_words(const policy::Difference& row, const Bundle& before, const Bundle& after) {
  DifferenceInWords out;
  out.tells_more = row.allows;
  out.is_certain = row.certain;
  out.where_permitted = row.where_permitted;
  out.unless_permitted = row.unless_permitted;
  out.unless_forbidden = row.unless_forbidden;
  for (const auto& id : row.policies) out.rules.push_back(rule_with_title(id, after, before));
  for (auto condition : row.conditions) {
    // A label has 0 to 4: what is below holds for no record.
    constexpr std::string_view below_all = "(resource.sensitivity < 0 || ";
    if (condition.starts_with(below_all)) condition.replace(0, below_all.size(), "(");
    const auto read = policy::parse_policies("permit (principal, action, resource) when { " + condition + " };", "row");
    if (!read) {
      out.how.push_back("`" + condition + "`");
      continue;
    }
    const Policy& one = read->policies().front();
    const Expr& asked = one.clauses->front().condition;
    list_of(asked, out).push_back(plain_words(asked, one, after.vocabulary));
  }
  return out;
}

// What a rule decides, without its name, place and annotations.
std::string decides(Policy one) {
  one.annotations.clear();
  return policy::format_policy(one);
}

std::string changed(const std::string& what, const std::string& before, const std::string& after) {
  const auto told = [](const std::string& text) { return text.empty() ? std::string("nothing") : "\"" + text + "\""; };
  return what + ": " + told(before) + " before, " + told(after) + " after";
}

std::vector<std::string> said_otherwise(const Policy& before, const Policy& after) {
  std::vector<std::string> out;
  const bool hid = before.annotation("conceal") != nullptr, hides = after.annotation("conceal") != nullptr;
  if (hid != hides)
    out.emplace_back(hides ? "It hides that there is such a record, and did not before"
                           : "It no longer hides that there is such a record");
  constexpr std::array<std::array<const char*, 2>, 4> told{{{"title", "Title"},
                                                            {"ask", "Who is told to ring"},
                                                            {"basis", "Rests on"},
                                                            {"shown_as", "Others are told only"}}};
  for (const auto& [annotation, words] : told)
    if (const auto was = said_of(before, annotation), is = said_of(after, annotation); was != is)
      out.push_back(changed(words, was, is));
  return out;
}

std::vector<RuleChange> rule_changes(const Bundle& before, const Bundle& after) {
  using Is = RuleChange::Is;
  std::vector<RuleChange> out;
  for (const Policy& one : after.policies.policies()) {
    const Policy* was = before.policies.find(one.id);
    if (!was) {
      out.push_back({Is::added, one.id, said_of(one, "title"), {}});
      continue;
    }
    const bool is_same = decides(*was) == decides(one);
    auto says = said_otherwise(*was, one);
    if (!is_same || !says.empty())
      out.push_back(
          {is_same ? Is::says_otherwise : Is::decides_otherwise, one.id, said_of(one, "title"), std::move(says)});
  }
  for (const Policy& one : before.policies.policies())
    if (!after.policies.find(one.id)) out.push_back({Is::gone, one.id, said_of(one, "title"), {}});
  std::stable_sort(out.begin(), out.end(), [](const RuleChange& a, const RuleChange& b) { return a.is < b.is; });
  return out;
}

}  // namespace

std::string rule_with_title(const std::string& id, const Bundle& first, const Bundle& second) {
  for (const Bundle* bundle : {&first, &second})
    if (const Policy* rule = bundle->policies.find(id)) return id + " " + said_of(*rule, "title");
  return id;
}

BundlesCompared compare_bundles(const Bundle& before, const Bundle& after, const std::function<bool()>& give_up) {
  BundlesCompared out;
  out.rules = rule_changes(before, after);
  const auto schema = share_schema(after.vocabulary);
  if (!schema) {
    out.cannot = schema.error().why;
    return out;
  }
  const auto rows = policy::compare_policies(before.policies, after.policies, *schema, &after.resident, give_up);
  if (!rows) {
    out.cannot = rows.error();
    return out;
  }
  for (const auto& row : *rows) out.differences.push_back(in_words(row, before, after));
  return out;
}

}  // namespace ginnel
