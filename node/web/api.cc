// SPDX-License-Identifier: Apache-2.0
#include "node/web/api.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <charconv>
#include <mutex>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

#include "node/people/token.h"
#include "node/view/view_json.h"
#include "node/web/assets.h"
#include "node/web/event_stream.h"
#include "node/web/limits.h"
#include "node/web/problem.h"
#include "node/web/requests.h"
#include "node/web/router.h"
#include "node/web/sign_in.h"
#include "node/web/workers.h"

namespace ginnel {
namespace {

// The prefix makes browsers refuse such a cookie from a subdomain, over plain HTTP or for part of the paths.
constexpr const char* session_cookie = "__Host-ginnel-session";
constexpr const char* form_cookie = "__Host-ginnel-sign-in";
constexpr const char* signed_out_path = "/sign-in?after=sign-out";
constexpr const char* session_ended_path = "/sign-in?after=session";
constexpr const char* cookie_attributes = "; Path=/; Secure; HttpOnly; SameSite=Strict";
constexpr std::size_t bearer_bytes_max = 512;

enum RouteId {
  live,
  ready,
  metrics,
  api_sign_in,
  api_sign_out,
  api_start_view,
  api_read_view,
  start_page,
  find_page,
  sign_in_page,
  sign_in_form,
  sign_out_form,
  view_form,
  view_page,
  view_events,
  asset_file,
};

std::vector<Route> all_routes() {
  return {
      {live, "GET", "/livez"},
      {ready, "GET", "/readyz"},
      {metrics, "GET", "/metrics"},
      {api_sign_in, "POST", "/api/v1/session"},
      {api_sign_out, "DELETE", "/api/v1/session"},
      {api_start_view, "POST", "/api/v1/case-views"},
      {api_read_view, "GET", "/api/v1/case-views/{id}"},
      {start_page, "GET", "/"},
      {find_page, "GET", "/find"},
      {sign_in_page, "GET", "/sign-in"},
      {sign_in_form, "POST", "/sign-in"},
      {sign_out_form, "POST", "/sign-out"},
      {view_form, "POST", "/case-views"},
      {view_page, "GET", "/case-views/{id}"},
      {view_events, "GET", "/case-views/{id}/events"},
      {asset_file, "GET", "/assets/{name}"},
  };
}

// Paths for programs: errors are JSON there.
bool is_for_programs(std::string_view path) {
  return path.starts_with("/api/") || path == "/livez" || path == "/readyz" || path == "/metrics";
}

bool is_unsafe(std::string_view method) { return method != "GET"; }

HttpResponse json_answer(unsigned status, std::string body) {
  HttpResponse response;
  response.status = status;
  response.content_type = "application/json";
  response.body = std::move(body);
  return response;
}

HttpResponse no_content() {
  HttpResponse response;
  response.status = 204;
  response.content_type = "";
  return response;
}

void set_cookie(HttpResponse& response, const char* name, const std::string& value) {
  response.headers.emplace_back("Set-Cookie", std::string(name) + "=" + value + cookie_attributes);
}
void clear_cookie(HttpResponse& response, const char* name) {
  response.headers.emplace_back("Set-Cookie", std::string(name) + "=" + cookie_attributes + "; Max-Age=0");
}

Error unauthenticated() {
  return {"unauthenticated", "cannot answer", "nobody is signed in, or the session has ended", "sign in"};
}
Error bad_csrf_token() {
  return {"bad-csrf-token", "cannot take this form", "it does not belong to your session", "open the page again"};
}

// One line of a log: what a request could smuggle into it is made harmless.
std::string one_line(std::string text) {
  for (char& c : text)
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = ' ';
  return text;
}

}  // namespace

// Shared by everything that is under way: a Service's late answer finds it alive.
struct Web::Core : std::enable_shared_from_this<Web::Core> {
  // One request on its way through.
  struct Call {
    HttpRequest request;
    Respond respond;
    std::vector<std::string> parameters;
    std::string route;  // method and pattern, for the log: a path may hold anything
    std::string token;  // once it is known
    Session session;    // once it is known
  };
  using CallPtr = std::shared_ptr<Call>;

  Core(Service& the_service, Clock& clock, Random& the_random, WebSettings the_settings)
      : service(the_service),
        random(the_random),
        settings(std::move(the_settings)),
        pages({settings.agency_name, settings.purposes, settings.bases}),
        sign_in(the_service, clock, settings.password_cost),
        workers(limits::web_threads, limits::web_queue_max) {}

  // --- answers

  void answer(const CallPtr& call, HttpResponse response) {
    add_security_headers(response);
    count(response.status);
    call->respond(std::move(response));
  }
  void answer_page(const CallPtr& call, Expected<HttpResponse> made) {
    if (!made) return refuse(call, made.error());
    answer(call, std::move(*made));
  }
  void refuse(const CallPtr& call, const Error& error) {
    const bool is_page = !is_for_programs(call->request.path);
    if (is_page && error.code == "unauthenticated") {
      const bool had_session = !call->request.cookie(session_cookie).empty();
      auto to_sign_in = redirect(had_session ? session_ended_path : "/sign-in");
      clear_cookie(to_sign_in, session_cookie);
      return answer(call, std::move(to_sign_in));
    }
    answer(call, problem(status_of(error), error, call->request, call->route));
  }
  HttpResponse problem(unsigned status, const Error& given, const HttpRequest& request, const std::string& route) {
    // SECURITY: unknown, concealed and not yours are the same bytes, but for the id.
    const Error error = status == 404 ? not_found_error() : given;
    auto id = make_id();
    if (settings.log)
      settings.log(
          one_line("web " + id + " " + std::to_string(status) + " " + error.code + " " + route + ": " + given.text()));
    if (is_for_programs(request.path)) return error_answer(status, error, id);
    return pages.problem(status, error, id);
  }
  std::string make_id() {
    std::lock_guard lock(random_mutex);
    return make_error_id(random);
  }
  std::string make_form_token() {
    std::lock_guard lock(random_mutex);
    return make_token(random);
  }

  // Continues a Service's answer on a worker, because it arrives on the loop's thread. `then` gets errors as well.
  template <class T, class Then>
  Done<T> with_result(const CallPtr& call, Then then) {
    return [self = shared_from_this(), call, then](Expected<T> result) {
      auto task = [self, call, then, result = std::move(result)]() mutable { then(std::move(result)); };
      if (!self->workers.post(std::move(task)))
        self->refuse(call, {"stopping", "cannot answer now", "the node is stopping or overloaded", "try again"});
    };
  }
  // The same, with errors refused.
  template <class T, class Then>
  Done<T> on_worker(const CallPtr& call, Then then) {
    return with_result<T>(call, [this, call, then](Expected<T> result) mutable {
      if (!result) return refuse(call, result.error());
      then(std::move(*result));
    });
  }

  // --- routing

  void handle(HttpRequest request, Respond respond) {
    auto call = std::make_shared<Call>();
    call->request = std::move(request);
    call->respond = std::move(respond);
    auto match = router.match(call->request.method, call->request.path);
    if (!match.route) return refuse_route(call, match);
    call->parameters = std::move(match.parameters);
    call->route = match.route->method + " " + match.route->pattern;
    switch (match.route->id) {
      case live:
        return answer(call, json_answer(200, R"({"live":true})"));
      case ready:
        return tell_readiness(call);
      case metrics:
        return tell_metrics(call);
      case api_sign_in:
        return start_session_for_program(call);
      case api_sign_out:
        return with_session(call, [this, call] { end_session(call, no_content()); });
      case api_start_view:
        return with_session(call, [this, call] { start_view_for_program(call); });
      case api_read_view:
        return with_session(call, [this, call] { read_view_for_program(call); });
      case start_page:
        return with_session(call, [this, call] { show_start(call); });
      case find_page:
        return with_session(call, [this, call] { answer_page(call, pages.find(call->session, {}, {})); });
      case sign_in_page:
        return show_sign_in(call, "", {});
      case sign_in_form:
        return start_session_for_person(call);
      case sign_out_form:
        return with_session(call, [this, call] { end_session(call, redirect(signed_out_path)); });
      case view_form:
        return with_session(call, [this, call] { start_view_for_person(call); });
      case view_page:
        return with_session(call, [this, call] { show_view(call); });
      case view_events:
        return with_session(call, [this, call] { stream_view(call); });
      case asset_file:
        return show_asset(call);
    }
  }
  void refuse_route(const CallPtr& call, const RouteMatch& match) {
    call->route = "no route";
    if (match.methods_allowed.empty()) return refuse(call, not_found_error());
    Error error{"method-not-allowed", "cannot answer", "this address does not take that method", ""};
    auto response = problem(405, error, call->request, call->route);
    std::string allowed;
    for (const auto& method : match.methods_allowed)
      allowed += (allowed.empty() ? "" : ", ") + method + (method == "GET" ? ", HEAD" : "");
    response.headers.emplace_back("Allow", allowed);
    answer(call, std::move(response));
  }

  // --- sessions

  // Continues on a worker with call->session set, or refuses. What is sent with a cookie and changes something must
  // prove that our own page sent it.
  template <class Then>
  void with_session(const CallPtr& call, Then then) {
    auto authorization = call->request.header("authorization");
    const bool is_bearer = !authorization.empty();
    call->token = is_bearer ? bearer_of(authorization) : call->request.cookie(session_cookie);
    if (call->token.empty() || call->token.size() > bearer_bytes_max) return refuse(call, unauthenticated());
    service.find_session(call->token, on_worker<Session>(call, [this, call, is_bearer, then](Session session) {
                           call->session = std::move(session);
                           if (!is_bearer && is_unsafe(call->request.method) && !has_csrf_token(*call))
                             return refuse(call, bad_csrf_token());
                           then();
                         }));
  }
  static std::string bearer_of(const std::string& authorization) {
    constexpr std::string_view scheme = "bearer ";
    std::string start = authorization.substr(0, scheme.size());
    for (char& c : start)
      if (c >= 'A' && c <= 'Z') c = static_cast<char>(c | 0x20);
    return start == scheme ? authorization.substr(scheme.size()) : std::string();
  }
  static bool has_csrf_token(const Call& call) {
    auto given = call.request.header("x-csrf-token");
    if (given.empty())
      if (auto form = read_form(call.request.body)) given = form->get("csrf");
    return !call.session.csrf.empty() && equal_in_constant_time(view_of(given), view_of(call.session.csrf));
  }

  void attempt_sign_in(const CallPtr& call, SignInRequest given, std::function<void(Expected<Session>)> then) {
    // A session that the client held before ends with the sign-in: its token may be known to somebody else.
    auto before = call->request.cookie(session_cookie);
    sign_in.attempt(std::move(given), with_result<Session>(call, [this, before, then](Expected<Session> session) {
                      if (session && !before.empty()) service.close_session(before, [](Expected<bool>) {});
                      then(std::move(session));
                    }));
  }
  void start_session_for_program(const CallPtr& call) {
    auto given = read_sign_in(call->request.body);
    if (!given) return refuse(call, given.error());
    attempt_sign_in(call, std::move(*given), [this, call](Expected<Session> session) {
      if (!session) return refuse(call, session.error());
      nlohmann::ordered_json body;
      body["token"] = session->token;
      body["csrf"] = session->csrf;
      body["expires"] = to_iso_utc(session->expires);
      auto response = json_answer(200, body.dump());
      // SECURITY: another site's form can post text/plain here, but not JSON: it cannot sign a browser in as somebody.
      if (call->request.header("content-type").starts_with("application/json"))
        set_cookie(response, session_cookie, session->token);
      answer(call, std::move(response));
    });
  }
  void start_session_for_person(const CallPtr& call) {
    auto form = read_form(call->request.body);
    if (!form) return refuse(call, form.error());
    // Before there is a session, the form is ours if it holds what the cookie of its page holds.
    auto cookie = call->request.cookie(form_cookie);
    if (cookie.empty() || !equal_in_constant_time(view_of(cookie), view_of(form->get("form-token"))))
      return refuse(call, bad_csrf_token());
    SignInRequest given{form->get("username"), form->get("password"), form->get("totp")};
    auto username = given.username;
    attempt_sign_in(call, std::move(given), [this, call, username](Expected<Session> session) {
      if (!session) return show_sign_in(call, username, session.error());
      auto response = redirect("/");
      set_cookie(response, session_cookie, session->token);
      clear_cookie(response, form_cookie);
      answer(call, std::move(response));
    });
  }
  void show_sign_in(const CallPtr& call, const std::string& username, const std::optional<Error>& error) {
    auto token = make_form_token();
    const auto after = call->request.query.get("after");
    const auto notice = after == "sign-out"  ? SignInNotice::signed_out
                        : after == "session" ? SignInNotice::session_ended
                                             : SignInNotice::none;
    auto made = pages.sign_in(token, username, notice, error);
    if (!made) return refuse(call, made.error());
    set_cookie(*made, form_cookie, token);
    if (error) made->status = status_of(*error);
    answer(call, std::move(*made));
  }
  void end_session(const CallPtr& call, HttpResponse response) {
    service.close_session(call->token, on_worker<bool>(call, [this, call, response](bool) mutable {
                            clear_cookie(response, session_cookie);
                            answer(call, std::move(response));
                          }));
  }

  // --- case views

  void start_view_for_program(const CallPtr& call) {
    auto request = read_view_request(call->request.body);
    if (!request) return refuse(call, request.error());
    service.start_view(call->token, std::move(*request), on_worker<CaseView>(call, [this, call](CaseView view) {
                         answer(call, json_answer(200, to_json(view)));
                       }));
  }
  void read_view_for_program(const CallPtr& call) {
    with_view(call, [this, call](const CaseView& view) { answer(call, json_answer(200, to_json(view))); });
  }
  template <class Then>
  void with_view(const CallPtr& call, Then then) {
    auto id = ViewId::parse(call->parameters.front());
    if (!id) return refuse(call, not_found_error());
    service.read_view(call->token, *id, on_worker<CaseView>(call, [then](CaseView view) { then(view); }));
  }
  void start_view_for_person(const CallPtr& call) {
    auto form = read_form(call->request.body);
    if (!form) return refuse(call, form.error());
    std::erase_if(form->all, [](const auto& field) { return field.first == "csrf"; });
    auto request = read_view_form(*form);
    if (!request) return show_form_again(call, *form, request.error(), 422);
    if (pages.is_break_glass(request->purpose)) request->break_glass_reason = request->reason;
    auto then = [this, call, form = *form](Expected<CaseView> view) {
      // What the person can mend is shown beside what they typed.
      if (!view && (status_of(view.error()) == 409 || status_of(view.error()) == 422))
        return show_form_again(call, form, {{"", view.error().why, view.error().remedy}}, status_of(view.error()));
      if (!view) return refuse(call, view.error());
      answer(call, redirect("/case-views/" + view->id.hex()));
    };
    service.start_view(call->token, std::move(*request), with_result<CaseView>(call, then));
  }
  void show_form_again(const CallPtr& call, const FormFields& form, const std::vector<FormFault>& faults,
                       unsigned status) {
    auto made = pages.find(call->session, form, faults);
    if (made) made->status = status;
    answer_page(call, std::move(made));
  }
  void show_start(const CallPtr& call) {
    auto then = [this, call](const std::vector<RecentView>& recent) {
      answer_page(call, pages.start(call->session, recent));
    };
    service.recent_views(call->token, on_worker<std::vector<RecentView>>(call, then));
  }
  void show_view(const CallPtr& call) {
    with_view(call, [this, call](const CaseView& view) { answer_page(call, pages.case_view(call->session, view)); });
  }
  // Says when there is something to look at, and never what: the page itself is decided and recorded like any other.
  void stream_view(const CallPtr& call) {
    auto view = ViewId::parse(call->parameters.front());
    auto seen = revision_of(call->request);
    if (!view || !seen) return refuse(call, not_found_error());
    auto stream = std::make_shared<EventStream>();
    auto see = [weak = std::weak_ptr(stream)](const ViewNews* news, std::uint32_t revision) {
      auto reader = weak.lock();
      if (!reader || !news) return reader && !reader->is_over();
      const bool closes = *news == ViewNews::closed;
      const bool taken = reader->send(event_text(std::to_string(revision), closes ? "closed" : "changed", "look"));
      if (closes) reader->close();
      return taken;
    };
    service.watch_view(call->token, *view, *seen, see, on_worker<bool>(call, [this, call, stream](bool) {
                         HttpResponse response;
                         response.content_type = "text/event-stream";
                         response.stream = stream;
                         answer(call, std::move(response));
                       }));
  }
  // What the page shows: a browser that connects again says what it heard last.
  static std::optional<std::uint32_t> revision_of(const HttpRequest& request) {
    auto text = request.header("last-event-id");
    if (text.empty()) text = request.query.get("seen");
    std::uint32_t revision = 0;
    auto read = std::from_chars(text.data(), text.data() + text.size(), revision);
    const bool whole = read.ec == std::errc() && read.ptr == text.data() + text.size();
    return whole ? std::optional(revision) : std::nullopt;
  }
  void show_asset(const CallPtr& call) {
    auto found = asset(call->parameters.front());
    if (!found) return refuse(call, not_found_error());
    answer(call, std::move(*found));
  }

  // --- operators

  void tell_readiness(const CallPtr& call) {
    service.readiness([self = shared_from_this(), call](Readiness readiness) {
      nlohmann::ordered_json body;
      body["ready"] = readiness.ready;
      body["mode"] = readiness.mode;
      body["reasons"] = readiness.reasons;
      using Handler = nlohmann::ordered_json::error_handler_t;
      self->answer(call, json_answer(readiness.ready ? 200 : 503, body.dump(-1, ' ', false, Handler::replace)));
    });
  }
  void tell_metrics(const CallPtr& call) {
    service.metrics([self = shared_from_this(), call](std::string text) {
      HttpResponse response;
      response.content_type = "text/plain; version=0.0.4; charset=utf-8";
      response.body = std::move(text) + self->own_metrics();
      self->answer(call, std::move(response));
    });
  }
  void count(unsigned status) {
    if (status < 600) ++by_status[status / 100];
  }
  std::string own_metrics() {
    std::string out =
        "# HELP ginnel_http_responses_total Answers over HTTPS, by class of status.\n"
        "# TYPE ginnel_http_responses_total counter\n";
    auto line = [&](const std::string& name, const std::string& label, const std::string& value, std::uint64_t number) {
      out += name + "{" + label + "=\"" + value + "\"} " + std::to_string(number) + "\n";
    };
    for (unsigned i = 2; i <= 5; ++i)
      line("ginnel_http_responses_total", "status", std::to_string(i) + "xx", by_status[i]);
    out += "# HELP ginnel_sign_ins_total Attempts to sign in, by outcome.\n# TYPE ginnel_sign_ins_total counter\n";
    line("ginnel_sign_ins_total", "outcome", "ok", sign_in.counts().ok);
    line("ginnel_sign_ins_total", "outcome", "failed", sign_in.counts().failed);
    line("ginnel_sign_ins_total", "outcome", "slowed", sign_in.counts().slowed);
    line("ginnel_sign_ins_total", "outcome", "busy", sign_in.counts().busy);
    std::map<std::string, std::uint64_t> counts;
    {
      std::lock_guard lock(refused_mutex);
      if (refused) counts = refused();
    }
    if (counts.empty()) return out;
    out +=
        "# HELP ginnel_http_refused_total Connections and requests ended before they were read, by reason.\n"
        "# TYPE ginnel_http_refused_total counter\n";
    for (const auto& [reason, number] : counts) line("ginnel_http_refused_total", "reason", reason, number);
    return out;
  }

  Service& service;
  Random& random;
  std::mutex random_mutex;
  const WebSettings settings;
  const Pages pages;
  const Router router{all_routes()};
  std::array<std::atomic<std::uint64_t>, 6> by_status{};
  std::mutex refused_mutex;
  std::function<std::map<std::string, std::uint64_t>()> refused;
  SignIn sign_in;
  Workers workers;  // last: its threads use the others
};

Web::Web(Service& service, Clock& clock, Random& random, WebSettings settings)
    : core_(std::make_shared<Core>(service, clock, random, std::move(settings))) {}

Web::~Web() {
  core_->sign_in.stop();
  core_->workers.stop();
}

void Web::handle(HttpRequest request, Respond respond) { core_->handle(std::move(request), std::move(respond)); }

HttpResponse Web::refuse(unsigned status, const Error& error, const HttpRequest& request) {
  auto response = core_->problem(status, error, request, "unread request");
  add_security_headers(response);
  core_->count(status);
  return response;
}

void Web::count_refused_with(std::function<std::map<std::string, std::uint64_t>()> refused) {
  std::lock_guard lock(core_->refused_mutex);
  core_->refused = std::move(refused);
}

}  // namespace ginnel
