// SPDX-License-Identifier: Apache-2.0
// A Cedar schema: which entity types and actions there are and what type each attribute has.
//
// It types data that comes as JSON, and tells where an entity or a request departs from it.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <unordered_map>
#include <vector>

#include "policy/diagnostic.h"
#include "policy/entity.h"
#include "policy/evaluate.h"
#include "policy/value.h"

namespace ginnel::policy {

struct SchemaAttribute;

// `Action`, in any namespace: the types of actions, which no schema declares as entity types.
bool is_action_type(std::string_view type);

// The type of a value. Contents are shared, so that a type is cheap to copy.
struct SchemaType {
  Value::Type kind = Value::Type::record;
  std::string entity_type;                                         // of an entity
  std::shared_ptr<const SchemaType> element;                       // of a set
  std::shared_ptr<const std::vector<SchemaAttribute>> attributes;  // of a record; null: none
  std::optional<bool> only;  // of a boolean in a policy: the one that it always is; a schema never says so

  const SchemaAttribute* find(std::string_view attribute) const;
  std::string text() const;  // as a schema says it, records as `{...}`
};

struct SchemaAttribute {
  std::string name;
  SchemaType type;
  bool required = true;
};

struct EntityType {
  std::string name;                  // with its namespace
  std::vector<std::string> parents;  // types that an entity of this may be directly in
  SchemaType shape;                  // a record
  std::optional<SchemaType> tags;    // of every tag; none: no tags
  std::vector<std::string> ids;      // of an enumeration: the only ids there are
  bool enumerated = false;
};

struct ActionType {
  EntityUid uid;
  std::vector<EntityUid> parents;
  bool applies = false;  // has an appliesTo
  std::vector<std::string> principals, resources;
  SchemaType context;  // a record
};

class Schema {
 public:
  const EntityType* find_entity_type(std::string_view name) const;
  const ActionType* find_action(const EntityUid& uid) const;
  const std::vector<EntityType>& entity_types() const { return entity_types_; }
  const std::vector<ActionType>& actions() const { return actions_; }
  std::vector<Entity> action_entities() const;  // the actions with their groups, as entities
  // Whether entities of `type` can lie in entities of `ancestor`, at any distance; an entity does not lie in itself.
  bool may_be_in(const std::string& type, const std::string& ancestor) const;
  bool is_in_group(const ActionType& action, const EntityUid& group) const;  // at any distance

  // What is wrong with it, as sentences that hold types and names but no values; empty: nothing.
  std::vector<std::string> problems(const Entity& entity) const;
  std::vector<std::string> problems(const Request& request) const;

  // Failure, with nothing changed: the name is taken.
  bool add(EntityType type);
  bool add(ActionType action);

 private:
  void check_value(const Value& value, const SchemaType& type, const std::string& where,
                   std::vector<std::string>& out) const;
  void check_record(const Record& record, const SchemaType& type, const std::string& where,
                    std::vector<std::string>& out) const;
  void check_entity_name(const EntityUid& uid, const std::string& where, std::vector<std::string>& out) const;

  std::vector<EntityType> entity_types_;
  std::vector<ActionType> actions_;
  std::unordered_map<std::string, std::size_t> entity_type_numbers_;
  std::unordered_map<EntityUid, std::size_t> action_numbers_;
};

// Success: the schema with all names resolved. Failure: every mistake, as for policies.
tl::expected<Schema, Diagnostics> parse_schema(std::string_view text, std::string_view file_name);

}  // namespace ginnel::policy
