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

void begin_view(WebCore& web, const WebCallPtr& call, const FormFields& form, ViewRequest request) {
  auto then = [&web, call, form](Expected<CaseView> view) {
    // What the person can mend is shown beside what they typed.
    if (!view && (status_of(view.error()) == 409 || status_of(view.error()) == 422))
      return show_form_again(web, call, form, {{"", view.error().why, view.error().remedy}}, status_of(view.error()));
    if (!view) return web.refuse(call, view.error());
    web.answer(call, redirect("/case-views/" + view->id.hex()));
  };
  web.service.start_view(call->token, std::move(request), web.with_result<CaseView>(call, then));
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
  const auto chosen = form->get("person");
  if (chosen.empty()) return begin_view(web, call, *form, std::move(*request));
  auto person = PersonRef::parse(chosen);
  if (!person) return web.refuse(call, not_found_error());
  auto with_person = [&web, call, form = *form, request = *request](const FoundPerson& found) mutable {
    request.child = identity_of(found);
    const bool says_enough =
        !request.child.nhs_number.empty() ||
        (!request.child.family.empty() && !request.child.given.empty() && request.child.birth_date.is_set());
    if (!says_enough)
      return show_form_again(web, call, form,
                             {{"nhs-number", "Your agency knows too little of this person to ask others about them",
                               "enter the NHS number, or both names and the date of birth, and choose nobody"}},
                             422);
    begin_view(web, call, form, std::move(request));
  };
  web.service.read_own_person(call->token, *person, "chosen for a case view",
                              web.on_worker<FoundPerson>(call, with_person));
}

void find_own_people(WebCore& web, const WebCallPtr& call) {
  auto form = read_form(call->request.body);
  if (!form) return web.refuse(call, form.error());
  std::erase_if(form->all, [](const auto& field) { return field.first == "csrf"; });
  auto search = read_search_form(*form);
  if (!search) return show_form_again(web, call, *form, search.error(), 422);
  auto then = [&web, call, form = *form](Expected<FoundPeople> found) {
    if (!found && (status_of(found.error()) == 409 || status_of(found.error()) == 422))
      return show_form_again(web, call, form, {{"family-name", "Say more: " + found.error().why, found.error().remedy}},
                             status_of(found.error()));
    if (!found) return web.refuse(call, found.error());
    web.answer_page(call, web.pages.find(call->session, form, {}, &*found));
  };
  web.service.search_people(call->token, std::move(*search), web.with_result<FoundPeople>(call, then));
}

void show_view(WebCore& web, const WebCallPtr& call) {
  auto id = ViewId::parse(call->parameters.front());
  if (!id) return web.refuse(call, not_found_error());
  web.service.read_view(call->token, *id, web.on_worker<CaseView>(call, [&web, call](CaseView view) {
    const bool was_kept = !call->request.query.get("kept").empty();
    web.answer_page(call, web.pages.case_view(call->session, view, was_kept));
  }));
}

}  // namespace ginnel
