// SPDX-License-Identifier: Apache-2.0
#include "node/web/handlers.h"
#include "node/web/web_core.h"
#include "node/web/work_api.h"

namespace ginnel {

void record_conflict(WebCore& web, const WebCallPtr& call) {
  auto wish = read_new_conflict(call->request.body);
  if (!wish) return web.refuse(call, wish.error());
  web.service.record_conflict(call->caller(), *wish, web.on_worker<AllocationId>(call, [&web, call](AllocationId id) {
    web.answer(call, json_answer(201, id_json(id.hex())));
  }));
}

void list_conflicts(WebCore& web, const WebCallPtr& call) {
  AllocationQuery query;
  for (const auto& [name, value] : call->request.query.all) {
    auto person = PersonRef::parse(value);
    if (name != "person" || !person) return web.refuse(call, not_found_error());
    query.person = *person;
  }
  using Rows = std::vector<AllocationRow>;
  web.service.list_conflicts(call->token, query, web.on_worker<Rows>(call, [&web, call](const Rows& rows) {
    web.answer(call, json_answer(200, conflicts_json(rows)));
  }));
}

void end_conflict(WebCore& web, const WebCallPtr& call) {
  const auto id = AllocationId::parse(call->parameters.front());
  if (!id) return web.refuse(call, not_found_error());
  auto wish = read_end_allocation(*id, call->request.body);
  if (!wish) return web.refuse(call, wish.error());
  web.service.end_conflict(call->caller(), *wish,
                           web.on_worker<bool>(call, [&web, call](bool) { web.answer(call, no_content()); }));
}

}  // namespace ginnel
