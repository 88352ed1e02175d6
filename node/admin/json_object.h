// SPDX-License-Identifier: Apache-2.0
// Reads JSON objects of the admin socket strictly: each field once asked for, none left over.
//
// Raises BadField, which is caught where the line is read: a reader within a reader need not hand errors up.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "federation/base/bytes.h"

namespace ginnel::admin {

using Json = nlohmann::json;

struct BadField {
  std::string name;
};

class Object {
 public:
  explicit Object(const Json& json, std::string name) : json_(json) {
    if (!json.is_object()) throw BadField{std::move(name)};
  }
  const Json& at(const char* key) {
    ++read_;
    auto found = json_.find(key);
    if (found == json_.end()) throw BadField{key};
    return *found;
  }
  std::string text(const char* key) {
    const Json& value = at(key);
    if (!value.is_string()) throw BadField{key};
    return value.get<std::string>();
  }
  bool flag(const char* key) {
    const Json& value = at(key);
    if (!value.is_boolean()) throw BadField{key};
    return value.get<bool>();
  }
  std::uint64_t count(const char* key) {
    const Json& value = at(key);
    if (!value.is_number_unsigned()) throw BadField{key};
    return value.get<std::uint64_t>();
  }
  std::int64_t number(const char* key) {
    const Json& value = at(key);
    if (!value.is_number_integer()) throw BadField{key};
    return value.get<std::int64_t>();
  }
  Bytes bytes(const char* key) {
    auto out = from_hex(text(key));
    if (!out) throw BadField{key};
    return *out;
  }
  const Json& list(const char* key) {
    const Json& value = at(key);
    if (!value.is_array()) throw BadField{key};
    return value;
  }
  std::vector<std::string> texts(const char* key) {
    std::vector<std::string> out;
    for (const Json& item : list(key)) {
      if (!item.is_string()) throw BadField{key};
      out.push_back(item.get<std::string>());
    }
    return out;
  }
  void nothing_else() const {
    if (read_ != json_.size()) throw BadField{"an unknown field"};
  }

 private:
  const Json& json_;
  std::size_t read_ = 0;
};

}  // namespace ginnel::admin
