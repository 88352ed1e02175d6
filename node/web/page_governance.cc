// SPDX-License-Identifier: Apache-2.0
// For whoever answers for sharing: the agreement in plain words, what waits for a review, what was not told to others.
#include <optional>

#include "node/web/handlers.h"
#include "node/web/page_parts.h"
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

}  // namespace ginnel
