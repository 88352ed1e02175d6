// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>

#include "policy/expression_parser.h"
#include "policy/limits.h"
#include "policy/raw_schema.h"

namespace ginnel::policy {

namespace {

class SchemaReader {
 public:
  explicit SchemaReader(TokenCursor& cursor) : cursor_(cursor), strings_(cursor) {}

  RawSchema read() {
    while (!cursor_.at_end() && !cursor_.gave_up()) {
      const bool annotated = skip_annotations();
      if (cursor_.accept("namespace")) {
        read_namespace();
      } else if (!annotated && !space_.empty() && cursor_.accept("}")) {
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
    if (cursor_.broken()) return;
    if (name.text.starts_with("__cedar")) {
      cursor_.report(name.span, "`__cedar` is the language's own and no namespace to declare in");
    }
    if (std::find(spaces_.begin(), spaces_.end(), name.text) != spaces_.end()) {
      cursor_.report(name.span, "the namespace `" + name.text + "` is given twice");
    }
    spaces_.push_back(name.text);
    space_ = name.text;
  }

  void read_declaration() {
    if (cursor_.accept("entity")) return read_entity();
    if (cursor_.accept("action")) return read_action();
    if (cursor_.accept("type")) return read_common();
    cursor_.unexpected("`entity`, `action`, `type` or `namespace`");
  }

  // Whether there were any: they belong to a declaration that must follow.
  bool skip_annotations() {
    std::vector<std::string_view> names;
    while (cursor_.accept("@")) {
      if (cursor_.peek().kind != Token::Kind::identifier) {
        cursor_.unexpected("an annotation's name after `@`");
        return true;
      }
      const Token name = cursor_.take();
      if (std::find(names.begin(), names.end(), name.text) != names.end()) {
        cursor_.report(name.span, "the annotation `@" + std::string(name.text) + "` is given twice");
      }
      names.push_back(name.text);
      if (!cursor_.accept("(")) continue;
      read_string();
      cursor_.expect(")");
    }
    return !names.empty();
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
      do entity.ids.push_back(read_string());
      while (cursor_.accept(","));
      cursor_.expect("]");
    } else {
      if (cursor_.accept("in")) entity.parents = read_types();
      if (cursor_.accept("=") || cursor_.peek().is("{")) entity.shape = read_record();
      if (cursor_.accept("tags")) entity.tags.push_back(read_type());
    }
    cursor_.expect(";");
    if (cursor_.broken()) return;
    for (auto& name : names) {
      if (name.text == "Action") cursor_.report(name.span, "`Action` is the type of actions and no entity type");
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
    if (cursor_.accept("attributes")) {
      cursor_.expect("{");
      cursor_.expect("}", "actions have no attributes");
    }
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
    do groups.push_back(read_group());
    while (cursor_.accept(","));
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
        cursor_.report(word.span,
                       seen ? "`" + std::string(word.text) + "` is given twice"
                            : "`" + std::string(word.text) + "` does not belong here",
                       "appliesTo has principal, resource and context, each once");
      }
      if (word.is("context")) {
        action.context = read_type();
      } else {
        auto types = read_types();
        if (seen && types.empty()) {
          cursor_.report(word.span, "`" + std::string(word.text) + "` needs at least one type");
        }
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
    static constexpr std::array<std::string_view, 8> taken = {"Bool",   "Boolean", "Long",   "String",
                                                              "Record", "Set",     "Entity", "Extension"};
    if (std::find(taken.begin(), taken.end(), common.name.text) != taken.end()) {
      cursor_.report(common.name.span, "`" + common.name.text + "` is a type of the language already");
    }
    cursor_.expect("=");
    common.type = read_type();
    cursor_.expect(";");
    if (!cursor_.broken()) schema_.commons.push_back(std::move(common));
  }

  RawType read_record() {
    if (cursor_.peek().is("{")) return read_type();
    cursor_.unexpected("a record as `{...}`");
    return {};
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
        cursor_.unexpected("no more attributes", "a record has at most " + std::to_string(limits::record_fields_max));
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
    if (cursor_.accept("]")) return types;
    do types.push_back(read_path());
    while (cursor_.accept(","));
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

  RawName read_word(std::string_view wanted, std::string hint = {}) {
    const Token token = cursor_.peek();
    if (token.kind != Token::Kind::identifier) {
      cursor_.unexpected(wanted);
      return {};
    }
    if (is_reserved(token.text)) {
      cursor_.report(token.span, "`" + std::string(token.text) + "` is a word of the language and no name",
                     std::move(hint));
    }
    cursor_.take();
    return {std::string(token.text), token.span};
  }

  // IDENT or STR, of an attribute or an action. Here `__cedar` is a word like others.
  RawName read_name(std::string_view wanted) {
    const Token token = cursor_.peek();
    if (token.kind == Token::Kind::string) return {read_string(), token.span};
    if (!token.is("__cedar")) return read_word(wanted, "in quotes it can be one");
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
  std::string space_;  // the namespace that is open
  std::vector<std::string> spaces_;
};

}  // namespace

RawSchema read_schema(TokenCursor& cursor) { return SchemaReader(cursor).read(); }

}  // namespace ginnel::policy
