// SPDX-License-Identifier: Apache-2.0
#include <optional>

#include "node/people/token.h"
#include "node/web/handlers.h"
#include "node/web/requests.h"
#include "node/web/web_core.h"

namespace ginnel {
namespace {

void show_form(WebCore& web, const WebCallPtr& call, const std::string& username, const std::optional<Error>& error) {
  auto token = web.make_form_token();
  const auto after = call->request.query.get("after");
  const auto notice = after == "sign-out"  ? SignInNotice::signed_out
                      : after == "session" ? SignInNotice::session_ended
                                           : SignInNotice::none;
  auto made = web.pages.sign_in(token, username, notice, error);
  if (!made) return web.refuse(call, made.error());
  set_cookie(*made, form_cookie, token);
  if (error) made->status = status_of(*error);
  web.answer(call, std::move(*made));
}

}  // namespace

void show_sign_in(WebCore& web, const WebCallPtr& call) { show_form(web, call, "", {}); }

void start_session_for_person(WebCore& web, const WebCallPtr& call) {
  auto form = read_form(call->request.body);
  if (!form) return web.refuse(call, form.error());
  // Before there is a session, the form is ours if it holds what the cookie of its page holds.
  auto cookie = call->request.cookie(form_cookie);
  if (cookie.empty() || !equal_in_constant_time(view_of(cookie), view_of(form->get("form-token"))))
    return web.refuse(call, bad_csrf_token());
  SignInRequest given{form->get("username"), form->get("password"), form->get("totp")};
  auto username = given.username;
  web.sign_in(call, std::move(given), [&web, call, username](Expected<Session> session) {
    if (!session) return show_form(web, call, username, session.error());
    auto response = redirect("/");
    set_cookie(response, session_cookie, session->token);
    clear_cookie(response, form_cookie);
    web.answer(call, std::move(response));
  });
}

void end_session_for_person(WebCore& web, const WebCallPtr& call) { web.end_session(call, redirect(signed_out_path)); }

}  // namespace ginnel
