// SPDX-License-Identifier: Apache-2.0
// For whoever answers for sharing: the agreement in plain words, what waits for a review, what was not told to others,
// how long something is kept.
#include <algorithm>
#include <optional>
#include <sstream>

#include "node/web/handlers.h"
#include "node/web/multipart.h"
#include "node/web/page_parts.h"
#include "node/web/retention_page.h"
#include "node/web/web_core.h"

namespace ginnel {
namespace {

// The file of the form. `bad-multipart`, `too-large`; empty: none was chosen.
Expected<std::string> agreement_in(const HttpRequest& request) {
  const auto boundary = multipart_boundary(request.header("content-type"));
  if (!boundary)
    return fail("bad-multipart", "cannot read the form", "it is not multipart/form-data", "open the page again");
  MultipartLimits part_limits;
  part_limits.parts_max = 2;  // the file, and the form's token
  part_limits.part_bytes_max = limits::agreement_upload_bytes_max;
  auto parts = read_multipart(*boundary, request.body, part_limits);
  if (!parts) return tl::unexpected(parts.error());
  for (auto& part : *parts)
    if (part.header.name == "agreement") return std::move(part.content);
  return std::string();
}

// Every fault of every file is a line of `why`.
std::vector<FormFault> faults_of(const Error& error) {
  std::vector<std::string> lines;
  std::istringstream text(error.why);
  for (std::string line; std::getline(text, line);) lines.push_back(line);
  if (lines.size() < 2) return {{"agreement", "The agreement cannot be read: " + error.why, error.remedy}};
  std::vector<FormFault> out{{"agreement", "The agreement has " + std::to_string(lines.size()) + " faults",
                              "have them mended and sealed anew"}};
  for (std::size_t i = 0; i < std::min(lines.size(), limits::agreement_faults_shown_max); ++i)
    out.push_back({"agreement", lines[i], ""});
  if (const auto shown = out.size() - 1; lines.size() > shown)
    out.push_back({"", "And " + std::to_string(lines.size() - shown) + " more: ginnel policy check tells all", ""});
  return out;
}

void show_comparison_again(WebCore& web, const WebCallPtr& call, unsigned status,
                           const std::vector<FormFault>& faults) {
  auto made = web.pages.comparison(call->session, nullptr, faults);
  if (made) made->status = status;
  web.answer_page(call, std::move(made));
}

// Reads what was sent; nothing, and the call is answered, where it cannot be read.
std::optional<OfferedAgreement> offered_in(WebCore& web, const WebCallPtr& call,
                                           const std::shared_ptr<const Bundle>& in_force,
                                           const std::shared_ptr<ComparisonClaim>& claim) {
  std::vector<FormFault> faults;
  unsigned status = 422;
  if (auto file = agreement_in(call->request); !file) {
    status = status_of(file.error());
    faults.push_back({"agreement", "The file cannot be taken: " + file.error().why, file.error().remedy});
  } else if (file->empty()) {
    faults.push_back({"agreement", "Choose the file of a sealed agreement", ""});
  } else {
    auto offered = read_offered(view_of(*file), in_force);
    if (offered) return std::move(*offered);
    faults = faults_of(offered.error());
  }
  claim->let_go();
  show_comparison_again(web, call, status, faults);
  return std::nullopt;
}

void compare_with(WebCore& web, const WebCallPtr& call, const std::shared_ptr<const Bundle>& in_force,
                  const std::shared_ptr<ComparisonClaim>& claim) {
  auto offered = offered_in(web, call, in_force, claim);
  if (!offered) return;
  const auto then = [&web, call, in_force, claim, offered = *offered](const Expected<TriedAgreement>& tried) {
    if (!tried) {
      claim->let_go();
      return web.refuse(call, tried.error());
    }
    AgreementComparison out{offered, {}, *tried};
    const Instant until = web.clock.now() + limits::agreement_compare_ms_max;
    out.compared = compare_offered(*in_force, out.offered, [&web, until] { return web.clock.now() >= until; });
    auto made = web.pages.comparison(call->session, &out, {});
    claim->let_go();
    web.answer_page(call, std::move(made));
  };
  web.service.try_agreement(call->token, offered->bundle, web.with_result<TriedAgreement>(call, then));
}

}  // namespace

void show_comparison(WebCore& web, const WebCallPtr& call) {
  const auto then = [&web, call](const std::shared_ptr<const Bundle>&) {
    web.answer_page(call, web.pages.comparison(call->session, nullptr, {}));
  };
  web.service.bundle_in_force(call->token, web.on_worker<std::shared_ptr<const Bundle>>(call, then));
}

// Reads it as adopting it would, and does not adopt it.
void compare_agreement(WebCore& web, const WebCallPtr& call) {
  const auto then = [&web, call](const std::shared_ptr<const Bundle>& in_force) {
    const auto claim = web.claim_comparison();
    if (!claim)
      return show_comparison_again(web, call, 429,
                                   {{"", "Somebody else compares an agreement now", "try again in a minute"}});
    compare_with(web, call, in_force, claim);
  };
  web.service.bundle_in_force(call->token, web.on_worker<std::shared_ptr<const Bundle>>(call, then));
}

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
