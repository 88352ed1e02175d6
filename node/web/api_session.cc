// SPDX-License-Identifier: Apache-2.0
#include <nlohmann/json.hpp>

#include "node/web/handlers.h"
#include "node/web/requests.h"
#include "node/web/web_core.h"

namespace ginnel {

void start_session_for_program(WebCore& web, const WebCallPtr& call) {
  auto given = read_sign_in(call->request.body);
  if (!given) return web.refuse(call, given.error());
  web.sign_in(call, std::move(*given), [&web, call](Expected<Session> session) {
    if (!session) return web.refuse(call, session.error());
    nlohmann::ordered_json body;
    body["token"] = session->token;
    body["csrf"] = session->csrf;
    body["expires"] = to_iso_utc(session->expires);
    auto response = json_answer(200, body.dump());
    // SECURITY: another site's form can post text/plain here, but not JSON: it cannot sign a browser in as somebody.
    if (call->request.header("content-type").starts_with("application/json"))
      set_cookie(response, session_cookie, session->token);
    web.answer(call, std::move(response));
  });
}

void end_session_for_program(WebCore& web, const WebCallPtr& call) { web.end_session(call, no_content()); }

}  // namespace ginnel
