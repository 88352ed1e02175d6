// SPDX-License-Identifier: Apache-2.0
#include "policy/json.h"

#include <algorithm>
#include <limits>
#include <nlohmann/json.hpp>
#include <optional>

#include "policy/lexer.h"
#include "policy/limits.h"

namespace ginnel::policy {

namespace {

using Json = nlohmann::json;

template <class T>
using Read = tl::expected<T, std::string>;  // the error begins with the path to the place
using Failure = tl::unexpected<std::string>;

// Builds the document and refuses on the way what the library would take: repeated keys and any depth.
class Builder final : public nlohmann::json_sax<Json> {
 public:
  Json root;
  std::string why;
  std::size_t offset = 0;

  bool null() override { return put(nullptr); }
  bool boolean(bool value) override { return put(value); }
  bool number_integer(number_integer_t value) override { return put(value); }
  bool number_unsigned(number_unsigned_t value) override {
    if (value > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())) {
      return refuse("a number is beyond 64 bits");
    }
    return put(static_cast<std::int64_t>(value));
  }
  bool number_float(number_float_t, const string_t&) override { return refuse("a number has a fraction"); }
  bool string(string_t& value) override {
    if (value.size() > limits::string_bytes_max) return refuse("a string is too long");
    return put(std::move(value));
  }
  bool binary(binary_t&) override { return refuse("binary data"); }
  bool start_object(std::size_t) override { return open(Json::object()); }
  bool start_array(std::size_t) override { return open(Json::array()); }
  bool end_object() override { return close(); }
  bool end_array() override { return close(); }
  bool key(string_t& name) override {
    if (open_.back()->contains(name)) return refuse("a key is repeated in one object");
    key_ = std::move(name);
    return true;
  }
  bool parse_error(std::size_t position, const std::string&, const nlohmann::detail::exception&) override {
    offset = position > 0 ? position - 1 : 0;
    return refuse("this is not JSON");
  }

 private:
  bool refuse(std::string reason) {
    why = std::move(reason);
    return false;
  }

  Json* place(Json value) {
    if (open_.empty()) {
      root = std::move(value);
      return &root;
    }
    auto& parent = *open_.back();
    if (parent.is_array()) {
      parent.push_back(std::move(value));
      return &parent.back();
    }
    return &(parent[key_] = std::move(value));
  }

  bool put(Json value) {
    place(std::move(value));
    return true;
  }

  // The pointers stay good: a container grows only after its inner ones are closed.
  bool open(Json value) {
    if (open_.size() >= limits::nesting_max) {
      return refuse("it nests deeper than " + std::to_string(limits::nesting_max) + " levels");
    }
    open_.push_back(place(std::move(value)));
    return true;
  }

  bool close() {
    open_.pop_back();
    return true;
  }

  std::vector<Json*> open_;
  std::string key_;
};

Diagnostics one(std::string_view file_name, Position at, std::string message) {
  return {{std::string(file_name), at.line, at.column, std::move(message), {}}};
}

tl::expected<Json, Diagnostics> parse(std::string_view text, std::string_view file_name) {
  if (text.size() > limits::json_bytes_max) {
    return tl::unexpected<Diagnostics>(
        one(file_name, {}, "the document is larger than " + std::to_string(limits::json_bytes_max) + " bytes"));
  }
  Builder builder;
  if (Json::sax_parse(text.begin(), text.end(), &builder)) return std::move(builder.root);
  return tl::unexpected<Diagnostics>(one(file_name, position_of(text, builder.offset), builder.why));
}

// An entity type's name as it must come in data: words joined by `::`, without blanks.
bool is_type_name(std::string_view name) {
  std::vector<LexicalError> errors;
  const auto tokens = tokenize(name, errors);
  if (!errors.empty() || tokens.size() < 2 || tokens.size() % 2 != 0) return false;
  std::size_t bytes = 0;
  for (std::size_t i = 0; i + 1 < tokens.size(); ++i) {
    const bool word = i % 2 == 0;
    if (word ? tokens[i].kind != Token::Kind::identifier || is_reserved(tokens[i].text) : !tokens[i].is("::")) {
      return false;
    }
    bytes += tokens[i].text.size();
  }
  return bytes == name.size();
}

const Json* member(const Json& object, const char* key) {
  const auto found = object.find(key);
  return found == object.end() ? nullptr : &*found;
}

// The inside of {"__entity": ...} or {"__extn": ...} when that is its only key.
const Json* escaped(const Json& json, const char* key) {
  return json.is_object() && json.size() == 1 ? member(json, key) : nullptr;
}

Read<EntityUid> to_uid(const Json& json, const std::string& path) {
  const auto* inner = escaped(json, "__entity");
  const auto& body = inner ? *inner : json;
  const auto* type = body.is_object() ? member(body, "type") : nullptr;
  const auto* id = body.is_object() ? member(body, "id") : nullptr;
  if (!type || !id || !type->is_string() || !id->is_string()) {
    return Failure(path + ": expected an entity as {\"type\": ..., \"id\": ...}");
  }
  const auto& name = type->get_ref<const std::string&>();
  if (!is_type_name(name)) return Failure(path + ": this is not the name of an entity type");
  return EntityUid{name, id->get<std::string>()};
}

bool is_extension(Value::Type type) {
  return type == Value::Type::decimal || type == Value::Type::ip || type == Value::Type::datetime ||
         type == Value::Type::duration;
}

Function constructor_of(Value::Type type) {
  switch (type) {
    case Value::Type::decimal:
      return Function::decimal;
    case Value::Type::ip:
      return Function::ip;
    case Value::Type::datetime:
      return Function::datetime;
    default:
      return Function::duration;
  }
}

Read<Value> to_value(const Json& json, const SchemaType* type, const std::string& path);

Read<Value> construct(Function function, const std::vector<Value>& arguments, const std::string& path) {
  std::vector<const Value*> pointers;
  for (const auto& argument : arguments) pointers.push_back(&argument);
  auto value = call_function(function, pointers);
  if (!value) return Failure(path + ": " + value.error());
  return std::move(*value);
}

// {"fn": name, "arg": value} or {"fn": name, "args": [values]}
Read<Value> to_extension(const Json& json, const std::string& path) {
  const auto* name = json.is_object() ? member(json, "fn") : nullptr;
  const auto* arg = json.is_object() ? member(json, "arg") : nullptr;
  const auto* args = json.is_object() ? member(json, "args") : nullptr;
  if (!name || !name->is_string() || !arg == !args || (args && !args->is_array())) {
    return Failure(path + ": expected an extension value as {\"fn\": ..., \"arg\": ...}");
  }
  const auto* function = find_function(name->get_ref<const std::string&>());
  if (!function) return Failure(path + ": there is no such extension function");
  std::vector<Value> arguments;
  for (const auto& item : arg ? Json::array({*arg}) : *args) {
    auto value = to_value(item, nullptr, path);
    if (!value) return value;
    arguments.push_back(std::move(*value));
  }
  return construct(function->function, arguments, path);
}

Read<Value> to_set(const Json& json, const SchemaType* element, const std::string& path) {
  if (json.size() > limits::set_elements_max) return Failure(path + ": the set has too many elements");
  std::vector<Value> elements;
  elements.reserve(json.size());
  for (std::size_t i = 0; i < json.size(); ++i) {
    auto value = to_value(json[i], element, path + "[" + std::to_string(i) + "]");
    if (!value) return value;
    elements.push_back(std::move(*value));
  }
  return Value(Set(std::move(elements)));
}

// With a type, its attributes are all there may be and the required ones must be there.
Read<Record> to_record(const Json& json, const SchemaType* type, const std::string& path) {
  if (!json.is_object()) return Failure(path + ": expected an object");
  if (json.size() > limits::record_fields_max) return Failure(path + ": the record has too many fields");
  std::vector<Record::Field> fields;
  for (const auto& [name, item] : json.items()) {
    const auto* attribute = type ? type->find(name) : nullptr;
    if (type && !attribute) return Failure(path + ": the schema has no attribute `" + name + "` here");
    auto value = to_value(item, attribute ? &attribute->type : nullptr, path + "." + name);
    if (!value) return Failure(std::move(value.error()));
    fields.emplace_back(name, std::move(*value));
  }
  Record record(std::move(fields));
  if (type && type->attributes) {
    for (const auto& attribute : *type->attributes) {
      if (attribute.required && !record.find(attribute.name)) {
        return Failure(path + ": the attribute `" + attribute.name + "` is missing");
      }
    }
  }
  return record;
}

Read<Value> to_entity_value(const Json& json, const std::string& path) {
  auto uid = to_uid(json, path);
  if (!uid) return Failure(std::move(uid.error()));
  return Value(std::move(*uid));
}

// `type` guides where the text alone is open; whether the value then is of that type is checked by the schema.
Read<Value> to_value(const Json& json, const SchemaType* type, const std::string& path) {
  const auto* extension = escaped(json, "__extn");
  if (type && type->kind == Value::Type::entity) return to_entity_value(json, path);
  if (extension) return to_extension(*extension, path);
  if (type && is_extension(type->kind)) {
    if (json.is_object()) return to_extension(json, path);
    auto argument = to_value(json, nullptr, path);
    if (!argument) return argument;
    return construct(constructor_of(type->kind), {std::move(*argument)}, path);
  }
  if (const auto* inner = escaped(json, "__entity")) return to_entity_value(*inner, path);
  if (escaped(json, "__expr")) return Failure(path + ": `__expr` is not taken");
  switch (json.type()) {
    case Json::value_t::boolean:
      return Value(json.get<bool>());
    case Json::value_t::number_integer:
      return Value(json.get<std::int64_t>());
    case Json::value_t::string:
      return Value(json.get<std::string>());
    case Json::value_t::array: {
      const bool guided = type && type->kind == Value::Type::set;
      return to_set(json, guided ? type->element.get() : nullptr, path);
    }
    case Json::value_t::object: {
      auto record = to_record(json, type && type->kind == Value::Type::record ? type : nullptr, path);
      if (!record) return Failure(std::move(record.error()));
      return Value(std::move(*record));
    }
    default:
      return Failure(path + ": null is no value");
  }
}

Read<Record> to_tags(const Json& json, const EntityType* type, const std::string& path) {
  if (!json.is_object()) return Failure(path + ": expected an object");
  if (json.size() > limits::record_fields_max) return Failure(path + ": there are too many tags");
  std::vector<Record::Field> tags;
  for (const auto& [name, item] : json.items()) {
    auto value = to_value(item, type && type->tags ? &*type->tags : nullptr, path);
    if (!value) return Failure(std::move(value.error()));
    tags.emplace_back(name, std::move(*value));
  }
  return Record(std::move(tags));
}

Read<Entity> to_entity(const Json& json, const Schema* schema, const std::string& path) {
  const auto* uid = json.is_object() ? member(json, "uid") : nullptr;
  const auto* attrs = json.is_object() ? member(json, "attrs") : nullptr;
  const auto* parents = json.is_object() ? member(json, "parents") : nullptr;
  const auto* tags = json.is_object() ? member(json, "tags") : nullptr;
  if (!uid || !attrs || !parents || !parents->is_array()) {
    return Failure(path + ": an entity has \"uid\", \"attrs\" and \"parents\"");
  }
  auto name = to_uid(*uid, path + ".uid");
  if (!name) return Failure(std::move(name.error()));
  Entity entity{std::move(*name), {}, {}, {}};
  const auto* type = schema ? schema->find_entity_type(entity.uid.type) : nullptr;
  auto record = to_record(*attrs, type ? &type->shape : nullptr, path + ".attrs");
  if (!record) return Failure(std::move(record.error()));
  entity.attrs = std::move(*record);
  if (tags) {
    record = to_tags(*tags, type, path + ".tags");
    if (!record) return Failure(std::move(record.error()));
    entity.tags = std::move(*record);
  }
  for (std::size_t i = 0; i < parents->size(); ++i) {
    auto parent = to_uid((*parents)[i], path + ".parents[" + std::to_string(i) + "]");
    if (!parent) return Failure(std::move(parent.error()));
    entity.parents.push_back(std::move(*parent));
  }
  if (schema) {
    const auto problems = schema->problems(entity);
    if (!problems.empty()) return Failure(path + ": " + problems.front());
  }
  return entity;
}

// The schema's actions stand for those given, which said the same or were refused.
void add_actions(std::vector<Entity>& entities, const Schema& schema) {
  std::erase_if(entities, [&](const Entity& entity) { return schema.find_action(entity.uid) != nullptr; });
  auto actions = schema.action_entities();
  entities.insert(entities.end(), std::make_move_iterator(actions.begin()), std::make_move_iterator(actions.end()));
}

}  // namespace

tl::expected<std::vector<Entity>, Diagnostics> entities_from_json(std::string_view text, std::string_view file_name,
                                                                  const Schema* schema) {
  const auto json = parse(text, file_name);
  if (!json) return tl::unexpected<Diagnostics>(json.error());
  if (!json->is_array() || json->size() > limits::entities_max) {
    return tl::unexpected<Diagnostics>(
        one(file_name, {}, "expected an array of at most " + std::to_string(limits::entities_max) + " entities"));
  }
  std::vector<Entity> entities;
  entities.reserve(json->size());
  Diagnostics diagnostics;
  for (std::size_t i = 0; i < json->size() && diagnostics.size() < limits::diagnostics_max; ++i) {
    auto entity = to_entity((*json)[i], schema, "[" + std::to_string(i) + "]");
    if (entity) {
      entities.push_back(std::move(*entity));
    } else {
      diagnostics.push_back({std::string(file_name), 1, 1, std::move(entity.error()), {}});
    }
  }
  if (!diagnostics.empty()) return tl::unexpected<Diagnostics>(std::move(diagnostics));
  if (schema) add_actions(entities, *schema);
  return entities;
}

tl::expected<Record, Diagnostics> context_from_json(std::string_view text, std::string_view file_name,
                                                    const Schema* schema, const EntityUid* action) {
  const auto json = parse(text, file_name);
  if (!json) return tl::unexpected<Diagnostics>(json.error());
  const auto* known = schema && action ? schema->find_action(*action) : nullptr;
  auto record = to_record(*json, known ? &known->context : nullptr, "context");
  if (!record) return tl::unexpected<Diagnostics>(one(file_name, {}, std::move(record.error())));
  return std::move(*record);
}

tl::expected<EntityUid, Diagnostics> entity_uid_from_json(std::string_view text, std::string_view file_name) {
  const auto json = parse(text, file_name);
  if (!json) return tl::unexpected<Diagnostics>(json.error());
  auto uid = to_uid(*json, "uid");
  if (!uid) return tl::unexpected<Diagnostics>(one(file_name, {}, std::move(uid.error())));
  return std::move(*uid);
}

}  // namespace ginnel::policy
