// SPDX-License-Identifier: Apache-2.0
// One JSON object of a request, member by member, and everything that is wrong with it.
//
// Thread: any; pure. Strict: an unknown name, a wrong type, a control character or a text over its limit is a fault.
// What is faulty reads as empty. Faults name the field, never its value.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "federation/base/error.h"
#include "federation/base/time.h"
#include "node/web/json_value.h"

namespace ginnel {

// Control characters, but for line ends and tabs in what may have lines.
bool has_controls(std::string_view text, bool may_have_lines);

class ObjectReader {
 public:
  // `value` must outlive the reader. `path` is what the object is called in faults; empty: the body itself.
  ObjectReader(const JsonValue& value, std::string path);

  // Refuses names that are not in the list.
  void allow_only(std::initializer_list<std::string_view> names);

  std::string text(std::string_view name, std::size_t bytes_max, bool may_have_lines = false);
  std::string needed_text(std::string_view name, std::size_t bytes_max, bool may_have_lines = false);
  std::int64_t integer(std::string_view name, std::int64_t least, std::int64_t most, std::int64_t otherwise);
  bool flag(std::string_view name);  // false unless it is there and true
  // "2026-12-03", which stands for its beginning in London, or "2026-12-03T17:00:00Z"; not set if it is not there.
  Instant moment(std::string_view name);
  const JsonValue* object(std::string_view name);
  const JsonValue* list(std::string_view name);
  // Each at most once; more than `most` are a fault.
  std::vector<std::string> texts(std::string_view name, std::size_t bytes_max, std::size_t most);

  void fault(std::string_view name, const std::string& why, const std::string& remedy = {});
  void take_faults_of(const ObjectReader& inner);
  const Error* first_fault() const { return faults_.empty() ? nullptr : &faults_.front(); }
  const std::vector<Error>& faults() const { return faults_; }
  std::optional<Error> all_faults() const;  // as one; nothing if there is none

 private:
  const JsonValue& value_;
  std::string path_;
  std::vector<Error> faults_;
};

}  // namespace ginnel
