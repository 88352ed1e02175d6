// SPDX-License-Identifier: Apache-2.0
// JSON from outside (RFC 8259), read strictly: no duplicate names, no broken UTF-8, nothing too deep or too much.
//
// Thread: any; pure. A JsonValue that exists is what the text says, with one meaning: of two equal names, readers
// differ in which they take, and a check made on one is no check of the other. Failure: `bad-json`, with the place but
// nothing of the text. Limits: json_depth_max, json_values_max.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "federation/base/error.h"

namespace ginnel {

struct JsonMember;

struct JsonValue {
  enum class Kind : std::uint8_t { null, boolean, integer, real, text, list, object };

  Kind kind = Kind::null;
  bool boolean = false;
  std::int64_t integer = 0;
  double real = 0;
  std::string text;
  std::vector<JsonValue> list;
  std::vector<JsonMember> object;

  // Null if it is no object or has no such name. A name with the value null counts as not there.
  const JsonValue* find(std::string_view name) const;
};

struct JsonMember {
  std::string name;
  JsonValue value;
};

Expected<JsonValue> read_json(std::string_view text);

// What is wrong with a field of a request: "is no id".
tl::unexpected<Error> bad_field(std::string_view name, const std::string& why, std::string remedy = {});
inline constexpr const char* not_as_it_should_be = "is missing or not what it should be";

}  // namespace ginnel
