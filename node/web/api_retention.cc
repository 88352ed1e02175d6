// SPDX-License-Identifier: Apache-2.0
#include "node/web/handlers.h"
#include "node/web/retention_api.h"
#include "node/web/web_core.h"
#include "node/web/work_api.h"

namespace ginnel {

void tell_retention(WebCore& web, const WebCallPtr& call) {
  web.service.retention_desk(call->token, web.on_worker<RetentionDesk>(call, [&web, call](const RetentionDesk& desk) {
    web.answer(call, json_answer(200, to_json(desk)));
  }));
}

void decide_retention(WebCore& web, const WebCallPtr& call) {
  const auto id = TaskId::parse(call->parameters.front());
  if (!id) return web.refuse(call, not_found_error());
  auto wish = read_retention_decision(*id, call->request.body);
  if (!wish) return web.refuse(call, wish.error());
  web.service.decide_retention(call->caller(), *wish,
                               web.on_worker<bool>(call, [&web, call](bool) { web.answer(call, no_content()); }));
}

void hold_retention(WebCore& web, const WebCallPtr& call) {
  auto wish = read_new_hold(call->request.body);
  if (!wish) return web.refuse(call, wish.error());
  web.service.hold_retention(call->caller(), *wish, web.on_worker<RetentionId>(call, [&web, call](RetentionId id) {
    web.answer(call, json_answer(201, id_json(id.hex())));
  }));
}

void release_hold(WebCore& web, const WebCallPtr& call) {
  const auto id = RetentionId::parse(call->parameters.front());
  if (!id) return web.refuse(call, not_found_error());
  auto wish = read_hold_release(*id, call->request.body);
  if (!wish) return web.refuse(call, wish.error());
  web.service.release_hold(call->caller(), *wish,
                           web.on_worker<bool>(call, [&web, call](bool) { web.answer(call, no_content()); }));
}

}  // namespace ginnel
