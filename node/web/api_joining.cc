// SPDX-License-Identifier: Apache-2.0
#include "node/web/handlers.h"
#include "node/web/people_api.h"
#include "node/web/requests.h"
#include "node/web/web_core.h"

namespace ginnel {
namespace {

using Decide = void (Service::*)(Caller, JoinRequest, Done<bool>);

void decide(WebCore& web, const WebCallPtr& call, Decide decide) {
  auto one = PersonRef::parse(call->parameters.front());
  if (!one) return web.refuse(call, not_found_error());
  auto request = read_join_request(*one, call->request.body);
  if (!request) return web.refuse(call, request.error());
  (web.service.*decide)(call->caller(), std::move(*request),
                        web.on_worker<bool>(call, [&web, call](bool) { web.answer(call, no_content()); }));
}

}  // namespace

void list_possible_matches(WebCore& web, const WebCallPtr& call) {
  web.service.possible_matches(
      call->token, web.on_worker<std::vector<MatchToDecide>>(call, [&web, call](std::vector<MatchToDecide> found) {
        web.answer(call, json_answer(200, to_json(found)));
      }));
}

void merge_people(WebCore& web, const WebCallPtr& call) { decide(web, call, &Service::merge_people); }
void unmerge_people(WebCore& web, const WebCallPtr& call) { decide(web, call, &Service::unmerge_people); }

}  // namespace ginnel
