// SPDX-License-Identifier: Apache-2.0
#include "node/web/handlers.h"
#include "node/web/view_form.h"
#include "node/web/web_core.h"

namespace ginnel {

void show_notices(WebCore& web, const WebCallPtr& call) {
  web.service.list_notices(call->token, web.on_worker<InboxList>(call, [&web, call](InboxList list) {
    web.answer_page(call, web.pages.notices(call->session, list));
  }));
}

void show_sent(WebCore& web, const WebCallPtr& call) {
  web.service.list_sent(call->token, web.on_worker<SentList>(call, [&web, call](SentList list) {
    web.answer_page(call, web.pages.sent_notices(call->session, list));
  }));
}

void acknowledge_for_person(WebCore& web, const WebCallPtr& call) {
  auto id = NoticeId::parse(call->parameters.front());
  if (!id) return web.refuse(call, not_found_error());
  web.service.acknowledge_notice(
      call->caller(), *id, std::string(),
      web.on_worker<InboxItem>(call, [&web, call](InboxItem) { web.answer(call, redirect("/notices")); }));
}

}  // namespace ginnel
