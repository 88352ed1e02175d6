// SPDX-License-Identifier: Apache-2.0
#include "node/web/web.h"

#include <algorithm>
#include <charconv>

#include "federation/base/crypto/hash.h"
#include "node/people/token.h"
#include "node/web/limits.h"
#include "node/web/multipart.h"
#include "node/web/requests.h"
#include "node/web/web_core.h"

namespace ginnel {
namespace {

constexpr const char* cookie_attributes = "; Path=/; Secure; HttpOnly; SameSite=Strict";
constexpr std::size_t bearer_bytes_max = 512;

// A route's number is its row's.
Router make_router() {
  std::vector<Route> routes;
  for (const auto& row : all_routes()) routes.push_back({static_cast<int>(routes.size()), row.method, row.pattern});
  return Router(std::move(routes));
}

// Paths for programs: errors are JSON there.
bool is_for_programs(std::string_view path) {
  return path.starts_with("/api/") || path == "/livez" || path == "/readyz" || path == "/metrics";
}

bool is_unsafe(std::string_view method) { return method != "GET"; }

Error unauthenticated() {
  return {"unauthenticated", "cannot answer", "nobody is signed in, or the session has ended", "sign in"};
}

// One line of a log: what a request could smuggle into it is made harmless.
std::string one_line(std::string text) {
  for (char& c : text)
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = ' ';
  return text;
}

std::string bearer_of(const std::string& authorization) {
  constexpr std::string_view scheme = "bearer ";
  std::string start = authorization.substr(0, scheme.size());
  for (char& c : start)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c | 0x20);
  return start == scheme ? authorization.substr(scheme.size()) : std::string();
}

// A POST of the API may say by which key it can be sent again. Error: `bad-idempotency-key`.
Expected<std::optional<OnceKey>> once_key_of(const HttpRequest& request) {
  const std::string key = request.header("idempotency-key");
  if (key.empty() || request.method != "POST" || !is_for_programs(request.path)) return std::nullopt;
  const bool is_plain = std::all_of(key.begin(), key.end(), [](char c) { return c > ' ' && c < 0x7f; });
  if (!is_plain || key.size() > limits::idempotency_key_bytes_max)
    return fail("bad-idempotency-key", "cannot take this request",
                "the Idempotency-Key is longer than " + std::to_string(limits::idempotency_key_bytes_max) +
                    " characters or has spaces or signs beyond ASCII",
                "use a random UUID, a new one for each new request");
  const std::uint8_t end[1] = {0};  // keeps path and body apart
  return OnceKey{sha256(view_of(key)), sha256({view_of(request.path), end, view_of(request.body)})};
}

bool has_csrf_token(const WebCall& call) {
  auto given = call.request.header("x-csrf-token");
  const std::string type = call.request.header("content-type");
  if (given.empty() && multipart_boundary(type))
    given = multipart_field(type, call.request.body, "csrf");
  else if (given.empty())
    if (auto form = read_form(call.request.body)) given = form->get("csrf");
  return !call.session.csrf.empty() && equal_in_constant_time(view_of(given), view_of(call.session.csrf));
}

}  // namespace

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

std::optional<std::uint64_t> whole_number(std::string_view text) {
  std::uint64_t number = 0;
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (fault != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

std::optional<FormFields> form_of(WebCore& web, const WebCallPtr& call) {
  auto form = read_form(call->request.body);
  if (!form) {
    web.refuse(call, form.error());
    return std::nullopt;
  }
  std::erase_if(form->all, [](const auto& field) { return field.first == "csrf"; });
  return std::move(*form);
}

Error bad_csrf_token() {
  return {"bad-csrf-token", "cannot take this form", "it does not belong to your session", "open the page again"};
}

WebCore::WebCore(Service& the_service, Clock& the_clock, Random& random, WebSettings the_settings)
    : service(the_service),
      clock(the_clock),
      settings(std::move(the_settings)),
      pages({settings.agency_name, settings.purposes, settings.bases, settings.categories, settings.decisions,
             settings.governing_roles, settings.processes, settings.moves}),
      random_(random),
      router_(make_router()),
      sign_in_(the_service, clock, settings.password_cost),
      workers_(limits::web_threads, limits::web_queue_max) {}

std::shared_ptr<ComparisonClaim> WebCore::claim_comparison() {
  if (is_comparing_.exchange(true)) return nullptr;
  return std::make_shared<ComparisonClaim>(shared_from_this());
}

void ComparisonClaim::let_go() {
  if (is_held_.exchange(false)) of_->is_comparing_ = false;
}

// --- routing

void WebCore::handle(HttpRequest request, Respond respond) {
  auto call = std::make_shared<WebCall>();
  call->request = std::move(request);
  call->respond = std::move(respond);
  auto match = router_.match(call->request.method, call->request.path);
  if (!match.route) return refuse_route(call, match);
  call->parameters = std::move(match.parameters);
  call->route = match.route->method + " " + match.route->pattern;
  const auto& row = all_routes()[static_cast<std::size_t>(match.route->id)];
  switch (row.audience) {
    case Audience::anybody:
    case Audience::operators:
      return row.handle(*this, call);
    case Audience::session:
      return with_session(call, row.handle);
  }
}

void WebCore::refuse_route(const WebCallPtr& call, const RouteMatch& match) {
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

// --- answers

void WebCore::answer(const WebCallPtr& call, HttpResponse response) {
  add_security_headers(response);
  count(response.status);
  call->respond(std::move(response));
}

void WebCore::answer_page(const WebCallPtr& call, Expected<HttpResponse> made) {
  if (!made) return refuse(call, made.error());
  answer(call, std::move(*made));
}

void WebCore::refuse(const WebCallPtr& call, const Error& error) {
  const bool is_page = !is_for_programs(call->request.path);
  if (is_page && error.code == "unauthenticated") {
    const bool had_session = !call->request.cookie(session_cookie).empty();
    auto to_sign_in = redirect(had_session ? session_ended_path : "/sign-in");
    clear_cookie(to_sign_in, session_cookie);
    return answer(call, std::move(to_sign_in));
  }
  answer(call, problem(status_of(error), error, call->request, call->route));
}

HttpResponse WebCore::refuse_unread(unsigned status, const Error& error, const HttpRequest& request) {
  auto response = problem(status, error, request, "unread request");
  add_security_headers(response);
  count(status);
  return response;
}

HttpResponse WebCore::problem(unsigned status, const Error& given, const HttpRequest& request,
                              const std::string& route) {
  // SECURITY: unknown, concealed and not yours are the same bytes, but for the id.
  const Error error = status == 404 ? not_found_error() : given;
  auto id = make_id();
  if (settings.log)
    settings.log(
        one_line("web " + id + " " + std::to_string(status) + " " + error.code + " " + route + ": " + given.text()));
  if (is_for_programs(request.path)) return error_answer(status, error, id);
  return pages.problem(status, error, id);
}

std::string WebCore::make_id() {
  std::lock_guard lock(random_mutex_);
  return make_error_id(random_);
}

std::string WebCore::make_form_token() {
  std::lock_guard lock(random_mutex_);
  return make_token(random_);
}

// --- sessions

// Continues on a worker with call->session set, or refuses. What is sent with a cookie and changes something must
// prove that our own page sent it.
void WebCore::with_session(const WebCallPtr& call, Handler then) {
  auto authorization = call->request.header("authorization");
  const bool is_bearer = !authorization.empty();
  call->token = is_bearer ? bearer_of(authorization) : call->request.cookie(session_cookie);
  if (call->token.empty() || call->token.size() > bearer_bytes_max) return refuse(call, unauthenticated());
  service.find_session(call->token, on_worker<Session>(call, [this, call, is_bearer, then](Session session) {
                         call->session = std::move(session);
                         if (!is_bearer && is_unsafe(call->request.method) && !has_csrf_token(*call))
                           return refuse(call, bad_csrf_token());
                         auto once = once_key_of(call->request);
                         if (!once) return refuse(call, once.error());
                         call->once = *once;
                         if (is_for_programs(call->request.path)) return then(*this, call);
                         with_waiting(call, then);
                       }));
}

// The navigation of every page says how many notices nobody took up.
void WebCore::with_waiting(const WebCallPtr& call, Handler then) {
  service.waiting_notices(call->token, on_worker<std::uint64_t>(call, [this, call, then](std::uint64_t waiting) {
                            call->session.waiting = waiting;
                            then(*this, call);
                          }));
}

void WebCore::sign_in(const WebCallPtr& call, SignInRequest given, std::function<void(Expected<Session>)> then) {
  // A session that the client held before ends with the sign-in: its token may be known to somebody else.
  auto before = call->request.cookie(session_cookie);
  sign_in_.attempt(std::move(given), with_result<Session>(call, [this, before, then](Expected<Session> session) {
                     if (session && !before.empty()) service.close_session(before, [](Expected<bool>) {});
                     then(std::move(session));
                   }));
}

void WebCore::end_session(const WebCallPtr& call, HttpResponse response) {
  service.close_session(call->token, on_worker<bool>(call, [this, call, response](bool) mutable {
                          clear_cookie(response, session_cookie);
                          answer(call, std::move(response));
                        }));
}

// --- counts

void WebCore::count(unsigned status) {
  if (status < 600) ++by_status_[status / 100];
}

void WebCore::count_refused_with(std::function<std::map<std::string, std::uint64_t>()> refused) {
  std::lock_guard lock(refused_mutex_);
  refused_ = std::move(refused);
}

std::string WebCore::own_metrics() {
  std::string out =
      "# HELP ginnel_http_responses_total Answers over HTTPS, by class of status.\n"
      "# TYPE ginnel_http_responses_total counter\n";
  auto line = [&](const std::string& name, const std::string& label, const std::string& value, std::uint64_t number) {
    out += name + "{" + label + "=\"" + value + "\"} " + std::to_string(number) + "\n";
  };
  for (unsigned i = 2; i <= 5; ++i)
    line("ginnel_http_responses_total", "status", std::to_string(i) + "xx", by_status_[i]);
  out += "# HELP ginnel_sign_ins_total Attempts to sign in, by outcome.\n# TYPE ginnel_sign_ins_total counter\n";
  line("ginnel_sign_ins_total", "outcome", "ok", sign_in_.counts().ok);
  line("ginnel_sign_ins_total", "outcome", "failed", sign_in_.counts().failed);
  line("ginnel_sign_ins_total", "outcome", "slowed", sign_in_.counts().slowed);
  line("ginnel_sign_ins_total", "outcome", "busy", sign_in_.counts().busy);
  std::map<std::string, std::uint64_t> counts;
  {
    std::lock_guard lock(refused_mutex_);
    if (refused_) counts = refused_();
  }
  if (counts.empty()) return out;
  out +=
      "# HELP ginnel_http_refused_total Connections and requests ended before they were read, by reason.\n"
      "# TYPE ginnel_http_refused_total counter\n";
  for (const auto& [reason, number] : counts) line("ginnel_http_refused_total", "reason", reason, number);
  return out;
}

void WebCore::stop() {
  sign_in_.stop();
  workers_.stop();
}

// --- the public face

Web::Web(Service& service, Clock& clock, Random& random, WebSettings settings)
    : core_(std::make_shared<WebCore>(service, clock, random, std::move(settings))) {}

Web::~Web() { core_->stop(); }

const std::vector<RouteRow>& Web::routes() { return all_routes(); }

void Web::handle(HttpRequest request, Respond respond) { core_->handle(std::move(request), std::move(respond)); }

HttpResponse Web::refuse(unsigned status, const Error& error, const HttpRequest& request) {
  return core_->refuse_unread(status, error, request);
}

void Web::name_agency(std::string name) { core_->pages.name_agency(std::move(name)); }

void Web::count_refused_with(std::function<std::map<std::string, std::uint64_t>()> refused) {
  core_->count_refused_with(std::move(refused));
}

}  // namespace ginnel
