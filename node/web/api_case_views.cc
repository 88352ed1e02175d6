// SPDX-License-Identifier: Apache-2.0
#include "node/view/view_json.h"
#include "node/web/handlers.h"
#include "node/web/requests.h"
#include "node/web/web_core.h"

namespace ginnel {

void start_view_for_program(WebCore& web, const WebCallPtr& call) {
  auto request = read_view_request(call->request.body);
  if (!request) return web.refuse(call, request.error());
  web.service.start_view(call->caller(), std::move(*request),
                         web.on_worker<CaseView>(
                             call, [&web, call](CaseView view) { web.answer(call, json_answer(200, to_json(view))); }));
}

void read_view_for_program(WebCore& web, const WebCallPtr& call) {
  auto id = ViewId::parse(call->parameters.front());
  if (!id) return web.refuse(call, not_found_error());
  web.service.read_view(call->token, *id, web.on_worker<CaseView>(call, [&web, call](CaseView view) {
    web.answer(call, json_answer(200, to_json(view)));
  }));
}

}  // namespace ginnel
