// SPDX-License-Identifier: Apache-2.0
// How long something is kept: what is due, kept and held, and its forms.
#include "node/web/handlers.h"
#include "node/web/page_parts.h"
#include "node/web/retention_page.h"
#include "node/web/web_core.h"

namespace ginnel {
namespace {

void show_retention_again(WebCore& web, const WebCallPtr& call, const FormFields& form,
                          const std::vector<FormFault>& faults) {
  const bool was_done = faults.empty() && !call->request.query.get("done").empty();
  const auto then = [&web, call, form, faults, was_done](const RetentionDesk& desk) {
    auto made = web.pages.retention(call->session, desk, form, faults, was_done);
    if (made && !faults.empty()) made->status = 422;
    web.answer_page(call, std::move(made));
  };
  web.service.retention_desk(call->token, web.on_worker<RetentionDesk>(call, then));
}

}  // namespace

void show_retention(WebCore& web, const WebCallPtr& call) { show_retention_again(web, call, {}, {}); }

void change_retention_by_form(WebCore& web, const WebCallPtr& call) {
  auto form = form_of(web, call);
  if (!form) return;
  auto wish = read_retention_form(*form);
  if (!wish) return show_retention_again(web, call, *form, wish.error());
  const auto done = [&web, call, form](const auto& outcome) {
    if (outcome) return web.answer(call, redirect("/retention?done=1"));
    const unsigned status = status_of(outcome.error());
    if (status != 422 && status != 409) return web.refuse(call, outcome.error());
    show_retention_again(web, call, *form, retention_faults_of(outcome.error(), *form));
  };
  if (wish->decision)
    return web.service.decide_retention(call->caller(), *wish->decision, web.with_result<bool>(call, done));
  if (wish->hold)
    return web.service.hold_retention(call->caller(), *wish->hold, web.with_result<RetentionId>(call, done));
  if (wish->release) return web.service.release_hold(call->caller(), *wish->release, web.with_result<bool>(call, done));
  web.refuse(call, not_found_error());
}

}  // namespace ginnel
