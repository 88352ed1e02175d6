// SPDX-License-Identifier: Apache-2.0
#include "node/web/requests.h"

#include <algorithm>

#include "node/web/json_value.h"
#include "node/web/limits.h"
#include "node/web/object_reader.h"

namespace ginnel {
namespace {

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
  reader.take_faults_of(inner);
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
  reader.take_faults_of(inner);
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
