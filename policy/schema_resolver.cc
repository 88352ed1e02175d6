// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "policy/limits.h"
#include "policy/raw_schema.h"

namespace ginnel::policy {

namespace {

std::string within(const std::string& space, const std::string& name) {
  return space.empty() ? name : space + "::" + name;
}

class SchemaResolver {
 public:
  SchemaResolver(const RawSchema& raw, TokenCursor& cursor) : raw_(raw), cursor_(cursor) {}

  Schema resolve() {
    declare();
    refuse_shadows();
    for (const auto& common : raw_.commons) common_type(within(common.space, common.name.text), common.name.span);
    for (const auto& raw : raw_.entities) add_entity(raw);
    for (const auto& raw : raw_.actions) add_action(raw);
    check_groups();
    return std::move(schema_);
  }

 private:
  struct Common {
    const RawCommon* raw = nullptr;
    enum class State : std::uint8_t { fresh, open, done } state = State::fresh;
    SchemaType type;
  };

  void declare() {
    for (const auto& common : raw_.commons) {
      const auto name = within(common.space, common.name.text);
      if (!commons_.emplace(name, Common{&common, {}, {}}).second) twice(common.name);
    }
    for (const auto& entity : raw_.entities) {
      const auto name = within(entity.space, entity.name.text);
      if (!entities_.emplace(name, &entity).second) twice(entity.name);
    }
    for (const auto& action : raw_.actions) {
      const EntityUid uid{within(action.space, "Action"), action.name.text};
      if (!actions_.emplace(uid, &action).second) twice(action.name);
      action_types_.insert(uid.type);
    }
  }

  // A name outside all namespaces means the same everywhere, so no namespace may take it again.
  void refuse_shadows() {
    const auto check = [&](const std::string& space, const RawName& name) {
      if (space.empty() || (!commons_.contains(name.text) && !entities_.contains(name.text))) return;
      cursor_.report(name.span, "`" + name.text + "` is declared outside the namespace already");
    };
    for (const auto& common : raw_.commons) check(common.space, common.name);
    for (const auto& entity : raw_.entities) check(entity.space, entity.name);
    for (const auto& action : raw_.actions) {
      if (action.space.empty() || !actions_.contains({"Action", action.name.text})) continue;
      cursor_.report(action.name.span, "`" + action.name.text + "` is declared outside the namespace already");
    }
  }

  void twice(const RawName& name) { cursor_.report(name.span, "`" + name.text + "` is declared twice"); }

  SchemaType resolve_type(const RawType& raw, const std::string& space) {
    SchemaType type;
    if (raw.kind == RawType::Kind::name) return resolve_name(raw, space);
    if (raw.kind == RawType::Kind::set) {
      type.kind = Value::Type::set;
      type.element = std::make_shared<const SchemaType>(resolve_type(raw.element.front(), space));
      return type;
    }
    std::vector<SchemaAttribute> attributes;
    for (const auto& attribute : raw.attributes) {
      attributes.push_back({attribute.name, resolve_type(attribute.type, space), attribute.required});
    }
    type.attributes = std::make_shared<const std::vector<SchemaAttribute>>(std::move(attributes));
    return type;
  }

  // Nearest first: the own namespace, then none; a declared type, then an entity type, then the language's own.
  SchemaType resolve_name(const RawType& raw, const std::string& space) {
    SchemaType type;
    const bool qualified = raw.name.find("::") != std::string::npos;
    for (const auto& name : {qualified ? raw.name : within(space, raw.name), raw.name}) {
      if (commons_.contains(name)) return common_type(name, raw.span);
      if (entities_.contains(name) || action_types_.contains(name)) {
        type.kind = Value::Type::entity;
        type.entity_type = name;
        return type;
      }
    }
    std::string_view name = raw.name;
    if (name.starts_with("__cedar::")) name.remove_prefix(9);
    if (const auto* kind = builtin_type(name)) {
      type.kind = *kind;
      return type;
    }
    cursor_.report(raw.span, "there is no type `" + raw.name + "`");
    return type;
  }

  SchemaType common_type(const std::string& name, Span used) {
    auto& common = commons_.at(name);
    if (common.state == Common::State::done) return common.type;
    if (common.state == Common::State::open) {
      cursor_.report(used, "the type `" + name + "` is made of itself");
      return {};
    }
    if (++depth_ > limits::nesting_max) {
      cursor_.report(used, "types nest deeper than " + std::to_string(limits::nesting_max) + " levels");
      --depth_;
      return {};
    }
    common.state = Common::State::open;
    common.type = resolve_type(common.raw->type, common.raw->space);
    common.state = Common::State::done;
    --depth_;
    return common.type;
  }

  SchemaType record_type(const RawType& raw, const std::string& space) {
    auto type = resolve_type(raw, space);
    if (type.kind != Value::Type::record) {
      cursor_.report(raw.span, "expected a record, found " + type.text());
      return {};
    }
    return type;
  }

  std::vector<std::string> entity_types(const std::vector<RawName>& names, const std::string& space) {
    std::vector<std::string> out;
    for (const auto& name : names) {
      const auto own = within(space, name.text);
      if (entities_.contains(own)) {
        out.push_back(own);
      } else if (entities_.contains(name.text)) {
        out.push_back(name.text);
      } else {
        cursor_.report(name.span, "there is no entity type `" + name.text + "`");
      }
    }
    return out;
  }

  void add_entity(const RawEntity& raw) {
    EntityType type;
    type.name = within(raw.space, raw.name.text);
    type.parents = entity_types(raw.parents, raw.space);
    type.shape = record_type(raw.shape, raw.space);
    if (!raw.tags.empty()) type.tags = resolve_type(raw.tags.front(), raw.space);
    type.ids = raw.ids;
    type.enumerated = raw.enumerated;
    schema_.add(std::move(type));
  }

  void add_action(const RawAction& raw) {
    ActionType action;
    action.uid = {within(raw.space, "Action"), raw.name.text};
    for (const auto& group : raw.parents) {
      // The own namespace first; a name with a namespace of its own is found as it stands.
      EntityUid uid{within(raw.space, group.type.empty() ? "Action" : group.type), group.id};
      if (!actions_.contains(uid)) uid.type = group.type.empty() ? "Action" : group.type;
      if (!actions_.contains(uid)) cursor_.report(group.span, "there is no action " + uid.text());
      action.parents.push_back(std::move(uid));
    }
    action.applies = raw.applies;
    action.principals = entity_types(raw.principals, raw.space);
    action.resources = entity_types(raw.resources, raw.space);
    action.context = record_type(raw.context, raw.space);
    schema_.add(std::move(action));
  }

  // No action may be in itself by any way. Works downwards from actions without groups, so that depth costs no stack.
  void check_groups() {
    std::map<EntityUid, std::size_t> waiting;
    std::multimap<EntityUid, EntityUid> members;
    std::vector<EntityUid> ready;
    for (const auto& action : schema_.actions()) {
      waiting[action.uid] = action.parents.size();
      for (const auto& parent : action.parents) members.emplace(parent, action.uid);
      if (action.parents.empty()) ready.push_back(action.uid);
    }
    std::size_t done = 0;
    for (; !ready.empty(); ++done) {
      const auto next = std::move(ready.back());
      ready.pop_back();
      const auto [first, last] = members.equal_range(next);
      for (auto member = first; member != last; ++member) {
        if (--waiting[member->second] == 0) ready.push_back(member->second);
      }
    }
    if (done == schema_.actions().size() || cursor_.has_diagnostics()) return;
    for (const auto& raw : raw_.actions) {
      if (waiting[{within(raw.space, "Action"), raw.name.text}] == 0) continue;
      cursor_.report(raw.name.span, "the action `" + raw.name.text + "` is in itself, or in actions that are");
      return;
    }
  }

  const RawSchema& raw_;
  TokenCursor& cursor_;
  std::map<std::string, Common> commons_;
  std::map<std::string, const RawEntity*> entities_;
  std::map<EntityUid, const RawAction*> actions_;
  std::set<std::string> action_types_;  // an attribute may be of one, though nothing declares it
  Schema schema_;
  std::size_t depth_ = 0;
};

}  // namespace

const Value::Type* builtin_type(std::string_view name) {
  using Type = Value::Type;
  static constexpr std::array<std::pair<std::string_view, Type>, 7> types = {{{"Bool", Type::boolean},
                                                                              {"Long", Type::integer},
                                                                              {"String", Type::string},
                                                                              {"decimal", Type::decimal},
                                                                              {"ipaddr", Type::ip},
                                                                              {"datetime", Type::datetime},
                                                                              {"duration", Type::duration}}};
  for (const auto& [known, type] : types) {
    if (known == name) return &type;
  }
  return nullptr;
}

Schema resolve_schema(const RawSchema& raw, TokenCursor& cursor) { return SchemaResolver(raw, cursor).resolve(); }

tl::expected<Schema, Diagnostics> parse_schema(std::string_view text, std::string_view file_name) {
  TokenCursor cursor(text, file_name);
  const RawSchema raw = read_schema(cursor);
  if (cursor.has_diagnostics()) return tl::unexpected<Diagnostics>(cursor.diagnostics());
  Schema schema = resolve_schema(raw, cursor);
  if (cursor.has_diagnostics()) return tl::unexpected<Diagnostics>(cursor.diagnostics());
  return schema;
}

}  // namespace ginnel::policy
