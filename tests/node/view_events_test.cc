// SPDX-License-Identifier: Apache-2.0
// Live updates of a case view's page, over a real connection.
#include "node/web/event_stream.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <future>
#include <thread>

#include "tests/node/web_for_tests.h"

namespace ginnel {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class ViewEvents : public WebTest {
 protected:
  std::string address(const std::string& seen) {
    return "/case-views/" + service.view.id.hex() + "/events?seen=" + seen;
  }
  // The whole stream, read by a browser of its own.
  std::future<RawAnswer> listen(const std::string& path, const std::string& headers) {
    return std::async(std::launch::async, [this, path, headers] { return get(path, headers); });
  }
  bool becomes_watched() {
    for (int i = 0; i < 5'000; ++i) {
      if (service.is_watched()) return true;
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    return false;
  }
};

TEST_F(ViewEvents, tell_that_a_view_changed_and_nothing_of_what_is_in_it) {
  auto listening = listen(address("1"), cookie(service.sign_in("tester")));
  ASSERT_TRUE(becomes_watched());
  EXPECT_EQ(service.seen(), 1u);
  EXPECT_EQ(service.tell(ViewNews::changed, 2), true);
  EXPECT_EQ(service.tell(ViewNews::closed, 3), true);
  auto answer = listening.get();
  EXPECT_EQ(answer.status, 200u);
  EXPECT_EQ(answer.header("content-type"), "text/event-stream");
  EXPECT_EQ(answer.header("cache-control"), "no-store");
  EXPECT_THAT(answer.body, HasSubstr(event_text("2", "changed", "look")));
  EXPECT_THAT(answer.body, HasSubstr(event_text("3", "closed", "look")));
  EXPECT_THAT(answer.body, Not(HasSubstr("ester")));
  EXPECT_FALSE(service.is_watched());
}

TEST_F(ViewEvents, what_a_browser_heard_last_counts_and_not_what_its_page_showed) {
  auto listening = listen(address("1"), cookie(service.sign_in("tester")) + "Last-Event-ID: 7\r\n");
  ASSERT_TRUE(becomes_watched());
  EXPECT_EQ(service.seen(), 7u);
  service.tell(ViewNews::closed, 8);
  listening.get();
}

TEST_F(ViewEvents, are_for_whoever_asked_and_need_to_know_what_was_seen) {
  service.add("other", "kettle anorak plinth");
  EXPECT_EQ(get(address("1"), cookie(service.sign_in("other"))).status, 404u);
  EXPECT_EQ(get(address("1")).header("location"), "/sign-in");
  for (const char* seen : {"", "x", "-1", "1x", "4294967296"})
    EXPECT_EQ(get(address(seen), cookie(service.sign_in("tester"))).status, 404u) << seen;
}

TEST(EventStream, gives_up_a_reader_that_lets_too_many_events_wait) {
  EventStream stream;
  for (std::size_t i = 0; i < limits::http_stream_events_max; ++i) ASSERT_TRUE(stream.send("x")) << i;
  EXPECT_FALSE(stream.send("x"));
  EXPECT_TRUE(stream.is_over());
}

TEST(EventStream, sends_what_waits_before_it_ends) {
  EventStream stream;
  EXPECT_TRUE(stream.send("a"));
  stream.close();
  EXPECT_FALSE(stream.is_done());
  EXPECT_EQ(stream.take(), "a");
  EXPECT_TRUE(stream.is_done());
}

}  // namespace
}  // namespace ginnel
