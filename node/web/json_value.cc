// SPDX-License-Identifier: Apache-2.0
#include "node/web/json_value.h"

#include <limits>
#include <nlohmann/json.hpp>

#include "node/web/limits.h"

namespace ginnel {
namespace {

// Takes the library's events and stops at the first that is not allowed.
class Builder : public nlohmann::json_sax<nlohmann::json> {
 public:
  explicit Builder(JsonValue& root) { open_.push_back(&root); }
  const std::string& why() const { return why_; }

  bool null() override { return place() != nullptr; }
  bool boolean(bool value) override {
    auto* at = place(JsonValue::Kind::boolean);
    if (at) at->boolean = value;
    return at != nullptr;
  }
  bool number_integer(number_integer_t value) override {
    auto* at = place(JsonValue::Kind::integer);
    if (at) at->integer = value;
    return at != nullptr;
  }
  bool number_unsigned(number_unsigned_t value) override {
    if (value > static_cast<number_unsigned_t>(std::numeric_limits<std::int64_t>::max()))
      return refuse("a number is too large");
    return number_integer(static_cast<number_integer_t>(value));
  }
  bool number_float(number_float_t value, const string_t&) override {
    auto* at = place(JsonValue::Kind::real);
    if (at) at->real = value;
    return at != nullptr;
  }
  bool string(string_t& value) override {
    auto* at = place(JsonValue::Kind::text);
    if (at) at->text = std::move(value);
    return at != nullptr;
  }
  bool binary(binary_t&) override { return refuse("it is not JSON"); }

  bool start_object(std::size_t) override { return enter(JsonValue::Kind::object); }
  bool key(string_t& name) override {
    auto& members = open_.back()->object;
    for (const auto& member : members)
      if (member.name == name) return refuse("a name stands twice in one object");
    // INVARIANT: a container grows only while it is the innermost open one, so pointers to its values stay good.
    members.push_back({std::move(name), JsonValue()});
    return true;
  }
  bool end_object() override { return leave(); }
  bool start_array(std::size_t) override { return enter(JsonValue::Kind::list); }
  bool end_array() override { return leave(); }

  bool parse_error(std::size_t position, const std::string&, const nlohmann::detail::exception&) override {
    return refuse("it is not JSON in UTF-8 from byte " + std::to_string(position));
  }

 private:
  bool refuse(std::string why) {
    why_ = std::move(why);
    return false;
  }

  // Where the next value goes; null once there are too many.
  JsonValue* place(JsonValue::Kind kind = JsonValue::Kind::null) {
    if (++values_ > limits::json_values_max) {
      refuse("it has too many values");
      return nullptr;
    }
    JsonValue* at = open_.back();
    if (has_root_) at = at->kind == JsonValue::Kind::object ? &at->object.back().value : &at->list.emplace_back();
    has_root_ = true;
    at->kind = kind;
    return at;
  }
  bool enter(JsonValue::Kind kind) {
    const bool is_root = !has_root_;
    auto* at = place(kind);
    if (!at) return false;
    if (++depth_ > limits::json_depth_max) return refuse("it is nested too deeply");
    if (!is_root) open_.push_back(at);
    return true;
  }
  bool leave() {
    --depth_;
    if (open_.size() > 1) open_.pop_back();
    return true;
  }

  std::vector<JsonValue*> open_;
  bool has_root_ = false;
  std::size_t depth_ = 0, values_ = 0;
  std::string why_;
};

}  // namespace

const JsonValue* JsonValue::find(std::string_view name) const {
  for (const auto& [key, value] : object)
    if (key == name) return value.kind == Kind::null ? nullptr : &value;
  return nullptr;
}

Expected<JsonValue> read_json(std::string_view text) {
  JsonValue root;
  Builder builder(root);
  if (nlohmann::json::sax_parse(text.begin(), text.end(), &builder)) return root;
  return fail("bad-json", "cannot read the request", builder.why(), "send one JSON object, in UTF-8");
}

tl::unexpected<Error> bad_field(std::string_view name, const std::string& why, std::string remedy) {
  return fail("bad-field", "cannot read the request", "`" + std::string(name) + "` " + why, std::move(remedy));
}

}  // namespace ginnel
