// SPDX-License-Identifier: Apache-2.0
// What a node's HTTPS port does: the API of DESIGN 14 and the pages, both in front of one Service.
//
//   HttpServer -> Web::handle -> route -> session -> handler -> Service -> JSON or page
//
// The routes stand in node/web/routes.cc; a noun's handlers in api_NOUN.cc and page_NOUN.cc.
//
// Thread: handle() on any web thread; a Service's answer arrives on the loop thread and is rendered on a worker of this
// object, so that the loop never waits for a page or a password. Everything it was given outlives it; it outlives its
// server's last request (declare it before the HttpServer). Failure: every error is {error:{code, what, why, remedy,
// id}} for the API and a page for people; the same id stands in one line of the log. Unknown, concealed and not-yours
// give the same 404. Limits: node/web/limits.h.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "federation/base/clock.h"
#include "federation/base/crypto/password.h"
#include "node/service.h"
#include "node/web/http_message.h"
#include "node/web/http_server.h"
#include "node/web/pages.h"
#include "node/web/routes.h"

namespace ginnel {

struct WebSettings {
  MemberId agency;
  std::string agency_name;                // on every page: "Bradford Children's Services"
  std::vector<Choice> purposes, bases;    // from the bundle's vocabulary, in the order in which a form offers them
  std::vector<Choice> categories;         // of records, for who keeps a file
  std::vector<Choice> processes;          // that this node begins
  std::vector<Choice> moves;              // kinds of a child's move to another authority
  DecisionWords decisions;                // for the forms about consent and about refusals to share
  std::set<std::string> governing_roles;  // who finds the pages of governance in the navigation
  std::shared_ptr<const PolicyReading> policy;       // the bundle in force, in words
  std::string vocabulary_json;                       // the closed lists, as GET /api/v1/vocabulary gives them
  std::function<void(const std::string& line)> log;  // operators' log; gets no personal data. Any thread
  PasswordCost password_cost;  // of the hash that stands in for an unknown user; the accounts' own cost
};

class Web {
 public:
  Web(Service& service, Clock& clock, Random& random, WebSettings settings);
  ~Web();  // waits for what its workers are doing; requests that still wait get no answer

  // Every address that is answered, in the order in which they are tried. Each has a row in tests/matrix/routes.txt.
  static const std::vector<RouteRow>& routes();

  // `respond` is called once, from whichever thread has the answer.
  void handle(HttpRequest request, Respond respond);

  // The agency's name on pages from now on. Any thread.
  void name_agency(std::string name);

  // For HttpServerSettings::on_refused.
  HttpResponse refuse(unsigned status, const Error& error, const HttpRequest& request);

  // For /metrics, beside the Service's own: where HttpServer's counts come from. Set before the first request.
  void count_refused_with(std::function<std::map<std::string, std::uint64_t>()> refused);

 private:
  std::shared_ptr<WebCore> core_;
};

}  // namespace ginnel
