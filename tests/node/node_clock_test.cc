// SPDX-License-Identifier: Apache-2.0
#include "node/setup/node_clock.h"

#include <gtest/gtest.h>

#include <fstream>

#include "tests/node/temp_directory.h"

namespace ginnel {
namespace {

class NodeClock : public testing::Test {
 protected:
  TempDirectory dir_;
  std::filesystem::path file_ = std::filesystem::path(dir_.path()) / "clock";
  std::unique_ptr<Clock> system_ = system_clock();

  void write(const std::string& text) { std::ofstream(file_) << text; }
  std::int64_t ahead_ms(Clock& clock) { return (clock.now() - system_->now() + minute_ms / 2) / minute_ms * minute_ms; }
};

TEST_F(NodeClock, is_right_without_a_file) { EXPECT_EQ(ahead_ms(*clock_ahead_by(file_)), 0); }

TEST_F(NodeClock, follows_its_file_while_it_runs) {
  auto clock = clock_ahead_by(file_);
  EXPECT_EQ(ahead_ms(*clock), 0);
  ASSERT_TRUE(write_clock_ahead_ms(file_, 3 * day_ms));
  EXPECT_EQ(ahead_ms(*clock), 3 * day_ms);
  ASSERT_TRUE(write_clock_ahead_ms(file_, 5 * day_ms));
  EXPECT_EQ(ahead_ms(*clock), 5 * day_ms);
  EXPECT_EQ(read_clock_ahead_ms(file_), 5 * day_ms);
}

TEST_F(NodeClock, stays_as_it_was_when_the_file_says_nothing_sensible) {
  auto clock = clock_ahead_by(file_);
  ASSERT_TRUE(write_clock_ahead_ms(file_, hour_ms));
  EXPECT_EQ(ahead_ms(*clock), hour_ms);
  for (const char* text : {"", "tomorrow", "-5", "12 hours", "99999999999999999999", "400000000000",
                           "1234567890123456789012345678901234567890123456789012345678901234567890"}) {
    std::filesystem::remove(file_);
    write(text);
    EXPECT_EQ(ahead_ms(*clock), hour_ms) << text;
    auto read = read_clock_ahead_ms(file_);
    ASSERT_FALSE(read) << text;
    EXPECT_EQ(read.error().code, "bad-clock");
  }
}

}  // namespace
}  // namespace ginnel
