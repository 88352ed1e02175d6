// SPDX-License-Identifier: Apache-2.0
#include "node/web/http_server.h"

#include <gtest/gtest.h>
#include <openssl/ssl.h>

#include <atomic>
#include <chrono>
#include <mutex>
#include <thread>

#include "tests/node/https_for_tests.h"

namespace ginnel {
namespace {

using namespace std::chrono_literals;

constexpr const char* ending = "Host: 127.0.0.1\r\nConnection: close\r\n\r\n";

// A server whose handler says what it got; "/later" is answered from another thread, "/never" not at all.
class HttpServerTest : public ::testing::Test {
 protected:
  void start(HttpServerSettings settings = {}) {
    settings.tls = TlsForTests::get().server;
    settings.on_refused = [](unsigned status, const Error& error, const HttpRequest& request) {
      HttpResponse response;
      response.status = status;
      response.body = error.code + " " + request.path;
      return response;
    };
    auto started = HttpServer::start(std::move(settings), [this](HttpRequest request, Respond respond) {
      handle(std::move(request), std::move(respond));
    });
    ASSERT_TRUE(started) << started.error().text();
    server_ = std::move(*started);
  }
  void TearDown() override {
    server_.reset();
    for (auto& thread : threads_) thread.join();
  }

  void handle(HttpRequest request, Respond respond) {
    ++handled_;
    HttpResponse response;
    response.body = request.method + " " + request.path + " " + request.query.get("q") + " " +
                    request.header("x-test") + " " + request.cookie("c") + " " + request.body;
    if (request.path == "/never") {
      std::lock_guard lock(mutex_);
      never_.push_back(respond);
      return;
    }
    if (request.path != "/later") return respond(std::move(response));
    std::lock_guard lock(mutex_);
    threads_.emplace_back([respond, response] {
      std::this_thread::sleep_for(50ms);
      respond(response);
      respond(HttpResponse{500, "text/plain", "a second answer", {}, nullptr});
    });
  }

  std::string get(const std::string& path) { return "GET " + path + " HTTP/1.1\r\n" + ending; }
  // What is counted just after the client saw the end of it is waited for.
  std::uint64_t refused(const std::string& reason) {
    for (int i = 0; i < 2000 && !server_->refused().contains(reason); ++i) std::this_thread::sleep_for(1ms);
    return server_->refused()[reason];
  }

  std::atomic<int> handled_ = 0;
  std::mutex mutex_;
  std::vector<std::thread> threads_;
  std::vector<Respond> never_;
  std::unique_ptr<HttpServer> server_;
};

TEST_F(HttpServerTest, hands_the_request_to_its_handler_and_the_answer_back) {
  start();
  auto answer = exchange(server_->port(),
                         "POST /a/b?q=1%202 HTTP/1.1\r\nX-Test: yes\r\nCookie: c=d; e=f\r\n"
                         "Content-Length: 4\r\n" +
                             std::string(ending) + "body");
  EXPECT_EQ(answer.status, 200u);
  EXPECT_EQ(answer.body, "POST /a/b 1 2 yes d body");
  EXPECT_EQ(answer.header("content-type"), "text/plain; charset=utf-8");
  EXPECT_NE(answer.header("date"), "");
}

TEST_F(HttpServerTest, an_answer_may_come_later_from_another_thread_and_only_once) {
  start();
  RawConnection connection(server_->port());
  ASSERT_TRUE(connection.start_tls());
  connection.send("GET /later HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_EQ(connection.read().body, "GET /later    ");
  connection.send("GET /now HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_EQ(connection.read().body, "GET /now    ");
}

TEST_F(HttpServerTest, a_connection_serves_several_requests_even_when_sent_at_once) {
  start();
  RawConnection connection(server_->port());
  ASSERT_TRUE(connection.start_tls());
  std::string three;
  for (const char* path : {"/1", "/later", "/3"}) three += "GET " + std::string(path) + " HTTP/1.1\r\nHost: x\r\n\r\n";
  connection.send(three);
  EXPECT_EQ(connection.read().body, "GET /1    ");
  EXPECT_EQ(connection.read().body, "GET /later    ");
  EXPECT_EQ(connection.read().body, "GET /3    ");
}

TEST_F(HttpServerTest, head_gives_the_headers_of_get_without_the_body) {
  start();
  RawConnection connection(server_->port());
  ASSERT_TRUE(connection.start_tls());
  connection.send("HEAD /x HTTP/1.1\r\nHost: x\r\n\r\n");
  auto head = connection.read(true);
  EXPECT_EQ(head.status, 200u);
  EXPECT_EQ(head.header("content-length"), "10");
  connection.send("GET /x HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_EQ(connection.read().body.size(), 10u);
}

TEST_F(HttpServerTest, a_body_over_its_limit_is_413_and_never_reaches_the_handler) {
  HttpServerSettings settings;
  settings.body_bytes_max = 1000;
  start(settings);
  auto announced = exchange(
      server_->port(), "POST /x HTTP/1.1\r\nContent-Length: 1001\r\n" + std::string(ending) + std::string(1001, 'x'));
  EXPECT_EQ(announced.status, 413u);
  EXPECT_EQ(announced.body, "too-large /x");
  auto chunked = exchange(server_->port(), "POST /y HTTP/1.1\r\nTransfer-Encoding: chunked\r\n" + std::string(ending) +
                                               "800\r\n" + std::string(0x800, 'x') + "\r\n0\r\n\r\n");
  EXPECT_EQ(chunked.status, 413u);
  EXPECT_EQ(refused("body-size"), 2u);
  EXPECT_EQ(handled_, 0);
}

TEST_F(HttpServerTest, a_client_that_sends_a_huge_refused_body_still_reads_why) {
  start();
  auto answer = exchange(server_->port(), "POST /x HTTP/1.1\r\nContent-Length: 2000000\r\n" + std::string(ending) +
                                              std::string(2000000, 'x'));
  EXPECT_EQ(answer.status, 413u);
}

TEST_F(HttpServerTest, headers_over_their_limit_are_431) {
  start();
  auto answer = exchange(server_->port(), "GET / HTTP/1.1\r\nX-Long: " + std::string(20'000, 'x') + "\r\n" + ending);
  EXPECT_EQ(answer.status, 431u);
  EXPECT_EQ(refused("header-size"), 1u);
}

TEST_F(HttpServerTest, a_target_over_its_limit_is_414) {
  start();
  EXPECT_EQ(exchange(server_->port(), get("/" + std::string(3000, 'x'))).status, 414u);
}

TEST_F(HttpServerTest, what_is_no_http_is_400) {
  start();
  for (const std::string& request : std::vector<std::string>{
           "nonsense\r\n\r\n", "GET / HTTP/1.1\r\nContent-Length: -1\r\n\r\n", "GET / HTTP/9.1\r\n\r\n",
           "GET x HTTP/1.1\r\nHost: x\r\n\r\n", "GET /?a=%zz HTTP/1.1\r\nHost: x\r\n\r\n",
           "GET / HTTP/1.1\r\nCookie: a=1; a=2\r\n\r\n"})
    EXPECT_EQ(exchange(server_->port(), request).status, 400u) << request;
  EXPECT_EQ(handled_, 0);
}

TEST_F(HttpServerTest, a_client_that_is_slow_to_shake_hands_is_closed) {
  HttpServerSettings settings;
  settings.handshake_ms_max = 100;
  start(settings);
  RawConnection connection(server_->port());
  EXPECT_TRUE(connection.is_closed_by_peer());
  EXPECT_EQ(refused("handshake"), 1u);
}

TEST_F(HttpServerTest, a_client_that_is_slow_with_its_headers_or_body_is_closed) {
  HttpServerSettings settings;
  settings.header_ms_max = 100;
  settings.body_ms_max = 100;
  start(settings);
  RawConnection slow_header(server_->port());
  ASSERT_TRUE(slow_header.start_tls());
  slow_header.send("GET / HTTP/1.1\r\nX-");
  EXPECT_TRUE(slow_header.is_closed_by_peer());
  RawConnection slow_body(server_->port());
  ASSERT_TRUE(slow_body.start_tls());
  slow_body.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nx");
  EXPECT_TRUE(slow_body.is_closed_by_peer());
  EXPECT_EQ(refused("header-time"), 1u);
  EXPECT_EQ(refused("body-time"), 1u);
  EXPECT_EQ(handled_, 0);
}

TEST_F(HttpServerTest, a_handler_that_does_not_answer_in_time_gives_503) {
  HttpServerSettings settings;
  settings.answer_ms_max = 100;
  start(settings);
  auto answer = exchange(server_->port(), get("/never"));
  EXPECT_EQ(answer.status, 503u);
  EXPECT_EQ(answer.body, "too-late /never");
  never_.front()(HttpResponse());  // too late, and harmless
}

TEST_F(HttpServerTest, connections_over_their_limit_are_closed_and_counted_when_all_are_being_answered) {
  HttpServerSettings settings;
  settings.connections_max = 2;
  start(settings);
  RawConnection first(server_->port()), second(server_->port());
  ASSERT_TRUE(first.start_tls());
  ASSERT_TRUE(second.start_tls());
  first.send(get("/never"));
  second.send(get("/never"));
  for (int i = 0; i < 2000 && handled_ < 2; ++i) std::this_thread::sleep_for(1ms);
  RawConnection third(server_->port());
  EXPECT_FALSE(third.start_tls());
  EXPECT_EQ(refused("connections"), 1u);
  {
    std::lock_guard lock(mutex_);
    for (auto& respond : never_) respond(HttpResponse());
  }
  EXPECT_EQ(first.read().status, 200u);
}

TEST_F(HttpServerTest, who_holds_connections_and_sends_nothing_keeps_nobody_out) {
  HttpServerSettings settings;
  settings.connections_max = 4;
  start(settings);
  RawConnection honest(server_->port());
  ASSERT_TRUE(honest.start_tls());
  honest.send("GET /first HTTP/1.1\r\nHost: x\r\n\r\n");
  ASSERT_EQ(honest.read().status, 200u);
  // Silent before the handshake, after it, in a header and in a body.
  std::vector<std::unique_ptr<RawConnection>> holding;
  for (int i = 0; i < 40; ++i) {
    holding.push_back(std::make_unique<RawConnection>(server_->port()));
    if (i % 4 == 0) continue;
    ASSERT_TRUE(holding.back()->start_tls()) << i;
    if (i % 4 == 2) holding.back()->send("GET / HTTP/1.1\r\nx");
    if (i % 4 == 3) holding.back()->send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nabc");
    RawConnection other(server_->port());
    ASSERT_TRUE(other.start_tls()) << i;
    other.send(get("/other"));
    EXPECT_EQ(other.read().status, 200u) << i;
  }
  EXPECT_GE(refused("gave-way"), 30u);
  EXPECT_EQ(server_->refused().count("connections"), 0u);
  honest.send("GET /second HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_EQ(honest.read().status, 200u) << "who was served before gives way last";
}

TEST_F(HttpServerTest, speaks_tls_1_2_and_1_3_and_nothing_older) {
  start();
  RawConnection newest(server_->port());
  ASSERT_TRUE(newest.start_tls());
  EXPECT_EQ(newest.tls_version(), "TLSv1.3");
  RawConnection older(server_->port(), TLS1_2_VERSION);
  ASSERT_TRUE(older.start_tls());
  EXPECT_EQ(older.tls_version(), "TLSv1.2");
  RawConnection too_old(server_->port(), TLS1_1_VERSION);
  EXPECT_FALSE(too_old.start_tls());
}

TEST_F(HttpServerTest, a_header_value_with_a_line_end_is_left_out) {
  HttpServerSettings settings;
  settings.tls = TlsForTests::get().server;
  settings.on_refused = [](unsigned, const Error&, const HttpRequest&) { return HttpResponse(); };
  server_ = HttpServer::start(settings, [](HttpRequest, Respond respond) {
              HttpResponse response;
              response.headers = {{"X-Good", "1"}, {"X-Bad", "1\r\nX-Injected: 1"}};
              respond(response);
            }).value();
  auto answer = exchange(server_->port(), get("/"));
  EXPECT_EQ(answer.header("x-good"), "1");
  EXPECT_EQ(answer.header("x-bad"), "");
  EXPECT_EQ(answer.header("x-injected"), "");
}

TEST_F(HttpServerTest, a_stop_lets_running_requests_finish_and_closes_idle_ones) {
  start();
  RawConnection idle(server_->port()), running(server_->port());
  ASSERT_TRUE(idle.start_tls());
  ASSERT_TRUE(running.start_tls());
  running.send("GET /later HTTP/1.1\r\nHost: x\r\n\r\n");
  while (handled_ == 0) std::this_thread::sleep_for(1ms);
  auto port = server_->port();
  auto before = std::chrono::steady_clock::now();
  std::thread stopper([this] { server_->stop(); });
  auto answer = running.read();
  EXPECT_EQ(answer.status, 200u);
  EXPECT_EQ(answer.header("connection"), "close");
  EXPECT_TRUE(idle.is_closed_by_peer());
  stopper.join();
  EXPECT_LT(std::chrono::steady_clock::now() - before, 4s);
  RawConnection late(port);
  EXPECT_FALSE(late.start_tls());
}

TEST_F(HttpServerTest, a_stop_does_not_wait_for_ever_and_later_answers_are_harmless) {
  HttpServerSettings settings;
  settings.stop_ms_max = 100;
  start(settings);
  RawConnection running(server_->port());
  ASSERT_TRUE(running.start_tls());
  running.send("GET /never HTTP/1.1\r\nHost: x\r\n\r\n");
  while (handled_ == 0) std::this_thread::sleep_for(1ms);
  server_->stop();
  server_.reset();
  std::lock_guard lock(mutex_);
  never_.front()(HttpResponse());
  never_.front()(HttpResponse());
}

TEST_F(HttpServerTest, a_port_that_is_taken_is_an_error_that_names_it) {
  start();
  HttpServerSettings settings;
  settings.port = server_->port();
  settings.tls = TlsForTests::get().server;
  auto second = HttpServer::start(settings, [](HttpRequest, Respond) {});
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, "cannot-listen");
  EXPECT_NE(second.error().what.find(std::to_string(server_->port())), std::string::npos);
}

TEST_F(HttpServerTest, a_certificate_without_its_key_is_an_error) {
  HttpServerSettings settings;
  settings.tls = {TlsForTests::get().server.certificate_chain_pem, TlsForTests::get().authority.private_key_pem};
  auto started = HttpServer::start(settings, [](HttpRequest, Respond) {});
  ASSERT_FALSE(started);
  EXPECT_EQ(started.error().code, "bad-certificate");
}

TEST_F(HttpServerTest, many_clients_at_once_each_get_their_own_answer) {
  start();
  std::atomic<int> right = 0;
  std::vector<std::thread> clients;
  for (int i = 0; i < 8; ++i)
    clients.emplace_back([&, i] {
      RawConnection connection(server_->port());
      if (!connection.start_tls()) return;
      for (int k = 0; k < 20; ++k) {
        auto path = "/" + std::to_string(i) + "-" + std::to_string(k);
        connection.send("GET " + path + " HTTP/1.1\r\nHost: x\r\n\r\n");
        if (connection.read().body == "GET " + path + "    ") ++right;
      }
    });
  for (auto& client : clients) client.join();
  EXPECT_EQ(right, 160);
}

}  // namespace
}  // namespace ginnel
