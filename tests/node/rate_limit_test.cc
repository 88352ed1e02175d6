// SPDX-License-Identifier: Apache-2.0
#include "node/web/rate_limit.h"

#include <gtest/gtest.h>

#include "node/web/limits.h"

namespace ginnel {
namespace {

const Instant start{1'795'000'000'000};

TEST(SignInThrottle, the_first_failures_are_free_and_then_each_doubles_the_wait) {
  SignInThrottle throttle;
  for (std::uint32_t i = 0; i < limits::sign_in_free_failures; ++i) EXPECT_EQ(throttle.begin("tester", start), 0);
  EXPECT_EQ(throttle.begin("tester", start), 1000);
  EXPECT_EQ(throttle.begin("tester", start + 999), 1);
  EXPECT_EQ(throttle.begin("tester", start + 1000), 0);
  EXPECT_EQ(throttle.begin("tester", start + 1000), 2000);
}

TEST(SignInThrottle, waiting_attempts_do_not_lengthen_the_wait) {
  SignInThrottle throttle;
  for (std::uint32_t i = 0; i < limits::sign_in_free_failures; ++i) throttle.begin("tester", start);
  for (int i = 0; i < 100; ++i) EXPECT_EQ(throttle.begin("tester", start), 1000);
}

TEST(SignInThrottle, the_wait_never_passes_its_limit) {
  SignInThrottle throttle;
  Instant now = start;
  std::int64_t longest_ms = 0;
  for (int i = 0; i < 40; ++i) {
    auto wait_ms = throttle.begin("tester", now);
    longest_ms = std::max(longest_ms, wait_ms);
    now = now + wait_ms;
    if (wait_ms > 0) throttle.begin("tester", now);
  }
  EXPECT_EQ(longest_ms, limits::sign_in_delay_ms_max);
}

TEST(SignInThrottle, a_success_starts_afresh) {
  SignInThrottle throttle;
  for (std::uint32_t i = 0; i < limits::sign_in_free_failures; ++i) throttle.begin("tester", start);
  throttle.succeeded("tester");
  EXPECT_EQ(throttle.begin("tester", start), 0);
}

TEST(SignInThrottle, one_name_does_not_slow_another) {
  SignInThrottle throttle;
  for (int i = 0; i < 10; ++i) throttle.begin("tester", start);
  EXPECT_EQ(throttle.begin("other", start), 0);
}

TEST(SignInThrottle, time_forgets_failures) {
  SignInThrottle throttle;
  for (std::uint32_t i = 0; i < limits::sign_in_free_failures; ++i) throttle.begin("tester", start);
  auto later = start + limits::sign_in_forget_ms + 1;
  for (std::uint32_t i = 0; i < limits::sign_in_free_failures; ++i) EXPECT_EQ(throttle.begin("tester", later), 0);
  EXPECT_GT(throttle.begin("tester", later), 0);
}

TEST(SignInThrottle, invented_names_do_not_fill_the_memory) {
  SignInThrottle throttle;
  for (std::size_t i = 0; i < limits::sign_in_names_max + 100; ++i)
    throttle.begin("name" + std::to_string(i), start + static_cast<std::int64_t>(i));
  EXPECT_EQ(throttle.names(), limits::sign_in_names_max);
}

}  // namespace
}  // namespace ginnel
