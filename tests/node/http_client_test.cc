// SPDX-License-Identifier: Apache-2.0
#include "node/cli/http_client.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "node/view/view_json.h"
#include "tests/node/temp_directory.h"
#include "tests/node/web_for_tests.h"

namespace ginnel {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class Client : public WebTest {
 protected:
  Client() {
    std::ofstream(dir.path() + "/ca.pem") << TlsForTests::get().authority.certificate_chain_pem;
    token = service.sign_in("tester").token;
    write_token(token + "\n");
  }
  void write_token(const std::string& text) { std::ofstream(token_file(), std::ios::trunc) << text; }
  std::string token_file() { return dir.path() + "/sw.token"; }
  std::string url() { return "https://127.0.0.1:" + std::to_string(server->port()); }
  HttpClientSettings settings() { return {url(), "", token_file(), 20'000}; }

  TempDirectory dir;
  std::string token;
};

TEST_F(Client, asks_with_its_token_and_trusts_the_authority_beside_it) {
  auto client = HttpClient::open(settings());
  ASSERT_TRUE(client) << client.error().text();
  auto answer = client->post("/api/v1/case-views", ask_json);
  ASSERT_TRUE(answer) << answer.error().text();
  EXPECT_EQ(answer->status, 200u);
  EXPECT_EQ(answer->content_type, "application/json");
  auto view = view_from_json(body_or_error(*answer).value());
  ASSERT_TRUE(view);
  EXPECT_EQ(view->parts.size(), 7u);
  auto again = client->get("/api/v1/case-views/" + view->id.hex());
  EXPECT_EQ(again->status, 200u);
  EXPECT_EQ(client->remove("/api/v1/session")->status, 204u);
  EXPECT_EQ(client->get("/api/v1/case-views/" + view->id.hex())->status, 401u);
}

TEST_F(Client, an_api_error_keeps_its_code_its_texts_and_its_id) {
  auto client = HttpClient::open(settings()).value();
  service.fails_with = Error{"over-budget", "cannot ask", "today's asks are used", "ask a colleague"};
  auto body = body_or_error(client.post("/api/v1/case-views", ask_json).value());
  ASSERT_FALSE(body);
  EXPECT_EQ(body.error().code, "over-budget");
  EXPECT_EQ(body.error().what, "cannot ask");
  EXPECT_THAT(body.error().why, ::testing::StartsWith("today's asks are used; id err-"));
  EXPECT_EQ(body.error().remedy, "ask a colleague");
  EXPECT_EQ(exit_code_of(body.error()), 75);
}

TEST_F(Client, a_node_that_is_not_there_is_worth_another_try) {
  auto away = settings();
  server->stop();
  auto answer = HttpClient::open(away)->get("/livez");
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, "unreachable");
  EXPECT_NE(answer.error().remedy, "");
  EXPECT_EQ(exit_code_of(answer.error()), 75);
}

TEST_F(Client, an_authority_that_is_not_known_is_not_trusted) {
  auto now = system_clock()->now();
  std::ofstream(dir.path() + "/other.pem") << make_demo_authority("Another", now, 1)->certificate_chain_pem;
  auto with_other = settings();
  with_other.ca_file = dir.path() + "/other.pem";
  auto answer = HttpClient::open(with_other)->get("/livez");
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, "untrusted");
  EXPECT_EQ(exit_code_of(answer.error()), 1);
  with_other.ca_file = dir.path() + "/none.pem";
  EXPECT_EQ(HttpClient::open(with_other)->get("/livez").error().code, "untrusted");
}

TEST_F(Client, a_token_file_that_holds_none_is_refused_without_showing_it) {
  for (const std::string& text :
       std::vector<std::string>{"", "\n", "two words\n", "t\xC3\xA9l\n", std::string(5000, 'x')}) {
    write_token(text);
    auto client = HttpClient::open(settings());
    ASSERT_FALSE(client) << text;
    EXPECT_EQ(client.error().code, "bad-token-file");
    EXPECT_THAT(client.error().text(), Not(HasSubstr("two words")));
  }
  auto missing = settings();
  missing.token_file = dir.path() + "/none";
  EXPECT_EQ(HttpClient::open(missing).error().code, "bad-token-file");
}

TEST_F(Client, no_error_holds_the_token) {
  server->stop();
  auto answer = HttpClient::open(settings())->get("/livez");
  EXPECT_THAT(answer.error().text(), Not(HasSubstr(token)));
}

TEST_F(Client, only_an_https_address_without_a_path_will_do) {
  for (const char* url : {"", "http://127.0.0.1:1", "127.0.0.1:1", "https://", "https://a/b", "https://a b",
                          "https://user:pass@host", "file:///etc/passwd", "https://a?x"}) {
    auto bad = settings();
    bad.url = url;
    auto client = HttpClient::open(bad);
    ASSERT_FALSE(client) << url;
    EXPECT_EQ(client.error().code, "bad-url");
  }
  auto with_slash = settings();
  with_slash.url += "/";
  EXPECT_EQ(HttpClient::open(with_slash)->get("/livez")->status, 200u);
}

TEST(BodyOrError, what_is_no_answer_of_a_node_is_said_to_be_none) {
  for (const char* body : {"", "<html>", "{}", "[]", R"({"error":7})", R"({"error":{"code":7}})"})
    EXPECT_EQ(body_or_error({502, "text/html", body}).error().code, "bad-answer") << body;
}

TEST(ExitCode, tells_refused_by_policy_from_failed_and_from_try_again) {
  EXPECT_EQ(exit_code_of(Error{"forbidden", "", "", ""}), 3);
  EXPECT_EQ(exit_code_of(Error{"bad-field", "", "", ""}), 1);
  EXPECT_EQ(exit_code_of(Error{"read-only", "", "", ""}), 75);
}

}  // namespace
}  // namespace ginnel
