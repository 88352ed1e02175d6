// SPDX-License-Identifier: Apache-2.0
#include "node/web/handlers.h"
#include "node/web/requests.h"
#include "node/web/web_core.h"

namespace ginnel {
namespace {

void show_form_again(WebCore& web, const WebCallPtr& call, const FormFields& form, const Error& error) {
  auto made = web.pages.find(call->session, form, error);
  if (made) made->status = status_of(error);
  web.answer_page(call, std::move(made));
}

}  // namespace

void show_home(WebCore& web, const WebCallPtr& call) {
  web.answer_page(call, web.pages.find(call->session, {}, {}));
}

void start_view_for_person(WebCore& web, const WebCallPtr& call) {
  auto form = read_form(call->request.body);
  if (!form) return web.refuse(call, form.error());
  std::erase_if(form->all, [](const auto& field) { return field.first == "csrf"; });
  auto request = read_view_form(*form);
  if (!request) return show_form_again(web, call, *form, request.error());
  auto then = [&web, call, form = *form](Expected<CaseView> view) {
    // What the person can mend is shown beside what they typed.
    if (!view && (status_of(view.error()) == 409 || status_of(view.error()) == 422))
      return show_form_again(web, call, form, view.error());
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
