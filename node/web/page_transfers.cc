// SPDX-License-Identifier: Apache-2.0
// Transfers of the lead for people: the list, and one with the forms for what may be said in it. The form that offers
// the lead is the process's (page_processes.cc).
#include "node/view/transfer_words.h"
#include "node/web/handlers.h"
#include "node/web/page_parts.h"
#include "node/web/transfer_page.h"
#include "node/web/web_core.h"

namespace ginnel {
namespace {

std::string transfer_page_path(const TransferId& transfer) { return "/transfers/" + transfer.hex(); }

// With the forms as they were filled in.
void show_transfer_again(WebCore& web, const WebCallPtr& call, const TransferId& id, const FormFields& form,
                         const std::vector<FormFault>& faults) {
  web.service.read_transfer(
      call->token, id, web.on_worker<TransferDetail>(call, [&web, call, form, faults](const TransferDetail& detail) {
        web.answer_page(call, web.pages.transfer(call->session, detail, form, faults));
      }));
}

}  // namespace

void show_transfers(WebCore& web, const WebCallPtr& call) {
  web.service.list_transfers(call->token, web.on_worker<TransferList>(call, [&web, call](const TransferList& list) {
    web.answer_page(call, web.pages.transfers(call->session, list));
  }));
}

void show_transfer(WebCore& web, const WebCallPtr& call) {
  const auto id = TransferId::parse(call->parameters.front());
  if (!id) return web.refuse(call, not_found_error());
  show_transfer_again(web, call, *id, {}, {});
}

void say_in_transfer_by_form(WebCore& web, const WebCallPtr& call) {
  const auto id = TransferId::parse(call->parameters.front());
  if (!id) return web.refuse(call, not_found_error());
  auto form = form_of(web, call);
  if (!form) return;
  if (!is_said_in_transfer(form->get("said"))) return web.refuse(call, not_found_error());
  auto wish = read_saying_form(*id, *form);
  if (!wish) return show_transfer_again(web, call, *id, *form, wish.error());
  const auto then = [&web, call, id = *id, form = *form](const Expected<bool>& done) {
    if (done) return web.answer(call, redirect(transfer_page_path(id)));
    const unsigned status = status_of(done.error());
    if (status != 422 && status != 409) return web.refuse(call, done.error());
    show_transfer_again(web, call, id, form, {fault_of(done.error())});
  };
  web.service.say_in_transfer(call->caller(), *wish, web.with_result<bool>(call, then));
}

}  // namespace ginnel
