// SPDX-License-Identifier: Apache-2.0
#include <nlohmann/json.hpp>

#include "node/web/handlers.h"
#include "node/web/web_core.h"

namespace ginnel {

void tell_liveness(WebCore& web, const WebCallPtr& call) { web.answer(call, json_answer(200, R"({"live":true})")); }

void tell_readiness(WebCore& web, const WebCallPtr& call) {
  web.service.readiness([self = web.shared_from_this(), call](Readiness readiness) {
    nlohmann::ordered_json body;
    body["ready"] = readiness.ready;
    body["mode"] = readiness.mode;
    body["reasons"] = readiness.reasons;
    using Replace = nlohmann::ordered_json::error_handler_t;
    self->answer(call, json_answer(readiness.ready ? 200 : 503, body.dump(-1, ' ', false, Replace::replace)));
  });
}

void tell_metrics(WebCore& web, const WebCallPtr& call) {
  web.service.metrics([self = web.shared_from_this(), call](std::string text) {
    HttpResponse response;
    response.content_type = "text/plain; version=0.0.4; charset=utf-8";
    response.body = std::move(text) + self->own_metrics();
    self->answer(call, std::move(response));
  });
}

}  // namespace ginnel
