// SPDX-License-Identifier: Apache-2.0
// For whoever answers for sharing: the agreement in plain words, what waits for a review, what was not told to others,
// how long something is kept.
#include "node/web/handlers.h"
#include "node/web/page_parts.h"
#include "node/web/retention_page.h"
#include "node/web/web_core.h"

namespace ginnel {

void show_policy(WebCore& web, const WebCallPtr& call) {
  if (!web.settings.policy) return web.refuse(call, not_found_error());
  const auto then = [&web, call](const PolicyStanding& standing) {
    web.answer_page(call, web.pages.policy(call->session, standing, web.settings.policy->get()));
  };
  web.service.policy_standing(call->token, web.on_worker<PolicyStanding>(call, then));
}

void show_reviews(WebCore& web, const WebCallPtr& call) {
  const auto then = [&web, call](const ReviewDesk& desk) {
    web.answer_page(call, web.pages.reviews(call->session, desk));
  };
  web.service.review_desk(call->token, web.on_worker<ReviewDesk>(call, then));
}

void show_withheld(WebCore& web, const WebCallPtr& call) {
  const FormFields form = call->request.query;
  const bool has_days = !form.get("from").empty() || !form.get("to").empty();
  const auto again = [&web, call, form](const std::vector<FormFault>& faults) {
    auto made = web.pages.withheld(call->session, std::nullopt, form, faults);
    if (made) made->status = 422;
    web.answer_page(call, std::move(made));
  };
  const auto from = has_days ? parse_date(form.get("from")) : Date();
  const auto to = has_days ? parse_date(form.get("to")) : Date();
  std::vector<FormFault> faults;
  if (!from) faults.push_back({"from", "The first day must be a day, such as 2026-11-01", ""});
  if (!to) faults.push_back({"to", "The last day must be a day, such as 2026-11-30", ""});
  if (!faults.empty()) return again(faults);
  web.service.withheld_account(
      call->token, *from, *to,
      web.with_result<WithheldAccount>(call, [&web, call, form, again](const Expected<WithheldAccount>& account) {
        if (account) return web.answer_page(call, web.pages.withheld(call->session, *account, form, {}));
        if (status_of(account.error()) != 422) return web.refuse(call, account.error());
        again({{"to", sentence(account.error().why), account.error().remedy}});
      }));
}

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
