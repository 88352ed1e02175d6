// SPDX-License-Identifier: Apache-2.0
#include <nlohmann/json.hpp>

#include "node/web/handlers.h"
#include "node/web/report_api.h"
#include "node/web/web_core.h"

namespace ginnel {

void make_cin_return(WebCore& web, const WebCallPtr& call) {
  auto year = read_return_request(call->request.body);
  if (!year) return web.refuse(call, year.error());
  web.service.cin_return(call->token, *year, web.on_worker<CinReturn>(call, [&web, call](CinReturn made) {
    web.answer(call, json_answer(200, to_json(made)));
  }));
}

}  // namespace ginnel
