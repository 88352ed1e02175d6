// SPDX-License-Identifier: Apache-2.0
#include "tests/node/web_for_tests.h"

#include "tests/node/gate_for_tests.h"
#include "tests/node/openapi_for_tests.h"

namespace ginnel {

WebTest::WebTest() {
  WebSettings settings;
  settings.agency = MemberId::parse("bradford-csc").value();
  settings.agency_name = "Bradford Children's Services";
  settings.purposes = {{"child_protection", "Child protection", "From strategy discussion to plan.", false},
                       {"first_contact", "First contact", "Who is involved.", false},
                       {"immediate_danger", "Immediate danger", "A child is in danger now.", true},
                       {"statistics", "Statistics", "", false}};
  settings.bases = {{"public_task", "Public task", "", false}};
  settings.categories = {{"health", "Health", "", false}, {"social-care", "Social care", "", false}};
  settings.decisions.root_categories = {{"health", "Health", "", false}, {"education", "Education", "", false}};
  settings.decisions.categories = {{"health", "Health", "", false}, {"health.sexual", "Sexual health", "", false}};
  settings.decisions.purposes = settings.purposes;
  settings.decisions.refusal_tests = {{"no_role", "They have no role", "Say whom you asked.", false}};
  settings.decisions.deciders = {{"child_competent", "The child, judged competent", "self", true},
                                 {"holder_parental_responsibility", "A parent", "another", false},
                                 {"court", "A court", "", false},
                                 {"none", "Nobody", "nobody", false}};
  settings.moves = {{"planned", "Planned move", "", false}, {"sudden", "Moved without notice", "", false}};
  settings.governing_roles = {"governance_lead"};
  settings.policy = std::make_shared<const PolicyReading>(west_yorkshire());
  settings.password_cost = quick_cost;
  settings.log = [this](const std::string& line) {
    std::lock_guard lock(log_mutex);
    log.push_back(line);
  };
  web = std::make_unique<Web>(service, clock, random, settings);
  HttpServerSettings https;
  https.tls = TlsForTests::get().server;
  https.on_refused = [this](unsigned status, const Error& error, const HttpRequest& request) {
    return web->refuse(status, error, request);
  };
  server = HttpServer::start(https, [this](HttpRequest request, Respond respond) {
             web->handle(std::move(request), std::move(respond));
           }).value();
  web->count_refused_with([this] { return server->refused(); });
  service.add("tester", "kettle anorak plinth");
  service.add("other", "window marmot crayon");
}

WebTest::~WebTest() {
  server->stop();
  service.stop();
}

RawAnswer WebTest::send(const std::string& method, const std::string& path, const std::string& headers,
                        const std::string& body) {
  std::string request = method + " " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n" + headers;
  if (!body.empty()) request += "Content-Length: " + std::to_string(body.size()) + "\r\n";
  RawAnswer answer = exchange(server->port(), request + "\r\n" + body);
  if (answer.status == 0) return answer;
  for (const std::string& fault :
       OpenApi::get().faults_of_exchange(method, path, body, answer.status, answer.header("content-type"), answer.body))
    ADD_FAILURE() << fault;
  return answer;
}

RawAnswer WebTest::get(const std::string& path, const std::string& headers) { return send("GET", path, headers); }

RawAnswer WebTest::post_json(const std::string& path, const std::string& body, const std::string& headers) {
  return send("POST", path, headers + "Content-Type: application/json\r\n", body);
}

RawAnswer WebTest::post_form(const std::string& path, const std::string& body, const std::string& headers) {
  return send("POST", path, headers + "Content-Type: application/x-www-form-urlencoded\r\n", body);
}

std::string WebTest::bearer(const Session& session) { return "Authorization: Bearer " + session.token + "\r\n"; }

std::string WebTest::cookie(const Session& session) {
  return "Cookie: __Host-ginnel-session=" + session.token + "\r\n";
}

std::vector<std::string> WebTest::log_lines() {
  std::lock_guard lock(log_mutex);
  return log;
}

}  // namespace ginnel
