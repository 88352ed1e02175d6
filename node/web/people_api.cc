// SPDX-License-Identifier: Apache-2.0
#include "node/web/people_api.h"

#include <cmath>
#include <nlohmann/json.hpp>

#include "node/web/json_value.h"

namespace ginnel {
namespace {

using OrderedJson = nlohmann::ordered_json;

OrderedJson to_json(const MatchToDecide::Side& side) {
  OrderedJson sources = OrderedJson::array();
  for (const auto& [system, key] : side.sources) sources.push_back({{"system", system}, {"key", key}});
  return {{"id", side.person.hex()}, {"sources", std::move(sources)}};
}

}  // namespace

Expected<JoinRequest> read_join_request(const PersonRef& one, std::string_view text) {
  auto json = read_json(text);
  if (!json) return tl::unexpected(json.error());
  for (const auto& member : json->object)
    if (member.name != "other" && member.name != "reason")
      return fail("bad-field", "cannot read the request", "it has a field that is not known", "send other and reason");
  const JsonValue* other = json->find("other");
  const JsonValue* reason = json->find("reason");
  if (!other || other->kind != JsonValue::Kind::text)
    return bad_field("other", not_as_it_should_be, "send the other person's id");
  if (!reason || reason->kind != JsonValue::Kind::text)
    return bad_field("reason", not_as_it_should_be, "say why, in a sentence");
  auto id = PersonRef::parse(other->text);
  if (!id) return bad_field("other", not_as_it_should_be, "send the other person's id");
  return JoinRequest{one, *id, reason->text};
}

std::string to_json(const std::vector<MatchToDecide>& matches) {
  OrderedJson rows = OrderedJson::array();
  for (const auto& match : matches)
    rows.push_back({{"one", to_json(match.one)},
                    {"other", to_json(match.other)},
                    {"since", to_iso_utc(match.since)},
                    {"score", std::round(match.score * 100) / 100},
                    {"reason", match.reason}});
  return OrderedJson{{"matches", std::move(rows)}}.dump(-1, ' ', false, OrderedJson::error_handler_t::replace);
}

}  // namespace ginnel
