// SPDX-License-Identifier: Apache-2.0
// What the language knows of the world: entities with attributes, tags and parents.
//
// Evaluation reads an EntitySource. A resident store (Entities) holds what seldom changes with its ancestors worked
// out once; an EntityLayer puts the few entities of one request over it without copying it. Layers can lie on
// layers. All are immutable once made and may be read from several threads; a layer must not outlive its base.
#pragma once

#include <cstdint>
#include <string>
#include <tl/expected.hpp>
#include <unordered_map>
#include <vector>

#include "policy/value.h"

namespace ginnel::policy {

struct Entity {
  EntityUid uid;
  Record attrs;
  std::vector<EntityUid> parents;
  Record tags;
  bool operator==(const Entity&) const = default;
};

class EntitySource {
 public:
  virtual ~EntitySource() = default;

  // Null when it is not known. The pointer lives as long as the source.
  virtual const Entity* find(const EntityUid& uid) const = 0;

  // Whether `ancestor` is reached from `uid` through one or more parents. False for an unknown `uid`, and for
  // `uid` itself; an ancestor need not be known as an entity.
  virtual bool is_descendant(const EntityUid& uid, const EntityUid& ancestor) const = 0;

  // All that is_descendant() says of `uid`, appended to `out`, perhaps more than once each. The pointers live as long
  // as the source. False, with anything in `out`: there are more than `most`.
  virtual bool ancestors(const EntityUid& uid, std::size_t most, std::vector<const EntityUid*>& out) const = 0;
};

// The resident store.
class Entities final : public EntitySource {
 public:
  Entities() = default;
  // Failure: the same uid twice with different contents, a cycle of parents, or one of limits.h.
  static tl::expected<Entities, std::string> make(std::vector<Entity> entities);

  const Entity* find(const EntityUid& uid) const override;
  bool is_descendant(const EntityUid& uid, const EntityUid& ancestor) const override;
  bool ancestors(const EntityUid& uid, std::size_t most, std::vector<const EntityUid*>& out) const override;
  const std::vector<Entity>& all() const { return entities_; }

 private:
  tl::expected<void, std::string> close_over_parents(const std::vector<std::vector<std::uint32_t>>& parents);

  // Known entities have the numbers below entities_.size(); mere parents those above.
  std::vector<Entity> entities_;
  std::vector<EntityUid> mere_parents_;
  std::unordered_map<EntityUid, std::uint32_t> numbers_;
  std::vector<std::vector<std::uint32_t>> ancestors_;  // sorted
};

// A few entities over a base. An entity here hides the base's of the same name; the base's own entities keep the
// ancestors they have there, so only this layer points downwards.
class EntityLayer final : public EntitySource {
 public:
  // Failure as Entities::make; limits::layer_entities_max.
  static tl::expected<EntityLayer, std::string> make(const EntitySource& base, std::vector<Entity> entities);

  const Entity* find(const EntityUid& uid) const override;
  bool is_descendant(const EntityUid& uid, const EntityUid& ancestor) const override;
  bool ancestors(const EntityUid& uid, std::size_t most, std::vector<const EntityUid*>& out) const override;

 private:
  explicit EntityLayer(const EntitySource& base, std::vector<Entity> entities)
      : base_(&base), entities_(std::move(entities)) {}
  std::size_t place_of(const EntityUid& uid) const;  // entities_.size(): not here
  // Each parent of the entity at `start`, and theirs as far as they stand in this layer, until `visit(parent,
  // stands_here)` returns true; whether one did.
  template <class Visit>
  bool any_above(std::size_t start, const Visit& visit) const;

  const EntitySource* base_;
  std::vector<Entity> entities_;
};

}  // namespace ginnel::policy
