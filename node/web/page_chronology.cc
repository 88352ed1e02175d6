// SPDX-License-Identifier: Apache-2.0
// A child's chronology for people and programs: shown, taken away, marked, and asked again for a past moment.
#include "node/view/view_words.h"
#include "node/web/attachment_api.h"
#include "node/web/chronology_api.h"
#include "node/web/handlers.h"
#include "node/web/web_core.h"
#include "node/web/when_form.h"

namespace ginnel {
namespace {

Chronology chronology_for(const WebCallPtr& call, CaseView view) {
  auto shown_to = call->session.display_name;
  if (!view.parts.empty()) shown_to += ", " + name_of_agency(view, view.parts.front().agency);
  return chronology_of(std::move(view), std::move(shown_to));
}

void show_page(WebCore& web, const WebCallPtr& call, const ViewId& view, const FormFields& past,
               const std::vector<FormFault>& faults) {
  auto then = [&web, call, past, faults](CaseView shown) {
    const bool was_marked = !call->request.query.get("marked").empty();
    web.answer_page(
        call, web.pages.chronology(call->session, chronology_for(call, std::move(shown)), past, faults, was_marked));
  };
  web.service.read_chronology(call->token, view, ChronologyForm::page, web.on_worker<CaseView>(call, then));
}

void give_file(WebCore& web, const WebCallPtr& call, const ViewId& view, ChronologyForm form) {
  auto then = [&web, call, form](CaseView shown) {
    auto made = web.pages.chronology_file(chronology_for(call, std::move(shown)), form);
    if (!made) return web.refuse(call, made.error());
    web.answer(call, file_answer(std::move(*made)));
  };
  web.service.read_chronology(call->token, view, form, web.on_worker<CaseView>(call, then));
}

}  // namespace

void show_chronology(WebCore& web, const WebCallPtr& call) {
  auto view = ViewId::parse(call->parameters.front());
  if (!view) return web.refuse(call, not_found_error());
  show_page(web, call, *view, {}, {});
}

void give_chronology(WebCore& web, const WebCallPtr& call) {
  auto view = ViewId::parse(call->parameters.front());
  auto form = chronology_form_from(call->parameters.back());
  if (!view || !form || *form == ChronologyForm::page) return web.refuse(call, not_found_error());
  give_file(web, call, *view, *form);
}

void read_chronology_for_program(WebCore& web, const WebCallPtr& call) {
  auto view = ViewId::parse(call->parameters.front());
  if (!view) return web.refuse(call, not_found_error());
  const std::string wanted = call->request.query.get("format");
  auto form = wanted.empty() ? ChronologyForm::json : chronology_form_from(wanted).value_or(ChronologyForm::page);
  if (form == ChronologyForm::page)
    return web.refuse(call, {"bad-format", "cannot give the chronology", "`format` is none that there is",
                             "use json, csv, html or pdf"});
  give_file(web, call, *view, form);
}

void mark_significant_for_program(WebCore& web, const WebCallPtr& call) {
  auto view = ViewId::parse(call->parameters.front());
  if (!view) return web.refuse(call, not_found_error());
  auto mark = read_significance(call->request.body);
  if (!mark) return web.refuse(call, mark.error());
  mark->view = *view;
  web.service.mark_significant(call->caller(), std::move(*mark),
                               web.on_worker<RecordId>(call, [&web, call](const RecordId& record) {
                                 web.answer(call, json_answer(201, "{\"id\":\"" + record.hex() + "\"}"));
                               }));
}

void mark_significant_by_form(WebCore& web, const WebCallPtr& call) {
  auto view = ViewId::parse(call->parameters.front());
  auto form = form_of(web, call);
  if (!form) return;
  if (!view) return web.refuse(call, not_found_error());
  NewSignificance mark = read_significance_form(*form);
  mark.view = *view;
  auto then = [&web, call, view = *view](const Expected<RecordId>& made) {
    if (made) return web.answer(call, redirect("/case-views/" + view.hex() + "/chronology?marked=1"));
    const unsigned status = status_of(made.error());
    if (status != 409 && status != 422) return web.refuse(call, made.error());
    show_page(web, call, view, {}, {{"", "The entry was not marked: " + made.error().why, made.error().remedy}});
  };
  web.service.mark_significant(call->caller(), std::move(mark), web.with_result<RecordId>(call, then));
}

// A day alone is the end of that day: what was recorded on it was known.
void ask_as_known_by_form(WebCore& web, const WebCallPtr& call) {
  auto view = ViewId::parse(call->parameters.front());
  auto form = form_of(web, call);
  if (!form) return;
  if (!view) return web.refuse(call, not_found_error());
  auto when = read_when(*form, "");
  if (!when) return show_page(web, call, *view, *form, {when.error()});
  if (!when->is_set()) return show_page(web, call, *view, *form, {{"day", "Enter the day", ""}});
  auto then = [&web, call, view = *view, form = *form](const Expected<CaseView>& made) {
    if (made) return web.answer(call, redirect("/case-views/" + made->id.hex() + "/chronology"));
    const unsigned status = status_of(made.error());
    if (status != 409 && status != 422) return web.refuse(call, made.error());
    show_page(web, call, view, form, {{"day", made.error().why, made.error().remedy}});
  };
  web.service.ask_as_known_at(call->caller(), *view, when->end(), web.with_result<CaseView>(call, then));
}

}  // namespace ginnel
