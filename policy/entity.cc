// SPDX-License-Identifier: Apache-2.0
#include "policy/entity.h"

#include <algorithm>
#include <array>
#include <bit>

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
      const auto [place, added] = store.numbers_.emplace(parent, next);
      if (added) store.mere_parents_.push_back(parent);
      parents[i].push_back(place->second);
    }
  }
  if (auto closed = store.close_over_parents(parents); !closed) return Failure(closed.error());
  return store;
}

// Works downwards from entities whose parents are all done, so that depth costs no stack. Some never are in a circle.
tl::expected<void, std::string> Entities::close_over_parents(const std::vector<std::vector<std::uint32_t>>& parents) {
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
  std::size_t done = 0, links = 0;
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
    links += all.size();
    if (links > limits::ancestor_links_max) {
      return Failure("entities have more than " + std::to_string(limits::ancestor_links_max) + " ancestors together");
    }
    for (const auto child : children[current]) {
      if (--waiting[child] == 0) ready.push_back(child);
    }
  }
  if (done < known) return Failure("entities are parents of each other in a circle");
  return {};
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

bool Entities::ancestors(const EntityUid& uid, std::size_t most, std::vector<const EntityUid*>& out) const {
  const auto from = numbers_.find(uid);
  if (from == numbers_.end() || from->second >= entities_.size()) return true;
  const auto& all = ancestors_[from->second];
  if (all.size() > most) return false;
  for (const auto number : all)
    out.push_back(number < entities_.size() ? &entities_[number].uid : &mere_parents_[number - entities_.size()]);
  return true;
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

std::size_t EntityLayer::place_of(const EntityUid& uid) const {
  const auto same = [&](const Entity& entity) { return entity.uid == uid; };
  return static_cast<std::size_t>(std::find_if(entities_.begin(), entities_.end(), same) - entities_.begin());
}

const Entity* EntityLayer::find(const EntityUid& uid) const {
  const auto place = place_of(uid);
  return place < entities_.size() ? &entities_[place] : base_->find(uid);
}

// Each entity of the layer is looked at once, however many ways lead to it; a layer has no more than a word has bits.
template <class Visit>
bool EntityLayer::any_above(std::size_t start, const Visit& visit) const {
  static_assert(limits::layer_entities_max <= 64);
  std::uint64_t seen = std::uint64_t{1} << start, open = seen;
  while (open != 0) {
    const auto current = static_cast<std::size_t>(std::countr_zero(open));
    open &= open - 1;
    for (const auto& parent : entities_[current].parents) {
      const auto place = place_of(parent);
      if (visit(parent, place < entities_.size())) return true;
      if (place == entities_.size()) continue;
      if (const auto bit = std::uint64_t{1} << place; (seen & bit) == 0) {
        seen |= bit;
        open |= bit;
      }
    }
  }
  return false;
}

bool EntityLayer::is_descendant(const EntityUid& uid, const EntityUid& ancestor) const {
  const auto start = place_of(uid);
  if (start == entities_.size()) return base_->is_descendant(uid, ancestor);
  return any_above(start, [&](const EntityUid& parent, bool stands_here) {
    return parent == ancestor || (!stands_here && base_->is_descendant(parent, ancestor));
  });
}

bool EntityLayer::ancestors(const EntityUid& uid, std::size_t most, std::vector<const EntityUid*>& out) const {
  const auto start = place_of(uid);
  if (start == entities_.size()) return base_->ancestors(uid, most, out);
  const std::size_t limit = out.size() + most;
  return !any_above(start, [&](const EntityUid& parent, bool stands_here) {
    out.push_back(&parent);
    return out.size() > limit || (!stands_here && !base_->ancestors(parent, limit - out.size(), out));
  });
}

}  // namespace ginnel::policy
