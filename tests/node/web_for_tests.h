// SPDX-License-Identifier: Apache-2.0
// A node's web side with a small Service behind it: a real server on the loopback.
#pragma once

#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "tests/node/https_for_tests.h"
#include "tests/node/service_for_tests.h"

namespace ginnel {

// Of something that may be there or not.
inline constexpr const char* some_id = "000102030405060708090a0b0c0d0e0f";
inline constexpr const char* ask_json =
    R"({"child":{"nhsNumber":"9990000018"},"purpose":"child_protection","basis":"public_task","reason":"home visit"})";

class ClockForTests : public Clock {
 public:
  Instant now() override { return {now_ms}; }
  std::atomic<std::int64_t> now_ms = 1'795'000'000'000;
};

class WebTest : public ::testing::Test {
 protected:
  WebTest();
  ~WebTest() override;

  // `headers` are whole lines, each with its end.
  RawAnswer send(const std::string& method, const std::string& path, const std::string& headers = {},
                 const std::string& body = {});
  RawAnswer get(const std::string& path, const std::string& headers = {});
  RawAnswer post_json(const std::string& path, const std::string& body, const std::string& headers = {});
  RawAnswer post_form(const std::string& path, const std::string& body, const std::string& headers = {});
  static std::string bearer(const Session& session);
  static std::string cookie(const Session& session);
  std::vector<std::string> log_lines();

  ClockForTests clock;
  SeededRandom random{6};
  ServiceForTests service{clock};
  std::mutex log_mutex;
  std::vector<std::string> log;
  std::unique_ptr<Web> web;
  std::unique_ptr<HttpServer> server;
};

}  // namespace ginnel
