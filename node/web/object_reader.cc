// SPDX-License-Identifier: Apache-2.0
#include "node/web/object_reader.h"

#include <algorithm>

#include "federation/base/ascii.h"

namespace ginnel {
bool has_controls(std::string_view text, bool may_have_lines) {
  return std::any_of(text.begin(), text.end(), [&](char c) {
    if (may_have_lines && (c == '\n' || c == '\r' || c == '\t')) return false;
    return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
  });
}

ObjectReader::ObjectReader(const JsonValue& value, std::string path) : value_(value), path_(std::move(path)) {
  if (value.kind != JsonValue::Kind::object) fault("", "must be an object");
}

void ObjectReader::allow_only(std::initializer_list<std::string_view> names) {
  for (const auto& [name, ignored] : value_.object)
    if (std::find(names.begin(), names.end(), name) == names.end())
      return fault("", "has a name that is not known here", "see docs/api.md for the names");
}

std::string ObjectReader::text(std::string_view name, std::size_t bytes_max, bool may_have_lines) {
  const auto* found = value_.find(name);
  if (!found) return {};
  if (found->kind != JsonValue::Kind::text) return fault(name, "must be a text"), std::string();
  if (found->text.size() > bytes_max)
    return fault(name, "is longer than " + std::to_string(bytes_max) + " bytes"), std::string();
  if (has_controls(found->text, may_have_lines)) return fault(name, "has control characters"), std::string();
  return found->text;
}

std::string ObjectReader::needed_text(std::string_view name, std::size_t bytes_max, bool may_have_lines) {
  const std::size_t before = faults_.size();
  auto given = text(name, bytes_max, may_have_lines);
  if (is_blank(given) && faults_.size() == before) fault(name, "is missing");
  return given;
}

std::int64_t ObjectReader::integer(std::string_view name, std::int64_t least, std::int64_t most,
                                   std::int64_t otherwise) {
  const auto* found = value_.find(name);
  if (!found) return otherwise;
  if (found->kind == JsonValue::Kind::integer && found->integer >= least && found->integer <= most)
    return found->integer;
  fault(name, "must be a whole number from " + std::to_string(least) + " to " + std::to_string(most));
  return otherwise;
}

bool ObjectReader::flag(std::string_view name) {
  const auto* found = value_.find(name);
  if (found && found->kind != JsonValue::Kind::boolean) fault(name, "must be true or false");
  return found && found->kind == JsonValue::Kind::boolean && found->boolean;
}

Instant ObjectReader::moment(std::string_view name) {
  constexpr std::size_t moment_bytes_max = 40;
  const std::string given = text(name, moment_bytes_max);
  if (given.empty()) return {};
  const auto when = parse_when(given);
  Instant moment;
  if (when && when->precision == Precision::minute) moment = when->at;
  if (when && when->precision == Precision::day) moment = london_instant(when->date, 0);
  if (moment.is_set()) return moment;  // before 1970 it would read as left out
  fault(name, "is no day and no moment", "write 2026-12-03 or 2026-12-03T17:00:00Z");
  return {};
}

const JsonValue* ObjectReader::object(std::string_view name) {
  const auto* found = value_.find(name);
  if (found && found->kind != JsonValue::Kind::object) fault(name, "must be an object");
  return found && found->kind == JsonValue::Kind::object ? found : nullptr;
}

const JsonValue* ObjectReader::list(std::string_view name) {
  const auto* found = value_.find(name);
  if (found && found->kind != JsonValue::Kind::list) fault(name, "must be a list");
  return found && found->kind == JsonValue::Kind::list ? found : nullptr;
}

std::vector<std::string> ObjectReader::texts(std::string_view name, std::size_t bytes_max, std::size_t most) {
  std::vector<std::string> out;
  const auto* found = list(name);
  if (!found) return out;
  if (found->list.size() > most) return fault(name, "has more than " + std::to_string(most) + " entries"), out;
  for (const auto& value : found->list) {
    if (value.kind != JsonValue::Kind::text || value.text.size() > bytes_max || has_controls(value.text, false))
      return fault(name, "must be a list of words"), std::vector<std::string>();
    if (std::find(out.begin(), out.end(), value.text) != out.end())
      return fault(name, "names a word twice"), std::vector<std::string>();
    out.push_back(value.text);
  }
  return out;
}

void ObjectReader::fault(std::string_view name, const std::string& why, const std::string& remedy) {
  auto full = path_.empty() ? std::string(name) : name.empty() ? path_ : path_ + "." + std::string(name);
  faults_.push_back(
      {"bad-field", "cannot read the request", "`" + (full.empty() ? "the body" : full) + "` " + why, remedy});
}

std::optional<Error> ObjectReader::all_faults() const {
  if (faults_.size() < 2) return faults_.empty() ? std::nullopt : std::optional(faults_.front());
  std::string all;
  for (const auto& fault : faults_)
    all += (all.empty() ? "" : "\n") + fault.why + (fault.remedy.empty() ? "" : ": " + fault.remedy);
  return Error{"bad-field", "cannot read the request", all, "mend each"};
}

void ObjectReader::take_faults_of(const ObjectReader& inner) {
  faults_.insert(faults_.end(), inner.faults_.begin(), inner.faults_.end());
}

}  // namespace ginnel
