// SPDX-License-Identifier: Apache-2.0
#include "policy/schema.h"

#include <algorithm>
#include <set>

namespace ginnel::policy {

namespace {

std::string wrong_type(const std::string& where, const SchemaType& wanted, const Value& found) {
  const auto* entity = found.as_entity();
  const auto name = entity ? entity->type : std::string(found.type_name());
  return where + ": expected " + wanted.text() + ", found " + name;
}

}  // namespace

bool is_action_type(std::string_view type) { return type == "Action" || type.ends_with("::Action"); }

const SchemaAttribute* SchemaType::find(std::string_view attribute) const {
  if (!attributes) return nullptr;
  for (const auto& candidate : *attributes) {
    if (candidate.name == attribute) return &candidate;
  }
  return nullptr;
}

std::string SchemaType::text() const {
  switch (kind) {
    case Value::Type::boolean:
      return "Bool";
    case Value::Type::integer:
      return "Long";
    case Value::Type::string:
      return "String";
    case Value::Type::entity:
      return entity_type;
    case Value::Type::set:
      return "Set<" + element->text() + ">";
    case Value::Type::record:
      return "{...}";
    case Value::Type::decimal:
      return "decimal";
    case Value::Type::ip:
      return "ipaddr";
    case Value::Type::datetime:
      return "datetime";
    case Value::Type::duration:
      return "duration";
  }
  return {};
}

const EntityType* Schema::find_entity_type(std::string_view name) const {
  const auto found = entity_type_numbers_.find(std::string(name));
  return found == entity_type_numbers_.end() ? nullptr : &entity_types_[found->second];
}

const ActionType* Schema::find_action(const EntityUid& uid) const {
  const auto found = action_numbers_.find(uid);
  return found == action_numbers_.end() ? nullptr : &actions_[found->second];
}

bool Schema::add(EntityType type) {
  if (!entity_type_numbers_.emplace(type.name, entity_types_.size()).second) return false;
  entity_types_.push_back(std::move(type));
  return true;
}

bool Schema::add(ActionType action) {
  if (!action_numbers_.emplace(action.uid, actions_.size()).second) return false;
  actions_.push_back(std::move(action));
  return true;
}

std::vector<Entity> Schema::action_entities() const {
  std::vector<Entity> out;
  for (const auto& action : actions_) {
    // All groups at once, as the language gives an action: what is above a group is above its actions.
    std::set<EntityUid> above;
    std::vector<EntityUid> open = action.parents;
    while (!open.empty()) {
      const auto next = std::move(open.back());
      open.pop_back();
      if (!above.insert(next).second) continue;
      if (const auto* group = find_action(next)) open.insert(open.end(), group->parents.begin(), group->parents.end());
    }
    out.push_back({action.uid, {}, {above.begin(), above.end()}, {}});
  }
  return out;
}

bool Schema::may_be_in(const std::string& type, const std::string& ancestor) const {
  std::set<std::string> seen;
  std::vector<std::string> open = {type};
  while (!open.empty()) {
    const auto* next = find_entity_type(open.back());
    open.pop_back();
    if (!next) continue;
    for (const auto& parent : next->parents) {
      if (parent == ancestor) return true;
      if (seen.insert(parent).second) open.push_back(parent);
    }
  }
  return false;
}

bool Schema::is_in_group(const ActionType& action, const EntityUid& group) const {
  std::set<EntityUid> seen;
  std::vector<EntityUid> open = action.parents;
  while (!open.empty()) {
    const auto next = std::move(open.back());
    open.pop_back();
    if (next == group) return true;
    if (!seen.insert(next).second) continue;
    if (const auto* above = find_action(next)) open.insert(open.end(), above->parents.begin(), above->parents.end());
  }
  return false;
}

void Schema::check_entity_name(const EntityUid& uid, const std::string& where, std::vector<std::string>& out) const {
  if (is_action_type(uid.type)) {
    if (!find_action(uid)) out.push_back(where + ": there is no such action");
    return;
  }
  const auto* type = find_entity_type(uid.type);
  if (!type) {
    out.push_back(where + ": there is no entity type `" + uid.type + "`");
  } else if (type->enumerated && std::find(type->ids.begin(), type->ids.end(), uid.id) == type->ids.end()) {
    out.push_back(where + ": the enumeration `" + uid.type + "` has no such entity");
  }
}

// As deep as the value is; JSON and policies bound that by limits::nesting_max.
void Schema::check_value(const Value& value, const SchemaType& type, const std::string& where,
                         std::vector<std::string>& out) const {
  if (value.type() != type.kind) {
    out.push_back(wrong_type(where, type, value));
  } else if (const auto* uid = value.as_entity()) {
    if (uid->type != type.entity_type) out.push_back(wrong_type(where, type, value));
    check_entity_name(*uid, where, out);
  } else if (const auto* set = value.as_set()) {
    for (const auto& element : *set) check_value(element, *type.element, where, out);
  } else if (const auto* record = value.as_record()) {
    check_record(*record, type, where, out);
  }
}

void Schema::check_record(const Record& record, const SchemaType& type, const std::string& where,
                          std::vector<std::string>& out) const {
  for (const auto& [name, value] : record) {
    if (const auto* attribute = type.find(name)) {
      check_value(value, attribute->type, where + "." + name, out);
    } else {
      out.push_back(where + ": there is no attribute `" + name + "`");
    }
  }
  if (!type.attributes) return;
  for (const auto& attribute : *type.attributes) {
    if (attribute.required && !record.find(attribute.name)) {
      out.push_back(where + ": the attribute `" + attribute.name + "` is missing");
    }
  }
}

std::vector<std::string> Schema::problems(const Entity& entity) const {
  std::vector<std::string> out;
  const auto& where = entity.uid.type;
  check_entity_name(entity.uid, where, out);
  if (const auto* action = find_action(entity.uid)) {
    std::set<EntityUid> declared, given(entity.parents.begin(), entity.parents.end());
    for (const auto& known : action_entities()) {
      if (known.uid == action->uid) declared.insert(known.parents.begin(), known.parents.end());
    }
    const bool within = std::includes(declared.begin(), declared.end(), given.begin(), given.end());
    const auto direct = [&](const EntityUid& parent) { return given.contains(parent); };
    if (!within || !std::all_of(action->parents.begin(), action->parents.end(), direct) || entity.attrs.size() > 0 ||
        entity.tags.size() > 0) {
      out.push_back(where + ": the action differs from its declaration");
    }
    return out;
  }
  const auto* type = find_entity_type(entity.uid.type);
  if (!type) return out;
  check_record(entity.attrs, type->shape, where, out);
  for (const auto& [name, value] : entity.tags) {
    if (type->tags) {
      check_value(value, *type->tags, where + " tag", out);
    } else {
      out.push_back(where + ": entities of this type have no tags");
      break;
    }
  }
  for (const auto& parent : entity.parents) {
    if (!may_be_in(entity.uid.type, parent.type)) {
      out.push_back(where + ": it cannot be in a `" + parent.type + "`");
    }
    check_entity_name(parent, where + " parent", out);
  }
  return out;
}

std::vector<std::string> Schema::problems(const Request& request) const {
  std::vector<std::string> out;
  const auto* action = find_action(request.action);
  if (!action) return {"action: there is no such action"};
  check_entity_name(request.principal, "principal", out);
  check_entity_name(request.resource, "resource", out);
  const auto among = [](const std::vector<std::string>& types, const std::string& type) {
    return std::find(types.begin(), types.end(), type) != types.end();
  };
  if (!among(action->principals, request.principal.type)) {
    out.push_back("principal: the action does not apply to a `" + request.principal.type + "`");
  }
  if (!among(action->resources, request.resource.type)) {
    out.push_back("resource: the action does not apply to a `" + request.resource.type + "`");
  }
  check_record(request.context, action->context, "context", out);
  return out;
}

}  // namespace ginnel::policy
