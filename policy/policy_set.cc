// SPDX-License-Identifier: Apache-2.0
#include "policy/policy_set.h"

#include "policy/limits.h"

namespace ginnel::policy {

namespace {

using Failure = tl::unexpected<std::string>;

// Puts the entity into the open place; false when one is missing or one too many.
bool fill(ScopeConstraint& constraint, const std::optional<EntityUid>& entity) {
  if (constraint.slot != entity.has_value()) return false;
  if (!entity) return true;
  constraint.slot = false;
  constraint.entities = {*entity};
  return true;
}

}  // namespace

const std::string* Policy::annotation(std::string_view name) const {
  for (const auto& annotation : annotations) {
    if (annotation.name == name) return &annotation.value;
  }
  return nullptr;
}

std::string_view Policy::text(Span part) const {
  return std::string_view(source->text).substr(part.begin, part.end - part.begin);
}

Position Policy::position(Span part) const { return position_of(source->text, part.begin); }

const Policy* PolicySet::find(std::string_view id) const {
  const auto found = numbers_.find(std::string(id));
  if (found == numbers_.end() || found->second >= policies_.size()) return nullptr;
  const auto& policy = policies_[found->second];
  return policy.id == id ? &policy : nullptr;
}

const Policy* PolicySet::find_template(std::string_view id) const {
  const auto found = numbers_.find(std::string(id));
  if (found == numbers_.end() || found->second >= templates_.size()) return nullptr;
  const auto& policy = templates_[found->second];
  return policy.id == id ? &policy : nullptr;
}

tl::expected<void, std::string> PolicySet::check_free(const std::string& id) const {
  if (numbers_.size() >= limits::policies_max) {
    return Failure("more than " + std::to_string(limits::policies_max) + " policies in a set");
  }
  if (numbers_.contains(id)) return Failure("the policy id `" + id + "` is used twice");
  return {};
}

tl::expected<void, std::string> PolicySet::add(Policy policy) {
  if (auto free = check_free(policy.id); !free) return free;
  auto& list = policy.is_template() ? templates_ : policies_;
  numbers_.emplace(policy.id, list.size());
  list.push_back(std::move(policy));
  return {};
}

tl::expected<void, std::string> PolicySet::merge(const PolicySet& other) {
  PolicySet merged = *this;
  for (const auto* list : {&other.policies_, &other.templates_}) {
    for (const auto& policy : *list) {
      if (auto added = merged.add(policy); !added) return added;
    }
  }
  *this = std::move(merged);
  return {};
}

tl::expected<void, std::string> PolicySet::link(std::string_view template_id, std::string link_id, const Slots& slots) {
  const auto* found = find_template(template_id);
  if (!found) return Failure("there is no template `" + std::string(template_id) + "`");
  Policy policy = *found;
  if (!fill(policy.principal, slots.principal) || !fill(policy.resource, slots.resource)) {
    return Failure("the slots given are not those of the template `" + policy.id + "`");
  }
  policy.template_id = policy.id;
  policy.id = std::move(link_id);
  return add(std::move(policy));
}

}  // namespace ginnel::policy
