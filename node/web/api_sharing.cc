// SPDX-License-Identifier: Apache-2.0
#include <nlohmann/json.hpp>

#include "node/web/handlers.h"
#include "node/web/web_core.h"

namespace ginnel {
namespace {

using OrderedJson = nlohmann::ordered_json;

OrderedJson to_json(const SharingRow& row) {
  OrderedJson out{{"entry", row.entry}, {"at", to_iso_utc(row.at)}, {"what", row.what}};
  const auto put = [&out](const char* name, const std::string& text) {
    if (!text.empty()) out[name] = text;
  };
  put("form", row.form);
  put("agency", row.member.text());
  put("worker", row.worker);
  put("role", row.role);
  put("purpose", row.purpose);
  put("basis", row.basis);
  put("reason", row.reason);
  if (row.allocated != Allocated::not_asked) out["allocated"] = row.allocated == Allocated::yes;
  out["told"] = row.told;
  out["counted"] = row.counted;
  out["withheld"] = row.withheld;
  return out;
}

std::string to_json(const SharingAccount& account) {
  OrderedJson rows = OrderedJson::array();
  for (const SharingRow& row : account.rows) rows.push_back(to_json(row));
  OrderedJson out{{"person", account.person.hex()}, {"rows", std::move(rows)}, {"erased", account.erased}};
  if (account.before != 0) out["before"] = account.before;
  return out.dump(-1, ' ', false, OrderedJson::error_handler_t::replace);
}

}  // namespace

void tell_sharing(WebCore& web, const WebCallPtr& call) {
  auto person = PersonRef::parse(call->parameters.front());
  if (!person) return web.refuse(call, not_found_error());
  const std::string text = call->request.query.get("before");
  const auto before = text.empty() ? std::optional<std::uint64_t>(0) : whole_number(text);
  if (!before)
    return web.refuse(call, {"bad-field", "cannot read the request", "`before` is no number of an entry",
                             "take it from the answer before"});
  web.service.sharing_of(call->token, *person, *before,
                         web.on_worker<SharingAccount>(call, [&web, call](const SharingAccount& account) {
                           web.answer(call, json_answer(200, to_json(account)));
                         }));
}

}  // namespace ginnel
