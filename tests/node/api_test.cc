// SPDX-License-Identifier: Apache-2.0
#include "node/web/web.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <regex>
#include <set>

#include "node/people/base32.h"
#include "node/view/view_json.h"
#include "node/web/limits.h"
#include "node/web/totp.h"
#include "tests/node/web_for_tests.h"

namespace ginnel {
namespace {

using Json = nlohmann::json;
using ::testing::HasSubstr;

constexpr const char* credentials = R"({"username":"tester","password":"kettle anorak plinth"})";

class Api : public WebTest {
 protected:
  Json error_of(const RawAnswer& answer) { return Json::parse(answer.body)["error"]; }
  void expect_error(const RawAnswer& answer, unsigned status, const std::string& code) {
    EXPECT_EQ(answer.status, status) << answer.body;
    auto error = error_of(answer);
    EXPECT_EQ(error["code"], code);
    for (const char* name : {"code", "what", "why", "remedy", "id"}) EXPECT_TRUE(error[name].is_string()) << name;
    // The same id stands in the log.
    auto lines = log_lines();
    ASSERT_FALSE(lines.empty());
    EXPECT_THAT(lines.back(), HasSubstr(error["id"].get<std::string>() + " " + std::to_string(status) + " "));
  }
  RawAnswer ask_as(const Session& session, const std::string& body) {
    return post_json("/api/v1/case-views", body, bearer(session));
  }
  std::string view_path() { return "/api/v1/case-views/" + service.view.id.hex(); }
};

// --- routes

TEST_F(Api, only_these_routes_answer_without_a_session) {
  const std::set<std::string> open{"GET /livez",   "GET /readyz",   "GET /metrics",      "POST /api/v1/session",
                                   "GET /sign-in", "POST /sign-in", "GET /assets/{name}"};
  std::set<std::string> ids, addresses;
  for (const auto& row : Web::routes()) {
    auto address = row.method + " " + row.pattern;
    EXPECT_TRUE(ids.insert(row.id).second) << row.id;
    EXPECT_TRUE(addresses.insert(address).second) << address;
    auto path = std::regex_replace(row.pattern, std::regex("\\{[a-z]+\\}"), "00000000000000000000000000000002");
    auto answer = send(row.method, path);
    const bool turned_away = answer.status == 401 || answer.header("location") == "/sign-in";
    EXPECT_EQ(turned_away, !open.contains(address)) << address << " " << answer.status;
    EXPECT_EQ(row.audience == Audience::session, !open.contains(address)) << address;
  }
  for (const auto& address : open) EXPECT_TRUE(addresses.contains(address)) << address;
}

// --- sending again

TEST_F(Api, an_idempotency_key_reaches_the_call_with_the_request_it_came_with) {
  const auto session = service.sign_in("tester");
  const auto send_with = [&](const std::string& key, const std::string& body) {
    EXPECT_EQ(post_json("/api/v1/case-views", body, bearer(session) + "Idempotency-Key: " + key + "\r\n").status, 200u);
    return service.last_once();
  };
  const auto first = send_with("one", ask_json), again = send_with("one", ask_json);
  ASSERT_TRUE(first && again);
  EXPECT_EQ(first->key, again->key);
  EXPECT_EQ(first->request, again->request);
  EXPECT_NE(send_with("two", ask_json)->key, first->key);
  EXPECT_NE(send_with("one", std::string(ask_json) + " ")->request, first->request);
  EXPECT_EQ(ask_as(session, ask_json).status, 200u);
  EXPECT_FALSE(service.last_once());
}

TEST_F(Api, an_idempotency_key_that_is_none_is_refused_before_anything_is_done) {
  const auto session = service.sign_in("tester");
  for (const std::string& key : {std::string("two words"), std::string(201, 'k'), std::string("\xc3\xa9")})
    expect_error(post_json("/api/v1/case-views", ask_json, bearer(session) + "Idempotency-Key: " + key + "\r\n"), 422,
                 "bad-idempotency-key");
  EXPECT_TRUE(service.asked().empty());
}

// --- people who may be one

TEST_F(Api, possible_matches_are_listed_and_decided_by_opaque_ids) {
  const auto session = service.sign_in("tester");
  SeededRandom random(4);
  const PersonRef one = PersonRef::make(random), other = PersonRef::make(random);
  service.matches = {{{one, {{"ll", "LL-1"}}}, {other, {}}, Instant{1'795'435'200'000}, 5.125, "birth exact"}};
  const auto listed = Json::parse(get("/api/v1/people/matches", bearer(session)).body)["matches"];
  ASSERT_EQ(listed.size(), 1u);
  EXPECT_EQ(listed[0]["one"]["id"], one.hex());
  EXPECT_EQ(listed[0]["one"]["sources"][0]["key"], "LL-1");
  const std::string path = "/api/v1/people/" + one.hex(), body = R"({"other":")" + other.hex() + R"(","reason":"why"})";
  EXPECT_EQ(post_json(path + "/merge", body, bearer(session)).status, 204u);
  EXPECT_EQ(post_json(path + "/unmerge", body, bearer(session)).status, 204u);
  ASSERT_EQ(service.joined.size(), 2u);
  EXPECT_TRUE(service.joined[0].second);
  EXPECT_FALSE(service.joined[1].second);
  EXPECT_EQ(service.joined[0].first.other, other);
  EXPECT_EQ(service.joined[0].first.reason, "why");
  for (const char* bad : {"{}", R"({"other":"x","reason":"y"})", R"({"other":1,"reason":"y"})", "[]",
                          R"({"other":"00000000000000000000000000000001","reason":"y","more":1})"})
    EXPECT_EQ(post_json(path + "/merge", bad, bearer(session)).status, 422u) << bad;
  EXPECT_EQ(post_json("/api/v1/people/x/merge", body, bearer(session)).status, 404u);
  EXPECT_EQ(post_json(path + "/merge", body).status, 401u);
}

// --- sessions

TEST_F(Api, signing_in_gives_a_token_that_opens_the_door_and_signing_out_shuts_it) {
  auto answer = post_json("/api/v1/session", credentials);
  ASSERT_EQ(answer.status, 200u) << answer.body;
  auto body = Json::parse(answer.body);
  EXPECT_EQ(parse_iso_utc(body["expires"].get<std::string>()), clock.now() + 8 * hour_ms);
  EXPECT_NE(body["csrf"], body["token"]);
  auto authorization = "Authorization: Bearer " + body["token"].get<std::string>() + "\r\n";
  EXPECT_EQ(get(view_path(), authorization).status, 200u);
  EXPECT_EQ(send("DELETE", "/api/v1/session", authorization).status, 204u);
  expect_error(get(view_path(), authorization), 401, "unauthenticated");
}

TEST_F(Api, unknown_user_wrong_password_and_disabled_account_get_one_answer) {
  service.add("leaver", "kettle anorak plinth").disabled = true;
  std::string seen;
  for (const char* body : {R"({"username":"nobody","password":"kettle anorak plinth"})",
                           R"({"username":"tester","password":"kettle anorak plinthx"})",
                           R"({"username":"leaver","password":"kettle anorak plinth"})"}) {
    auto answer = post_json("/api/v1/session", body);
    expect_error(answer, 401, "sign-in-failed");
    EXPECT_EQ(answer.header("www-authenticate"), "Bearer");
    auto error = error_of(answer);
    error.erase("id");
    if (seen.empty()) seen = error.dump();
    EXPECT_EQ(error.dump(), seen);
  }
  EXPECT_EQ(service.failed_sign_ins, 3);
}

TEST_F(Api, an_account_with_a_second_factor_needs_its_code_and_a_code_works_once) {
  service.add("guarded", "kettle anorak plinth").totp_secret = "MZXW6YTBOI";
  auto sign_in = [&](const std::string& code) {
    return post_json("/api/v1/session",
                     R"({"username":"guarded","password":"kettle anorak plinth","totp":")" + code + "\"}");
  };
  auto code = totp_code(*from_base32("MZXW6YTBOI"), totp_step_at(clock.now()));
  expect_error(post_json("/api/v1/session", R"({"username":"guarded","password":"kettle anorak plinth"})"), 401,
               "sign-in-failed");
  EXPECT_EQ(sign_in(code).status, 200u);
  expect_error(sign_in(code), 401, "sign-in-failed");
}

TEST_F(Api, failures_in_a_row_are_slowed_for_that_name_whether_it_exists_or_not) {
  for (const std::string& name : std::vector<std::string>{"tester", "nobody"}) {
    auto body = R"({"username":")" + name + R"(","password":"wrong wrong wrong"})";
    for (std::uint32_t i = 0; i < limits::sign_in_free_failures; ++i)
      EXPECT_EQ(post_json("/api/v1/session", body).status, 401u);
    expect_error(post_json("/api/v1/session", body), 429, "slow-down");
  }
  expect_error(post_json("/api/v1/session", credentials), 429, "slow-down");
  clock.now_ms += 1000;
  EXPECT_EQ(post_json("/api/v1/session", credentials).status, 200u);
}

TEST_F(Api, signing_in_ends_the_session_that_the_browser_held_before) {
  auto planted = service.sign_in("other");
  auto answer = post_json("/api/v1/session", credentials, cookie(planted));
  ASSERT_EQ(answer.status, 200u);
  EXPECT_NE(Json::parse(answer.body)["token"], planted.token);
  for (int i = 0; i < 1000 && service.has_session(planted.token); ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  EXPECT_FALSE(service.has_session(planted.token));
}

TEST_F(Api, the_cookie_is_for_this_host_https_and_no_script) {
  auto answer = post_json("/api/v1/session", credentials);
  auto token = Json::parse(answer.body)["token"].get<std::string>();
  EXPECT_EQ(answer.header("set-cookie"),
            "__Host-ginnel-session=" + token + "; Path=/; Secure; HttpOnly; SameSite=Strict");
}

TEST_F(Api, what_another_sites_form_can_send_signs_no_browser_in) {
  auto answer = send("POST", "/api/v1/session", "Content-Type: text/plain\r\n", credentials);
  EXPECT_EQ(answer.status, 200u);
  EXPECT_TRUE(answer.all("set-cookie").empty());
}

TEST_F(Api, a_cookie_alone_changes_nothing_without_its_csrf_token) {
  auto session = service.sign_in("tester");
  expect_error(post_json("/api/v1/case-views", ask_json, cookie(session)), 403, "bad-csrf-token");
  expect_error(post_json("/api/v1/case-views", ask_json, cookie(session) + "X-CSRF-Token: wrong\r\n"), 403,
               "bad-csrf-token");
  expect_error(send("DELETE", "/api/v1/session", cookie(session)), 403, "bad-csrf-token");
  EXPECT_TRUE(service.asked().empty());
  EXPECT_TRUE(service.has_session(session.token));
  auto csrf = "X-CSRF-Token: " + session.csrf + "\r\n";
  EXPECT_EQ(post_json("/api/v1/case-views", ask_json, cookie(session) + csrf).status, 200u);
}

TEST_F(Api, a_bad_token_is_401_even_beside_a_good_cookie) {
  auto session = service.sign_in("tester");
  for (const char* line :
       {"Authorization: Bearer nonsense\r\n", "Authorization: Basic abc\r\n", "Authorization: x\r\n"})
    expect_error(get(view_path(), line + cookie(session)), 401, "unauthenticated");
  expect_error(get(view_path()), 401, "unauthenticated");
}

// --- case views

TEST_F(Api, a_case_view_has_the_fields_of_its_document) {
  auto answer = ask_as(service.sign_in("tester"), ask_json);
  ASSERT_EQ(answer.status, 200u) << answer.body;
  EXPECT_EQ(answer.header("content-type"), "application/json");
  auto body = Json::parse(answer.body);
  EXPECT_EQ(body["id"], service.view.id.hex());
  EXPECT_EQ(body["complete"], false);
  EXPECT_EQ(body["elapsedMs"], 5012);
  EXPECT_EQ(body["parts"].size(), 7u);
  EXPECT_EQ(body["parts"][5]["agency"], "wakefield-csc");
  EXPECT_EQ(body["parts"][5]["status"], "silent");
  EXPECT_EQ(body["parts"][5]["contact"]["phone"], "01632 960055");
  EXPECT_FALSE(body["parts"][5].contains("answeredAt"));
  EXPECT_EQ(body["items"][0]["step"], "content");
  EXPECT_EQ(body["items"][0]["fields"][0]["name"], "seen alone");
  EXPECT_FALSE(body["items"][1].contains("narrative"));
  EXPECT_EQ(body["withheld"][0]["count"], 2);
}

TEST_F(Api, what_is_asked_reaches_the_service_as_it_was_said) {
  auto answer = ask_as(service.sign_in("tester"),
                       R"({"child":{"familyName":"Tester","givenName":"Aisha","dateOfBirth":"2016-03-14",
                           "postcode":"bd1 1aa"},"purpose":"child_protection","basis":"public_task",
                           "reason":"second referral","caseRef":"CR-1","scope":["leeds-csc","wy-police"],
                           "breakGlass":{"reason":"child missing now"},"asKnownAt":"2026-11-01T00:00:00Z",
                           "deadlineMs":2500})");
  ASSERT_EQ(answer.status, 200u) << answer.body;
  auto asked = service.asked().at(0);
  EXPECT_EQ(asked.child.family, "Tester");
  EXPECT_EQ(asked.child.birth_date, Date::of(2016, 3, 14));
  EXPECT_EQ(asked.child.postcode, "BD1 1AA");
  EXPECT_EQ(asked.purpose, "child_protection");
  EXPECT_EQ(asked.basis, "public_task");
  EXPECT_EQ(asked.reason, "second referral");
  EXPECT_EQ(asked.case_ref, "CR-1");
  ASSERT_EQ(asked.scope.size(), 2u);
  EXPECT_EQ(asked.scope[1].text(), "wy-police");
  EXPECT_EQ(asked.break_glass_reason, "child missing now");
  EXPECT_EQ(to_iso_utc(asked.as_known_at), "2026-11-01T00:00:00.000Z");
  EXPECT_EQ(asked.deadline_ms, 2500);
}

TEST_F(Api, a_named_ask_goes_to_its_agency_only_and_says_why) {
  auto session = service.sign_in("tester");
  std::string body(ask_json);
  body.insert(body.size() - 1, R"(,"named":{"agency":"wy-police","reason":"strategy discussion"})");
  ASSERT_EQ(ask_as(session, body).status, 200u);
  auto asked = service.asked().at(0);
  ASSERT_EQ(asked.scope.size(), 1u);
  EXPECT_EQ(asked.scope[0].text(), "wy-police");
  EXPECT_EQ(asked.reason, "home visit; asked by name: strategy discussion");
  body.insert(body.size() - 1, R"(,"scope":["leeds-csc"])");
  expect_error(ask_as(session, body), 422, "bad-field");
}

TEST_F(Api, a_view_is_read_again_by_whoever_asked) {
  auto session = service.sign_in("tester");
  auto answer = get(view_path(), bearer(session));
  ASSERT_EQ(answer.status, 200u);
  EXPECT_EQ(view_from_json(answer.body)->parts.size(), 7u);
}

TEST_F(Api, unknown_concealed_not_yours_and_nonsense_are_the_same_404) {
  auto other = service.sign_in("other");
  std::string seen;
  std::size_t header_count = 0;
  for (const std::string& path : {view_path(), "/api/v1/case-views/" + service.concealed_id.hex(),
                                  std::string("/api/v1/case-views/ffffffffffffffffffffffffffffffff"),
                                  std::string("/api/v1/case-views/nonsense"), std::string("/api/v1/nothing-here")}) {
    auto answer = get(path, bearer(other));
    expect_error(answer, 404, "not-found");
    auto error = error_of(answer);
    error.erase("id");
    if (seen.empty()) {
      seen = error.dump();
      header_count = answer.headers.size();
    }
    EXPECT_EQ(error.dump(), seen) << path;
    EXPECT_EQ(answer.headers.size(), header_count) << path;
    EXPECT_EQ(answer.body.size(), seen.size() + std::string(R"({"error":,"id":"err-12345678"})").size()) << path;
  }
}

TEST_F(Api, each_refusal_of_the_service_has_its_status) {
  auto session = service.sign_in("tester");
  struct Row {
    const char* code;
    unsigned status;
  };
  for (const auto& row :
       {Row{"unauthenticated", 401}, Row{"forbidden", 403}, Row{"not-found", 404}, Row{"say-more", 409},
        Row{"bad-purpose", 422}, Row{"unknown-word", 422}, Row{"too-busy", 429}, Row{"node-stopping", 503},
        Row{"over-budget", 429}, Row{"read-only", 503}, Row{"something-new", 500}}) {
    service.fails_with = Error{row.code, "cannot ask", "a reason", "a remedy"};
    expect_error(ask_as(session, ask_json), row.status, row.code);
  }
}

// --- reading strictly

TEST_F(Api, what_is_not_exactly_a_request_is_refused_before_anybody_is_asked) {
  auto session = service.sign_in("tester");
  auto with = [](const std::string& child, const std::string& more) {
    return R"({"child":)" + child + R"(,"purpose":"child_protection","basis":"public_task","reason":"r")" + more + "}";
  };
  const std::string child = R"({"nhsNumber":"9990000018"})";
  struct Row {
    std::string body;
    unsigned status;
    const char* code;
  };
  const std::vector<Row> rows = {
      {"", 400, "bad-json"},
      {"{", 400, "bad-json"},
      {with(child, "") + "x", 400, "bad-json"},
      {with(child, R"(,"reason":"again")"), 400, "bad-json"},
      {with(R"({"nhsNumber":"9990000018","nhsNumber":"9990000018"})", ""), 400, "bad-json"},
      {with(child, ",\"caseRef\":\"\xC3\x28\""), 400, "bad-json"},
      {with(child, R"(,"scope":)" + std::string(20, '[') + std::string(20, ']')), 400, "bad-json"},
      {with(child, R"(,"deadlineMs":1e999)"), 400, "bad-json"},
      {"[]", 422, "bad-field"},
      {"\"text\"", 422, "bad-field"},
      {R"({"purpose":"p","basis":"b","reason":"r"})", 422, "bad-field"},
      {R"({"child":{"nhsNumber":"9990000018"},"basis":"b","reason":"r"})", 422, "bad-field"},
      {R"({"child":{"nhsNumber":"9990000018"},"purpose":"p","basis":"b"})", 422, "bad-field"},
      {R"({"child":{"nhsNumber":"9990000018"},"purpose":"p","basis":"b","reason":" "})", 422, "bad-field"},
      {with("7", ""), 422, "bad-field"},
      {with(R"({"nhsNumber":9990000018})", ""), 422, "bad-field"},
      {with(R"({"nhsnumber":"9990000018"})", ""), 422, "bad-field"},
      {with(child, R"(,"scoep":["leeds-csc"])"), 422, "bad-field"},
      {with(child, R"(,"scope":[])"), 422, "bad-field"},
      {with(child, R"(,"scope":["Leeds CSC"])"), 422, "bad-field"},
      {with(child, R"(,"scope":["leeds-csc","leeds-csc"])"), 422, "bad-field"},
      {with(child, R"(,"scope":"leeds-csc")"), 422, "bad-field"},
      {with(child, R"(,"named":{"agency":"wy-police"})"), 422, "bad-field"},
      {with(child, R"(,"named":{"reason":"r"})"), 422, "bad-field"},
      {with(child, R"(,"breakGlass":{})"), 422, "bad-field"},
      {with(child, R"(,"breakGlass":true)"), 422, "bad-field"},
      {with(child, R"(,"deadlineMs":99)"), 422, "bad-field"},
      {with(child, R"(,"deadlineMs":60001)"), 422, "bad-field"},
      {with(child, R"(,"deadlineMs":5000.5)"), 422, "bad-field"},
      {with(child, R"(,"deadlineMs":"5000")"), 422, "bad-field"},
      {with(child, R"(,"asKnownAt":"yesterday")"), 422, "bad-field"},
      {with(child, R"(,"caseRef":"a\u0000b")"), 422, "bad-field"},
      {with(child, R"(,"caseRef":")" + std::string(300, 'x') + "\""), 422, "bad-field"},
      {with(R"({"nhsNumber":"9990000019"})", ""), 422, "bad-nhs-number"},
      {with(R"({"familyName":"Tester"})", ""), 422, "bad-child"},
      {with(R"({"familyName":"T","givenName":"A","dateOfBirth":"2016-02-30"})", ""), 422, "bad-date"},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.body);
    expect_error(ask_as(session, row.body), row.status, row.code);
  }
  EXPECT_TRUE(service.asked().empty());
}

TEST_F(Api, an_error_never_repeats_what_was_sent) {
  auto session = service.sign_in("tester");
  auto answer = ask_as(session, R"({"child":{"nhsNumber":"9990000019"},"purpose":"p","basis":"b","reason":"r"})");
  EXPECT_EQ(answer.status, 422u);
  EXPECT_EQ(answer.body.find("9990000019"), std::string::npos);
  for (const auto& line : log_lines()) EXPECT_EQ(line.find("9990000019"), std::string::npos);
}

TEST_F(Api, a_path_never_reaches_the_log) {
  get("/api/v1/case-views/9990000018", bearer(service.sign_in("tester")));
  get("/9990000018");
  for (const auto& line : log_lines()) EXPECT_EQ(line.find("9990000018"), std::string::npos);
}

// --- HTTP

TEST_F(Api, a_body_over_its_limit_is_413_in_the_error_form) {
  auto body = std::string(limits::http_body_bytes_max + 1, ' ');
  expect_error(post_json("/api/v1/case-views", body, bearer(service.sign_in("tester"))), 413, "too-large");
}

TEST_F(Api, a_method_that_a_path_does_not_take_is_405_with_those_it_takes) {
  auto answer = send("PUT", "/api/v1/session");
  expect_error(answer, 405, "method-not-allowed");
  EXPECT_EQ(answer.header("allow"), "POST, DELETE");
  EXPECT_EQ(send("POST", "/livez").header("allow"), "GET, HEAD");
}

TEST_F(Api, head_answers_like_get_without_a_body) {
  auto answer = send("HEAD", view_path(), bearer(service.sign_in("tester")));
  EXPECT_EQ(answer.status, 200u);
  EXPECT_GT(std::stoul(answer.header("content-length")), 1000u);
  EXPECT_EQ(answer.body, "");
}

TEST_F(Api, every_answer_carries_the_security_headers) {
  auto session = service.sign_in("tester");
  for (const auto& answer : {get(view_path(), bearer(session)), get(view_path()), get("/livez"),
                             send("PUT", "/api/v1/session"), exchange(server->port(), "nonsense\r\n\r\n")}) {
    EXPECT_THAT(answer.header("content-security-policy"), HasSubstr("default-src 'none'"));
    EXPECT_EQ(answer.header("cache-control"), "no-store");
    EXPECT_EQ(answer.header("referrer-policy"), "no-referrer");
    EXPECT_EQ(answer.header("x-content-type-options"), "nosniff");
  }
}

// --- operators

TEST_F(Api, operators_see_whether_the_node_lives_and_is_ready) {
  EXPECT_EQ(get("/livez").status, 200u);
  auto ready = get("/readyz");
  EXPECT_EQ(ready.status, 200u);
  EXPECT_EQ(Json::parse(ready.body), Json::parse(R"({"ready":true,"mode":"normal","reasons":[]})"));
  service.ready = {false, "read-only", {"the disk is full"}};
  auto not_ready = get("/readyz");
  EXPECT_EQ(not_ready.status, 503u);
  EXPECT_EQ(Json::parse(not_ready.body)["reasons"][0], "the disk is full");
}

TEST_F(Api, metrics_join_the_nodes_and_the_servers_counts_and_name_nobody) {
  post_json("/api/v1/session", credentials);
  post_json("/api/v1/session", R"({"username":"tester","password":"wrong wrong wrong"})");
  exchange(server->port(), "nonsense\r\n\r\n");
  auto answer = get("/metrics");
  EXPECT_EQ(answer.header("content-type"), "text/plain; version=0.0.4; charset=utf-8");
  for (const char* line :
       {"ginnel_up 1\n", "ginnel_sign_ins_total{outcome=\"ok\"} 1\n", "ginnel_sign_ins_total{outcome=\"failed\"} 1\n",
        "ginnel_http_responses_total{status=\"4xx\"} 2\n", "ginnel_http_refused_total{reason=\"malformed\"} 1\n"})
    EXPECT_THAT(answer.body, HasSubstr(line));
  EXPECT_EQ(answer.body.find("tester"), std::string::npos);
}

}  // namespace
}  // namespace ginnel
