// SPDX-License-Identifier: Apache-2.0
// A set of policies made ready to decide many requests over one resident store.
//
// What their scopes say of an action of that store is settled once, and so is which conditions, or parts of them, stand
// in several policies: a Decider (authorize.h) works those out once a request. Nothing else changes; a decision is
// authorize()'s to the letter, its errors and their places included.
#pragma once

#include <cstdint>
#include <unordered_map>
#include <vector>

#include "policy/entity.h"
#include "policy/policy_set.h"

namespace ginnel::policy {

class CompiledPolicies {
 public:
  CompiledPolicies() = default;
  CompiledPolicies(const PolicySet& policies, const Entities& resident);

  // In the order of PolicySet::policies(), with the numbers in their conditions' trees.
  const std::vector<Policy>& policies() const { return policies_; }
  std::size_t shared() const { return shared_; }  // the highest of those numbers; 0: nothing is shared

  // Which policies' scopes the action is in, ascending. Null: it was not settled, or `world` shows another entity for
  // it than the resident store did, so that each policy has to be asked.
  const std::vector<std::size_t>* of_action(const EntityUid& action, const EntitySource& world) const;

 private:
  struct OfAction {
    const Entity* entity = nullptr;  // the resident store's, if it has one
    std::vector<std::size_t> policies;
  };

  void settle(const EntityUid& action, const Entities& resident);

  std::vector<Policy> policies_;
  std::size_t shared_ = 0;
  std::unordered_map<EntityUid, OfAction> actions_;
};

}  // namespace ginnel::policy
