// SPDX-License-Identifier: Apache-2.0
// Schema text: declarations first as written, then their names resolved, since they may come in any order.
#include <algorithm>
#include <array>
#include <deque>
#include <map>

#include "policy/expression_parser.h"
#include "policy/limits.h"
#include "policy/schema.h"
#include "policy/token_cursor.h"

namespace ginnel::policy {

namespace {

struct RawAttribute;

struct RawType {
  enum class Kind : std::uint8_t { name, set, record };
  Kind kind = Kind::record;
  std::string name;
  Span span;
  std::vector<RawType> element;  // of a set, one
  std::vector<RawAttribute> attributes;
};

struct RawAttribute {
  std::string name;
  RawType type;
  bool required = true;
};

struct RawName {
  std::string text;
  Span span;
};

struct RawEntity {
  std::string space;
  RawName name;
  std::vector<RawName> parents;
  RawType shape;
  std::vector<RawType> tags;  // none or one
  std::vector<std::string> ids;
  bool enumerated = false;
};

struct RawRef {
  std::string type, id;  // the type empty: an action of the same namespace
  Span span;
};

struct RawAction {
  std::string space;
  RawName name;
  std::vector<RawRef> parents;
  bool applies = false, has_principal = false, has_resource = false;
  std::vector<RawName> principals, resources;
  RawType context;
  Span span;
};

struct RawCommon {
  std::string space;
  RawName name;
  RawType type;
};

struct RawSchema {
  std::vector<RawEntity> entities;
  std::vector<RawAction> actions;
  std::deque<RawCommon> commons;
};

std::string within(const std::string& space, const std::string& name) {
  return space.empty() ? name : space + "::" + name;
}

const Value::Type* builtin_type(std::string_view name) {
  using Type = Value::Type;
  static constexpr std::array<std::pair<std::string_view, Type>, 8> types = {{{"Bool", Type::boolean},
                                                                              {"Boolean", Type::boolean},
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

class SchemaReader {
 public:
  explicit SchemaReader(TokenCursor& cursor) : cursor_(cursor), strings_(cursor) {}

  RawSchema read() {
    while (!cursor_.at_end() && !cursor_.gave_up()) {
      skip_annotations();
      if (cursor_.accept("namespace")) {
        read_namespace();
      } else if (!space_.empty() && cursor_.accept("}")) {
        space_.clear();
      } else {
        read_declaration();
      }
      if (cursor_.broken()) cursor_.recover();
    }
    if (!space_.empty()) cursor_.unexpected("`}` at the end of the namespace");
    return std::move(schema_);
  }

 private:
  void read_namespace() {
    if (!space_.empty()) return cursor_.unexpected("a declaration", "namespaces do not nest");
    const auto name = read_path();
    cursor_.expect("{");
    if (!cursor_.broken()) space_ = name.text;
  }

  void read_declaration() {
    if (cursor_.accept("entity")) return read_entity();
    if (cursor_.accept("action")) return read_action();
    if (cursor_.accept("type")) return read_common();
    cursor_.unexpected("`entity`, `action`, `type` or `namespace`");
  }

  void skip_annotations() {
    while (cursor_.accept("@")) {
      if (cursor_.peek().kind != Token::Kind::identifier) return cursor_.unexpected("an annotation's name after `@`");
      cursor_.take();
      if (!cursor_.accept("(")) continue;
      read_string();
      cursor_.expect(")");
    }
  }

  void read_entity() {
    std::vector<RawName> names;
    do names.push_back(read_word("the name of an entity type"));
    while (cursor_.accept(","));
    RawEntity entity;
    entity.space = space_;
    if (cursor_.accept("enum")) {
      entity.enumerated = true;
      cursor_.expect("[");
      while (!cursor_.broken() && !cursor_.peek().is("]")) {
        entity.ids.push_back(read_string());
        if (!cursor_.accept(",")) break;
      }
      if (entity.ids.empty()) cursor_.report(cursor_.peek().span, "an enumeration needs at least one id");
      cursor_.expect("]");
    } else {
      if (cursor_.accept("in")) entity.parents = read_types();
      if (cursor_.accept("=") || cursor_.peek().is("{")) entity.shape = read_type();
      if (cursor_.accept("tags")) entity.tags.push_back(read_type());
    }
    cursor_.expect(";");
    if (cursor_.broken()) return;
    for (auto& name : names) {
      entity.name = std::move(name);
      schema_.entities.push_back(entity);
    }
  }

  void read_action() {
    std::vector<RawName> names;
    do names.push_back(read_name("the name of an action"));
    while (cursor_.accept(","));
    RawAction action;
    action.space = space_;
    if (cursor_.accept("in")) read_groups(action.parents);
    if (cursor_.accept("appliesTo")) read_applies_to(action);
    if (cursor_.peek().is("attributes")) cursor_.unexpected("`;`", "actions have no attributes");
    cursor_.expect(";");
    if (cursor_.broken()) return;
    for (auto& name : names) {
      action.name = std::move(name);
      schema_.actions.push_back(action);
    }
  }

  void read_groups(std::vector<RawRef>& groups) {
    if (!cursor_.accept("[")) {
      groups.push_back(read_group());
      return;
    }
    while (!cursor_.broken() && !cursor_.peek().is("]")) {
      groups.push_back(read_group());
      if (!cursor_.accept(",")) break;
    }
    cursor_.expect("]");
  }

  // Path::"id", or a bare name or string for an action of the same namespace.
  RawRef read_group() {
    const auto begin = cursor_.begin();
    RawRef group;
    if (cursor_.peek().kind == Token::Kind::identifier && cursor_.peek(1).is("::")) {
      group.type = read_path().text;
      cursor_.expect("::");
      group.id = read_string();
    } else {
      group.id = read_name("an action").text;
    }
    group.span = cursor_.span_from(begin);
    return group;
  }

  void read_applies_to(RawAction& action) {
    action.applies = true;
    const Span span = cursor_.peek().span;
    cursor_.expect("{");
    bool has_context = false;
    while (!cursor_.broken() && !cursor_.peek().is("}")) {
      const Token word = cursor_.take();
      cursor_.expect(":");
      bool* seen = word.is("principal")  ? &action.has_principal
                   : word.is("resource") ? &action.has_resource
                   : word.is("context")  ? &has_context
                                         : nullptr;
      if (!seen || *seen) {
        cursor_.report(word.span, seen ? "`" + std::string(word.text) + "` is given twice"
                                       : "`" + std::string(word.text) + "` does not belong here",
                       "appliesTo has principal, resource and context, each once");
      }
      if (word.is("context")) {
        action.context = read_type();
      } else {
        auto types = read_types();
        (word.is("principal") ? action.principals : action.resources) = std::move(types);
      }
      if (seen) *seen = true;
      if (!cursor_.accept(",")) break;
    }
    cursor_.expect("}");
    if (!action.has_principal || !action.has_resource) {
      cursor_.report(span, "appliesTo needs a principal and a resource");
    }
  }

  void read_common() {
    RawCommon common{space_, read_word("the name of a type"), {}};
    if (builtin_type(common.name.text) || common.name.text == "Set" || common.name.text == "Record" ||
        common.name.text == "Entity" || common.name.text == "Extension") {
      cursor_.report(common.name.span, "`" + common.name.text + "` is a type of the language already");
    }
    cursor_.expect("=");
    common.type = read_type();
    cursor_.expect(";");
    if (!cursor_.broken()) schema_.commons.push_back(std::move(common));
  }

  RawType read_type() {
    RawType type;
    if (!cursor_.enter()) return type;
    const auto begin = cursor_.begin();
    if (cursor_.accept("{")) {
      read_attributes(type.attributes);
      cursor_.expect("}");
    } else if (cursor_.peek().is("Set") && cursor_.peek(1).is("<")) {
      cursor_.take();
      cursor_.take();
      type.kind = RawType::Kind::set;
      type.element.push_back(read_type());
      cursor_.expect(">");
    } else {
      type.kind = RawType::Kind::name;
      type.name = read_path().text;
    }
    type.span = cursor_.span_from(begin);
    cursor_.leave();
    return type;
  }

  void read_attributes(std::vector<RawAttribute>& attributes) {
    while (!cursor_.broken() && !cursor_.peek().is("}")) {
      skip_annotations();
      RawAttribute attribute;
      const auto name = read_name("an attribute's name");
      attribute.name = name.text;
      attribute.required = !cursor_.accept("?");
      cursor_.expect(":");
      attribute.type = read_type();
      for (const auto& other : attributes) {
        if (other.name == name.text) cursor_.report(name.span, "the attribute `" + name.text + "` is given twice");
      }
      attributes.push_back(std::move(attribute));
      if (attributes.size() > limits::record_fields_max) {
        cursor_.unexpected("no more attributes",
                           "a record has at most " + std::to_string(limits::record_fields_max));
      }
      if (!cursor_.accept(",")) break;
    }
  }

  std::vector<RawName> read_types() {
    std::vector<RawName> types;
    if (!cursor_.accept("[")) {
      types.push_back(read_path());
      return types;
    }
    while (!cursor_.broken() && !cursor_.peek().is("]")) {
      types.push_back(read_path());
      if (!cursor_.accept(",")) break;
    }
    cursor_.expect("]");
    return types;
  }

  // IDENT {:: IDENT}
  RawName read_path() {
    const auto begin = cursor_.begin();
    if (cursor_.peek().is("__cedar") && cursor_.peek(1).is("::")) {
      cursor_.take();
      cursor_.take();
      return {"__cedar::" + std::string(cursor_.take().text), cursor_.span_from(begin)};
    }
    if (cursor_.peek().kind != Token::Kind::identifier) {
      cursor_.unexpected("a type");
      return {};
    }
    auto name = strings_.parse_name();
    return {std::move(name), cursor_.span_from(begin)};
  }

  RawName read_word(std::string_view wanted) {
    const Token token = cursor_.peek();
    if (token.kind != Token::Kind::identifier) {
      cursor_.unexpected(wanted);
      return {};
    }
    if (is_reserved(token.text)) {
      cursor_.report(token.span, "`" + std::string(token.text) + "` is a word of the language and no name");
    }
    cursor_.take();
    return {std::string(token.text), token.span};
  }

  // IDENT or STR
  RawName read_name(std::string_view wanted) {
    const Token token = cursor_.peek();
    if (token.kind == Token::Kind::string) return {read_string(), token.span};
    if (token.kind != Token::Kind::identifier) {
      cursor_.unexpected(wanted);
      return {};
    }
    cursor_.take();
    return {std::string(token.text), token.span};
  }

  std::string read_string() {
    if (cursor_.peek().kind != Token::Kind::string) {
      cursor_.unexpected("a string");
      return {};
    }
    return strings_.parse_string(cursor_.take());
  }

  TokenCursor& cursor_;
  ExpressionParser strings_;
  RawSchema schema_;
  std::string space_;
};

class SchemaResolver {
 public:
  SchemaResolver(const RawSchema& raw, TokenCursor& cursor) : raw_(raw), cursor_(cursor) {}

  Schema resolve() {
    declare();
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
      if (!commons_.emplace(within(common.space, common.name.text), Common{&common, {}, {}}).second) {
        twice(common.name);
      }
    }
    for (const auto& entity : raw_.entities) {
      const auto name = within(entity.space, entity.name.text);
      if (!entities_.emplace(name, &entity).second) twice(entity.name);
      if (commons_.contains(name)) twice(entity.name);
    }
    for (const auto& action : raw_.actions) {
      const EntityUid uid{within(action.space, "Action"), action.name.text};
      if (!actions_.emplace(uid, &action).second) twice(action.name);
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
      if (entities_.contains(name)) {
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
      RawType raw;
      raw.kind = RawType::Kind::name;
      raw.name = name.text;
      raw.span = name.span;
      const auto own = within(space, name.text);
      if (entities_.contains(own)) {
        out.push_back(own);
      } else if (entities_.contains(name.text)) {
        out.push_back(name.text);
      } else if (const auto type = resolve_type(raw, space); type.kind == Value::Type::entity) {
        out.push_back(type.entity_type);
      } else {
        cursor_.report(name.span, "`" + name.text + "` is no entity type");
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
      EntityUid uid{group.type.empty() ? within(raw.space, "Action") : group.type, group.id};
      const EntityUid own{within(raw.space, uid.type), uid.id};
      if (!group.type.empty() && actions_.contains(own)) uid = own;
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
  Schema schema_;
  std::size_t depth_ = 0;
};

}  // namespace

tl::expected<Schema, Diagnostics> parse_schema(std::string_view text, std::string_view file_name) {
  TokenCursor cursor(text, file_name);
  const RawSchema raw = SchemaReader(cursor).read();
  if (cursor.has_diagnostics()) return tl::unexpected<Diagnostics>(cursor.diagnostics());
  Schema schema = SchemaResolver(raw, cursor).resolve();
  if (cursor.has_diagnostics()) return tl::unexpected<Diagnostics>(cursor.diagnostics());
  return schema;
}

}  // namespace ginnel::policy
