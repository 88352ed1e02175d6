// SPDX-License-Identifier: Apache-2.0
// What every handler of the web side works with: answers and errors, sessions and forms' tokens, the workers.
//
// Thread: any. Owned by shared pointer, so that a Service's late answer finds it alive. Failure: refuse() makes an
// Error the one answer of its call.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "node/service.h"
#include "node/web/http_message.h"
#include "node/web/http_server.h"
#include "node/web/pages.h"
#include "node/web/problem.h"
#include "node/web/router.h"
#include "node/web/routes.h"
#include "node/web/sign_in.h"
#include "node/web/web.h"
#include "node/web/workers.h"

namespace ginnel {

// The prefix makes browsers refuse such a cookie from a subdomain, over plain HTTP or for part of the paths.
inline constexpr const char* session_cookie = "__Host-ginnel-session";
inline constexpr const char* form_cookie = "__Host-ginnel-sign-in";

// The sign-in page says why somebody sees it.
inline constexpr const char* signed_out_path = "/sign-in?after=sign-out";
inline constexpr const char* session_ended_path = "/sign-in?after=session";

// One request on its way through.
struct WebCall {
  HttpRequest request;
  Respond respond;
  std::vector<std::string> parameters;
  std::string route;              // method and pattern, for the log: a path may hold anything
  std::string token;              // once it is known
  Session session;                // once it is known
  std::optional<OnceKey> once{};  // of a POST of the API that carries an Idempotency-Key

  // For what has an effect.
  Caller caller() const { return {token, once}; }
};

class WebCore;

// Whoever has it compares: let go before it is answered, so that who has the answer may compare again.
class ComparisonClaim {
 public:
  explicit ComparisonClaim(std::shared_ptr<WebCore> of) : of_(std::move(of)) {}
  ~ComparisonClaim() { let_go(); }
  void let_go();

 private:
  std::shared_ptr<WebCore> of_;
  std::atomic<bool> is_held_{true};
};

HttpResponse json_answer(unsigned status, std::string body);
HttpResponse no_content();
void set_cookie(HttpResponse& response, const char* name, const std::string& value);
void clear_cookie(HttpResponse& response, const char* name);
Error bad_csrf_token();
// Digits and nothing else; nothing where it is more than 64 bits hold.
std::optional<std::uint64_t> whole_number(std::string_view text);
// The fields of a posted form without its token; nothing, and the call is refused, where it is none.
std::optional<FormFields> form_of(WebCore& web, const WebCallPtr& call);

class WebCore : public std::enable_shared_from_this<WebCore> {
 public:
  WebCore(Service& the_service, Clock& the_clock, Random& random, WebSettings the_settings);

  void handle(HttpRequest request, Respond respond);

  // --- answers: each call gets one
  void answer(const WebCallPtr& call, HttpResponse response);
  void answer_page(const WebCallPtr& call, Expected<HttpResponse> made);
  void refuse(const WebCallPtr& call, const Error& error);
  // An error that is no call's: what the server refuses before it has read a request.
  HttpResponse refuse_unread(unsigned status, const Error& error, const HttpRequest& request);

  // Continues a Service's answer on a worker, because it arrives on the loop's thread. `then` gets errors as well.
  template <class T, class Then>
  Done<T> with_result(const WebCallPtr& call, Then then) {
    return [self = shared_from_this(), call, then](Expected<T> result) {
      auto task = [self, call, then, result = std::move(result)]() mutable { then(std::move(result)); };
      if (!self->workers_.post(std::move(task)))
        self->refuse(call, {"stopping", "cannot answer now", "the node is stopping or overloaded", "try again"});
    };
  }
  // The same, with errors refused.
  template <class T, class Then>
  Done<T> on_worker(const WebCallPtr& call, Then then) {
    return with_result<T>(call, [this, call, then](Expected<T> result) mutable {
      if (!result) return refuse(call, result.error());
      then(std::move(*result));
    });
  }

  // --- sessions
  // `then` runs with the new session; one that the client held before has ended.
  void sign_in(const WebCallPtr& call, SignInRequest given, std::function<void(Expected<Session>)> then);
  // Answers with `response` once the session has ended.
  void end_session(const WebCallPtr& call, HttpResponse response);
  std::string make_form_token();

  // Held while an agreement is compared, at the longest until nobody has it any more; null: somebody else's is.
  std::shared_ptr<ComparisonClaim> claim_comparison();

  void count_refused_with(std::function<std::map<std::string, std::uint64_t>()> refused);
  std::string own_metrics();
  void stop();

  Service& service;
  Clock& clock;
  const WebSettings settings;
  Pages pages;

 private:
  friend class ComparisonClaim;
  void refuse_route(const WebCallPtr& call, const RouteMatch& match);
  void with_session(const WebCallPtr& call, Handler then);
  void with_waiting(const WebCallPtr& call, Handler then);
  HttpResponse problem(unsigned status, const Error& given, const HttpRequest& request, const std::string& route);
  std::string make_id();
  void count(unsigned status);

  std::atomic<bool> is_comparing_{false};
  Random& random_;
  std::mutex random_mutex_;
  const Router router_;
  std::array<std::atomic<std::uint64_t>, 6> by_status_{};
  std::mutex refused_mutex_;
  std::function<std::map<std::string, std::uint64_t>()> refused_;
  SignIn sign_in_;
  Workers workers_;  // last: its threads use the others
};

}  // namespace ginnel
