// SPDX-License-Identifier: Apache-2.0
#include "node/web/handlers.h"
#include "node/web/view_form.h"
#include "node/web/web_core.h"

namespace ginnel {
namespace {

void show_form_again(WebCore& web, const WebCallPtr& call, const FormFields& form, const std::vector<FormFault>& faults,
                     unsigned status) {
  auto made = web.pages.find(call->session, form, faults);
  if (made) made->status = status;
  web.answer_page(call, std::move(made));
}

}  // namespace

void show_start(WebCore& web, const WebCallPtr& call) {
  auto then = [&web, call](const std::vector<RecentView>& recent) {
    web.answer_page(call, web.pages.start(call->session, recent));
  };
  web.service.recent_views(call->token, web.on_worker<std::vector<RecentView>>(call, then));
}

void show_find(WebCore& web, const WebCallPtr& call) { web.answer_page(call, web.pages.find(call->session, {}, {})); }

void start_view_for_person(WebCore& web, const WebCallPtr& call) {
  auto form = read_form(call->request.body);
  if (!form) return web.refuse(call, form.error());
  std::erase_if(form->all, [](const auto& field) { return field.first == "csrf"; });
  auto request = read_view_form(*form);
  if (!request) return show_form_again(web, call, *form, request.error(), 422);
  if (web.pages.is_break_glass(request->purpose)) request->break_glass_reason = request->reason;
  auto then = [&web, call, form = *form](Expected<CaseView> view) {
    // What the person can mend is shown beside what they typed.
    if (!view && (status_of(view.error()) == 409 || status_of(view.error()) == 422))
      return show_form_again(web, call, form, {{"", view.error().why, view.error().remedy}}, status_of(view.error()));
    if (!view) return web.refuse(call, view.error());
    web.answer(call, redirect("/case-views/" + view->id.hex()));
  };
  web.service.start_view(call->token, std::move(*request), web.with_result<CaseView>(call, then));
}

void show_view(WebCore& web, const WebCallPtr& call) {
  auto id = ViewId::parse(call->parameters.front());
  if (!id) return web.refuse(call, not_found_error());
  web.service.read_view(call->token, *id, web.on_worker<CaseView>(call, [&web, call](CaseView view) {
    web.answer_page(call, web.pages.case_view(call->session, view));
  }));
}

}  // namespace ginnel
