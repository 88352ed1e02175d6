// SPDX-License-Identifier: Apache-2.0
// Which conditions of a set of policies a number of requests has shown both true and false: what examples leave
// untried.
//
// A condition is looked at whenever the scope of its policy fits, also behind one that is false. `true` and `false` are
// those of the words between the braces, of an `unless` too.
#pragma once

#include <cstddef>
#include <vector>

#include "policy/evaluate.h"
#include "policy/policy_set.h"

namespace ginnel::policy {

class Coverage {
 public:
  struct OfClause {
    bool was_true = false, was_false = false;
    bool is_whole() const { return was_true && was_false; }
  };
  struct OfPolicy {
    bool was_in_scope = false, was_out_of_scope = false;
    std::vector<OfClause> clauses;  // in the policy's order
  };

  // The policies outlive it.
  explicit Coverage(const PolicySet& policies);
  void see(const Request& request, const EntitySource& entities);

  const std::vector<OfPolicy>& policies() const { return seen_; }  // in the order of PolicySet::policies()

 private:
  const PolicySet& policies_;
  std::vector<OfPolicy> seen_;
};

}  // namespace ginnel::policy
