// SPDX-License-Identifier: Apache-2.0
#include "policy/compare.h"

#include "policy/compare/cover.h"
#include "policy/compare/row.h"
#include "policy/compare/truth.h"
#include "policy/limits.h"
#include "policy/validate.h"

namespace ginnel::policy {

std::string Difference::text() const {
  std::string out = std::string(certain ? "" : "may: ") + (allows ? "deny -> allow: " : "allow -> deny: ");
  for (std::size_t i = 0; i < conditions.size(); ++i) out += (i == 0 ? "" : " && ") + conditions[i];
  return conditions.empty() ? out + "every request" : out;
}

tl::expected<std::vector<Difference>, std::string> compare_policies(const PolicySet& before, const PolicySet& after,
                                                                    const Schema& schema,
                                                                    const EntitySource* resident) {
  for (const auto* set : {&before, &after}) {
    const auto found = validate(*set, schema);
    if (!found.passed()) return tl::unexpected(found.errors.front().what.text());
  }
  Questions questions(schema);
  allowed_by(before, questions);
  allowed_by(after, questions);
  questions.close();
  const auto old_truth = allowed_by(before, questions), new_truth = allowed_by(after, questions);
  auto& diagrams = questions.diagrams();
  const auto possible = questions.possible(resident);
  const auto guards = questions.guards();

  std::vector<Difference> out;
  for (const bool allows : {true, false}) {
    const auto changed = allows ? diagrams.without(new_truth, old_truth) : diagrams.without(old_truth, new_truth);
    bool too_many = false;
    const auto rows = cover(diagrams, diagrams.both(changed, possible),
                            diagrams.either(changed, diagrams.negation(possible)), guards, too_many);
    if (too_many || diagrams.full()) {
      return tl::unexpected("the sets differ in more ways than can be told: over " +
                            std::to_string(limits::compare_rows_max) + " rows or " +
                            std::to_string(limits::compare_nodes_max) + " steps of decision");
    }
    for (const auto& row : rows) {
      out.push_back({allows, is_certain(row, questions, resident), conditions_of(row, questions)});
    }
  }
  return out;
}

}  // namespace ginnel::policy
