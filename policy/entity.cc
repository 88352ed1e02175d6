// SPDX-License-Identifier: Apache-2.0
#include "policy/entity.h"

#include <algorithm>
#include <array>

#include "policy/limits.h"

namespace ginnel::policy {

namespace {

using Failure = tl::unexpected<std::string>;

// A cycle among the entities of a layer; parents elsewhere lead out of it and never back.
class CycleSearch {
 public:
  explicit CycleSearch(const std::vector<Entity>& entities) : entities_(entities) {}

  const Entity* find() {
    for (std::size_t i = 0; i < entities_.size(); ++i) {
      if (visit(i)) return &entities_[i];
    }
    return nullptr;
  }

 private:
  enum class State : std::uint8_t { fresh, open, done };

  // As deep as there are entities in a layer at most.
  bool visit(std::size_t i) {
    if (states_[i] != State::fresh) return states_[i] == State::open;
    states_[i] = State::open;
    for (const auto& parent : entities_[i].parents) {
      for (std::size_t k = 0; k < entities_.size(); ++k) {
        if (entities_[k].uid == parent && visit(k)) return true;
      }
    }
    states_[i] = State::done;
    return false;
  }

  const std::vector<Entity>& entities_;
  std::array<State, limits::layer_entities_max> states_{};
};

std::string too_many_parents(const Entity& entity) {
  return entity.uid.text() + " has more than " + std::to_string(limits::parents_max) + " parents";
}

}  // namespace

tl::expected<Entities, std::string> Entities::make(std::vector<Entity> entities) {
  if (entities.size() > limits::entities_max) {
    return Failure("more than " + std::to_string(limits::entities_max) + " entities");
  }
  Entities store;
  store.entities_.reserve(entities.size());
  store.numbers_.reserve(entities.size());
  for (auto& entity : entities) {
    if (entity.parents.size() > limits::parents_max) return Failure(too_many_parents(entity));
    const auto next = static_cast<std::uint32_t>(store.entities_.size());
    const auto [place, added] = store.numbers_.emplace(entity.uid, next);
    if (added) {
      store.entities_.push_back(std::move(entity));
    } else if (store.entities_[place->second] != entity) {
      return Failure(entity.uid.text() + " is given twice with different contents");
    }
  }
  std::vector<std::vector<std::uint32_t>> parents(store.entities_.size());
  for (std::size_t i = 0; i < store.entities_.size(); ++i) {
    for (const auto& parent : store.entities_[i].parents) {
      const auto next = static_cast<std::uint32_t>(store.numbers_.size());
      parents[i].push_back(store.numbers_.emplace(parent, next).first->second);
    }
  }
  if (!store.close_over_parents(parents)) return Failure("entities are parents of each other in a circle");
  return store;
}

// Works upwards from entities whose parents are all done, so that depth costs no stack; false when some never are.
bool Entities::close_over_parents(const std::vector<std::vector<std::uint32_t>>& parents) {
  const auto known = static_cast<std::uint32_t>(entities_.size());
  ancestors_.resize(known);
  std::vector<std::vector<std::uint32_t>> children(known);
  std::vector<std::uint32_t> waiting(known, 0), ready;
  for (std::uint32_t i = 0; i < known; ++i) {
    for (const auto parent : parents[i]) {
      if (parent >= known) continue;
      children[parent].push_back(i);
      ++waiting[i];
    }
    if (waiting[i] == 0) ready.push_back(i);
  }
  std::size_t done = 0;
  for (; !ready.empty(); ++done) {
    const auto current = ready.back();
    ready.pop_back();
    auto& all = ancestors_[current];
    for (const auto parent : parents[current]) {
      all.push_back(parent);
      if (parent < known) all.insert(all.end(), ancestors_[parent].begin(), ancestors_[parent].end());
    }
    std::sort(all.begin(), all.end());
    all.erase(std::unique(all.begin(), all.end()), all.end());
    for (const auto child : children[current]) {
      if (--waiting[child] == 0) ready.push_back(child);
    }
  }
  return done == known;
}

const Entity* Entities::find(const EntityUid& uid) const {
  const auto found = numbers_.find(uid);
  return found != numbers_.end() && found->second < entities_.size() ? &entities_[found->second] : nullptr;
}

bool Entities::is_descendant(const EntityUid& uid, const EntityUid& ancestor) const {
  const auto from = numbers_.find(uid);
  if (from == numbers_.end() || from->second >= entities_.size()) return false;
  const auto& all = ancestors_[from->second];
  if (all.empty()) return false;
  const auto to = numbers_.find(ancestor);
  return to != numbers_.end() && std::binary_search(all.begin(), all.end(), to->second);
}

tl::expected<EntityLayer, std::string> EntityLayer::make(const EntitySource& base, std::vector<Entity> entities) {
  if (entities.size() > limits::layer_entities_max) {
    return Failure("more than " + std::to_string(limits::layer_entities_max) + " entities in a layer");
  }
  for (std::size_t i = 0; i < entities.size(); ++i) {
    if (entities[i].parents.size() > limits::parents_max) return Failure(too_many_parents(entities[i]));
    for (std::size_t k = 0; k < i; ++k) {
      if (entities[k].uid == entities[i].uid && entities[k] != entities[i]) {
        return Failure(entities[i].uid.text() + " is given twice with different contents");
      }
    }
  }
  if (const auto* entity = CycleSearch(entities).find()) {
    return Failure(entity->uid.text() + " is among its own ancestors");
  }
  return EntityLayer(base, std::move(entities));
}

const Entity* EntityLayer::find_here(const EntityUid& uid) const {
  const auto same = [&](const Entity& entity) { return entity.uid.id == uid.id && entity.uid.type == uid.type; };
  const auto found = std::find_if(entities_.begin(), entities_.end(), same);
  return found == entities_.end() ? nullptr : &*found;
}

const Entity* EntityLayer::find(const EntityUid& uid) const {
  const auto* here = find_here(uid);
  return here ? here : base_->find(uid);
}

bool EntityLayer::is_descendant(const EntityUid& uid, const EntityUid& ancestor) const {
  const auto* here = find_here(uid);
  if (!here) return base_->is_descendant(uid, ancestor);
  for (const auto& parent : here->parents) {
    if (parent == ancestor || is_descendant(parent, ancestor)) return true;
  }
  return false;
}

}  // namespace ginnel::policy
