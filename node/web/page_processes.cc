// SPDX-License-Identifier: Apache-2.0
// Processes for people: the list, one with its forms, the offer of its lead, and the beginning of one
// from a person who was found.
#include "node/web/handlers.h"
#include "node/web/limits.h"
#include "node/web/page_parts.h"
#include "node/web/view_form.h"
#include "node/web/web_core.h"
#include "node/web/when_form.h"

namespace ginnel {
namespace {

std::string path_of(const ProcessId& process) { return "/processes/" + process.hex(); }

// With the forms as they were filled in. Whom it is about is decided and recorded by itself: who may see the process
// need not be shown them.
void show_again(WebCore& web, const WebCallPtr& call, const ProcessId& id, const FormFields& form,
                const std::vector<FormFault>& faults) {
  const auto with_process = [&web, call, form, faults](const ProcessDetail& process) {
    const auto with_person = [&web, call, form, faults, process](const Expected<FoundPerson>& about) {
      if (!about && about.error().code != "not-found") return web.refuse(call, about.error());
      web.answer_page(call, web.pages.process(call->session, process, about ? &*about : nullptr, form, faults));
    };
    web.service.read_own_person(call->token, process.process.person, "named on the page of their process",
                                web.with_result<FoundPerson>(call, with_person));
  };
  web.service.read_process(call->token, id, web.on_worker<ProcessDetail>(call, with_process));
}

// Back to the page once it is done; with what is to be mended where a person can.
template <class T>
Done<T> back_or_again(WebCore& web, const WebCallPtr& call, const ProcessId& id, const FormFields& form) {
  return web.with_result<T>(call, [&web, call, id, form](const Expected<T>& done) {
    if (done) return web.answer(call, redirect(path_of(id)));
    const unsigned status = status_of(done.error());
    if (status != 422 && status != 409) return web.refuse(call, done.error());
    show_again(web, call, id, form, {fault_of(done.error())});
  });
}

std::optional<std::uint32_t> number_in(const FormFields& form) {
  const auto number = whole_number(form.get("number"));
  return number && *number <= UINT32_MAX ? std::optional(std::uint32_t(*number)) : std::nullopt;
}

void contribute(WebCore& web, const WebCallPtr& call, const ProcessId& id, std::uint32_t number,
                const FormFields& form) {
  auto at = read_when(form, "-" + form.get("number"));
  if (!at) return show_again(web, call, id, form, {at.error()});
  const NewContribution wish{id, number, form.get("name"), form.get("text"), *at, form.get("member"), ""};
  web.service.contribute_to_process(call->caller(), wish, back_or_again<bool>(web, call, id, form));
}

std::vector<FormFault> faults_of_offer(const NewLeadOffer& wish) {
  std::vector<FormFault> faults;
  if (wish.to.empty()) faults.push_back({"offer-to", "Choose the authority to which the child moves.", ""});
  if (wish.move.empty()) faults.push_back({"offer-move", "Choose how the child moves.", ""});
  if (wish.why.find_first_not_of(" \t\r\n") == std::string::npos)
    faults.push_back({"offer-why", "Say why.", "the other authority reads it"});
  if (wish.why.size() > limits::transfer_text_bytes_max)
    faults.push_back({"offer-why", "The text is longer than 1,000 bytes.", "say it in fewer words"});
  return faults;
}

}  // namespace

void show_processes(WebCore& web, const WebCallPtr& call) {
  auto with_own = [&web, call](const ProcessList& list) {
    auto then = [&web, call, list](const InboxList& elsewhere) {
      web.answer_page(call, web.pages.processes(call->session, list, elsewhere));
    };
    web.service.list_processes_elsewhere(call->token, web.on_worker<InboxList>(call, then));
  };
  web.service.list_processes(call->token, web.on_worker<ProcessList>(call, with_own));
}

void show_process(WebCore& web, const WebCallPtr& call) {
  const auto id = ProcessId::parse(call->parameters.front());
  if (!id) return web.refuse(call, not_found_error());
  show_again(web, call, *id, {}, {});
}

void begin_process_by_form(WebCore& web, const WebCallPtr& call) {
  auto form = form_of(web, call);
  if (!form) return;
  // "child-protection:ID", the value of the button beside whoever was found.
  const std::string begin = form->get("begin");
  const auto colon = begin.find(':');
  const auto person = colon == std::string::npos ? std::nullopt : PersonRef::parse(begin.substr(colon + 1));
  if (!person) return web.refuse(call, not_found_error());
  web.service.begin_process(
      call->caller(), {begin.substr(0, colon), *person, {}},
      web.on_worker<ProcessId>(call, [&web, call](ProcessId id) { web.answer(call, redirect(path_of(id))); }));
}

void change_process_by_form(WebCore& web, const WebCallPtr& call) {
  const auto id = ProcessId::parse(call->parameters.front());
  if (!id) return web.refuse(call, not_found_error());
  auto form = form_of(web, call);
  if (!form) return;
  const std::string action = form->get("action"), text = form->get("text");
  if (text.size() > limits::api_process_text_bytes_max)
    return show_again(web, call, *id, *form, {{"", "A text is longer than 4,000 bytes.", "say it in fewer words"}});
  if (action == "begin")
    return web.service.begin_process_step(call->caller(), {*id, form->get("step"), {}},
                                          back_or_again<std::uint64_t>(web, call, *id, *form));
  if (action == "acknowledge")
    return web.service.acknowledge_alert(call->caller(), *id, form->get("alert"),
                                         back_or_again<bool>(web, call, *id, *form));
  if (action == "migrate")
    return web.service.migrate_process(call->caller(), *id, form->get("to"),
                                       back_or_again<bool>(web, call, *id, *form));
  const auto number = number_in(*form);
  if (!number) return web.refuse(call, not_found_error());
  if (action == "contribute") return contribute(web, call, *id, *number, *form);
  if (action == "close")
    return web.service.close_process_step(call->caller(), {*id, *number, form->get("outcome"), text, {}},
                                          back_or_again<bool>(web, call, *id, *form));
  if (action == "late-reason")
    return web.service.give_late_reason(call->caller(), {*id, *number, form->get("clock"), text},
                                        back_or_again<bool>(web, call, *id, *form));
  web.refuse(call, not_found_error());
}

void offer_transfer_by_form(WebCore& web, const WebCallPtr& call) {
  auto form = form_of(web, call);
  if (!form) return;
  form->all.emplace_back("action", "offer");  // which of the page's forms it was
  const auto process = ProcessId::parse(form->get("process"));
  if (!process) return web.refuse(call, not_found_error());
  const NewLeadOffer wish{*process, form->get("to"), form->get("move"), form->get("why")};
  if (auto faults = faults_of_offer(wish); !faults.empty()) return show_again(web, call, *process, *form, faults);
  const auto then = [&web, call, id = *process, form = *form](const Expected<TransferId>& offered) {
    if (offered) return web.answer(call, redirect("/transfers/" + offered->hex()));
    const Error& error = offered.error();
    const unsigned status = status_of(error);
    // That another was chosen who cannot lead can be mended too.
    if (status != 422 && status != 409 && error.code != "transfer-not-the-lead") return web.refuse(call, error);
    show_again(web, call, id, form, {fault_of(error)});
  };
  web.service.offer_transfer(call->caller(), wish, web.with_result<TransferId>(call, then));
}

}  // namespace ginnel
