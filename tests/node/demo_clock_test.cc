// SPDX-License-Identifier: Apache-2.0
// `ginnel demo clock`, on a demonstration that does not run; tests/demo has one that does.
#include <gtest/gtest.h>

#include <sstream>

#include "node/demo/demo.h"
#include "node/demo/demo_state.h"
#include "node/setup/node_clock.h"
#include "tests/node/temp_directory.h"

namespace ginnel {
namespace {

class DemoClock : public testing::Test {
 protected:
  DemoClock() { EXPECT_TRUE(write_state(paths_, DemoState())); }

  ExitCode set(const std::string& when) {
    out_.str(""), err_.str("");
    return set_demo_clock(paths_.dir, when, streams_);
  }
  std::int64_t ahead_ms() { return read_clock_ahead_ms(paths_.clock()).value(); }

  TempDirectory dir_;
  DemoPaths paths_{dir_.path()};
  std::ostringstream out_, err_;
  std::istringstream in_;
  Streams streams_{in_, out_, err_};
};

TEST_F(DemoClock, goes_on_by_so_much_each_time) {
  EXPECT_EQ(set("+90m"), ExitCode::done);
  EXPECT_EQ(ahead_ms(), 90 * minute_ms);
  EXPECT_EQ(set("+2w"), ExitCode::done);
  EXPECT_EQ(ahead_ms() / minute_ms, (14 * day_ms + 90 * minute_ms) / minute_ms);
  EXPECT_EQ(set(""), ExitCode::done);
  EXPECT_NE(out_.str().find("ahead of the clock on the wall"), std::string::npos);
}

TEST_F(DemoClock, takes_no_time_that_is_none_or_past_or_too_far_away) {
  for (const char* when : {"3d", "+d", "+3y", "+-3d", "tomorrow", "2026-12-24", "2020-01-01 09:00", "+9999w",
                           "2199-01-01 09:00", "+99999999999999999999d"}) {
    EXPECT_EQ(set(when), ExitCode::usage) << when;
    EXPECT_NE(err_.str().find("  do  "), std::string::npos) << when;
    EXPECT_EQ(ahead_ms(), 0) << when;
  }
}

TEST_F(DemoClock, is_told_where_there_is_no_demonstration) {
  std::filesystem::remove(paths_.state());
  EXPECT_NE(set("+1d"), ExitCode::done);
  EXPECT_NE(err_.str().find("there is no demonstration"), std::string::npos);
}

}  // namespace
}  // namespace ginnel
