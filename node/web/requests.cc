// SPDX-License-Identifier: Apache-2.0
#include "node/web/requests.h"

#include <algorithm>
#include <initializer_list>

#include "node/web/json_value.h"
#include "node/web/limits.h"

namespace ginnel {
namespace {

constexpr const char* cannot_read = "cannot read the request";

tl::unexpected<Error> bad_field(std::string_view name, const std::string& why, std::string remedy = {}) {
  return fail("bad-field", cannot_read, "`" + std::string(name) + "` " + why, std::move(remedy));
}

bool has_controls(std::string_view text, bool may_have_lines) {
  return std::any_of(text.begin(), text.end(), [&](char c) {
    if (may_have_lines && (c == '\n' || c == '\r' || c == '\t')) return false;
    return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
  });
}

bool is_blank(std::string_view text) { return text.find_first_not_of(" \t\r\n") == std::string_view::npos; }

// Takes the members of one JSON object one after another and remembers the first thing that is wrong.
class ObjectReader {
 public:
  ObjectReader(const JsonValue& value, std::string path) : value_(value), path_(std::move(path)) {
    if (value.kind != JsonValue::Kind::object) fault("", "must be an object");
  }

  // Refuses names that are not in the list.
  void allow_only(std::initializer_list<std::string_view> names) {
    for (const auto& [name, ignored] : value_.object)
      if (std::find(names.begin(), names.end(), name) == names.end())
        return fault("", "has a name that is not known here", "see docs/api.md for the names");
  }

  std::string text(std::string_view name, std::size_t bytes_max, bool may_have_lines = false) {
    const auto* found = value_.find(name);
    if (!found) return {};
    if (found->kind != JsonValue::Kind::text) return fault(name, "must be a text"), std::string();
    if (found->text.size() > bytes_max)
      return fault(name, "is longer than " + std::to_string(bytes_max) + " bytes"), std::string();
    if (has_controls(found->text, may_have_lines)) return fault(name, "has control characters"), std::string();
    return found->text;
  }
  std::string needed_text(std::string_view name, std::size_t bytes_max, bool may_have_lines = false) {
    auto given = text(name, bytes_max, may_have_lines);
    if (is_blank(given)) fault(name, "is missing");
    return given;
  }
  std::int64_t integer(std::string_view name, std::int64_t least, std::int64_t most, std::int64_t otherwise) {
    const auto* found = value_.find(name);
    if (!found) return otherwise;
    if (found->kind == JsonValue::Kind::integer && found->integer >= least && found->integer <= most)
      return found->integer;
    fault(name, "must be a whole number from " + std::to_string(least) + " to " + std::to_string(most));
    return otherwise;
  }
  const JsonValue* object(std::string_view name) {
    const auto* found = value_.find(name);
    if (found && found->kind != JsonValue::Kind::object) fault(name, "must be an object");
    return found && found->kind == JsonValue::Kind::object ? found : nullptr;
  }
  const JsonValue* list(std::string_view name) {
    const auto* found = value_.find(name);
    if (found && found->kind != JsonValue::Kind::list) fault(name, "must be a list");
    return found && found->kind == JsonValue::Kind::list ? found : nullptr;
  }

  void fault(std::string_view name, const std::string& why, const std::string& remedy = {}) {
    if (!first_fault_.code.empty()) return;
    auto full = path_.empty() ? std::string(name) : name.empty() ? path_ : path_ + "." + std::string(name);
    first_fault_ = bad_field(full.empty() ? "the body" : full, why, remedy).value();
  }
  void take_fault_of(const ObjectReader& inner) {
    if (first_fault_.code.empty()) first_fault_ = inner.first_fault_;
  }
  const Error* first_fault() const { return first_fault_.code.empty() ? nullptr : &first_fault_; }

 private:
  const JsonValue& value_;
  std::string path_;
  Error first_fault_;
};

MemberId member(ObjectReader& reader, std::string_view name, const JsonValue& value) {
  auto id = value.kind == JsonValue::Kind::text ? MemberId::parse(value.text) : std::nullopt;
  if (!id) reader.fault(name, "must be the id of a member", "GET /api/v1/members lists them");
  return id.value_or(MemberId());
}

// What is too little to ask with is the sender's to mend (422); `say-more` is kept for an ambiguous child (409).
tl::unexpected<Error> child_error(Error error) {
  if (error.code == "say-more") error.code = "bad-child";
  return tl::unexpected(std::move(error));
}

Expected<Identity> read_child(const JsonValue& value) {
  ObjectReader reader(value, "child");
  reader.allow_only({"nhsNumber", "familyName", "givenName", "dateOfBirth", "postcode"});
  auto nhs_number = reader.text("nhsNumber", limits::api_word_bytes_max);
  auto family = reader.text("familyName", limits::api_name_bytes_max);
  auto given = reader.text("givenName", limits::api_name_bytes_max);
  auto birth_date = reader.text("dateOfBirth", limits::api_word_bytes_max);
  auto postcode = reader.text("postcode", limits::api_word_bytes_max);
  if (const auto* fault = reader.first_fault()) return tl::unexpected(*fault);
  auto child = read_identity(nhs_number, family, given, birth_date, postcode);
  if (!child) return child_error(child.error());
  return child;
}

void read_scope(ObjectReader& reader, ViewRequest& request) {
  const auto* scope = reader.list("scope");
  if (!scope) return;
  if (scope->list.empty() || scope->list.size() > limits::api_scope_members_max)
    return reader.fault("scope", "must name 1 to " + std::to_string(limits::api_scope_members_max) + " members",
                        "leave it out to ask everybody");
  for (const auto& value : scope->list) {
    auto id = member(reader, "scope", value);
    if (std::find(request.scope.begin(), request.scope.end(), id) != request.scope.end())
      return reader.fault("scope", "names a member twice");
    request.scope.push_back(id);
  }
}

void read_named(ObjectReader& reader, ViewRequest& request) {
  const auto* named = reader.object("named");
  if (!named) return;
  ObjectReader inner(*named, "named");
  inner.allow_only({"agency", "reason"});
  const auto* agency = named->find("agency");
  auto id = agency ? member(inner, "agency", *agency) : MemberId();
  if (!agency) inner.fault("agency", "is missing");
  auto reason = inner.needed_text("reason", limits::api_reason_bytes_max, true);
  reader.take_fault_of(inner);
  if (!request.scope.empty() && request.scope != std::vector{id})
    return reader.fault("scope", "and `named` contradict each other", "give one of them");
  request.scope = {id};
  if (reason != request.reason) request.reason += "; asked by name: " + reason;
}

void read_break_glass(ObjectReader& reader, ViewRequest& request) {
  const auto* break_glass = reader.object("breakGlass");
  if (!break_glass) return;
  ObjectReader inner(*break_glass, "breakGlass");
  inner.allow_only({"reason"});
  request.break_glass_reason = inner.needed_text("reason", limits::api_reason_bytes_max, true);
  reader.take_fault_of(inner);
}

void read_as_known_at(ObjectReader& reader, ViewRequest& request) {
  auto text = reader.text("asKnownAt", limits::api_word_bytes_max);
  if (text.empty()) return;
  auto instant = parse_iso_utc(text);
  if (!instant || !instant->is_set()) return reader.fault("asKnownAt", "must be a time such as 2026-11-08T23:10:00Z");
  request.as_known_at = *instant;
}

}  // namespace

Expected<SignInRequest> read_sign_in(std::string_view json) {
  auto value = read_json(json);
  if (!value) return tl::unexpected(value.error());
  ObjectReader reader(*value, "");
  reader.allow_only({"username", "password", "totp"});
  SignInRequest request;
  request.username = reader.needed_text("username", limits::api_name_bytes_max);
  request.password = reader.needed_text("password", limits::api_reason_bytes_max);
  request.totp = reader.text("totp", limits::api_word_bytes_max);
  if (const auto* fault = reader.first_fault()) return tl::unexpected(*fault);
  return request;
}

Expected<ViewRequest> read_view_request(std::string_view json) {
  auto value = read_json(json);
  if (!value) return tl::unexpected(value.error());
  ObjectReader reader(*value, "");
  reader.allow_only(
      {"child", "purpose", "basis", "reason", "caseRef", "scope", "named", "breakGlass", "asKnownAt", "deadlineMs"});
  ViewRequest request;
  const auto* child = reader.object("child");
  if (!child) reader.fault("child", "is missing");
  request.purpose = reader.needed_text("purpose", limits::api_word_bytes_max);
  request.basis = reader.needed_text("basis", limits::api_word_bytes_max);
  request.reason = reader.needed_text("reason", limits::api_reason_bytes_max, true);
  request.case_ref = reader.text("caseRef", limits::api_name_bytes_max);
  read_scope(reader, request);
  read_named(reader, request);
  read_break_glass(reader, request);
  read_as_known_at(reader, request);
  request.deadline_ms =
      reader.integer("deadlineMs", limits::api_deadline_ms_min, limits::api_deadline_ms_max, request.deadline_ms);
  if (const auto* fault = reader.first_fault()) return tl::unexpected(*fault);
  auto identity = read_child(*child);
  if (!identity) return tl::unexpected(identity.error());
  request.child = std::move(*identity);
  return request;
}

}  // namespace ginnel
