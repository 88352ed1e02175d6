// SPDX-License-Identifier: Apache-2.0
#include "node/web/handlers.h"
#include "node/web/refusal_api.h"
#include "node/web/web_core.h"
#include "node/web/work_api.h"

namespace ginnel {

void record_refusal(WebCore& web, const WebCallPtr& call) {
  auto wish = read_new_refusal(call->request.body);
  if (!wish) return web.refuse(call, wish.error());
  web.service.record_refusal(call->caller(), *wish, web.on_worker<RefusalId>(call, [&web, call](RefusalId id) {
    web.answer(call, json_answer(201, id_json(id.hex())));
  }));
}

void list_refusals(WebCore& web, const WebCallPtr& call) {
  PersonRef person;
  for (const auto& [name, value] : call->request.query.all) {
    auto given = PersonRef::parse(value);
    if (name != "person" || !given) return web.refuse(call, not_found_error());
    person = *given;
  }
  web.service.list_refusals(call->token, person, web.on_worker<RefusalList>(call, [&web, call](const RefusalList& all) {
    web.answer(call, json_answer(200, to_json(all)));
  }));
}

void review_refusal(WebCore& web, const WebCallPtr& call) {
  const auto id = RefusalId::parse(call->parameters.front());
  if (!id) return web.refuse(call, not_found_error());
  auto wish = read_refusal_review(*id, call->request.body);
  if (!wish) return web.refuse(call, wish.error());
  web.service.review_refusal(call->caller(), *wish,
                             web.on_worker<bool>(call, [&web, call](bool) { web.answer(call, no_content()); }));
}

}  // namespace ginnel
