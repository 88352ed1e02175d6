// SPDX-License-Identifier: Apache-2.0
#include "policy/compare.h"

#include <algorithm>
#include <map>

#include "policy/compare/certain.h"
#include "policy/compare/cover.h"
#include "policy/compare/row.h"
#include "policy/compare/truth.h"
#include "policy/format.h"
#include "policy/limits.h"
#include "policy/validate.h"

namespace ginnel::policy {

namespace {

using Node = Diagrams::Node;

std::string words_of(Policy policy) {
  policy.annotations.clear();
  return format_policy(policy);
}

// For each policy whether the other set has it too.
std::vector<bool> shared(const PolicySet& set, const PolicySet& other) {
  std::map<std::string, std::size_t> there;
  for (const auto& policy : other.policies()) there.emplace(words_of(policy), 0);
  std::vector<bool> out;
  for (const auto& policy : set.policies()) out.push_back(there.contains(words_of(policy)));
  return out;
}

class Comparison {
 public:
  Comparison(const PolicySet& before, const PolicySet& after, const Schema& schema, const EntitySource* resident,
             const std::function<bool()>& give_up)
      : resident_(resident),
        questions_(schema, give_up),
        before_{before, shared(before, after), {}},
        after_{after, shared(after, before), {}} {
    for (const auto* side : {&before_, &after_}) satisfied_by(side->set, questions_);
    questions_.close();
    for (auto* side : {&before_, &after_}) side->satisfied = satisfied_by(side->set, questions_);
    possible_ = questions_.possible(resident);
    guards_ = questions_.guards();
    common_permits_ = any(after_, Effect::permit, true);
    common_forbids_ = any(after_, Effect::forbid, true);
  }

  bool too_large() const { return too_large_; }
  bool given_up() { return diagrams().given_up(); }

  void tell(bool allows, std::vector<Difference>& out) {
    const auto was = allowed(before_), is = allowed(after_);
    const auto changed = diagrams().both(allows ? diagrams().without(is, was) : diagrams().without(was, is), possible_);
    const auto open = diagrams().either(diagrams().either(changed, common_forbids_), diagrams().negation(possible_));
    // What no common permit allows is told as it is: who is new to it is what a reader looks for. Where that takes too
    // many rows, and for what common permits allow but for a forbid, a row need not say again what those permits ask.
    const auto beside = diagrams().without(changed, common_permits_);
    bool too_many = false;
    const auto plain = cover(diagrams(), beside, open, guards_, too_many);
    const bool is_short = !too_many && plain.size() <= limits::compare_rows_plain_max;
    tell_rows(beside, is_short ? open : diagrams().either(open, common_permits_), changed, allows, out);
    tell_rows(diagrams().both(changed, common_permits_), diagrams().either(open, diagrams().negation(common_permits_)),
              changed, allows, out);
  }

 private:
  struct Side {
    const PolicySet& set;
    std::vector<bool> common;
    std::vector<Node> satisfied;
  };

  Diagrams& diagrams() { return questions_.diagrams(); }

  Node any(const Side& side, Effect effect, bool common_only) {
    auto out = Diagrams::no;
    for (std::size_t i = 0; i < side.satisfied.size(); ++i) {
      if (side.set.policies()[i].effect != effect || (common_only && !side.common[i])) continue;
      out = diagrams().either(out, side.satisfied[i]);
    }
    return out;
  }

  Node allowed(const Side& side) {
    return diagrams().without(any(side, Effect::permit, false), any(side, Effect::forbid, false));
  }

  void tell_rows(Node must, Node may, Node changed, bool allows, std::vector<Difference>& out) {
    bool too_many = false;
    auto rows = cover(diagrams(), must, may, guards_, too_many);
    for (auto& row : rows) {
      shorten(row, changed);
      const auto node = node_of(diagrams(), row);
      // Where it holds, but nothing changes: there the common policies decide.
      const auto same = diagrams().both(diagrams().without(node, changed), possible_);
      const auto open = diagrams().without(same, common_forbids_);
      const auto met = how_met(diagrams().both(node, changed));
      if (met == Meets::never) continue;
      Difference one;
      one.allows = allows;
      one.conditions = conditions_of(row, questions_);
      one.certain = met == Meets::surely;
      one.unless_forbidden = diagrams().both(same, common_forbids_) != Diagrams::no;
      one.where_permitted = diagrams().without(open, common_permits_) != Diagrams::no;
      one.unless_permitted = diagrams().both(open, common_permits_) != Diagrams::no;
      name_policies(before_, diagrams().both(node, changed), one.policies);
      name_policies(after_, diagrams().both(node, changed), one.policies);
      out.push_back(std::move(one));
    }
    too_large_ |= too_many || diagrams().full();
  }

  // Leaves out answers that nothing changes for, where what remains is shorter to read: a row asks as little as it can,
  // and may hold such answers only because they do no harm.
  void shorten(RowOfValues& row, Node changed) {
    for (auto& [number, values] : row) {
      const auto& question = questions_.all()[number];
      if (question.size() <= 2) continue;
      const auto here = diagrams().both(node_of(diagrams(), row), changed);
      auto needed = values;
      for (std::size_t i = 0; i < values.size(); ++i) {
        Diagrams::Values one(values.size());
        one[i] = true;
        if (diagrams().both(here, diagrams().literal(number, one)) == Diagrams::no) needed[i] = false;
      }
      if (length_of(question, needed) < length_of(question, values)) values = needed;
    }
  }

  // Sure where some way to meet it is. What cannot be met in any is none: rows of values do not know what is equal.
  Meets how_met(Node node) {
    bool too_many = false;
    const auto rows =
        cover(diagrams(), node, diagrams().either(node, diagrams().negation(possible_)), guards_, too_many);
    auto out = too_many ? Meets::perhaps : Meets::never;
    for (const auto& row : rows) {
      const auto one = meets(row, questions_, resident_);
      if (one == Meets::surely) return one;
      if (one == Meets::perhaps) out = one;
    }
    return out;
  }

  void name_policies(const Side& side, Node where, std::vector<std::string>& out) {
    for (std::size_t i = 0; i < side.satisfied.size(); ++i) {
      const auto& id = side.set.policies()[i].id;
      if (side.common[i] || diagrams().both(side.satisfied[i], where) == Diagrams::no) continue;
      if (std::find(out.begin(), out.end(), id) == out.end()) out.push_back(id);
    }
  }

  const EntitySource* resident_;
  Questions questions_;
  Side before_, after_;
  Node possible_ = Diagrams::no, common_permits_ = Diagrams::no, common_forbids_ = Diagrams::no;
  Guards guards_;
  bool too_large_ = false;
};

}  // namespace

std::string Difference::text() const {
  std::string out = std::string(certain ? "" : "may: ") + (allows ? "deny -> allow: " : "allow -> deny: ");
  for (std::size_t i = 0; i < conditions.size(); ++i) out += (i == 0 ? "" : " && ") + conditions[i];
  if (conditions.empty()) out += "every request";
  if (where_permitted) out += ", where another policy permits it";
  if (unless_permitted) out += ", unless another policy permits it anyway";
  if (unless_forbidden) out += ", unless another policy forbids it";
  for (std::size_t i = 0; i < policies.size(); ++i) out += (i == 0 ? " (" : ", ") + policies[i];
  return policies.empty() ? out : out + ")";
}

tl::expected<std::vector<Difference>, std::string> compare_policies(const PolicySet& before, const PolicySet& after,
                                                                    const Schema& schema, const EntitySource* resident,
                                                                    const std::function<bool()>& give_up) {
  for (const auto* set : {&before, &after}) {
    const auto found = validate(*set, schema);
    if (!found.passed()) return tl::unexpected(found.errors.front().what.text());
  }
  Comparison comparison(before, after, schema, resident, give_up);
  std::vector<Difference> out;
  comparison.tell(true, out);
  comparison.tell(false, out);
  if (comparison.given_up()) return tl::unexpected(std::string("it takes longer than there is time for"));
  if (comparison.too_large()) {
    return tl::unexpected("the sets differ in more ways than can be told: over " +
                          std::to_string(limits::compare_rows_max) + " rows or " +
                          std::to_string(limits::compare_nodes_max) + " steps of decision");
  }
  return out;
}

}  // namespace ginnel::policy
