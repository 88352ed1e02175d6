// SPDX-License-Identifier: Apache-2.0
// Putting right, or taking back, an entry of the own agency that a case view shows: the form, and what came of it.
#include <algorithm>
#include <optional>

#include "node/view/significance.h"
#include "node/web/case_view_page.h"
#include "node/web/handlers.h"
#include "node/web/web_core.h"

namespace ginnel {
namespace {

// What people mark an entry with is an entry of their agency too, wherever it is shown.
std::optional<ViewItem> entry_to_correct(const CaseView& view, const RecordId& id) {
  for (const auto& item : view.items) {
    if (item.id == id && may_correct(view, item)) return item;
    for (const auto& mark : item.marks) {
      if (mark.id != id) continue;
      ViewItem out;
      out.id = mark.id;
      out.agency = mark.agency;
      out.kind = significance_kind;
      out.occurred = mark.recorded;
      out.step = Step::content;
      out.headline = mark.reason;
      if (may_correct(view, out)) return out;
    }
  }
  return std::nullopt;
}

// The entry that the form is about, read again in the worker's own view and decided for them again.
void show_correction(WebCore& web, const WebCallPtr& call, const ViewId& view, const RecordId& item,
                     const FormFields& form, const std::vector<FormFault>& faults) {
  auto then = [&web, call, item, form, faults](const CaseView& shown) {
    const auto entry = entry_to_correct(shown, item);
    if (!entry) return web.refuse(call, not_found_error());
    auto made = web.pages.correct(call->session, shown, *entry, form, faults);
    if (made && !faults.empty()) made->status = 422;
    web.answer_page(call, std::move(made));
  };
  web.service.read_view(call->token, view, web.on_worker<CaseView>(call, then));
}

}  // namespace

void show_correction_form(WebCore& web, const WebCallPtr& call) {
  auto view = ViewId::parse(call->parameters.front());
  auto item = RecordId::parse(call->request.query.get("item"));
  if (!view || !item) return web.refuse(call, not_found_error());
  show_correction(web, call, *view, *item, {}, {});
}

void correct_by_form(WebCore& web, const WebCallPtr& call) {
  auto form = read_form(call->request.body);
  if (!form) return web.refuse(call, form.error());
  std::erase_if(form->all, [](const auto& field) { return field.first == "csrf"; });
  auto view = ViewId::parse(form->get("view"));
  auto item = RecordId::parse(form->get("item"));
  if (!view || !item) return web.refuse(call, not_found_error());
  CorrectionRequest request;
  request.view = *view;
  request.item = *item;
  request.kind = form->get("kind");
  request.reason = form->get("reason");
  request.headline = form->get("headline");
  request.narrative = form->get("narrative");
  // The form holds the texts as they are: what is taken back has none, and what is left as it was changes nothing.
  if (request.kind != "correction") request.headline.clear(), request.narrative.clear();
  auto then = [&web, call, view = *view, item = *item, form = *form](const Expected<CorrectionMade>& made) {
    if (made) return web.answer_page(call, web.pages.corrected(call->session, view, form.get("kind"), *made));
    const Error& error = made.error();
    if (status_of(error) != 422) return web.refuse(call, error);
    show_correction(web, call, view, item, form, {{"", "The entry was not changed: " + error.why, error.remedy}});
  };
  web.service.correct_record(call->caller(), std::move(request), web.with_result<CorrectionMade>(call, then));
}

}  // namespace ginnel
