// SPDX-License-Identifier: Apache-2.0
// docs/openapi.json against the routes and the errors that there are, both ways. That answers are what it says is held
// by every test of the API: WebTest::send looks at each exchange.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "node/web/problem.h"
#include "node/web/web.h"
#include "tests/node/openapi_for_tests.h"

namespace ginnel {
namespace {

using Json = nlohmann::json;

bool is_for_programs(const std::string& pattern) {
  return pattern.starts_with("/api/") || pattern == "/livez" || pattern == "/readyz" || pattern == "/metrics";
}

TEST(OpenApi, knows_every_route_for_programs_and_no_other) {
  const Json& paths = OpenApi::get().document()["paths"];
  std::set<std::string> routes, documented;
  std::map<std::string, std::string> ids;
  for (const auto& row : Web::routes())
    if (is_for_programs(row.pattern)) {
      routes.insert(row.method + " " + row.pattern);
      ids[row.method + " " + row.pattern] = row.id;
    }
  for (const auto& [path, operations] : paths.items())
    for (const auto& [method, operation] : operations.items()) {
      std::string name = method;
      for (char& c : name) c = char(std::toupper(c));
      documented.insert(name + " " + path);
      EXPECT_EQ(operation["operationId"], ids[name + " " + path]) << name << " " << path;
    }
  for (const std::string& route : routes)
    EXPECT_TRUE(documented.contains(route)) << route << " is not in docs/openapi.json: describe it there";
  for (const std::string& route : documented)
    EXPECT_TRUE(routes.contains(route)) << route << " of docs/openapi.json is no route";
}

TEST(OpenApi, says_of_every_route_who_may_call_it_and_how_a_post_is_sent_again) {
  const OpenApi& api = OpenApi::get();
  for (const auto& row : Web::routes()) {
    if (!is_for_programs(row.pattern)) continue;
    const Json* operation = api.operation(row.method, row.pattern);
    ASSERT_TRUE(operation) << row.pattern;
    const bool is_open = operation->contains("security") && (*operation)["security"].empty();
    EXPECT_EQ(is_open, row.audience != Audience::session) << row.pattern;
    EXPECT_EQ((*operation)["responses"].contains("401"), row.audience == Audience::session || row.id == "session.start")
        << row.pattern;
    std::set<std::string> parameters;
    for (const auto& parameter : operation->value("parameters", Json::array()))
      parameters.insert(api.resolved(parameter)["name"]);
    EXPECT_EQ(parameters.contains("Idempotency-Key"), row.method == "POST" && row.audience == Audience::session)
        << row.pattern;
    EXPECT_EQ(parameters.contains("id"), row.pattern.find("{id}") != std::string::npos) << row.pattern;
  }
}

TEST(OpenApi, knows_every_code_with_its_status_and_no_other) {
  std::map<std::string, unsigned> documented;
  for (const auto& [status, response] : OpenApi::get().document()["components"]["responses"].items())
    for (const auto& code : response["x-codes"]) documented[code] = unsigned(std::stoul(status));
  for (const ErrorStatus& row : error_statuses()) {
    EXPECT_EQ(documented[std::string(row.code)], row.status) << row.code << ": list it in docs/openapi.json";
    documented.erase(std::string(row.code));
  }
  for (const auto& [code, status] : documented) ADD_FAILURE() << code << " of docs/openapi.json is no error's code";
}

TEST(OpenApi, finds_what_is_wrong_with_an_answer) {
  const OpenApi& api = OpenApi::get();
  const auto faults = [&](unsigned status, const std::string& answer, const std::string& path = "/readyz") {
    return api.faults_of_exchange("GET", path, "", status, "application/json", answer).size();
  };
  EXPECT_EQ(faults(200, R"({"ready":true,"mode":"normal","reasons":[]})"), 0u);
  EXPECT_EQ(faults(200, R"({"ready":true,"mode":"normal"})"), 1u);
  EXPECT_EQ(faults(200, R"({"ready":true,"mode":"odd","reasons":[]})"), 1u);
  EXPECT_EQ(faults(200, R"({"ready":1,"mode":"normal","reasons":[7]})"), 2u);
  EXPECT_EQ(faults(200, R"({"ready":true,"mode":"normal","reasons":[],"more":1})"), 1u);
  EXPECT_EQ(faults(418, "{}"), 1u);
  EXPECT_EQ(faults(200, "{}", "/api/v1/nowhere"), 1u);
  const std::string path = "/api/v1/case-views/00000000000000000000000000000001";
  EXPECT_EQ(faults(404, R"({"error":{"code":"not-found","what":"","why":"","remedy":"","id":""}})", path), 0u);
  EXPECT_EQ(faults(404, R"({"error":{"code":"concealed","what":"","why":"","remedy":"","id":""}})", path), 1u);
}

}  // namespace
}  // namespace ginnel
