// SPDX-License-Identifier: Apache-2.0
#include "node/web/handlers.h"
#include "node/web/page_parts.h"
#include "node/web/view_form.h"
#include "node/web/web_core.h"
#include "node/web/when_form.h"

namespace ginnel {

void show_notices(WebCore& web, const WebCallPtr& call) {
  web.service.list_notices(call->token, web.on_worker<InboxList>(call, [&web, call](InboxList list) {
    const bool was_done = !call->request.query.get("answered").empty();
    web.answer_page(call, web.pages.notices(call->session, list, was_done));
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

namespace {

// The notice read again, and decided for them again.
void show_answer(WebCore& web, const WebCallPtr& call, const NoticeId& id, const FormFields& form,
                 const std::vector<FormFault>& faults) {
  web.service.read_notice(call->token, id, web.on_worker<InboxItem>(call, [&web, call, form, faults](InboxItem item) {
    if (!item.invitation) return web.refuse(call, not_found_error());
    web.answer_page(call, web.pages.answer(call->session, item, form, faults));
  }));
}

}  // namespace

void show_answer_form(WebCore& web, const WebCallPtr& call) {
  const auto id = NoticeId::parse(call->parameters.front());
  if (!id) return web.refuse(call, not_found_error());
  show_answer(web, call, *id, {}, {});
}

void answer_by_form(WebCore& web, const WebCallPtr& call) {
  const auto id = NoticeId::parse(call->parameters.front());
  if (!id) return web.refuse(call, not_found_error());
  auto form = form_of(web, call);
  if (!form) return;
  auto at = read_when(*form, "");
  if (!at) return show_answer(web, call, *id, *form, {at.error()});
  auto then = [&web, call, id = *id, form = *form](const Expected<RecordId>& made) {
    if (made) return web.answer(call, redirect("/notices?answered=1"));
    const unsigned status = status_of(made.error());
    if (status != 422 && status != 409) return web.refuse(call, made.error());
    show_answer(web, call, id, form, {fault_of(made.error())});
  };
  web.service.answer_invitation(call->caller(), {*id, form->get("name"), form->get("text"), *at},
                                web.with_result<RecordId>(call, then));
}

}  // namespace ginnel
