// SPDX-License-Identifier: Apache-2.0
#include "node/web/consent_api.h"
#include "node/web/handlers.h"
#include "node/web/web_core.h"
#include "node/web/work_api.h"

namespace ginnel {

void record_consent(WebCore& web, const WebCallPtr& call) {
  auto wish = read_new_consent(call->request.body);
  if (!wish) return web.refuse(call, wish.error());
  web.service.record_consent(call->caller(), *wish, web.on_worker<ConsentId>(call, [&web, call](ConsentId id) {
    web.answer(call, json_answer(201, id_json(id.hex())));
  }));
}

void list_consents(WebCore& web, const WebCallPtr& call) {
  PersonRef person;
  for (const auto& [name, value] : call->request.query.all) {
    auto given = PersonRef::parse(value);
    if (name != "person" || !given) return web.refuse(call, not_found_error());
    person = *given;
  }
  web.service.list_consents(call->token, person, web.on_worker<ConsentList>(call, [&web, call](const ConsentList& all) {
    web.answer(call, json_answer(200, to_json(all)));
  }));
}

void withdraw_consent(WebCore& web, const WebCallPtr& call) {
  const auto id = ConsentId::parse(call->parameters.front());
  if (!id) return web.refuse(call, not_found_error());
  auto wish = read_consent_withdrawal(*id, call->request.body);
  if (!wish) return web.refuse(call, wish.error());
  web.service.withdraw_consent(call->caller(), *wish,
                               web.on_worker<bool>(call, [&web, call](bool) { web.answer(call, no_content()); }));
}

}  // namespace ginnel
