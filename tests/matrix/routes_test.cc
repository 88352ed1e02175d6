// SPDX-License-Identifier: Apache-2.0
// Who gets what at each address: routes.txt against the web side of a production node.
#include <cstring>
#include <future>
#include <nlohmann/json.hpp>

#include "federation/wire/bundle_codec.h"
#include "node/gate/bundle_seal.h"
#include "node/people/session.h"
#include "node/web/assets.h"
#include "node/web/web.h"
#include "tests/matrix/planted.h"
#include "tests/matrix/table.h"
#include "tests/node/node_for_tests.h"
#include "tests/node/process_rules_for_tests.h"

namespace ginnel::matrix {
namespace {

const PasswordCost quick_cost{1, 8 * 1024};
constexpr const char* password = "kettle anorak plinth";

constexpr const char* task_for_oneself = R"({"kind":"follow_up","to":"USER"})";

// What a request to each address sends. A route with a body or a parameter gets its line here.
struct Sends {
  enum Body {
    nothing,
    credentials,
    credentials_form,
    ask,
    ask_form,
    join,
    year,
    sketch,
    sketch_form,
    person,
    fact,
    marking,
    json,
    form,
    file,
    agreement,
    correction
  } body = nothing;
  std::string object;     // a path's parameter: "view", "task", "process", "asset", or the word itself
  std::string text = {};  // of json and form; USER stands for who sends it
};
const std::map<std::string, Sends>& what_is_sent() {
  static const std::map<std::string, Sends> all{
      {"POST /api/v1/session", {Sends::credentials, ""}},
      {"DELETE /api/v1/session", {}},
      {"POST /sign-in", {Sends::credentials_form, ""}},
      {"POST /sign-out", {}},
      {"POST /api/v1/case-views", {Sends::ask, ""}},
      {"GET /api/v1/case-views/{id}", {Sends::nothing, "view"}},
      {"POST /case-views", {Sends::ask_form, ""}},
      {"GET /api/v1/case-views/{id}/chronology", {Sends::nothing, "view"}},
      {"GET /case-views/{id}/chronology", {Sends::nothing, "view"}},
      {"GET /case-views/{id}/chronology/{form}", {Sends::nothing, "view"}},
      {"POST /case-views/{id}/past", {Sends::form, "view", "day=2026-01-05&time="}},
      {"POST /api/v1/case-views/{id}/significance",
       {Sends::json, "view", R"({"entry":"bradford-csc/000102030405060708090a0b0c0d0e0f","reason":"twice"})"}},
      {"POST /case-views/{id}/significance",
       {Sends::form, "view", "entry=bradford-csc%2F000102030405060708090a0b0c0d0e0f&reason=twice"}},
      {"POST /api/v1/people/{id}/merge", {Sends::join, "000102030405060708090a0b0c0d0e0f"}},
      {"POST /api/v1/people/{id}/unmerge", {Sends::join, "000102030405060708090a0b0c0d0e0f"}},
      {"GET /api/v1/people/{id}/sharing", {Sends::nothing, "000102030405060708090a0b0c0d0e0f"}},
      {"GET /api/v1/notices/sent/{id}", {Sends::nothing, "000102030405060708090a0b0c0d0e0f"}},
      {"GET /api/v1/notices/{id}", {Sends::nothing, "000102030405060708090a0b0c0d0e0f"}},
      {"POST /api/v1/notices/{id}/acknowledge", {Sends::nothing, "000102030405060708090a0b0c0d0e0f"}},
      {"GET /api/v1/notices/{id}/relied", {Sends::nothing, "000102030405060708090a0b0c0d0e0f"}},
      {"POST /notices/{id}/acknowledge", {Sends::nothing, "000102030405060708090a0b0c0d0e0f"}},
      {"POST /api/v1/notices/{id}/answers",
       {Sends::json, "000102030405060708090a0b0c0d0e0f", R"({"name":"attendance"})"}},
      {"GET /notices/{id}/answer", {Sends::nothing, "000102030405060708090a0b0c0d0e0f"}},
      {"POST /notices/{id}/answer", {Sends::form, "000102030405060708090a0b0c0d0e0f", "name=attendance"}},
      {"POST /api/v1/corrections", {Sends::correction, ""}},
      {"GET /case-views/{id}/correct", {Sends::nothing, "view"}},
      {"POST /corrections",
       {Sends::form, "",
        "view=000102030405060708090a0b0c0d0e0f&item=000102030405060708090a0b0c0d0e0f&kind=retraction&reason=twice"}},
      {"POST /api/v1/reports/cin-census", {Sends::year, ""}},
      {"POST /api/v1/people/search", {Sends::sketch, ""}},
      {"POST /find", {Sends::sketch_form, ""}},
      {"POST /api/v1/people", {Sends::person, ""}},
      {"POST /api/v1/records", {Sends::fact, ""}},
      {"POST /api/v1/people/{id}/markings", {Sends::marking, "000102030405060708090a0b0c0d0e0f"}},
      {"GET /case-views/{id}", {Sends::nothing, "view"}},
      {"GET /case-views/{id}/events", {Sends::nothing, "view"}},
      {"GET /assets/{name}", {Sends::nothing, "asset"}},
      {"POST /api/v1/attachments", {Sends::file, ""}},
      {"GET /api/v1/attachments/{id}", {Sends::nothing, "000102030405060708090a0b0c0d0e0f"}},
      {"POST /api/v1/tasks", {Sends::json, "", task_for_oneself}},
      {"GET /api/v1/tasks/{id}", {Sends::nothing, "task"}},
      {"POST /api/v1/tasks/{id}/accept", {Sends::json, "task", "{}"}},
      {"POST /api/v1/tasks/{id}/done", {Sends::json, "task", R"({"outcome":"acted","reason":"rang"})"}},
      {"POST /api/v1/tasks/{id}/hand-over", {Sends::json, "task", R"({"to":"role:manager","reason":"away"})"}},
      {"POST /api/v1/tasks/{id}/cancel", {Sends::json, "task", R"({"reason":"moved"})"}},
      {"POST /api/v1/work/hand-over", {Sends::json, "", R"({"from":"USER","to":"user.1","reason":"leaves"})"}},
      {"POST /api/v1/allocations",
       {Sends::json, "", R"({"person":"000102030405060708090a0b0c0d0e0f","worker":"user.1"})"}},
      {"POST /api/v1/allocations/{id}/end", {Sends::json, "000102030405060708090a0b0c0d0e0f", R"({"reason":"moved"})"}},
      {"POST /api/v1/conflicts",
       {Sends::json, "", R"({"person":"000102030405060708090a0b0c0d0e0f","reason":"my niece"})"}},
      {"POST /api/v1/conflicts/{id}/end",
       {Sends::json, "000102030405060708090a0b0c0d0e0f", R"({"reason":"no longer"})"}},
      {"POST /processes", {Sends::form, "", "begin=child-protection%3A000102030405060708090a0b0c0d0e0f"}},
      {"GET /processes/{id}", {Sends::nothing, "process"}},
      {"POST /processes/{id}", {Sends::form, "process", "action=begin&step=concern"}},
      {"POST /work/tasks", {Sends::form, "", "kind=follow_up&note=ring&to=&due="}},
      {"GET /work/tasks/{id}", {Sends::nothing, "task"}},
      {"POST /work/tasks/{id}", {Sends::form, "task", "action=accept"}},
      {"POST /work/allocations", {Sends::form, "", "system=none&key=1&worker=user.1"}},
      {"POST /work/allocations/of", {Sends::form, "", "worker=user.1"}},
      {"POST /work/allocations/{id}/end",
       {Sends::form, "000102030405060708090a0b0c0d0e0f", "reason=moved&worker=user.1"}},
      {"POST /files", {Sends::file, ""}},
      {"POST /policy/compare", {Sends::agreement, ""}},
      {"POST /api/v1/consents",
       {Sends::json, "",
        R"({"person":"000102030405060708090a0b0c0d0e0f","state":"refused","decider":"court","categories":["health"],)"
        R"("note":"in a letter"})"}},
      {"GET /api/v1/consents", {}},
      {"POST /api/v1/consents/{id}/withdrawal",
       {Sends::json, "000102030405060708090a0b0c0d0e0f", R"({"reason":"said so"})"}},
      {"POST /api/v1/refusals",
       {Sends::json, "",
        R"({"person":"000102030405060708090a0b0c0d0e0f","category":"health","test":"no_role","reason":"rang them",)"
        R"("reviewOn":"2026-12-24"})"}},
      {"GET /api/v1/refusals", {}},
      {"POST /api/v1/refusals/{id}/review",
       {Sends::json, "000102030405060708090a0b0c0d0e0f", R"({"outcome":"to_be_shared","reason":"rang again"})"}},
      {"GET /api/v1/retention", {}},
      {"POST /api/v1/retention/reviews/{id}",
       {Sends::json, "000102030405060708090a0b0c0d0e0f",
        R"({"outcome":"keep","reason":"a claim","reviewOn":"2027-03-03"})"}},
      {"POST /api/v1/retention/holds",
       {Sends::json, "",
        R"({"person":"000102030405060708090a0b0c0d0e0f","reason":"an inquiry","reviewOn":"2027-03-03"})"}},
      {"POST /api/v1/retention/holds/{id}/release",
       {Sends::json, "000102030405060708090a0b0c0d0e0f", R"({"reason":"it ended"})"}},
      {"POST /retention", {Sends::form, "", "hold=000102030405060708090a0b0c0d0e0f&reason=it+ended"}},
      {"POST /api/v1/processes",
       {Sends::json, "", R"({"definition":"child-protection","person":"000102030405060708090a0b0c0d0e0f"})"}},
      {"GET /api/v1/processes/{id}", {Sends::nothing, "process"}},
      {"POST /api/v1/processes/{id}/steps", {Sends::json, "process", R"({"step":"concern"})"}},
      {"POST /api/v1/processes/{id}/steps/{n}/contributions", {Sends::json, "process", R"({"name":"note"})"}},
      {"POST /api/v1/processes/{id}/steps/{n}/outcome", {Sends::json, "process", R"({"outcome":"referral"})"}},
      {"POST /api/v1/processes/{id}/steps/{n}/reason", {Sends::json, "process", R"({"clock":"clock","text":"snow"})"}},
      {"POST /api/v1/processes/{id}/definition", {Sends::json, "process", R"({"to":"none"})"}},
      {"POST /api/v1/processes/{id}/acknowledge", {Sends::json, "process", R"({"alert":"none"})"}},
      {"POST /api/v1/transfers",
       {Sends::json, "",
        R"({"process":"000102030405060708090a0b0c0d0e0f","to":"leeds-csc","move":"planned","why":"they moved"})"}},
      {"GET /api/v1/transfers/{id}", {Sends::nothing, "000102030405060708090a0b0c0d0e0f"}},
      {"POST /api/v1/transfers/{id}/statements",
       {Sends::json, "000102030405060708090a0b0c0d0e0f", R"({"said":"note","text":"rang them"})"}},
      {"POST /transfers",
       {Sends::form, "", "process=000102030405060708090a0b0c0d0e0f&to=leeds-csc&move=planned&why=they+moved"}},
      {"GET /transfers/{id}", {Sends::nothing, "000102030405060708090a0b0c0d0e0f"}},
      {"POST /transfers/{id}", {Sends::form, "000102030405060708090a0b0c0d0e0f", "said=accept&text="}},
      {"GET /people/{id}/consent", {Sends::nothing, "000102030405060708090a0b0c0d0e0f"}},
      {"POST /people/{id}/consent",
       {Sends::form, "000102030405060708090a0b0c0d0e0f", "state=refused&decider=court&category=health&note=by+letter"}},
      {"POST /people/{id}/consent/withdrawal",
       {Sends::form, "000102030405060708090a0b0c0d0e0f", "consent=000102030405060708090a0b0c0d0e0f&reason=said+so"}},
      {"GET /people/{id}/refusals", {Sends::nothing, "000102030405060708090a0b0c0d0e0f"}},
      {"POST /people/{id}/refusals",
       {Sends::form, "000102030405060708090a0b0c0d0e0f",
        "category=health&recipient=&purpose=&test=no_role&reason=rang+them&review-on=2026-12-24"}},
      {"POST /people/{id}/refusals/review",
       {Sends::form, "000102030405060708090a0b0c0d0e0f",
        "refusal=000102030405060708090a0b0c0d0e0f&outcome=to_be_shared&reason=rang+again"}},
      {"POST /work/hand-over", {Sends::form, "", "from=USER&taker=user.1&leave-reason=leaves"}},
  };
  return all;
}

struct Visitor {
  std::string standing;  // a column of the file
  Account account;
  Session session;
};

class Site {
 public:
  Site() : t_(alone) {
    child_ = t_.store.add(planted_person());
    t_.store.add(planted_record(child_));
    t_.settings.processes = child_protection_rules();
    t_.start();
    WebSettings settings;
    settings.agency = t_.settings.member;
    settings.agency_name = "Bradford Children's Services";
    settings.purposes = {{"first_contact", "First contact", "", false}};
    settings.bases = {{"public_task", "Public task", "", false}};
    settings.decisions.deciders = {{"court", "A court", "", false}};
    settings.policy = std::make_shared<const PolicyReading>(west_yorkshire());
    settings.vocabulary_json = "{}";
    settings.password_cost = quick_cost;
    settings.log = [this](const std::string& line) {
      std::lock_guard lock(log_mutex_);
      log_ += line + "\n";
    };
    web_ = std::make_unique<Web>(*t_.node, t_.clock, web_random_, settings);
  }
  ~Site() { web_.reset(); }

  Visitor visitor(const std::string& standing, const std::string& role) {
    Visitor out;
    out.standing = standing;
    out.account = t_.add_user("user." + std::to_string(++users_), role, password_hash_);
    auto turn = t_.store.begin(t_.clock.at);
    out.session = make_session(out.account, t_.random, t_.clock.at + (standing == "expired" ? -session_ms_max : 0));
    if (standing == "disabled") {
      out.account.disabled = true;
      EXPECT_TRUE(put_account(*turn, out.account));
    }
    EXPECT_TRUE(put_session(*turn, out.session) && turn->commit());
    return out;
  }

  HttpResponse send(HttpRequest request) {
    auto promise = std::make_shared<std::promise<HttpResponse>>();
    auto answer = promise->get_future();
    web_->handle(std::move(request), [promise](HttpResponse response) { promise->set_value(std::move(response)); });
    for (int i = 0; i < 100'000; ++i) {
      t_.run();
      if (answer.wait_for(std::chrono::microseconds(100)) == std::future_status::ready) return answer.get();
    }
    ADD_FAILURE() << "no answer";
    return {};
  }
  // The id of a view that they made; of nobody's, if they may make none.
  std::string view_of_theirs(const Visitor& visitor) {
    const auto made =
        send(request_of({"", "POST", "/api/v1/case-views", Audience::session, nullptr}, {Sends::ask, ""}, visitor, ""));
    if (made.status != 200) return "000102030405060708090a0b0c0d0e0f";
    return nlohmann::json::parse(made.body)["id"].get<std::string>();
  }

  std::string task_of_theirs(const Visitor& visitor) {
    const auto made = send(request_of({"", "POST", "/api/v1/tasks", Audience::session, nullptr},
                                      {Sends::json, "", task_for_oneself}, visitor, ""));
    if (made.status != 201) return "000102030405060708090a0b0c0d0e0f";
    return nlohmann::json::parse(made.body)["id"].get<std::string>();
  }

  // The one process that there is, begun by somebody else: a process is nobody's own.
  const std::string& process() {
    if (process_.empty()) {
      const Sends sends{Sends::json, "", R"({"definition":"child-protection","person":")" + child_.hex() + R"("})"};
      const auto made = send(request_of({"", "POST", "/api/v1/processes", Audience::session, nullptr}, sends,
                                        visitor("worker", "practitioner"), ""));
      EXPECT_EQ(made.status, 201u) << made.body;
      process_ = nlohmann::json::parse(made.body)["id"].get<std::string>();
    }
    return process_;
  }

  HttpRequest request_of(const RouteRow& route, const Sends& sends, const Visitor& visitor, const std::string& object) {
    HttpRequest out;
    out.method = route.method;
    out.path = route.pattern;
    if (const auto open = out.path.find('{'); open != std::string::npos)
      out.path.replace(open, out.path.find('}') - open + 1, object);
    if (const auto form = out.path.find("{form}"); form != std::string::npos) out.path.replace(form, 6, "csv");
    if (const auto number = out.path.find("{n}"); number != std::string::npos) out.path.replace(number, 3, "1");
    const bool is_api = out.path.starts_with("/api/");
    if (visitor.standing == "no-csrf" || (!is_api && visitor.standing != "anonymous"))
      out.cookies["__Host-ginnel-session"] = visitor.session.token;
    else if (visitor.standing != "anonymous")
      out.headers["authorization"] = "Bearer " + visitor.session.token;
    if (visitor.standing != "no-csrf") out.headers["x-csrf-token"] = visitor.session.csrf;
    if (sends.object == "view") out.headers["last-event-id"] = "1";  // what a page of the view has seen
    add_body(out, sends, visitor);
    return out;
  }
  std::string log() {
    std::lock_guard lock(log_mutex_);
    return log_;
  }
  const PersonRef& child() const { return child_; }

 private:
  // Nobody else holds records, so that a view is whole at once.
  static void alone(samples::Members& members) {
    for (auto& entry : members.directory.members) entry.holds_records = entry.id.text() == "bradford-csc";
  }

  void add_body(HttpRequest& out, const Sends& sends, const Visitor& visitor) {
    const Sends::Body body = sends.body;
    const std::string username = visitor.standing == "anonymous" ? "nobody" : visitor.account.username;
    switch (body) {
      case Sends::nothing:
        return;
      case Sends::credentials:
        out.body = R"({"username":")" + username + R"(","password":")" + password + "\"}";
        break;
      case Sends::credentials_form:
        out.body = "username=" + username + "&password=kettle+anorak+plinth&form-token=abc";
        if (visitor.standing != "no-csrf") out.cookies["__Host-ginnel-sign-in"] = "abc";
        break;
      case Sends::ask:
        out.body = std::string(R"({"child":{"nhsNumber":")") + planted_nhs_number +
                   R"("},"purpose":"first_contact","basis":"public_task","reason":"home visit"})";
        break;
      case Sends::join:
        out.body = R"({"other":"000102030405060708090a0b0c0d0e10","reason":"one child"})";
        break;
      case Sends::correction:
        out.body = R"({"caseView":"000102030405060708090a0b0c0d0e0f","item":"000102030405060708090a0b0c0d0e0f",)"
                   R"("kind":"retraction","reason":"filed twice"})";
        break;
      case Sends::year:
        out.body = R"({"year":2026})";
        break;
      case Sends::sketch:
        out.body = std::string(R"({"nhsNumber":")") + planted_nhs_number + "\"}";
        break;
      case Sends::sketch_form:
        out.body = std::string("nhs-number=") + planted_nhs_number;
        break;
      case Sends::person:
        out.body = R"({"familyName":"Newcomer","givenName":"Ned","dateOfBirth":"2019-02-03","goOn":true})";
        break;
      case Sends::fact:
        out.body = R"({"person":"000102030405060708090a0b0c0d0e0f","kind":"visit","category":"social-care.visit",)"
                   R"("occurred":"2026-11-08","headline":"Home visit","assertion":"fact"})";
        break;
      case Sends::marking:
        out.body = R"({"putOn":["protected_address"],"reason":"a refuge"})";
        break;
      case Sends::file:
        out.body =
            "--b\r\nContent-Disposition: form-data; name=\"person\"\r\n\r\n000102030405060708090a0b0c0d0e0f\r\n"
            "--b\r\nContent-Disposition: form-data; name=\"category\"\r\n\r\nsocial-care.note\r\n"
            "--b\r\nContent-Disposition: form-data; name=\"headline\"\r\n\r\nA letter\r\n"
            "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.txt\"\r\n"
            "Content-Type: text/plain\r\n\r\nhello\r\n--b--\r\n";
        out.headers["content-type"] = "multipart/form-data; boundary=b";
        return;
      case Sends::agreement: {
        const Bytes sealed = encode_sealed_bundle(seal_of(*west_yorkshire()).value()).value();
        out.body = "--b\r\nContent-Disposition: form-data; name=\"agreement\"; filename=\"a.bundle\"\r\n\r\n";
        out.body.append(sealed.begin(), sealed.end());
        out.body += "\r\n--b--\r\n";
        out.headers["content-type"] = "multipart/form-data; boundary=b";
        return;
      }
      case Sends::json:
      case Sends::form:
        out.body = sends.text;
        if (const auto at = out.body.find("USER"); at != std::string::npos) out.body.replace(at, 4, username);
        break;
      case Sends::ask_form:
        out.body = std::string("nhs-number=") + planted_nhs_number +
                   "&purpose=first_contact&basis=public_task&reason=home+visit";
        break;
    }
    const bool is_form =
        body == Sends::credentials_form || body == Sends::ask_form || body == Sends::sketch_form || body == Sends::form;
    out.headers["content-type"] = is_form ? "application/x-www-form-urlencoded" : "application/json";
  }

  NodeForTests t_;
  PersonRef child_;
  SeededRandom web_random_{77};
  const std::string password_hash_ = hash_password(password, quick_cost);
  std::mutex log_mutex_;
  std::string log_;
  std::unique_ptr<Web> web_;
  std::string process_;
  int users_ = 0;
};

std::string outcome_of(const HttpResponse& response) {
  for (const auto& [name, value] : response.headers)
    if (name == "Location" && value.starts_with("/sign-in")) return "sign-in";
  return std::to_string(response.status);
}

// Which roles a column stands for: those of its note; the others are seen as a practitioner.
Words roles_of(const Table& table, const std::string& column) {
  const auto note = table.notes.find(column);
  return note == table.notes.end() ? Words{"practitioner"} : note->second;
}
bool is_role_column(const Table& table, const std::string& column) { return table.notes.contains(column); }

// A request that changes nothing needs no token of a page, and only views and tasks are somebody's.
bool is_case(const std::string& column, const RouteRow& route, const Sends& sends) {
  if (column == "no-csrf") return route.method != "GET";
  if (column == "other") return sends.object == "view" || sends.object == "task";
  return true;
}

// A view says whom it was asked about, in the asker's own words.
std::string without_what_was_typed(std::string body) {
  for (auto at = body.find(planted_nhs_number); at != std::string::npos; at = body.find(planted_nhs_number))
    body.erase(at, std::strlen(planted_nhs_number));
  return body;
}

TEST(Routes, answer_each_visitor_as_the_file_says) {
  const Table table = read_table("routes.txt");
  Observed observed(table.columns);
  Site site;
  bool has_shown_the_child = false;
  for (const auto& route : Web::routes()) {
    const std::string name = route.method + " " + route.pattern;
    const auto found = what_is_sent().find(name);
    const Sends sends = found == what_is_sent().end() ? Sends() : found->second;
    if (found == what_is_sent().end() && (route.method != "GET" || route.pattern.find('{') != std::string::npos))
      ADD_FAILURE() << name << ": say in what_is_sent() of tests/matrix/routes_test.cc what a request to it sends";
    for (const auto& column : table.columns) {
      if (!is_case(column, route, sends)) continue;
      for (const auto& role : roles_of(table, column)) {
        const Visitor visitor = site.visitor(column, role);
        std::string object = sends.object;
        if (object == "asset") object = asset_path("ginnel.css").substr(std::strlen("/assets/"));
        if (object == "view")
          object = is_role_column(table, column) ? site.view_of_theirs(visitor)
                                                 : site.view_of_theirs(site.visitor("worker", "practitioner"));
        if (object == "process") object = site.process();
        if (object == "task")
          object = is_role_column(table, column) ? site.task_of_theirs(visitor)
                                                 : site.task_of_theirs(site.visitor("worker", "practitioner"));
        const auto response = site.send(site.request_of(route, sends, visitor, object));
        observed.add({route.method, route.pattern}, column, outcome_of(response),
                     role + ": " + response.body.substr(0, 300));
        const bool may_see = column == "worker" || column == "triage" || column == "joiner" || column == "governance";
        if (may_see)
          has_shown_the_child = has_shown_the_child || response.body.find("marzipan") != std::string::npos;
        else
          expect_no_case_data(without_what_was_typed(response.body), name + " to `" + column + "`");
      }
    }
  }
  EXPECT_TRUE(has_shown_the_child) << "nobody is shown anything: nothing here would notice a leak";
  expect_no_case_data(site.log(), "the operators' log");
  expect_agreement(table, observed, {"200", "404"});
}

// Requests about the child who is there instead of nobody, so that they are done.
HttpRequest about(const PersonRef& child, HttpRequest request) {
  for (std::string* text : {&request.path, &request.body})
    if (const auto at = text->find("000102030405060708090a0b0c0d0e0f"); at != std::string::npos)
      text->replace(at, 32, child.hex());
  return request;
}

TEST(Routes, every_post_that_does_something_does_it_once_for_its_key) {
  // Each is the same request again; what only reads reads again, and a session is made each time.
  const std::set<std::string> not_kept{"POST /api/v1/session", "POST /api/v1/people/search",
                                       "POST /api/v1/reports/cin-census"};
  Site site;
  std::set<std::string> kept;
  for (const auto& route : Web::routes()) {
    const std::string name = route.method + " " + route.pattern;
    if (route.method != "POST" || !route.pattern.starts_with("/api/") || not_kept.contains(name)) continue;
    const Sends sends = what_is_sent().at(name);
    const Visitor visitor = site.visitor("joiner", "manager");
    const std::string object = sends.object == "task"      ? site.task_of_theirs(visitor)
                               : sends.object == "process" ? site.process()
                                                           : sends.object;
    HttpRequest request = about(site.child(), site.request_of(route, sends, visitor, object));
    request.headers["idempotency-key"] = "a key for " + std::to_string(kept.size());
    for (char& c : request.headers["idempotency-key"]) c = c == ' ' ? '-' : c;
    const HttpResponse first = site.send(request);
    if (first.status >= 300) continue;  // there is nothing here to do it to
    EXPECT_EQ(site.send(request).status, first.status) << name;
    // A file says something else; for JSON a space more is enough to be another request.
    if (const auto at = request.body.find("hello"); at != std::string::npos)
      request.body.replace(at, 5, "hallo");
    else
      request.body += " ";
    EXPECT_NE(site.send(request).body.find("idempotency-key-reused"), std::string::npos) << name;
    kept.insert(name);
  }
  for (const char* name :
       {"POST /api/v1/case-views", "POST /api/v1/people", "POST /api/v1/records", "POST /api/v1/people/{id}/markings",
        "POST /api/v1/attachments", "POST /api/v1/tasks", "POST /api/v1/tasks/{id}/accept",
        "POST /api/v1/tasks/{id}/done", "POST /api/v1/tasks/{id}/hand-over", "POST /api/v1/tasks/{id}/cancel",
        "POST /api/v1/work/hand-over", "POST /api/v1/consents", "POST /api/v1/refusals", "POST /api/v1/retention/holds",
        "POST /api/v1/processes", "POST /api/v1/processes/{id}/steps",
        "POST /api/v1/processes/{id}/steps/{n}/contributions"})
    EXPECT_TRUE(kept.contains(name)) << name << " was not done";
}

TEST(Routes, have_every_role_in_exactly_one_column) {
  const Table table = read_table("routes.txt");
  std::multiset<std::string> found;
  for (const auto& [column, roles] : table.notes) {
    EXPECT_NE(std::find(table.columns.begin(), table.columns.end(), column), table.columns.end()) << column;
    found.insert(roles.begin(), roles.end());
  }
  const auto& words = west_yorkshire()->vocabulary.words("role");
  for (const auto& word : words)
    EXPECT_EQ(found.count(word.id), 1u) << "tests/matrix/routes.txt: put the role `" << word.id
                                        << "` into one column's line";
  EXPECT_EQ(found.size(), words.size());
}

}  // namespace
}  // namespace ginnel::matrix
