// SPDX-License-Identifier: Apache-2.0
// What was decided about sharing what is held on somebody, and what was decided not to be shared: the pages of one
// person with their forms, and the registers of everybody.
#include "node/web/consent_form.h"
#include "node/web/handlers.h"
#include "node/web/limits.h"
#include "node/web/page_parts.h"
#include "node/web/refusal_form.h"
#include "node/web/web_core.h"

namespace ginnel {
namespace {

std::optional<PersonRef> person_of(WebCore& web, const WebCallPtr& call) {
  auto person = PersonRef::parse(call->parameters.front());
  if (!person) web.refuse(call, not_found_error());
  return person;
}

void show_consent_again(WebCore& web, const WebCallPtr& call, const PersonRef& person, const FormFields& form,
                        const std::vector<FormFault>& faults, bool was_done = false) {
  const auto then = [&web, call, form, faults, was_done](const ConsentList& list) {
    auto made = web.pages.consent(call->session, list, form, faults, was_done);
    if (made && !faults.empty()) made->status = 422;
    web.answer_page(call, std::move(made));
  };
  web.service.list_consents(call->token, person, web.on_worker<ConsentList>(call, then));
}

void show_refusals_again(WebCore& web, const WebCallPtr& call, const PersonRef& person, const FormFields& form,
                         const std::vector<FormFault>& faults, bool was_done = false) {
  const auto then = [&web, call, form, faults, was_done](const RefusalList& list) {
    auto made = web.pages.refusals(call->session, list, form, faults, was_done);
    if (made && !faults.empty()) made->status = 422;
    web.answer_page(call, std::move(made));
  };
  web.service.list_refusals(call->token, person, web.on_worker<RefusalList>(call, then));
}

std::string consent_path(const PersonRef& person) { return "/people/" + person.hex() + "/consent"; }
std::string refusals_path(const PersonRef& person) { return "/people/" + person.hex() + "/refusals"; }
bool was_done(const WebCallPtr& call) { return !call->request.query.get("done").empty(); }

// Back to the page, or the page again with what can be mended; the rest is a problem.
template <class T, class Faults, class Again>
Done<T> done_or_again(WebCore& web, const WebCallPtr& call, const std::string& path, Faults faults, Again again) {
  return web.with_result<T>(call, [&web, call, path, faults, again](const Expected<T>& done) {
    if (done) return web.answer(call, redirect(path + "?done=1"));
    if (status_of(done.error()) != 422) return web.refuse(call, done.error());
    again(faults(done.error()));
  });
}

// Below which entry a page of a register begins; 0: with the newest.
std::optional<std::uint64_t> before_of(const WebCallPtr& call) {
  const std::string given = call->request.query.get("before");
  return given.empty() ? std::optional<std::uint64_t>(0) : whole_number(given);
}

}  // namespace

void show_consent(WebCore& web, const WebCallPtr& call) {
  auto person = person_of(web, call);
  if (person) show_consent_again(web, call, *person, {}, {}, was_done(call));
}

void record_consent_by_form(WebCore& web, const WebCallPtr& call) {
  auto person = person_of(web, call);
  auto form = person ? form_of(web, call) : std::nullopt;
  if (!form) return;
  auto wish = read_consent_form(*person, *form, web.pages.decision_words());
  if (!wish) return show_consent_again(web, call, *person, *form, wish.error());
  const auto again = [&web, call, person, form](const std::vector<FormFault>& faults) {
    show_consent_again(web, call, *person, *form, faults);
  };
  const auto faults = [](const Error& error) { return faults_of(error, consent_control_of); };
  web.service.record_consent(call->caller(), std::move(*wish),
                             done_or_again<ConsentId>(web, call, consent_path(*person), faults, again));
}

void withdraw_consent_by_form(WebCore& web, const WebCallPtr& call) {
  auto person = person_of(web, call);
  auto form = person ? form_of(web, call) : std::nullopt;
  if (!form) return;
  const auto consent = ConsentId::parse(form->get("consent"));
  if (!consent) return web.refuse(call, not_found_error());
  const std::string control = control_for("reason", consent->hex());
  const auto again = [&web, call, person, form](const std::vector<FormFault>& faults) {
    show_consent_again(web, call, *person, *form, faults);
  };
  FormTexts in{*form};
  const std::string reason = in.text("reason", limits::api_reason_bytes_max, control);
  if (reason.empty()) in.fault(control, "Enter what they said when they withdrew it");
  if (!in.faults.empty()) return again(in.faults);
  const auto faults = [control](const Error& error) {
    return std::vector<FormFault>{{control, sentence(error.why), error.remedy}};
  };
  web.service.withdraw_consent(call->caller(), {*consent, reason},
                               done_or_again<bool>(web, call, consent_path(*person), faults, again));
}

void show_refusals(WebCore& web, const WebCallPtr& call) {
  auto person = person_of(web, call);
  if (person) show_refusals_again(web, call, *person, {}, {}, was_done(call));
}

void record_refusal_by_form(WebCore& web, const WebCallPtr& call) {
  auto person = person_of(web, call);
  auto form = person ? form_of(web, call) : std::nullopt;
  if (!form) return;
  auto wish = read_refusal_form(*person, *form);
  if (!wish) return show_refusals_again(web, call, *person, *form, wish.error());
  const auto again = [&web, call, person, form](const std::vector<FormFault>& faults) {
    show_refusals_again(web, call, *person, *form, faults);
  };
  const auto faults = [](const Error& error) { return faults_of(error, refusal_control_of); };
  web.service.record_refusal(call->caller(), std::move(*wish),
                             done_or_again<RefusalId>(web, call, refusals_path(*person), faults, again));
}

void review_refusal_by_form(WebCore& web, const WebCallPtr& call) {
  auto person = person_of(web, call);
  auto form = person ? form_of(web, call) : std::nullopt;
  if (!form) return;
  const auto refusal = RefusalId::parse(form->get("refusal"));
  if (!refusal) return web.refuse(call, not_found_error());
  const auto again = [&web, call, person, form](const std::vector<FormFault>& faults) {
    show_refusals_again(web, call, *person, *form, faults);
  };
  auto wish = read_review_form(*refusal, *form);
  if (!wish) return again(wish.error());
  const auto faults = [id = refusal->hex()](const Error& error) {
    auto all = faults_of(error, refusal_control_of);
    for (auto& fault : all)
      if (!fault.field.empty()) fault.field = control_for(fault.field, id);
    return all;
  };
  web.service.review_refusal(call->caller(), std::move(*wish),
                             done_or_again<bool>(web, call, refusals_path(*person), faults, again));
}

void show_consent_register(WebCore& web, const WebCallPtr& call) {
  const auto before = before_of(call);
  if (!before) return web.refuse(call, not_found_error());
  const auto then = [&web, call](const ConsentRegister& page) {
    web.answer_page(call, web.pages.consent_register(call->session, page));
  };
  web.service.consent_register(call->token, *before, web.on_worker<ConsentRegister>(call, then));
}

void show_refusal_register(WebCore& web, const WebCallPtr& call) {
  const auto before = before_of(call);
  if (!before) return web.refuse(call, not_found_error());
  const auto then = [&web, call](const RefusalRegister& page) {
    web.answer_page(call, web.pages.refusal_register(call->session, page));
  };
  web.service.refusal_register(call->token, *before, web.on_worker<RefusalRegister>(call, then));
}

}  // namespace ginnel
