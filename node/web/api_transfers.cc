// SPDX-License-Identifier: Apache-2.0
#include "node/web/handlers.h"
#include "node/web/transfer_api.h"
#include "node/web/web_core.h"
#include "node/web/work_api.h"

namespace ginnel {
namespace {

// Nothing is told apart of what is no id and what is nobody's.
std::optional<TransferId> transfer_named(WebCore& web, const WebCallPtr& call) {
  auto id = TransferId::parse(call->parameters.front());
  if (!id) web.refuse(call, not_found_error());
  return id;
}

}  // namespace

void offer_transfer(WebCore& web, const WebCallPtr& call) {
  auto wish = read_new_lead_offer(call->request.body);
  if (!wish) return web.refuse(call, wish.error());
  web.service.offer_transfer(call->caller(), *wish, web.on_worker<TransferId>(call, [&web, call](TransferId id) {
    web.answer(call, json_answer(201, id_json(id.hex())));
  }));
}

void list_transfers(WebCore& web, const WebCallPtr& call) {
  web.service.list_transfers(call->token, web.on_worker<TransferList>(call, [&web, call](const TransferList& found) {
    web.answer(call, json_answer(200, to_json(found)));
  }));
}

void read_transfer(WebCore& web, const WebCallPtr& call) {
  const auto id = transfer_named(web, call);
  if (!id) return;
  web.service.read_transfer(call->token, *id,
                            web.on_worker<TransferDetail>(call, [&web, call](const TransferDetail& detail) {
                              web.answer(call, json_answer(200, to_json(detail)));
                            }));
}

void say_in_transfer(WebCore& web, const WebCallPtr& call) {
  const auto id = transfer_named(web, call);
  if (!id) return;
  auto wish = read_transfer_saying(*id, call->request.body);
  if (!wish) return web.refuse(call, wish.error());
  web.service.say_in_transfer(call->caller(), *wish,
                              web.on_worker<bool>(call, [&web, call](bool) { web.answer(call, no_content()); }));
}

}  // namespace ginnel
